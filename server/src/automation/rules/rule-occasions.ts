import { STATUSES, Status } from '../../conversations/conversation-codes.js';
import '../../conversations/conversation.events.js';
import type { Changes } from '../../delivery/changes.js';
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
  const change = changeOf(event, key);
  if (!change) return false;
  const { from = [], to = [] } = (Array.isArray(values) ? {} : values) as { from?: unknown; to?: unknown };
  return fits(from, change[0]) && fits(to, change[1]);
}

function changeOf(event: Heard, key: string): Changes[string] | undefined {
  switch (event.type) {
    case 'conversation.status_changed': return key === 'status' ? [STATUSES[event.payload.from], STATUSES[event.payload.to]] : event.payload.changes?.[key];
    case 'assignee.changed': return key === 'assignee_id' && event.payload.from !== event.payload.to ? [event.payload.from, event.payload.to] : undefined;
    case 'team.changed': return key === 'team_id' ? [event.payload.from, event.payload.to] : undefined;
    case 'conversation.updated': return event.payload.changes?.[key === 'labels' ? 'label_list' : key];
    case 'conversation.created': case 'message.created': return undefined;
  }
}

/** Whether one of those is wanted. Of what is there several times over, like labels, one that fits is enough. */
function fits(wanted: unknown, value: unknown): boolean {
  if (!Array.isArray(wanted) || wanted.length === 0) return true;
  const values = Array.isArray(value) ? value : [value];
  return wanted.some((one) => values.some((single) => String(one) === String(single)));
}
