import { z } from 'zod';
import { ContactSchema } from '../../contacts/contact.dto.js';
import { Agent } from '../../identity/agents/agent.dto.js';
import { ShownTeam } from '../../inboxes/teams/team.dto.js';
import { LAST_SENDERS, PRIORITIES, STATUSES } from '../conversation-codes.js';
import { EventMessageSchema } from '../messages/message.dto.js';

const record = z.record(z.string(), z.unknown());
export const statusName = z.enum(STATUSES);
export const priorityName = z.enum(PRIORITIES.filter((name) => name !== null));

/** A bot that holds a conversation, in Chatwoot's short form. */
export const AssignedBot = z.object({ id: z.int(), name: z.string(), description: z.string().nullable(), thumbnail: z.string(), bot_type: z.string(), assignee_type: z.literal('AgentBot') }).meta({ id: 'AssignedBot' });
export type AssignedBot = z.infer<typeof AssignedBot>;

export const ConversationSchema = z.object({
  id: z.int(), uuid: z.string(), account_id: z.int(), inbox_id: z.int(), status: statusName, priority: priorityName.nullable(), labels: z.array(z.string()), muted: z.boolean(), can_reply: z.boolean(),
  unread_count: z.int(), unread_count_exact: z.int(), snoozed_until: z.string().nullable(), additional_attributes: record, custom_attributes: record,
  agent_last_seen_at: z.int(), assignee_last_seen_at: z.int(), contact_last_seen_at: z.int(), created_at: z.int(), updated_at: z.number(), timestamp: z.int(), last_activity_at: z.int(),
  first_reply_created_at: z.int(), waiting_since: z.int(), sla_policy_id: z.int().nullable(), messages: z.array(EventMessageSchema), last_non_activity_message: EventMessageSchema.nullable(),
  last_message_preview: z.string().nullable(), last_message_sender: z.enum(LAST_SENDERS.filter((name) => name !== null)).nullable(),
  meta: z.object({ sender: ContactSchema, channel: z.string(), assignee: z.union([Agent, AssignedBot]).optional(), assignee_type: z.enum(['User', 'AgentBot']).optional(), team: ShownTeam.optional(), hmac_verified: z.boolean() }),
}).meta({ id: 'Conversation' });
export type WireConversation = z.infer<typeof ConversationSchema>;

export const CountsSchema = z.object({ mine_count: z.int(), assigned_count: z.int(), unassigned_count: z.int(), all_count: z.int() });
export type WireCounts = z.infer<typeof CountsSchema>;
export const ConversationPage = z.object({
  data: z.object({ meta: CountsSchema.extend({ next_cursor: z.string().nullable() }), payload: z.array(ConversationSchema) }),
});
export const ConversationMeta = z.object({ meta: CountsSchema });
export const ConversationList = z.object({ payload: z.array(ConversationSchema) });
export const ConversationMatches = z.object({ meta: CountsSchema, payload: z.array(ConversationSchema) });
export const FilteredConversations = z.object({ meta: CountsSchema.extend({ next_cursor: z.string().nullable() }), payload: z.array(ConversationSchema) });
