import { z } from 'zod';
import { formBool, formInt, formList, pageNumber } from '../../platform/http/schema-fields.js';
import { Attachment } from '../attachments/attachment.dto.js';
import { content, PersonSchema } from '../messages/message.dto.js';

const draft = z.object({ content: z.string(), private: z.boolean() });
export const DraftAnswer = z.object({ draft: draft.nullable() });
export const SaveDraft = z.object({ draft: z.object({ content, private: formBool.default(false) }).nullable() });
export type SaveDraft = z.infer<typeof SaveDraft>;

export const Participants = z.object({ user_ids: formList(formInt, 100) });
export type Participants = z.infer<typeof Participants>;

export const UnreadCounts = z.object({ total: z.int(), mine: z.int(), inboxes: z.record(z.string(), z.int()) });
const shownFile = Attachment.extend({ created_at: z.int(), sender: PersonSchema.nullable() });
export const ConversationAttachments = z.object({ meta: z.object({ total_count: z.int() }), payload: z.array(shownFile) });
/** So many pages of a person's files are gone through. */
const MAX_PAGE = 1000;
export const ListFiles = z.object({ page: pageNumber.pipe(z.int().max(MAX_PAGE)).default(1) });
export const ContactAttachments = z.object({ meta: z.object({ total_count: z.int() }), payload: z.array(shownFile.extend({ conversation_id: z.int() })) });
