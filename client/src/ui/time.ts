/** A moment as the wire gives it: seconds since 1970, ISO text, or a Date. */
export type Moment = number | string | Date;

const formats = new Map<string, Intl.DateTimeFormat>();
function dateFormat(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options);
  let format = formats.get(key);
  if (!format) formats.set(key, (format = new Intl.DateTimeFormat(locale, options)));
  return format;
}
const toDate = (at: Moment) => new Date(typeof at === 'number' ? at * 1000 : at);
const dayNumber = (date: Date) => Math.floor((date.getTime() - date.getTimezoneOffset() * 60_000) / 86_400_000);

/** Date and time, for titles and details. */
export function formatDateTime(at: Moment, locale: string): string {
  return dateFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(toDate(at));
}

/** The clock time alone. */
export function formatTime(at: Moment, locale: string): string {
  return dateFormat(locale, { timeStyle: 'short' }).format(toDate(at));
}

/** The day, in words where it is near: "today", "yesterday", then a date (with year when it is another one). */
export function formatDay(at: Moment, locale: string, now = Date.now()): string {
  const date = toDate(at);
  const days = dayNumber(date) - dayNumber(new Date(now));
  if (Math.abs(days) <= 1) return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(days, 'day');
  const sameYear = date.getFullYear() === new Date(now).getFullYear();
  return dateFormat(locale, { weekday: sameYear ? 'long' : undefined, day: 'numeric', month: 'long', year: sameYear ? undefined : 'numeric' }).format(date);
}

/** How long ago: within the hour in minutes, today the hours, this week the weekday, else the date. `long` writes units out. */
export function formatRelative(at: Moment, locale: string, now = Date.now(), long = false): string {
  const date = toDate(at);
  const seconds = Math.round((date.getTime() - now) / 1000);
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: long ? 'long' : 'narrow' });
  if (Math.abs(seconds) < 60) return relative.format(0, 'second');
  if (Math.abs(seconds) < 3600) return relative.format(Math.trunc(seconds / 60), 'minute');
  if (Math.abs(seconds) < 86_400) return relative.format(Math.trunc(seconds / 3600), 'hour');
  const days = dayNumber(date) - dayNumber(new Date(now));
  if (days === -1 || days === 1) return relative.format(days, 'day');
  if (days > -7 && days < 0) return dateFormat(locale, { weekday: long ? 'long' : 'short' }).format(date);
  const sameYear = date.getFullYear() === new Date(now).getFullYear();
  return dateFormat(locale, { day: 'numeric', month: 'short', year: sameYear ? undefined : 'numeric' }).format(date);
}
