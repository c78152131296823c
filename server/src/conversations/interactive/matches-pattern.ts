import { createContext, Script, type Context } from 'node:vm';

/** Far longer than an honest pattern takes on a line of text. */
const MAX_MS = 200;
/** One that did not end is not begun again for so long: others wait while it runs. */
const REST_MS = 60_000;
const MAX_RESTING = 1000;

// Not every expression that browsers took before they knew Unicode is one with it.
const [unicode, plain] = ['u', ''].map((flags) => new Script(`new RegExp(\`^(?:\${pattern})$\`, '${flags}').test(value)`)) as [Script, Script];
const resting = new Map<string, number>();
let room: Context | undefined;

/** Whether the whole text has the form, as in a browser's form. A pattern that does not come to an end is stopped: it must not lock people out, nor hold others up. */
export function matchesPattern(pattern: string, value: string): boolean {
  if ((resting.get(pattern) ?? 0) > performance.now()) return true;
  room ??= createContext(Object.create(null) as object);
  Object.assign(room, { pattern, value });
  try {
    return runs(unicode) ?? runs(plain) ?? true;
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    if (resting.size >= MAX_RESTING) resting.clear();
    resting.set(pattern, performance.now() + REST_MS);
    return true;
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
