/** Whether something is as it should be: `warn` wants a look soon, `fail` wants it now. */
export type Verdict = 'ok' | 'warn' | 'fail';

/** What one check found, in one line each: how it is, and what to do about it. */
export interface Finding { check: string; state: Verdict; says: string; do?: string }

export const ok = (check: string, says: string): Finding => ({ check, state: 'ok', says });
export const warn = (check: string, says: string, advice: string): Finding => ({ check, state: 'warn', says, do: advice });
export const fail = (check: string, says: string, advice: string): Finding => ({ check, state: 'fail', says, do: advice });
