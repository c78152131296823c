/** Pause before try n+1, in milliseconds: 1 s, 4 s, 16 s … an hour and a half in all for eight tries, with jitter against herds. */
export function pauseAfter(attempt: number): number {
  return Math.round(Math.min(1_000 * 4 ** (attempt - 1), 3_600_000) * (0.8 + Math.random() * 0.4));
}
