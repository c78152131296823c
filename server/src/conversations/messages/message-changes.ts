import { changesBetween, type Changes } from '../../delivery/changes.js';
import { DELIVERY_STATES, MessageStatus, WIRE_MESSAGE_STATUSES } from '../conversation-codes.js';
import type { MessageRow } from './messages.repository.js';

export type MessageFacts = Partial<Pick<MessageRow, 'status' | 'external_error' | 'source_id' | 'content_attributes'>>;

/** What is different about a message, called as on the wire. Words that were deleted are not told once more. */
export const messageChanges = (before: MessageFacts, after: MessageFacts): Changes => changesBetween(told(before), told(after));

function told(facts: MessageFacts): Record<string, unknown> {
  const { status, source_id } = facts;
  return {
    ...(status !== undefined && { status: WIRE_MESSAGE_STATUSES[status], delivery_state: DELIVERY_STATES[status] }),
    ...(source_id !== undefined && { source_id }), ...(facts.content_attributes !== undefined && { content_attributes: shownAttributes(facts) }),
  };
}

/** The attributes of a message with the reason of its failure among them, where Chatwoot's clients look for it. */
export function shownAttributes({ content_attributes: attributes, status, external_error: error }: MessageFacts): Record<string, unknown> {
  return { ...attributes, ...(status === MessageStatus.failed && error && { external_error: error }) };
}
