import { Injectable } from '@nestjs/common';
import { createContext, Script, type Context } from 'node:vm';

/** Far longer than an honest pattern takes on a line of text. */
const MAX_MS = 200;
/** What all patterns of an account together may take of a minute: a form has many fields, and each may bring another. */
const MAX_MS_A_MINUTE = 1000;
const MINUTE_MS = 60_000;
/** Accounts that are remembered at once. */
const MAX_ACCOUNTS = 1000;

// Not every expression that browsers took before they knew Unicode is one with it.
const [unicode, plain] = ['u', ''].map((flags) => new Script(`new RegExp(\`^(?:\${pattern})$\`, '${flags}').test(value)`)) as [Script, Script];

/** What an account has used of its minute. Those that did not end rest until it is over; each cost so much that they can only be a few. */
interface Minute { ends: number; spentMs: number; resting: Set<string> }

/** Patterns of forms: anybody who makes forms writes them, and others wait while one runs. What they cost is up to each account alone. */
@Injectable()
export class FormPatterns {
  /** In the order in which their minutes end. */
  private readonly minutes = new Map<number, Minute>();
  private room: Context | undefined;

  /** Whether the whole text has the form, as in a browser's form. A pattern that does not come to an end is stopped, and lets people pass: it must not lock them out. */
  matches(accountId: number, pattern: string, value: string): boolean {
    const began = performance.now();
    const minute = this.minuteOf(accountId, began);
    if (minute.spentMs >= MAX_MS_A_MINUTE || minute.resting.has(pattern)) return true;
    this.room ??= createContext(Object.create(null) as object);
    Object.assign(this.room, { pattern, value });
    try {
      return runs(unicode, this.room) ?? runs(plain, this.room) ?? true;
    } catch (error) {
      if ((error as { code?: string }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
      minute.resting.add(pattern);
      return true;
    } finally {
      minute.spentMs += performance.now() - began;
    }
  }

  private minuteOf(accountId: number, now: number): Minute {
    const known = this.minutes.get(accountId);
    if (known && known.ends > now) return known;
    this.minutes.delete(accountId);
    // The one that ends first: nearly always it is over.
    if (this.minutes.size >= MAX_ACCOUNTS) this.minutes.delete(this.minutes.keys().next().value!);
    const minute = { ends: now + MINUTE_MS, spentMs: 0, resting: new Set<string>() };
    this.minutes.set(accountId, minute);
    return minute;
  }
}

/** Undefined when this is no expression to it. */
function runs(script: Script, room: Context): boolean | undefined {
  try {
    return script.runInContext(room, { timeout: MAX_MS }) as boolean;
  } catch (error) {
    if ((error as { name?: string }).name === 'SyntaxError') return undefined;
    throw error;
  }
}
