import { z } from 'zod';
import { email, flatOrWrapped, formInt, formJson, formList, freeObject, text } from '../../platform/http/schema-fields.js';
import { stagedFiles } from '../../platform/storage/staged-file.js';
import { UpdateVisitor, VisitorContact } from './widget-contact.dto.js';

const messageId = formInt.pipe(z.int().min(1));
const NewMessage = z.object({
  content: text(10_000).nullish(), reply_to: z.preprocess((v) => (v === '' ? null : v), messageId.nullish()), echo_id: text(64).min(1).nullish(),
  referer_url: text(2000).nullish(), timestamp: text(100).nullish(), attachments: stagedFiles.optional(),
});
export type NewMessage = z.infer<typeof NewMessage>;

/** A message of the visitor. Attributes belong to the conversation that it opens, or goes on in. */
export const PostMessage = z.object({ message: NewMessage, custom_attributes: formJson(freeObject).optional() });
export type PostMessage = z.infer<typeof PostMessage>;
export const StartConversation = z.object({ contact: UpdateVisitor.optional(), message: NewMessage.optional(), custom_attributes: formJson(freeObject).optional() });
export type StartConversation = z.infer<typeof StartConversation>;

export const ThreadQuery = z.object({ before: messageId.optional(), after: z.preprocess((v) => (v === '0' ? undefined : v), messageId.optional()) });
export const SetAttributes = flatOrWrapped('conversation', z.object({ custom_attributes: freeObject }));
export const DropAttributes = z.object({ custom_attributes: formList(text(255), 100).optional(), custom_attribute: formList(text(255), 100).optional() })
  .transform((body) => [...(body.custom_attributes ?? []), ...(body.custom_attribute ?? [])]);
export const ToggleTyping = z.object({ typing_status: z.enum(['on', 'off']) });
/** A label's title in a path. */
export const pathTitle = text(255);
export const LabelTitle = z.object({ label: text(255).min(1) });
export const AnswerMessage = z.object({
  /** Where the question is for an address. */
  contact: z.object({ email: email.optional() }).optional(),
  /** A list of what was chosen or filled in, one object for surveys of satisfaction, or an address. */
  message: z.object({ submitted_values: z.union([z.array(freeObject).max(50), freeObject]).optional(), submitted_email: email.optional() }).optional(),
}).refine(({ contact, message }) => contact?.email !== undefined || message?.submitted_values !== undefined || message?.submitted_email !== undefined, { path: ['message'], message: 'has nothing in it' });
export type AnswerMessage = z.infer<typeof AnswerMessage>;

/** A message as its contact sees it. */
export const VisitorMessage = z.looseObject({
  id: z.int(), content: z.string().nullable(), content_html: z.string().nullable(), message_type: z.int(), content_type: z.string(), content_attributes: z.record(z.string(), z.unknown()),
  created_at: z.int(), conversation_id: z.int(), echo_id: z.string().nullish(), in_reply_to: z.int().nullish(), status: z.string().optional(),
  delivery: z.looseObject({ state: z.string() }).nullish(), sender: z.record(z.string(), z.unknown()).nullish(), attachments: z.array(z.record(z.string(), z.unknown())).optional(), pictures: z.array(z.string().nullable()).optional(),
}).meta({ id: 'VisitorMessage' });
export const VisitorThread = z.object({
  payload: z.array(VisitorMessage), meta: z.object({ contact_last_seen_at: z.int(), agent_last_seen_at: z.int() }),
});
export const VisitorConversation = z.object({
  id: z.int(), uuid: z.string(), inbox_id: z.int(), status: z.enum(['open', 'resolved', 'pending', 'snoozed']), contact_last_seen_at: z.int(), agent_last_seen_at: z.int(),
  custom_attributes: z.record(z.string(), z.unknown()), messages: z.array(VisitorMessage), contact: VisitorContact,
}).meta({ id: 'VisitorConversation' });
export type VisitorConversation = z.infer<typeof VisitorConversation>;
/** Empty while the visitor has no conversation. */
export const MaybeConversation = z.union([VisitorConversation, z.object({}).strict()]);
