import type { Frame } from '../realtime-source.js';

/** What Chatwoot's clients know. Anything else is not for them. */
const KNOWN = new Set([
  'message.created', 'message.updated', 'first.reply.created', 'conversation.created', 'conversation.updated', 'conversation.status_changed', 'conversation.read',
  'conversation.contact_changed', 'conversation.mentioned', 'conversation.unread_count_changed', 'assignee.changed', 'team.changed', 'conversation.typing_on', 'conversation.typing_off',
  'presence.update', 'contact.created', 'contact.updated', 'contact.merged', 'contact.deleted', 'notification.created', 'notification.updated', 'notification.deleted', 'account.cache_invalidated',
]);
/** What clients keep a copy of, and how they are told that it is old. */
const KEPT: Record<string, 'inbox' | 'label' | 'team'> = { 'inbox.updated': 'inbox', 'label.updated': 'label', 'team.updated': 'team' };

/** A frame as it goes out on `/cable`, or undefined when Chatwoot's clients have no such thing. */
export function cableMessage(accountId: number, { event, data }: Frame, performer?: object): object | undefined {
  if (!KNOWN.has(event)) return undefined;
  return { event, data: { ...data, account_id: accountId, ...(performer && { performer }) } };
}

/** Inboxes, labels and teams are kept by clients under keys; a new key makes them fetch. */
export function withCacheKeys(frame: Frame, at: Date): Frame {
  const kept = KEPT[frame.event];
  return kept === undefined ? frame : { ...frame, event: 'account.cache_invalidated', data: { cache_keys: { label: '0', inbox: '0', team: '0', [kept]: String(at.getTime()) } } };
}
