import { expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const sources = readdirSync('server/src', { recursive: true, encoding: 'utf8' }).filter((file) => /(\.events|event-types)\.ts$/.test(file));
const declared = sources.flatMap((file) => [...readFileSync(join('server/src', file), 'utf8').matchAll(/^ {2,}'([a-z_]+\.[a-z_]+)':/gm)].map((match) => match[1]!));

test('docs/events.md names every event, and none that does not exist', () => {
  const table = readFileSync('docs/events.md', 'utf8').split('\n').filter((line) => line.startsWith('| `'));
  const named = table.flatMap((line) => [...line.split('|')[1]!.matchAll(/`([^`]+)`/g)].map((match) => match[1]!));
  expect(declared.length).toBeGreaterThan(10);
  expect(named.sort()).toEqual(declared.sort());
});
