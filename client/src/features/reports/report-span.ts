/** Seconds since 1970; `until` is the first second after it. */
export interface Span { since: number; until: number }

export const RANGES = ['7', '30', '90', '365', 'own'] as const;
export type Range = (typeof RANGES)[number];
export const GROUPS = ['hour', 'day', 'week', 'month'] as const;
export type Group = (typeof GROUPS)[number];

const DAY = 86_400_000;
/** More bars than fit next to each other are no chart. */
const MOST_BARS = 200;

/** The local day as a date field writes it. */
export function dayOf(date: Date): string {
  return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`;
}
function midnight(day: string, daysLater = 0): number {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  return Math.floor(new Date(year, month - 1, date + daysLater).getTime() / 1000);
}

/** So many whole local days up to today. */
export function lastDays(days: number, now: Date): Span {
  const first = new Date(now.getFullYear(), now.getMonth(), now.getDate() - days + 1);
  return { since: midnight(dayOf(first)), until: midnight(dayOf(now), 1) };
}

/** From the one local day to the other; undefined when they are missing or the wrong way round. */
export function betweenDays(from: string, to: string): Span | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(from) || !/^\d{4}-\d\d-\d\d$/.test(to) || from > to) return undefined;
  return { since: midnight(from), until: midnight(to, 1) };
}

const LENGTH: Record<Group, number> = { hour: 3600, day: 86_400, week: 604_800, month: 2_629_746 };
/** The groups in which a span makes between two and as many bars as fit; days for what is shorter. */
export function groupsFor({ since, until }: Span): Group[] {
  const fitting = GROUPS.filter((group) => (until - since) / LENGTH[group] <= MOST_BARS && (until - since) / LENGTH[group] >= 2);
  return fitting.length > 0 ? fitting : ['day'];
}
/** The finest group that is still easy to look at. */
export const usualGroup = (span: Span): Group => groupsFor(span).filter((group) => group !== 'hour' || span.until - span.since <= DAY / 500).find((group) => (span.until - span.since) / LENGTH[group] <= 62) ?? groupsFor(span).at(-1)!;

/** How far the clock here is ahead of UTC, in hours, as it is at the end of the span. */
export const offsetAt = (until: number): number => -new Date(until * 1000).getTimezoneOffset() / 60;

/** What a bar stands for. */
export function groupLabel(timestamp: number, group: Group, locale: string, long = false): string {
  const date = new Date(timestamp * 1000);
  const day: Intl.DateTimeFormatOptions = long ? { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' } : { day: 'numeric', month: 'short' };
  if (group === 'hour') return new Intl.DateTimeFormat(locale, long ? { ...day, hour: 'numeric', minute: '2-digit' } : { ...day, hour: 'numeric' }).format(date);
  if (group === 'month') return new Intl.DateTimeFormat(locale, { month: long ? 'long' : 'short', year: 'numeric' }).format(date);
  return new Intl.DateTimeFormat(locale, day).format(date);
}

const unit = (locale: string, name: string, value: number): string => new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: 0 }).format(value);
/** A length of time in its two largest units: "2 hr 5 min". */
export function duration(seconds: number, locale: string): string {
  const whole = Math.round(seconds);
  if (whole < 60) return unit(locale, 'second', whole);
  const minutes = Math.round(whole / 60);
  const steps: [string, number][] = [['day', 1440], ['hour', 60], ['minute', 1]];
  const at = steps.findIndex(([, length]) => minutes >= length);
  const [name, length] = steps[at]!;
  const next = steps[at + 1];
  const rest = next ? Math.floor((minutes % length) / next[1]) : 0;
  return [unit(locale, name, Math.floor(minutes / length)), ...(rest > 0 ? [unit(locale, next![0], rest)] : [])].join(' ');
}

/** Round values for the lines of a chart, from nothing to at least the largest. Times are split where clocks are. */
export function scale(largest: number, isTime: boolean): number[] {
  if (largest <= 0) return [0, isTime ? 60 : 1];
  const rough = largest / 4;
  const steps = isTime ? [15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400, 172_800, 432_000, 864_000, 1_728_000] : [];
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const round = [1, 2, 5, 10].map((n) => n * magnitude).find((n) => n >= rough)!;
  const step = steps.find((n) => n >= rough) ?? Math.max(1, round);
  return Array.from({ length: Math.ceil(largest / step) + 1 }, (_, n) => n * step);
}

/** The change in percent, rounded; undefined where there was nothing to compare with. */
export function change(now: number | null, before: number | null): number | undefined {
  return now === null || before === null || before === 0 ? undefined : Math.round(((now - before) / before) * 100);
}
