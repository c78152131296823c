import { expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { readConfig } from './config.js';
import { demandStrongSecrets } from './strong-secrets.js';

const start = (key: string): void => demandStrongSecrets(readConfig({ DATABASE_URL: 'postgres://x', SECRET_KEY: key }));

test.each([
  'x'.repeat(64), 'abcabcabcabcabcabcabcabcabcabcabcabc', 'please-change-me-please-change-me-1234', 'your-secret-key-goes-in-this-line-please', '<32 characters or more, of your own making>',
])('a key that can be guessed is refused: %s', (key) => {
  expect(() => start(key)).toThrow(/SECRET_KEY can be guessed/);
});

test.each(['hex', 'base64', 'base64url'] as const)('random keys in %s are taken', (spelling) => {
  for (let i = 0; i < 200; i += 1) expect(() => start(randomBytes(32).toString(spelling))).not.toThrow();
});
