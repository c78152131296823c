import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { settings } from './config.js';

/** For tests of ours, not for people. */
const notForPeople = ['NODE_ENV', 'WORKER_IMPORT'];

test('every setting is described in docs/running.md', () => {
  const described = readFileSync(new URL('../../../../docs/running.md', import.meta.url), 'utf8');
  expect(Object.keys(settings.shape).filter((name) => !notForPeople.includes(name) && !described.includes(`\`${name}\``))).toEqual([]);
});
