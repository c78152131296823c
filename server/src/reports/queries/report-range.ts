import { unprocessable } from '../../platform/http/problem.js';
import { SLOT_SECONDS } from '../counting/tally.js';

/** A span of time in seconds since 1970, wide enough to hold whole quarters of an hour; `until` is the first second after it. */
export interface ReportRange { since: number; until: number }

export const GROUPS = ['hour', 'day', 'week', 'month', 'year'] as const;
export type Group = (typeof GROUPS)[number];

const DAY = 86_400;
/** More points than a year has hours are no report. */
const MOST_BUCKETS = 10_000;

/** The quarters of an hour that the given seconds touch: sums are kept by them. */
export const wholeSlots = (since: number, until: number): ReportRange =>
  ({ since: Math.floor(since / SLOT_SECONDS) * SLOT_SECONDS, until: Math.ceil(until / SLOT_SECONDS) * SLOT_SECONDS });

/** The equally long span before. */
export const previousOf = ({ since, until }: ReportRange): ReportRange => ({ since: Math.max(0, since - (until - since)), until: since });

/** The whole days (UTC) inside a span, and what lies before and after them. */
export function splitByDays({ since, until }: ReportRange): { head: ReportRange; days: ReportRange; tail: ReportRange } {
  const [first, last] = [Math.ceil(since / DAY) * DAY, Math.floor(until / DAY) * DAY];
  if (first >= last) return { head: { since, until }, days: { since: 0, until: 0 }, tail: { since: 0, until: 0 } };
  return { head: { since, until: first }, days: { since: first, until: last }, tail: { since: last, until } };
}

/** Where the groups of a span begin, in seconds since 1970; hours, days, weeks (from Sunday), months and years by a clock so many seconds ahead of UTC. */
export function bucketsOf({ since, until }: ReportRange, group: Group, offset: number): number[] {
  const buckets: number[] = [];
  for (let at = bucketOf(since + offset, group); at < until + offset; at = next(at, group)) {
    if (buckets.length === MOST_BUCKETS) throw unprocessable(`More than ${MOST_BUCKETS} points. Choose a shorter time or larger groups.`);
    buckets.push(at - offset);
  }
  return buckets;
}

function bucketOf(local: number, group: Group): number {
  if (group === 'hour') return local - (local % 3600);
  const day = local - (((local % DAY) + DAY) % DAY);
  const date = new Date(day * 1000);
  if (group === 'week') return day - date.getUTCDay() * DAY;
  if (group === 'month') return Date.UTC(date.getUTCFullYear(), date.getUTCMonth()) / 1000;
  return group === 'year' ? Date.UTC(date.getUTCFullYear(), 0) / 1000 : day;
}

function next(at: number, group: Group): number {
  const date = new Date(at * 1000);
  switch (group) {
    case 'hour': return at + 3600;
    case 'day': return at + DAY;
    case 'week': return at + 7 * DAY;
    case 'month': return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1) / 1000;
    case 'year': return Date.UTC(date.getUTCFullYear() + 1, 0) / 1000;
  }
}
