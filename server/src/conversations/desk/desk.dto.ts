import { z } from 'zod';
import { formBool, formInt, formList } from '../../platform/http/schema-fields.js';
import { Attachment } from '../attachments/attachment.dto.js';
import { content, PersonSchema } from '../messages/message.dto.js';

const draft = z.object({ content: z.string(), private: z.boolean() });
export const DraftAnswer = z.object({ draft: draft.nullable() });
export const SaveDraft = z.object({ draft: z.object({ content, private: formBool.default(false) }).nullable() });
export type SaveDraft = z.infer<typeof SaveDraft>;

export const Participants = z.object({ user_ids: formList(formInt, 100) });
export type Participants = z.infer<typeof Participants>;

export const UnreadCounts = z.object({ total: z.int(), mine: z.int(), inboxes: z.record(z.string(), z.int()) });
export const ConversationAttachments = z.object({
  meta: z.object({ total_count: z.int() }), payload: z.array(Attachment.extend({ created_at: z.int(), sender: PersonSchema.nullable() })),
});
