import { z } from 'zod';
import { phoneNumber } from '../../contacts/contact.dto.js';
import { email, flatOrWrapped, formJson, freeObject, text } from '../../platform/http/schema-fields.js';
import { optionalImage } from '../../platform/storage/avatars.js';
import { imageAddress } from '../../platform/storage/remote-image.js';
import { stagedFiles } from '../../platform/storage/staged-file.js';
import { MAX_CONTENT } from '../contract/message-text.js';

// A form field that was left empty is no answer.
const unlessBlank = <S extends z.ZodType>(schema: S) => z.preprocess((v) => (v === '' ? undefined : v), schema.nullish());
const record = z.record(z.string(), z.unknown());

export const Proof = z.object({ identifier: unlessBlank(text(255)), identifier_hash: unlessBlank(text(128)) });
export type Proof = z.infer<typeof Proof>;
export const GivenContact = flatOrWrapped('contact', z.object({
  source_id: unlessBlank(text(255)), identifier: unlessBlank(text(255)), identifier_hash: unlessBlank(text(128)), email: unlessBlank(email), name: unlessBlank(text(255)), phone_number: unlessBlank(phoneNumber),
  custom_attributes: formJson(freeObject).optional(), additional_attributes: formJson(freeObject).optional(),
  avatar: optionalImage, avatar_url: imageAddress,
}));
export type GivenContact = z.infer<typeof GivenContact>;
export const StartConversation = flatOrWrapped('conversation', z.object({ custom_attributes: formJson(freeObject).optional() }));
export const WriteMessage = flatOrWrapped('message', z.object({ content: text(MAX_CONTENT).nullish(), echo_id: text(64).min(1).nullish(), attachments: stagedFiles.optional() }));
export type WriteMessage = z.infer<typeof WriteMessage>;
/** A list of what was chosen or filled in, one object as for satisfaction surveys, or an address. */
export const AnswerQuestion = flatOrWrapped('message', z.object({ submitted_values: z.union([z.array(freeObject).max(50), freeObject]).optional(), submitted_email: email.optional() })
  .refine((answer) => answer.submitted_values !== undefined || answer.submitted_email !== undefined, { path: ['submitted_values'], message: 'is missing' }));
export const Typing = z.object({ typing_status: z.enum(['on', 'off']) });
export const TypingQuery = z.object({ typing_status: z.enum(['on', 'off']).optional() });

export const ClientInbox = z.object({
  identifier: z.string(), identity_validation_enabled: z.boolean(), name: z.string(), timezone: z.string(), working_hours: z.array(record), working_hours_enabled: z.boolean(),
  csat_survey_enabled: z.boolean(), greeting_enabled: z.boolean(),
}).meta({ id: 'ClientInbox' });
export const ClientContactSchema = z.object({
  source_id: z.string(), pubsub_token: z.string(), id: z.int(), name: z.string(), email: z.string().nullable(), phone_number: z.string().nullable(),
}).meta({ id: 'ClientContact' });
/** The record itself, as Chatwoot answers a change. */
export const ClientContactRecord = z.object({
  id: z.int(), name: z.string(), email: z.string().nullable(), phone_number: z.string().nullable(), identifier: z.string().nullable(), account_id: z.int(), blocked: z.boolean(),
  additional_attributes: record, custom_attributes: record, last_activity_at: z.string().nullable(), created_at: z.string(), updated_at: z.string(),
}).meta({ id: 'ClientContactRecord' });
export const ClientMessage = z.looseObject({
  id: z.int(), content: z.string().nullable(), message_type: z.int(), content_type: z.string(), content_attributes: record, created_at: z.int(), conversation_id: z.int(),
  echo_id: z.string().nullish(), attachments: z.array(record).optional(), sender: record.optional(),
}).meta({ id: 'ClientMessage' });
export type ClientMessage = z.infer<typeof ClientMessage>;
export const ClientConversation = z.object({
  id: z.int(), uuid: z.string(), inbox_id: z.int(), contact_last_seen_at: z.int(), agent_last_seen_at: z.int(), status: z.string(), custom_attributes: record,
  messages: z.array(ClientMessage), contact: ClientContactRecord,
}).meta({ id: 'ClientConversation' });
export type ClientConversation = z.infer<typeof ClientConversation>;
