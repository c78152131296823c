import { request } from './api/http';
import { seconds, type WireConversation, type WireMessage } from './api/wire';
import { tellHost } from './host/bridge';
import { chat, isOwn, reading, unread } from './state';
import { storage } from './storage';
import { mergeMessages } from './thread/merge';

const pageSize = 20;
let seenTimer = 0;

type Page = { payload: WireMessage[]; meta?: { contact_last_seen_at?: number | string | null; agent_last_seen_at?: number | string | null } };

/** Takes messages in; those that answer a waiting one of ours take its place. */
export function receive(messages: readonly WireMessage[]): void {
  chat.messages = mergeMessages(chat.messages, messages);
  const echoes = new Set(messages.map((message) => message.echo_id));
  if (chat.outbox.some((one) => echoes.has(one.echoId))) chat.outbox = chat.outbox.filter((one) => !echoes.has(one.echoId));
}

function seenUntil(at: number): void {
  const stored = Number(storage.read('seen')) || 0;
  const bySecond = chat.messages.filter((message) => message.created_at <= at).at(-1)?.id ?? 0;
  chat.seenId = Math.max(chat.seenId, stored, bySecond);
}

function agentSaw(at: number | string | null | undefined): void {
  chat.agentSeenAt = Math.max(chat.agentSeenAt, seconds(at));
}

/** Makes `conversation` the current one. Its messages replace what is shown when it is another one than before. */
export function adoptConversation(conversation: WireConversation): void {
  if (chat.conversation?.id !== conversation.id) {
    const first = !chat.conversation;
    chat.messages = first ? chat.messages : [];
    chat.agentSeenAt = 0;
    if (!first) chat.seenId = 0;
    tellHost({ type: 'active', active: true });
  }
  chat.conversation = conversation;
  agentSaw(conversation.agent_last_seen_at);
}

/** Fetches the visitor's conversation with its newest messages, and whatever was missed before those. */
export async function refresh(): Promise<void> {
  const conversation = await request<WireConversation | null | undefined>('GET', 'conversations');
  if (!conversation?.id) return;
  const known = chat.conversation?.id === conversation.id ? (chat.messages.at(-1)?.id ?? 0) : 0;
  const latest = await request<Page>('GET', 'messages');
  if (!chat.fresh) adoptConversation(conversation);
  let gap = known;
  const arrived = [...latest.payload];
  while (gap && latest.payload.length >= pageSize && (latest.payload[0]?.id ?? 0) > gap) {
    const missed = await request<Page>('GET', `messages?after=${gap}`);
    arrived.push(...missed.payload);
    const last = missed.payload.at(-1)?.id ?? 0;
    if (missed.payload.length < pageSize || last <= gap) break;
    gap = last;
  }
  if (!known) chat.complete = latest.payload.length < pageSize;
  receive(arrived);
  agentSaw(latest.meta?.agent_last_seen_at);
  seenUntil(seconds(latest.meta?.contact_last_seen_at ?? conversation.contact_last_seen_at));
}

/** Fetches the page before the oldest message shown. */
export async function loadEarlier(): Promise<void> {
  const page = await request<Page>('GET', `messages?before=${chat.messages[0]?.id ?? 0}`);
  chat.complete = page.payload.length < pageSize;
  receive(page.payload);
}

/** Ends the conversation for the visitor; a message opens it again where the inbox allows. Throws RequestFailed. */
export async function endConversation(): Promise<void> {
  await request('GET', 'conversations/toggle_status');
  if (chat.conversation) chat.conversation.status = 'resolved';
}

/** Tells everyone that the visitor has read what is on the screen. */
export function markSeen(): void {
  if (!reading.value || !unread.value) return;
  chat.seenId = chat.messages.at(-1)?.id ?? 0;
  storage.write('seen', String(chat.seenId));
  // One request for a burst of messages. The next message or visit repeats it, so a lost one does no harm.
  clearTimeout(seenTimer);
  seenTimer = window.setTimeout(() => { request('POST', 'conversations/update_last_seen', {}).catch(() => undefined); }, 400);
}

/** What the server pushes, by event name. Unknown events are for newer clients. */
export function onServerEvent(event: string, data: Record<string, unknown>): void {
  switch (event) {
    case 'message.created':
    case 'message.updated': {
      const message = data as unknown as WireMessage;
      // The visitor may have begun another conversation meanwhile.
      if (chat.conversation && message.conversation_id && message.conversation_id !== chat.conversation.id) return;
      const isNew = !chat.messages.some((one) => one.id === message.id);
      receive([message]);
      if (isOwn(message)) return;
      chat.typing = null;
      if (isNew && event === 'message.created') tellHost({ type: 'event', name: 'on-message', detail: JSON.parse(JSON.stringify(message)) });
      return;
    }
    case 'conversation.status_changed':
      if (chat.conversation && (data.id === undefined || data.id === chat.conversation.id)) {
        const status = (data.changes as { status?: string } | undefined)?.status ?? data.status;
        if (typeof status === 'string') chat.conversation.status = status;
      }
      return;
    case 'conversation.read':
      return agentSaw(data.agent_last_seen_at as number);
    case 'conversation.typing_on':
      chat.typing = (data.user as typeof chat.typing) ?? null;
      return;
    case 'conversation.typing_off':
      chat.typing = null;
      return;
    case 'presence.update':
      if (Array.isArray(data.agents)) chat.agents = data.agents;
      return;
  }
}

storage.onChange('seen', (value) => { chat.seenId = Math.max(chat.seenId, Number(value) || 0); });
