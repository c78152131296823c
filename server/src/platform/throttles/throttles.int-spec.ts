import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startTestApp, WITHOUT_SCHEDULE, type TestApp } from '../../../test/test-app.js';
import { ThrottleRepository, type Counting } from './throttle.repository.js';

let t: TestApp;
let counts: ThrottleRepository;
beforeAll(async () => {
  t = await startTestApp(WITHOUT_SCHEDULE);
  counts = t.app.get(ThrottleRepository);
});
afterAll(() => t.close());

const MINUTE = 60_000;
const within = (ms: number) => (key: string): Counting => ({ key: `test:${key}`, by: 1, resetsAt: new Date(t.clock.now() + ms) });
const left = (): Promise<string[]> => t.database.asOwner(async (client) =>
  (await client.query<{ key: string }>(`SELECT key FROM throttles WHERE key LIKE 'test:%' ORDER BY key COLLATE "C"`)).rows.map((row) => row.key));

test('many who count the same at once, named in any order, are all counted', async () => {
  const keys = ['a', 'b', 'c', 'd'];
  const asked = Array.from({ length: 40 }, (_, n) => [...keys.slice(n % 4), ...keys.slice(0, n % 4)].map(within(MINUTE)));
  await Promise.all(asked.map((counting) => counts.countAll(counting, t.clock.date())));
  const now = await counts.look(keys.map((key) => `test:${key}`), t.clock.date());
  expect(now.map(({ hits }) => hits)).toEqual([40, 40, 40, 40]);
});

test('what is over is swept, past those that somebody is just counting', async () => {
  await counts.countAll(['a', 'b', 'c', 'd'].map(within(MINUTE)), t.clock.date());
  await counts.countAll(['late'].map(within(3 * MINUTE)), t.clock.date());
  t.clock.advance(2 * MINUTE);
  await t.database.asOwner(async (client) => {
    await client.query('BEGIN');
    await client.query(`UPDATE throttles SET hits = 1 WHERE key = 'test:b'`);
    await counts.sweep(t.clock.date());
    await client.query('COMMIT');
  });
  expect(await left()).toEqual(['test:b', 'test:late']);
  await counts.sweep(t.clock.date());
  expect(await left()).toEqual(['test:late']);
});
