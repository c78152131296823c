import { z } from 'zod';
import { chosen, formInt, pageNumber, text } from '../../platform/http/schema-fields.js';
import { moment } from './report.dto.js';

export const EventsQuery = z.object({
  page: pageNumber.pipe(z.int().max(10_000)).default(1), since: moment.optional(), until: moment.optional(), inbox_id: chosen(formInt.optional()), user_id: chosen(formInt.optional()),
  name: text(100).optional(),
}).refine((q) => q.since === undefined || q.until === undefined || q.since < q.until, { path: ['since'], message: 'is not before until' });
export type EventsQuery = z.infer<typeof EventsQuery>;

export const WireReportingEvent = z.object({
  id: z.int(), name: z.string(), value: z.number(), value_in_business_hours: z.number(), event_start_time: z.string(), event_end_time: z.string(), account_id: z.int(),
  conversation_id: z.int().nullable(), inbox_id: z.int().nullable(), user_id: z.int().nullable(), created_at: z.string(), updated_at: z.string(),
});
export type WireReportingEvent = z.infer<typeof WireReportingEvent>;
export const EventsAnswer = z.object({ payload: z.array(WireReportingEvent), meta: z.object({ count: z.int(), current_page: z.int(), total_pages: z.int() }) });
export type EventsAnswer = z.infer<typeof EventsAnswer>;
