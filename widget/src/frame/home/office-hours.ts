/** What the hours say now: when they open again is unix milliseconds, null when unknown or open. */
export interface Hours {
  open: boolean;
  nextOpenAt: number | null;
}

/** The state at `now` (ms) from what the server said earlier: a passed opening time means open, without asking again. */
export function hoursAt(now: number, isOpen: boolean, nextOpenAt: number): Hours {
  if (isOpen || (nextOpenAt > 0 && nextOpenAt <= now)) return { open: true, nextOpenAt: null };
  return { open: false, nextOpenAt: nextOpenAt || null };
}

const dayNumber = (date: Date): number => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000;

/** "today", "tomorrow", "yesterday" in the language, the weekday within a week, else the date. Local time of the visitor. */
export function dayName(at: number, now: number, locale: string): string {
  const date = new Date(at);
  const days = dayNumber(date) - dayNumber(new Date(now));
  if (Math.abs(days) <= 1) return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(days, 'day');
  const sameYear = date.getFullYear() === new Date(now).getFullYear();
  return new Intl.DateTimeFormat(locale, Math.abs(days) < 7 ? { weekday: 'long' }
    : { day: 'numeric', month: 'long', year: sameYear ? undefined : 'numeric' }).format(date);
}

/** A time of day in the language, local to the visitor. */
export function clockTime(at: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' }).format(new Date(at));
}

/** Day and time of the next opening, e.g. "tomorrow 9:00 AM". */
export function openingTime(at: number, now: number, locale: string): string {
  return `${dayName(at, now, locale)} ${clockTime(at, locale)}`;
}
