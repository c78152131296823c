import { expect, test } from '@jest/globals';
import { lookup } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { hashPassword, passwordMatches } from './password-hash.js';

test('many who sign in at once hold up neither files nor names', async () => {
  const digest = await hashPassword('long enough', 10);
  let judged = 0;
  const people = Array.from({ length: 16 }, (_, n) => passwordMatches(n % 2 ? 'long enough' : 'another', digest).finally(() => judged++));
  await Promise.all([readFile(fileURLToPath(import.meta.url)), lookup('localhost')]);
  expect(judged).toBeLessThan(people.length / 2);
  expect(await Promise.all(people)).toEqual(people.map((_, n) => n % 2 === 1));
});

test('what cannot be judged holds up nobody behind it', async () => {
  const digest = await hashPassword('long enough', 4);
  await Promise.all([1, 2].map((n) => expect(passwordMatches('x', n as unknown as string)).rejects.toThrow('must be strings')));
  expect(await passwordMatches('long enough', digest)).toBe(true);
});
