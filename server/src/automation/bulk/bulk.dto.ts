import { z } from 'zod';
import { priorityName, statusName } from '../../conversations/queries/conversation.dto.js';
import { labelTag } from '../../inboxes/label.dto.js';
import { ACTION_NAMES } from '../actions/action.dto.js';
import { formInt, formList, formMoment } from '../../platform/http/schema-fields.js';

/** What is done with one person of many. */
export interface ContactWork { delete?: true; labels?: { add: string[]; remove: string[] } }

const titles = formList(labelTag, 100).optional();
/** More than one page of work; beyond it, a filter and several calls. */
export const MAX_AT_ONCE = 1000;

export const BulkActions = z.object({
  /** Chatwoot takes the word in any case. */
  type: z.preprocess((v) => (typeof v === 'string' ? v.charAt(0).toUpperCase() + v.slice(1).toLowerCase() : v), z.enum(['Conversation', 'Contact'], 'is not something that is changed in bulk')),
  ids: formList(formInt, MAX_AT_ONCE).pipe(z.array(z.int().min(1)).min(1, 'cannot be empty')),
  fields: z.object({ status: statusName.nullish(), assignee_id: formInt.nullish(), team_id: formInt.nullish(), priority: priorityName.nullish(), snoozed_until: formMoment.nullish() }).nullish(),
  /** Beside the fields, as Chatwoot's dashboard sends it. */
  snoozed_until: formMoment.nullish(),
  labels: z.object({ add: titles, remove: titles }).nullish(),
  /** Of people, by administrators. */
  action_name: z.literal('delete').nullish(),
});
export type BulkActions = z.infer<typeof BulkActions>;

/** What could not be done while the rest was, and with how many conversations. */
const LeftOutSchema = z.object({ action_name: z.enum(ACTION_NAMES), message: z.string(), conversations: z.int() });
export type WireLeftOut = z.infer<typeof LeftOutSchema>;
export const BulkTaskSchema = z.object({ id: z.int(), total: z.int(), done: z.int(), failed: z.int(), finished: z.boolean(), left_out: z.array(LeftOutSchema) }).meta({ id: 'BulkTask' });
export type WireBulkTask = z.infer<typeof BulkTaskSchema>;
export const BulkTaskAnswer = z.object({ payload: BulkTaskSchema });
