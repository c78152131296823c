/** One weekday of an inbox's office hours, in wire names as stored. 0 is Sunday; hours are local to the inbox's time zone. */
export interface WorkingDay {
  day_of_week: number;
  closed_all_day: boolean;
  open_all_day: boolean;
  open_hour: number | null;
  open_minutes: number | null;
  close_hour: number | null;
  close_minutes: number | null;
}

/** What office hours are computed from. */
export interface OfficeHours { working_hours_enabled: boolean; working_hours: WorkingDay[]; timezone: string }

/** Monday to Friday, nine to five. */
export const DEFAULT_WORKING_HOURS: readonly WorkingDay[] = [0, 1, 2, 3, 4, 5, 6].map((day) => {
  const isClosed = day === 0 || day === 6;
  return {
    day_of_week: day, closed_all_day: isClosed, open_all_day: false,
    open_hour: isClosed ? null : 9, open_minutes: isClosed ? null : 0, close_hour: isClosed ? null : 17, close_minutes: isClosed ? null : 0,
  };
});

const DAY_MINUTES = 24 * 60;
interface LocalTime { year: number; month: number; day: number; weekday: number; minute: number }

/** Whether somebody should be there at this instant. An inbox without office hours is always open. */
export function isOpen(hours: OfficeHours, at: Date): boolean {
  if (!hours.working_hours_enabled) return true;
  const local = localTime(at, hours.timezone);
  const span = openSpan(hours, local.weekday);
  return span !== undefined && local.minute >= span.from && local.minute < span.to;
}

/** When the inbox opens next: null when it is open now, or never opens. */
export function nextOpenAt(hours: OfficeHours, at: Date): Date | null {
  if (isOpen(hours, at)) return null;
  const now = localTime(at, hours.timezone);
  // One full week ahead and today's weekday again: enough for one opening a week that has just ended.
  for (let ahead = 0; ahead <= 7; ahead++) {
    const span = openSpan(hours, (now.weekday + ahead) % 7);
    if (!span || (ahead === 0 && span.from <= now.minute)) continue;
    return instantOf({ year: now.year, month: now.month, day: now.day + ahead }, span.from, hours.timezone);
  }
  return null;
}

/** How many seconds between two instants lie inside office hours; 0 for an inbox without them. */
export function openSecondsBetween(hours: OfficeHours, from: Date, to: Date): number {
  if (!hours.working_hours_enabled || to <= from || !isTimezone(hours.timezone)) return 0;
  const first = localTime(from, hours.timezone);
  let total = 0;
  for (let ahead = 0; ; ahead++) {
    const date = { year: first.year, month: first.month, day: first.day + ahead };
    if (instantOf(date, 0, hours.timezone) >= to) return Math.floor(total / 1000);
    const span = openSpan(hours, (first.weekday + ahead) % 7);
    if (!span) continue;
    const [opens, closes] = [span.from, span.to].map((minute) => instantOf(date, minute, hours.timezone).getTime()) as [number, number];
    total += Math.max(0, Math.min(closes, to.getTime()) - Math.max(opens, from.getTime()));
  }
}

function openSpan(hours: OfficeHours, weekday: number): { from: number; to: number } | undefined {
  const day = hours.working_hours.find((d) => d.day_of_week === weekday);
  if (!day || day.closed_all_day) return undefined;
  if (day.open_all_day) return { from: 0, to: DAY_MINUTES };
  return { from: (day.open_hour ?? 0) * 60 + (day.open_minutes ?? 0), to: (day.close_hour ?? 0) * 60 + (day.close_minutes ?? 0) };
}

const formats = new Map<string, Intl.DateTimeFormat>();
function formatOf(timezone: string): Intl.DateTimeFormat {
  let format = formats.get(timezone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', { timeZone: timezone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' });
    formats.set(timezone, format);
  }
  return format;
}

function localTime(at: Date, timezone: string): LocalTime {
  const parts = Object.fromEntries(formatOf(timezone).formatToParts(at).map((p) => [p.type, Number(p.value)])) as Record<string, number>;
  const { year, month, day, hour, minute } = parts as { year: number; month: number; day: number; hour: number; minute: number };
  return { year, month, day, weekday: new Date(Date.UTC(year, month - 1, day)).getUTCDay(), minute: hour * 60 + minute };
}

/** The instant of a local wall-clock time. A time that a clock change skips moves on by the length of the gap. */
function instantOf(date: { year: number; month: number; day: number }, minute: number, timezone: string): Date {
  const wanted = Date.UTC(date.year, date.month - 1, date.day, 0, minute);
  const offsetAt = (instant: number): number => {
    const local = localTime(new Date(instant), timezone);
    return Date.UTC(local.year, local.month - 1, local.day, 0, local.minute) - instant;
  };
  // The offsets before and after any change of that day; of the instants they give, the earliest that shows the wanted time.
  const candidates = [offsetAt(wanted - 86_400_000), offsetAt(wanted + 86_400_000)].map((offset) => wanted - offset).sort((a, b) => a - b);
  const exact = candidates.find((instant) => instant + offsetAt(instant) === wanted);
  return new Date(exact ?? candidates[1]!);
}

/** Whether the name is a time zone this machine knows. */
export function isTimezone(name: string): boolean {
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}
