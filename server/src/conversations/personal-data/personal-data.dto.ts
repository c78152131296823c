import { z } from 'zod';
import { ContactSchema } from '../../contacts/contact.dto.js';
import { formBool } from '../../platform/http/schema-fields.js';

export const PersonalDataQuery = z.object({ internal_notes: formBool.default(false) });

const moment = z.string().nullable();
const file = z.object({ file_name: z.string().nullable(), content_type: z.string().nullable(), size: z.int(), url: z.string().nullable() });
const message = z.object({
  id: z.int(), written_at: moment, written_by: z.enum(['contact', 'organisation', 'nobody']), name: z.string().nullable(), is_internal_note: z.boolean(), content: z.string().nullable(),
  /** What they chose or filled in, where the message asked for something. */
  answer: z.string().nullable(), attachments: z.array(file),
});
export const PersonalData = z.object({
  format: z.literal('porchlight-personal-data-1'), made_at: z.string(), withheld: z.array(z.string()),
  contact: ContactSchema, labels: z.array(z.string()), notes: z.array(z.object({ written_at: moment, content: z.string() })),
  conversations: z.array(z.object({
    id: z.int(), inbox: z.string(), began_at: moment, status: z.string(), labels: z.array(z.string()), custom_attributes: z.record(z.string(), z.unknown()), additional_attributes: z.record(z.string(), z.unknown()),
    is_of_somebody_else: z.boolean(), messages: z.array(message),
  })),
  ratings: z.array(z.object({ conversation_id: z.int(), asked_at: moment, answered_at: moment, rating: z.int().nullable(), feedback: z.string().nullable() })),
  /** What the organisation did with this record as a whole. Who did it is not theirs to know. */
  log: z.array(z.object({ at: z.string(), action: z.string() })),
}).meta({ id: 'PersonalData' });
export type PersonalData = z.infer<typeof PersonalData>;
