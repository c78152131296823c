import type { TallyName } from '../counting/tally.js';

/** How each metric is made of the sums: a count, or a time over a number of things. */
export const METRICS = {
  conversations_count: { count: 'conversations' }, incoming_messages_count: { count: 'incoming_messages' }, outgoing_messages_count: { count: 'outgoing_messages' },
  avg_first_response_time: { count: 'first_responses', sum: 'first_response_seconds', business: 'first_response_business_seconds' },
  avg_resolution_time: { count: 'resolutions', sum: 'resolution_seconds', business: 'resolution_business_seconds' },
  resolutions_count: { count: 'resolutions' }, reply_time: { count: 'replies', sum: 'reply_seconds', business: 'reply_business_seconds' },
  bot_resolutions_count: { count: 'bot_resolutions' }, bot_handoffs_count: { count: 'bot_handoffs' },
} as const satisfies Record<string, { count: TallyName; sum?: TallyName; business?: TallyName }>;
export type Metric = keyof typeof METRICS;
export const METRIC_NAMES = Object.keys(METRICS) as [Metric, ...Metric[]];

export type Sums = Record<TallyName, number>;

/** The metric's value; null for the mean of nothing. */
export function valueOf(metric: Metric, sums: Sums, isBusiness: boolean): number | null {
  const made: { count: TallyName; sum?: TallyName; business?: TallyName } = METRICS[metric];
  if (made.sum === undefined) return sums[made.count];
  return sums[made.count] === 0 ? null : sums[isBusiness ? made.business! : made.sum] / sums[made.count];
}

export const isAverage = (metric: Metric): boolean => 'sum' in METRICS[metric];
