const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Pauses between tries at somebody else's server: three days in all. */
const PAUSES = [5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 12 * HOUR, 20 * HOUR, 24 * HOUR];
const LONGEST_PAUSE = 24 * HOUR;

/** Milliseconds to wait after so many failed tries, a little different each time; undefined when it is time to give up. */
export function pauseAfter(tries: number): number | undefined {
  const pause = PAUSES[tries - 1];
  return pause === undefined ? undefined : Math.round(pause * (0.9 + Math.random() * 0.2));
}

/** Milliseconds of a Retry-After, given in seconds or as a date. */
export function askedPause(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const milliseconds = /^\d{1,9}$/.test(header) ? Number(header) * SECOND : Date.parse(header) - now;
  return Number.isFinite(milliseconds) ? Math.min(Math.max(milliseconds, SECOND), LONGEST_PAUSE) : undefined;
}

/** The beginning of what a server said, fit to be stored and shown. */
export const quoted = (body: Buffer, max: number): string => body.toString('utf8').replaceAll('\u0000', '').trim().slice(0, max).toWellFormed();
