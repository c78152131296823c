import { z } from 'zod';
import { formBool, formInt, formList, pageNumber, text } from '../../platform/http/schema-fields.js';
import { METRIC_NAMES } from './metrics.js';
import { GROUPS, wholeSlots } from './report-range.js';

const LATEST = 4_102_444_800; // the year 2100
const DEFAULT_DAYS = 7;
/** Seconds since 1970, as text. */
export const moment = z.preprocess((v) => (typeof v === 'string' && /^\d{1,12}(\.\d{1,9})?$/.test(v.trim()) ? Math.floor(Number(v)) : v), z.int('is not a time in seconds since 1970').min(0).max(LATEST, 'is too far in the future'));

const span = { since: moment.optional(), until: moment.optional() };
const inOrder = <S extends z.ZodType<{ since?: number; until?: number }>>(schema: S) =>
  schema.refine((q) => q.since === undefined || q.until === undefined || q.since < q.until, { path: ['since'], message: 'is not before until' });

/** The span asked for; without one the last seven days. */
export const rangeOf = ({ since, until }: { since?: number; until?: number }, now: number) => {
  const end = until ?? Math.max(Math.floor(now / 1000), (since ?? 0) + 1);
  return wholeSlots(since ?? Math.max(0, end - DEFAULT_DAYS * 86_400), end);
};

/** Hours ahead of UTC, of which there are whole ones, halves and quarters. */
const timezoneOffset = z.preprocess((v) => (typeof v === 'string' && /^[+-]?\d{1,2}(\.\d{1,4})?$/.test(v.trim()) ? Number(v) : v), z.number('is not a number of hours').min(-12).max(14).multipleOf(0.25)).default(0);
const Subject = { type: z.enum(['account', 'agent', 'inbox', 'label', 'team']), id: text(30).optional(), business_hours: formBool.default(false) };

export const SeriesQuery = inOrder(z.object({ ...span, ...Subject, metric: z.enum(METRIC_NAMES), group_by: z.enum(GROUPS).default('day'), timezone_offset: timezoneOffset }));
export type SeriesQuery = z.infer<typeof SeriesQuery>;
export const SummaryQuery = inOrder(z.object({ ...span, ...Subject }));
export type SummaryQuery = z.infer<typeof SummaryQuery>;
export const SpanQuery = inOrder(z.object({ ...span, business_hours: formBool.default(false) }));
export type SpanQuery = z.infer<typeof SpanQuery>;
export const GroupedSpanQuery = inOrder(z.object({ ...span, business_hours: formBool.default(false), group_by: z.enum(GROUPS).default('day'), timezone_offset: timezoneOffset }));
export type GroupedSpanQuery = z.infer<typeof GroupedSpanQuery>;
export const MatrixQuery = inOrder(z.object({ ...span, inbox_ids: formList(formInt, 500).optional(), label_ids: formList(formInt, 500).optional() }));
export type MatrixQuery = z.infer<typeof MatrixQuery>;
export const OutgoingQuery = inOrder(z.object({ ...span, group_by: z.enum(['agent', 'team', 'inbox', 'label']) }));
export type OutgoingQuery = z.infer<typeof OutgoingQuery>;
export const LiveQuery = z.object({ type: z.enum(['account', 'agent']), user_id: formInt.optional(), page: pageNumber.pipe(z.int().max(100_000)).default(1) });
export type LiveQuery = z.infer<typeof LiveQuery>;

export const NowQuery = z.object({ team_id: formInt.optional() });
export type NowQuery = z.infer<typeof NowQuery>;
export const GroupedNowQuery = z.object({ group_by: z.enum(['team_id', 'assignee_id'], 'is neither team_id nor assignee_id') });
export type GroupedNowQuery = z.infer<typeof GroupedNowQuery>;

const count = z.int();
const mean = z.number().nullable();
export const SeriesPoint = z.object({ value: z.number().nullable(), timestamp: count, count: count.optional() });
export type SeriesPoint = z.infer<typeof SeriesPoint>;
const Summary = z.object({
  conversations_count: count, incoming_messages_count: count, outgoing_messages_count: count, avg_first_response_time: mean, avg_resolution_time: mean, resolutions_count: count, reply_time: mean,
  bot_resolutions_count: count, bot_handoffs_count: count,
});
export type Summary = z.infer<typeof Summary>;
export const SummaryAnswer = Summary.extend({ previous: Summary });
export type SummaryAnswer = z.infer<typeof SummaryAnswer>;
const BotSummary = Summary.pick({ bot_resolutions_count: true, bot_handoffs_count: true });
export type BotSummary = z.infer<typeof BotSummary>;
export const BotSummaryAnswer = BotSummary.extend({ previous: BotSummary });
export type BotSummaryAnswer = z.infer<typeof BotSummaryAnswer>;
/** Rates are whole percents. */
export const BotMetrics = z.object({ conversation_count: count, message_count: count, resolution_rate: count, handoff_rate: count });
export type BotMetrics = z.infer<typeof BotMetrics>;
export const SummaryRow = z.object({ id: count, name: z.string(), conversations_count: count, resolved_conversations_count: count, avg_resolution_time: mean, avg_first_response_time: mean, avg_reply_time: mean });
export type SummaryRow = z.infer<typeof SummaryRow>;
export const ChannelSummary = z.record(z.string(), z.object({ open: count, resolved: count, pending: count, snoozed: count, total: count }));
export type ChannelSummary = z.infer<typeof ChannelSummary>;
export const Distribution = z.record(z.string(), z.object({ '0-1h': count, '1-4h': count, '4-8h': count, '8-24h': count, '24h+': count }));
export type Distribution = z.infer<typeof Distribution>;
export const Matrix = z.object({ inboxes: z.array(z.object({ id: count, name: z.string() })), labels: z.array(z.object({ id: count, title: z.string() })), matrix: z.array(z.array(count)) });
export type Matrix = z.infer<typeof Matrix>;
export const OutgoingRow = z.object({ id: count, name: z.string(), outgoing_messages_count: count });
export type OutgoingRow = z.infer<typeof OutgoingRow>;
export const AccountNow = z.object({ open: count, unattended: count, unassigned: count, pending: count });
export type AccountNow = z.infer<typeof AccountNow>;
/** One group; null is what belongs to none. */
export const GroupNow = AccountNow.omit({ pending: true }).extend({ team_id: count.nullable().optional(), assignee_id: count.nullable().optional() });
export type GroupNow = z.infer<typeof GroupNow>;
export const AgentNow = z.object({
  id: count, name: z.string(), email: z.string(), thumbnail: z.string(), availability: z.enum(['online', 'busy', 'offline']), metric: z.object({ open: count, unattended: count }),
});
export type AgentNow = z.infer<typeof AgentNow>;
/** One of these: a list is checked item by item. */
export const LiveAnswer = z.union([AccountNow, AgentNow]);
export type LiveAnswer = z.infer<typeof AccountNow> | AgentNow[];
export const ProgressAnswer = z.object({ counted: count, total: count, finished: z.boolean() });
export type ProgressAnswer = z.infer<typeof ProgressAnswer>;
