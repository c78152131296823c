import { STATUSES, Status } from '../../conversations/conversation-codes.js';
import '../../conversations/conversation.events.js';
import type { StoredEvent } from '../../delivery/event-types.js';
import type { Condition } from '../../platform/filters/filter.dto.js';
import type { RuleEvent } from './rule.dto.js';

export const HEARD = ['conversation.created', 'conversation.updated', 'conversation.status_changed', 'assignee.changed', 'team.changed', 'message.created'] as const;
export type Heard = StoredEvent<(typeof HEARD)[number]>;

/** What rules call what has happened. */
export function occasionsOf(event: Heard): RuleEvent[] {
  switch (event.type) {
    case 'conversation.created': return ['conversation_created'];
    case 'message.created': return ['message_created'];
    case 'conversation.updated': case 'assignee.changed': case 'team.changed': return ['conversation_updated'];
    case 'conversation.status_changed':
      return ['conversation_updated', ...(event.payload.to === Status.resolved ? ['conversation_resolved' as const] : event.payload.to === Status.open ? ['conversation_opened' as const] : [])];
  }
}

/** Whether the event is the change that an `attribute_changed` condition waits for: of this attribute, from one of these, to one of those. */
export function hasChanged(event: Heard, { attribute_key: key, values }: Condition): boolean {
  const change = changeOf(event);
  if (event.type === 'conversation.updated') return (event.payload.changed as string[]).includes(key);
  if (!change || change.key !== key) return false;
  const { from = [], to = [] } = (Array.isArray(values) ? {} : values) as { from?: unknown; to?: unknown };
  const fits = (wanted: unknown, value: unknown): boolean => !Array.isArray(wanted) || wanted.length === 0 || wanted.some((one) => String(one) === String(value));
  return fits(from, change.from) && fits(to, change.to);
}

function changeOf(event: Heard): { key: string; from: unknown; to: unknown } | undefined {
  switch (event.type) {
    case 'conversation.status_changed': return { key: 'status', from: STATUSES[event.payload.from], to: STATUSES[event.payload.to] };
    case 'assignee.changed': return { key: 'assignee_id', ...event.payload };
    case 'team.changed': return { key: 'team_id', ...event.payload };
    case 'conversation.created': case 'conversation.updated': case 'message.created': return undefined;
  }
}
