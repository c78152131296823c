import { z } from 'zod';
import { MAX_CONTENT } from '../../channels/contract/message-text.js';
import { localeName } from '../../identity/accounts/place.dto.js';
import { email, flatOrWrapped, formBool, formInt, formJson, freeObject, tellsError, text } from '../../platform/http/schema-fields.js';
import { stagedFiles } from '../../platform/storage/staged-file.js';
import { Attachment } from '../attachments/attachment.dto.js';
import { CONTENT_TYPES, DELIVERY_STATES } from '../conversation-codes.js';

export const content = text(MAX_CONTENT);
/** The sender's own id of a message: the same id is the same message. */
export const echoId = text(64).min(1);

const MAX_RECIPIENTS = 50;
/** Mail addresses as Chatwoot's clients send them: a list, or one text with commas. */
const addresses = z.preprocess(
  (v) => (typeof v === 'string' ? v.split(/[,;\n]/) : v ?? []), z.array(z.string().max(320)).max(MAX_RECIPIENTS).transform((list) => list.filter((one) => one.trim() !== '')).pipe(z.array(email)));

/** A message as somebody writes it. */
export const WrittenMessage = z.object({
  /** Where people are reached by address: others than the contact, besides, or unseen. */
  to_emails: addresses.optional(), cc_emails: addresses.optional(), bcc_emails: addresses.optional(), forwarded_message_id: formInt.optional(),
  content: content.nullish(), private: formBool.default(false), message_type: z.enum(['outgoing', 'incoming']).default('outgoing'),
  content_type: z.enum(CONTENT_TYPES).default('text'), content_attributes: formJson(freeObject).optional(), echo_id: echoId.optional(), attachments: stagedFiles.optional(),
  in_reply_to: formInt.optional(), source_id: text(255).nullish(),
  /** What Chatwoot's clients say of a message besides; kept, and given back with it in events. */
  template_params: formJson(freeObject).nullish(), campaign_id: formInt.nullish(), external_created_at: formInt.nullish(),
});
export const CreateMessage = tellsError(flatOrWrapped('message', WrittenMessage));
export type CreateMessage = z.infer<typeof CreateMessage>;
export const UpdateMessageStatus = z.object({ status: z.enum(['sent', 'delivered', 'read', 'failed']), external_error: text(1000).nullish() });
export type UpdateMessageStatus = z.infer<typeof UpdateMessageStatus>;
export const ThreadQuery = z.object({ before: formInt.optional(), after: formInt.optional() });
export type ThreadQuery = z.infer<typeof ThreadQuery>;

export const PersonSchema = z.looseObject({ id: z.int(), name: z.string(), type: z.enum(['user', 'contact', 'agent_bot']) }).meta({ id: 'Person' });

const message = {
  id: z.int(), content: z.string().nullable(), content_html: z.string(), inbox_id: z.int(), conversation_id: z.int(), message_type: z.int(), content_type: z.enum(CONTENT_TYPES),
  status: z.enum(['sent', 'delivered', 'read', 'failed']), content_attributes: z.record(z.string(), z.unknown()), created_at: z.int(), private: z.boolean(), source_id: z.string().nullable(),
  echo_id: z.string().optional(), sender: PersonSchema.optional(), attachments: z.array(Attachment).optional(), in_reply_to: z.int().nullable(),
  /** Of cards, one for each: where their pictures are shown from. */
  pictures: z.array(z.string().nullable()).optional(),
  delivery: z.object({ state: z.enum(DELIVERY_STATES), error: z.string().nullable(), attempt: z.int() }).nullable(),
};
export const MessageSchema = z.object(message).meta({ id: 'Message' });
export type WireMessage = z.infer<typeof MessageSchema>;

export const EventMessageSchema = z.object({
  ...message, account_id: z.int(), updated_at: z.string(), sender_type: z.enum(['Contact', 'User', 'AgentBot']).nullable(), sender_id: z.int().nullable(),
  processed_message_content: z.string().nullable(), sentiment: z.record(z.string(), z.unknown()), external_source_ids: z.record(z.string(), z.unknown()),
  additional_attributes: z.record(z.string(), z.unknown()),
  conversation: z.object({
    id: z.int(), assignee_id: z.int().nullable(), unread_count: z.int(), last_activity_at: z.int(), status: z.string(), waiting_since: z.int(), last_message_preview: z.string().nullable(),
    contact_inbox: z.object({ source_id: z.string() }),
  }),
}).meta({ id: 'EventMessage' });
export type WireEventMessage = z.infer<typeof EventMessageSchema>;

/** What the contact may see of a message in their own conversation. */
export interface PublicMessage {
  id: number; content: string | null; content_html: string; message_type: number; content_type: string; content_attributes: Record<string, unknown>; created_at: number;
  conversation_id: number; attachments?: Attachment[]; pictures?: (string | null)[]; sender?: Record<string, unknown>; echo_id?: string; in_reply_to: number | null; status: string; delivery: WireMessage['delivery'];
}

export const Thread = z.object({
  meta: z.object({
    labels: z.array(z.string()), additional_attributes: z.record(z.string(), z.unknown()), contact: z.record(z.string(), z.unknown()), assignee: z.record(z.string(), z.unknown()).optional(),
    agent_last_seen_at: z.string().nullable(), assignee_last_seen_at: z.string().nullable(),
  }),
  payload: z.array(MessageSchema),
});

export const TranslateMessage = z.object({ target_language: localeName });
export type TranslateMessage = z.infer<typeof TranslateMessage>;
/** Null where nobody translates. */
export const Translation = z.object({ content: z.string().nullable() });
