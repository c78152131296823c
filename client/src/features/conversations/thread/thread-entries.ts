import type { Message } from '../../../api/types';
import type { Outgoing } from '../state/outbox.reduce';

/** What the log shows, top to bottom. */
export type Entry =
  | { kind: 'day'; key: string; at: number }
  | { kind: 'unread'; key: string; count: number }
  | { kind: 'message'; key: string; message: Message; first: boolean; last: boolean }
  | { kind: 'outgoing'; key: string; item: Outgoing };

/** Messages of one sender closer together than this (seconds) stand as one group. */
const GROUP_SECONDS = 5 * 60;

/** Puts days, the unread line and groups into a list of messages. `unreadFrom` is the id of the first unread message. */
export function threadEntries(messages: Message[], outgoing: Outgoing[], unreadFrom: number | null, dayOf: (seconds: number) => string): Entry[] {
  const entries: Entry[] = [];
  messages.forEach((message, index) => {
    const before = messages[index - 1];
    const after = messages[index + 1];
    const newDay = !before || dayOf(before.created_at) !== dayOf(message.created_at);
    if (newDay) entries.push({ kind: 'day', key: `day-${dayOf(message.created_at)}`, at: message.created_at });
    if (message.id === unreadFrom) entries.push({ kind: 'unread', key: 'unread', count: messages.slice(index).filter(isIncoming).length });
    const breaksHere = newDay || message.id === unreadFrom || !before || !sameGroup(before, message);
    const breaksAfter = !after || dayOf(after.created_at) !== dayOf(message.created_at) || after.id === unreadFrom || !sameGroup(message, after);
    // Keyed by echo id where there is one, so that a message does not blink when the server confirms it.
    entries.push({ kind: 'message', key: message.echo_id ? `echo-${message.echo_id}` : `message-${message.id}`, message, first: breaksHere, last: breaksAfter });
  });
  const arrived = new Set(messages.flatMap(({ echo_id }) => echo_id ?? []));
  for (const item of outgoing) if (!arrived.has(item.echoId)) entries.push({ kind: 'outgoing', key: `echo-${item.echoId}`, item });
  return entries;
}

export const isIncoming = (message: Message) => message.message_type === 0;

function sameGroup(a: Message, b: Message): boolean {
  return a.message_type === b.message_type && a.message_type !== 2 && a.private === b.private && a.sender?.id === b.sender?.id
    && a.sender?.type === b.sender?.type && b.created_at - a.created_at < GROUP_SECONDS;
}

/** The first message from outside that came after `seenAt` (seconds); null when all are seen. */
export function firstUnread(messages: Message[], seenAt: number, unreadCount: number): number | null {
  if (unreadCount === 0) return null;
  return messages.find((message) => isIncoming(message) && message.created_at > seenAt)?.id ?? null;
}
