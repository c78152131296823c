import { createContext, Script, type Context } from 'node:vm';

/** Far longer than an honest pattern takes on a line of text. */
const MAX_MS = 200;
/** One that did not end is not begun again for so long: others wait while it runs. */
const REST_MS = 60_000;
const MAX_RESTING = 1000;
/** What all of them together may take of a minute: a form has many fields, and each may bring another. */
const MAX_MS_A_MINUTE = 1000;
const MINUTE_MS = 60_000;

// Not every expression that browsers took before they knew Unicode is one with it.
const [unicode, plain] = ['u', ''].map((flags) => new Script(`new RegExp(\`^(?:\${pattern})$\`, '${flags}').test(value)`)) as [Script, Script];
const resting = new Map<string, number>();
let room: Context | undefined;
let minute = { ends: 0, spentMs: 0 };

/** Whether the whole text has the form, as in a browser's form. A pattern that does not come to an end is stopped: it must not lock people out, nor hold others up. */
export function matchesPattern(pattern: string, value: string): boolean {
  const began = performance.now();
  if (minute.ends <= began) minute = { ends: began + MINUTE_MS, spentMs: 0 };
  if (minute.spentMs >= MAX_MS_A_MINUTE || (resting.get(pattern) ?? 0) > began) return true;
  room ??= createContext(Object.create(null) as object);
  Object.assign(room, { pattern, value });
  try {
    return runs(unicode) ?? runs(plain) ?? true;
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    if (resting.size >= MAX_RESTING) resting.clear();
    resting.set(pattern, performance.now() + REST_MS);
    return true;
  } finally {
    minute.spentMs += performance.now() - began;
  }
}

/** Undefined when this is no expression to it. */
function runs(script: Script): boolean | undefined {
  try {
    return script.runInContext(room!, { timeout: MAX_MS }) as boolean;
  } catch (error) {
    if ((error as { name?: string }).name === 'SyntaxError') return undefined;
    throw error;
  }
}
