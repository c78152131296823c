import { expect } from '@jest/globals';
import { generateSync } from 'otplib';
import { CONFIG, type Config } from '../src/platform/config/config.js';
import { runCommand } from '../src/setup/run-command.js';
import { PASSWORD } from './factories.js';
import type { TestApp } from './test-app.js';

/** Makes the first account of an installation, with Ada as its administrator. */
export const FIRST_ACCOUNT = ['create-account', '--name', 'Food bank', '--admin-name', 'Ada Lovelace', '--admin-email', 'Ada@Example.org', '--admin-password', PASSWORD];

/** What a setup command answers a program, run on the database of this application with its settings or others. */
export async function answerOf(t: TestApp, ...argv: string[]): Promise<{ code: number; answer: any }> { // eslint-disable-line @typescript-eslint/no-explicit-any -- a test looks into any answer
  const { stdout, stderr, code } = await runCommand([...argv, '--json'], () => t.app.get<Config>(CONFIG), false, t.clock);
  expect(stderr).toBe('');
  return { code, answer: JSON.parse(stdout) };
}

/** A code of an authenticator app that was not used before. */
export function codeOf(t: TestApp, secret: string): string {
  t.clock.advance(60_000);
  return generateSync({ secret, epoch: Math.floor(t.clock.now() / 1000) });
}
