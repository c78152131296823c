import { momentOf } from './backup-places.js';

const DAY_MS = 86_400_000;
const DAYS = 30;
const MONTHS = 12;

/** Which backups may go: those older than thirty days, except the first of each of the last twelve months. Files that are no backups stay. */
export function outdated(names: readonly string[], now: number): string[] {
  const all = names.flatMap((name) => { const at = momentOf(name); return at === undefined ? [] : [{ name, at, month: new Date(at).toISOString().slice(0, 7) }]; }).sort((a, b) => a.at - b.at);
  const oldestMonth = new Date(now);
  oldestMonth.setUTCMonth(oldestMonth.getUTCMonth() - MONTHS, 1);
  oldestMonth.setUTCHours(0, 0, 0, 0);
  const firsts = new Set<string>();
  const monthly = all.filter(({ month }) => !firsts.has(month) && firsts.add(month)).map(({ name }) => name);
  return all.filter(({ name, at }) => at < now - DAYS * DAY_MS && !(monthly.includes(name) && at >= oldestMonth.getTime())).map(({ name }) => name);
}
