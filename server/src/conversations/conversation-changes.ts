import { changesBetween, type Changes } from '../delivery/changes.js';
import { PRIORITIES, STATUSES } from './conversation-codes.js';
import type { ConversationRow } from './conversations.repository.js';

type Facts = Partial<Pick<ConversationRow, 'status' | 'priority' | 'snoozed_until' | 'waiting_since' | 'agent_last_seen_at' | 'unread_count' | 'custom_attributes' | 'additional_attributes'>>;

/** What is different about a conversation after these facts of it were written, called as on the wire. */
export const conversationChanges = (before: Facts, after: Facts): Changes => changesBetween(told(before), told(after));

/** Times go into events as text, and no attributes at all are stored as null. */
function told(facts: Facts): Record<string, unknown> {
  return {
    ...(facts.status !== undefined && { status: STATUSES[facts.status] }), ...(facts.priority !== undefined && { priority: PRIORITIES[facts.priority] }),
    ...(facts.unread_count !== undefined && { unread_count: facts.unread_count }),
    ...Object.fromEntries((['snoozed_until', 'waiting_since', 'agent_last_seen_at'] as const).flatMap((key) => (facts[key] === undefined ? [] : [[key, facts[key]?.toISOString() ?? null]]))),
    ...Object.fromEntries((['custom_attributes', 'additional_attributes'] as const).flatMap((key) => (facts[key] === undefined ? [] : [[key, facts[key] ?? {}]]))),
  };
}
