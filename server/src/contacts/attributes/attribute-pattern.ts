import { createContext, Script } from 'node:vm';

const PATIENCE_MS = 50;
const context = createContext(Object.create(null));
const script = new Script('new RegExp(pattern, "u").test(value)');

/** `/^a+$/` as dashboards store it, or `^a+$`. */
const bare = (pattern: string): string => /^\/(.*)\/[a-z]*$/s.exec(pattern)?.[1] ?? pattern;

/** Whether the value matches; undefined when the pattern is none, or needs longer than a person's pattern should: some explode on the right text. */
export function matchesPattern(pattern: string, value: string): boolean | undefined {
  try {
    Object.assign(context, { pattern: bare(pattern), value });
    return script.runInContext(context, { timeout: PATIENCE_MS }) as boolean;
  } catch {
    return undefined;
  }
}
