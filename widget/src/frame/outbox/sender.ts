import { request, RequestFailed, upload } from '../api/http';
import type { WireConversation, WireMessage } from '../api/wire';
import { adoptConversation, receive, refresh } from '../conversation';
import { page, tellHost } from '../host/bridge';
import { t } from '../i18n/i18n';
import { chat } from '../state';
import { inOneTab, storage } from '../storage';
import { adopt, delayBefore, newEchoId, nextToSend, outcomeOf, restore, serialize, type Outgoing } from './queue';

let running = false;
let sending: Promise<void> = Promise.resolve();
let attempt = 0;
let timer = 0;
let renew: () => Promise<unknown> = async () => undefined;

/** Attributes of the conversation that came before there was one. */
export const pendingAttributes: Record<string, unknown> = {};
/** Its labels likewise. */
export const pendingLabels = new Set<string>();

const persist = (): void => storage.write('outbox', serialize(chat.outbox));
const find = (echoId: string): Outgoing | undefined => chat.outbox.find((message) => message.echoId === echoId);

function drop(echoId: string): void {
  chat.outbox = chat.outbox.filter((message) => message.echoId !== echoId);
  persist();
}

async function deliver(message: Outgoing): Promise<void> {
  const { contact = {}, conversation = {} } = message.introduction ?? {};
  if (Object.keys(contact).length) chat.contact = { ...chat.contact, ...(await request<object>('PATCH', 'contact', contact)) };
  const fields = { content: message.content, echo_id: message.echoId, referer_url: page.url };
  const given = { ...pendingAttributes };
  const custom_attributes = { ...given, ...conversation };
  const path = message.fresh ? 'conversations' : 'messages';
  let answer: WireMessage | WireConversation;
  if (message.files?.length) {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) if (value) form.append(`message[${name}]`, value);
    for (const [name, value] of Object.entries(custom_attributes)) form.append(`custom_attributes[${name}]`, String(value));
    for (const file of message.files) form.append('message[attachments][]', file, file.name);
    answer = await upload(path, form, (share) => {
      const shown = find(message.echoId);
      if (shown) shown.progress = share;
    });
  } else {
    answer = await request('POST', path, { message: fields, custom_attributes });
  }
  const first = !chat.conversation || message.fresh;
  chat.fresh &&= !message.fresh;
  if (message.fresh) {
    adoptConversation(answer as WireConversation);
    receive((answer as WireConversation).messages ?? []);
  } else receive([answer as WireMessage]);
  for (const name in given) delete pendingAttributes[name];
  drop(message.echoId);
  if (!first) return;
  tellHost({ type: 'event', name: 'on-start-conversation', detail: null });
  // The message is in; what the server added to it (greeting, ids) also comes by socket or the next poll.
  await refresh().catch(() => undefined);
  for (const label of pendingLabels) await request('POST', 'labels', { label }).then(() => pendingLabels.delete(label), () => undefined);
}

async function attemptOne(message: Outgoing): Promise<boolean> {
  message.state = 'sending';
  persist();
  try {
    await deliver(message);
    attempt = 0;
    return true;
  } catch (error) {
    const failed = error instanceof RequestFailed ? error : new RequestFailed(0, '', 0);
    const outcome = outcomeOf(failed.status, failed.retryAfter);
    const shown = find(message.echoId);
    if (!shown) return true; // The socket brought it meanwhile: it did arrive.
    shown.progress = undefined;
    if (outcome === 'rejected' || (outcome === 'session' && attempt > 0)) {
      shown.state = 'failed';
      shown.reason = failed.reason || t(failed.status === 413 ? 'tooLarge' : 'noAnswer', { name: t('file') });
      persist();
      return true;
    }
    shown.state = 'waiting';
    persist();
    if (outcome === 'session') await renew().catch(() => undefined);
    clearTimeout(timer);
    timer = window.setTimeout(() => void flush(), delayBefore(attempt++, failed.retryAfter));
    return false;
  }
}

/** Sends what waits, oldest first, in one tab at a time; stops at the first message that has to wait for the network. */
export async function flush(): Promise<void> {
  if (running || chat.phase !== 'ready' || !navigator.onLine || !nextToSend(chat.outbox)) return;
  running = true;
  sending = inOneTab('outbox', async () => {
    chat.outbox = adopt(chat.outbox, restore(storage.read('outbox')));
    let message: Outgoing | undefined;
    while ((message = nextToSend(chat.outbox)) && (await attemptOne(message)));
  }).finally(() => { running = false; });
  await sending;
}

/** When what is just being sent has arrived, or has to wait: until then nobody can tell whether there is a conversation to change. */
export const sent = (): Promise<unknown> => sending.catch(() => undefined);

/** Takes a message of the visitor: it shows at once and goes out as soon as it can. */
export function send(content: string, files: File[]): void {
  chat.outbox.push({
    echoId: newEchoId(), content, createdAt: Date.now() / 1000, state: 'waiting',
    ...(files.length ? { files } : {}),
    ...(chat.introduction ? { introduction: chat.introduction } : {}),
    // What follows while the first is under way belongs to the conversation that one makes.
    ...(chat.fresh && !chat.outbox.some((message) => message.fresh && message.state !== 'failed') ? { fresh: true } : {}),
  });
  chat.introduction = null;
  chat.view = 'thread';
  persist();
  void flush();
}

/** Tries a refused message again, with the same id. */
export function retry(echoId: string): void {
  const message = find(echoId);
  if (!message) return;
  Object.assign(message, { state: 'waiting', reason: undefined });
  persist();
  void flush();
}

/** Gives a message up. */
export const discard = drop;

/** Takes up what an earlier page left for this visitor. */
export function resumeOutbox(): void {
  chat.outbox = restore(storage.read('outbox'));
  void flush();
}

/** Follows what other tabs add and send; `renewSession` gets a new token after a 401. */
export function startOutbox(renewSession: () => Promise<unknown>): void {
  renew = renewSession;
  storage.onChange('outbox', (value) => {
    // The other tab's message can be here already, before that tab says that it no longer waits.
    const arrived = new Set(chat.messages.map((message) => message.echo_id));
    chat.outbox = adopt(chat.outbox, restore(value)).filter((message) => !arrived.has(message.echoId));
  });
}
