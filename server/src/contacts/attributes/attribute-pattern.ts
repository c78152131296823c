import { createContext, Script } from 'node:vm';

/** What one look at one value may take: no pattern that people write comes near it. */
const PATIENCE_MS = 50;
/** So often it is looked again when the time went by while other processes had the processor. */
const LOOKS = 3;
/** A pattern that has used this up is not tried again until the minute is over, for nothing else happens in the process meanwhile. */
const BUDGET_MS = 200;
const MINUTE_MS = 60_000;
/** As many spendthrifts are remembered; more than this come only from somebody who makes them on purpose. */
const REMEMBERED = 1000;

const context = createContext(Object.create(null));
const script = new Script('new RegExp(pattern, "u").test(value)');
const spent = new Map<string, { ms: number; until: number }>();

/** `/^a+$/` as dashboards store it, or `^a+$`. */
const bare = (pattern: string): string => /^\/(.*)\/[a-z]*$/s.exec(pattern)?.[1] ?? pattern;

/** Whether it is a regular expression. */
export function isPattern(pattern: string): boolean {
  try {
    return new RegExp(bare(pattern), 'u') instanceof RegExp;
  } catch {
    return false;
  }
}

/** Whether the value matches; undefined when the pattern is none, or needs longer than a person's pattern should: some explode on the right text. */
export function matchesPattern(pattern: string, value: string): boolean | undefined {
  const started = performance.now();
  const account = spent.get(pattern);
  if (account && started > account.until) spent.delete(pattern);
  else if (account && account.ms >= BUDGET_MS) return undefined;
  for (let look = 1; ; look += 1) {
    const before = process.cpuUsage();
    try {
      Object.assign(context, { pattern: bare(pattern), value });
      return script.runInContext(context, { timeout: PATIENCE_MS }) as boolean;
    } catch (error) {
      if (look < LOOKS && hasWaited(error, before)) continue;
      note(pattern, started);
      return undefined;
    }
  }
}

/** Its time was over by the clock, but it hardly ran. */
function hasWaited(error: unknown, before: NodeJS.CpuUsage): boolean {
  const { user, system } = process.cpuUsage(before);
  return (error as { code?: string }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT' && (user + system) / 1_000 < PATIENCE_MS / 2;
}

function note(pattern: string, started: number): void {
  const now = performance.now();
  if (spent.size >= REMEMBERED && !spent.has(pattern)) spent.clear();
  const account = spent.get(pattern);
  spent.set(pattern, { ms: (account?.ms ?? 0) + now - started, until: account?.until ?? now + MINUTE_MS });
}
