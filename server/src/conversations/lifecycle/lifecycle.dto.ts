import { z } from 'zod';
import { flatOrWrapped, formInt, formMoment, freeObject, text } from '../../platform/http/schema-fields.js';
import { PRIORITIES, STATUSES } from '../conversation-codes.js';
import { content, WrittenMessage } from '../messages/message.dto.js';

const snoozedUntil = formMoment.nullish();

export const ToggleStatus = z.object({ status: z.enum(STATUSES).optional(), snoozed_until: snoozedUntil });
export type ToggleStatus = z.infer<typeof ToggleStatus>;
export const ToggledStatus = z.object({
  meta: z.object({}), payload: z.object({ success: z.boolean(), conversation_id: z.int(), current_status: z.enum(STATUSES), snoozed_until: z.string().nullable() }),
});

/** `none`, null and '' take the priority away. */
export const priority = z.preprocess((v) => (v === 'none' || v === '' ? null : v), z.enum(PRIORITIES.filter((name) => name !== null)).nullable());
export const TogglePriority = z.object({ priority });
export type TogglePriority = z.infer<typeof TogglePriority>;
export const UpdateConversation = flatOrWrapped('conversation', z.object({ priority: priority.optional(), custom_attributes: freeObject.optional() }));
export type UpdateConversation = z.infer<typeof UpdateConversation>;
export const ReplaceAttributes = z.object({ custom_attributes: freeObject });
export const AttributesAnswer = z.object({ custom_attributes: z.record(z.string(), z.unknown()) });

export const CreateConversation = flatOrWrapped('conversation', z.object({
  source_id: text(255).min(1).optional(), inbox_id: formInt.optional(), contact_id: formInt.optional(), additional_attributes: freeObject.optional(), custom_attributes: freeObject.optional(),
  status: z.enum(STATUSES).optional(), snoozed_until: snoozedUntil, assignee_id: formInt.nullish(), team_id: formInt.nullish(),
  message: WrittenMessage.pick({ private: true, content_attributes: true, echo_id: true, content_type: true, message_type: true, in_reply_to: true, to_emails: true, cc_emails: true, bcc_emails: true }).extend({ content: content.nullish() }).optional(),
}));
export type CreateConversation = z.infer<typeof CreateConversation>;
