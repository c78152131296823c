import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeAccount } from '../../test/factories.js';
import { eventually } from '../../test/http.js';
import { startTestApp, type TestApp } from '../../test/test-app.js';
import { TestChooser, TestGatherer, TestListener, TestQuitter, TestStep, TestSubscribersModule, TestTick } from '../../test/test-subscribers.js';
import { accountId } from '../platform/database/account-id.js';
import { SystemWork, UnitOfWork } from '../platform/database/unit-of-work.js';
import { Queues } from '../platform/queue/queues.js';
import { DeadLetters } from './dead-letters.repository.js';
import { Events } from './events.js';
import { Jobs } from './job.js';
import { ProcessedEvents } from './processed-events.js';

describe('delivery', () => {
  let t: TestApp;
  beforeAll(async () => { t = await startTestApp({}, undefined, [TestSubscribersModule]); });
  afterAll(() => t.close());

  const happen = (account: number, n: number, fail?: 'twice' | 'always'): Promise<void> =>
    t.app.get(UnitOfWork).run(accountId(account), (tx) => t.app.get(Events).append(tx, { type: 'test.happened', payload: { n, fail } }));
  const pending = async (account: number): Promise<number> =>
    (await t.app.get(SystemWork).sql<{ n: number }>('SELECT count(*) AS n FROM event_deliveries WHERE account_id = $1', [account]))[0]!.n;

  test('every event of every account reaches its subscriber once, numbered without gaps', async () => {
    const accounts = [await makeAccount(t), await makeAccount(t), await makeAccount(t)];
    const listener = t.app.get(TestListener);
    // Ten at a time of each: a busy machine would let more wait for a connection longer than they may.
    await Promise.all(accounts.flatMap(({ id }) => Array.from({ length: 10 }, async (_, turn) => { for (let n = turn; n < 120; n += 10) await happen(id, n); })));
    for (const { id } of accounts) {
      const heard = await eventually('all events heard', () => {
        const mine = listener.heard.filter((e) => e.account_id === id);
        return mine.length >= 120 && mine;
      });
      expect(heard.map((e) => e.seq).sort((a, b) => a - b)).toEqual(Array.from({ length: 120 }, (_, i) => i + 1));
      expect(new Set(heard.map((e) => e.payload.n)).size).toBe(120);
      expect(heard[0]!.created_at).toBeInstanceOf(Date);
      await eventually('nothing left to deliver', async () => await pending(id) === 0);
    }
  });

  test('a subscriber with a condition is told only where it holds', async () => {
    const { id } = await makeAccount(t);
    for (let n = 1; n <= 6; n += 1) await happen(id, n);
    const told = (from: { heard: { account_id: number; payload: { n: number } }[] }): number[] => from.heard.filter((e) => e.account_id === id).map((e) => e.payload.n).sort();
    await eventually('all heard by the one without', () => told(t.app.get(TestListener)).length === 6);
    await eventually('nothing left to deliver', async () => await pending(id) === 0);
    expect(told(t.app.get(TestChooser))).toEqual([2, 4, 6]);
  });

  test('an event of a transaction that rolls back is never heard', async () => {
    const { id } = await makeAccount(t);
    await expect(t.app.get(UnitOfWork).run(accountId(id), async (tx) => {
      await t.app.get(Events).append(tx, { type: 'test.happened', payload: { n: 666 } });
      throw new Error('no');
    })).rejects.toThrow('no');
    await happen(id, 667);
    await eventually('the next one is heard', () => t.app.get(TestListener).heard.some((e) => e.payload.n === 667));
    expect(t.app.get(TestListener).heard.filter((e) => e.account_id === id).map((e) => e.seq)).toEqual([1]);
  });

  test('a subscriber that fails is tried again', async () => {
    const { id } = await makeAccount(t);
    await happen(id, 1, 'twice');
    await eventually('heard at the third try', () => t.app.get(TestListener).heard.some((e) => e.account_id === id));
    await eventually('nothing left to deliver', async () => await pending(id) === 0);
  });

  test('a subscriber that gives up leaves a dead letter, and can be started again', async () => {
    const { id } = await makeAccount(t);
    const letters = t.app.get(DeadLetters);
    await happen(id, 41, 'always');
    const [letter] = await eventually('a dead letter', async () => { const found = await letters.unresolved({ accountId: id }, 10); return found.length > 0 && found; });
    expect(letter).toMatchObject({ job: 'subscriber test-quitter', error: 'never', attempts: 1 });
    await eventually('nothing left to deliver', async () => await pending(id) === 0);
    t.app.get(TestQuitter).broken = false;
    expect(await letters.retry({ accountId: id }, letter!.id, t.app.get(Jobs))).toBe(true);
    expect(await letters.retry({ accountId: id }, letter!.id, t.app.get(Jobs))).toBe(false);
    await eventually('handled now', () => t.app.get(TestQuitter).heard.includes(41));
    expect(await letters.unresolved({ accountId: id }, 10)).toEqual([]);
    t.app.get(TestQuitter).broken = true;
  });

  describe('a subscriber that takes events together', () => {
    const told = (account: number): number[] => t.app.get(TestGatherer).heard.filter((e) => e.account_id === account).map((e) => e.payload.n).sort((a, b) => a - b);
    const many = Array.from({ length: 60 }, (_, n) => n);
    const happenAtOnce = (account: number, poisoned: number[] = []): Promise<void> => t.app.get(UnitOfWork).run(accountId(account), (tx) => (
      t.app.get(Events).append(tx, ...many.map((n) => ({ type: 'test.happened' as const, payload: { n, ...(poisoned.includes(n) && { fail: 'in company' as const }) } })))));

    test('is told of each once, with few jobs, of one account each', async () => {
      const accounts = [await makeAccount(t), await makeAccount(t)];
      const gatherer = t.app.get(TestGatherer);
      gatherer.sizes.length = 0;
      await Promise.all(accounts.map(({ id }) => happenAtOnce(id)));
      for (const { id } of accounts) {
        await eventually('all heard', () => told(id).length >= many.length);
        await eventually('nothing left to deliver', async () => await pending(id) === 0);
        expect(told(id)).toEqual(many);
      }
      expect(Math.max(...gatherer.sizes)).toBe(10);
      expect(gatherer.sizes.length).toBeLessThan(40);
    });

    test('hears the others when one of them is poisoned, which alone leaves a dead letter and can be started again', async () => {
      const { id } = await makeAccount(t);
      const letters = t.app.get(DeadLetters);
      await happenAtOnce(id, [17, 33]);
      await eventually('the others heard', () => told(id).length >= many.length - 2);
      await eventually('nothing left to deliver', async () => await pending(id) === 0);
      expect(told(id)).toEqual(many.filter((n) => n !== 17 && n !== 33));
      const found = await letters.unresolved({ accountId: id }, 10);
      expect(found.map((letter) => (letter.payload['payload'] as { n: number }).n).sort()).toEqual([17, 33]);
      expect(found[0]).toMatchObject({ job: 'subscriber test-gatherer', error: 'poisoned', attempts: 1 });
      t.app.get(TestGatherer).broken = false;
      for (const letter of found) await letters.retry({ accountId: id }, letter.id, t.app.get(Jobs));
      await eventually('all heard', () => told(id).length === many.length);
      t.app.get(TestGatherer).broken = true;
    });

    test('is told again of those that were lost, and not of those that another job has delivered', async () => {
      const { id } = await makeAccount(t);
      await happenAtOnce(id);
      await eventually('all heard', () => told(id).length >= many.length);
      await eventually('nothing left to deliver', async () => await pending(id) === 0);
      const events = t.app.get(TestGatherer).heard.filter((e) => e.account_id === id);
      const lost = events.slice(0, 5);
      await t.app.get(SystemWork).sql(
        `INSERT INTO event_deliveries (account_id, event_id, event_created_at, subscriber, due_at) SELECT account_id, id, created_at, 'test-gatherer', now() FROM events WHERE account_id = $1 AND id = ANY ($2)`, [id, lost.map((event) => event.id)]);
      await eventually('the sweep found them', async () => await pending(id) === 0);
      const anHourAgo = new Date(Date.now() - 3_600_000);
      await t.app.get(Queues).add('subscribers', [{ name: 'test-gatherer', attempts: 1, id: 'evs-test', data: { events: events.map((event) => ({ ...event, created_at: anHourAgo })) } }]);
      await eventually('nothing waits', async () => { const { waiting, active } = (await t.app.get(Queues).depths()).subscribers; return waiting + active === 0; });
      expect(told(id)).toEqual([...many, ...lost.map((event) => event.payload.n)].sort((a, b) => a - b));
    });
  });

  test('a job that fails leaves a dead letter', async () => {
    const { id } = await makeAccount(t);
    await t.app.get(Jobs).add('test-step', { key: 'x', fail: true, accountId: id });
    const [letter] = await eventually('a dead letter', async () => { const found = await t.app.get(DeadLetters).unresolved({ accountId: id }, 10); return found.length > 0 && found; });
    expect(letter).toMatchObject({ job: 'test-step', error: 'broken step', payload: { key: 'x', fail: true, accountId: id } });
  });

  test('a job nobody runs cannot be added', async () => {
    await expect(t.app.get(Jobs).add('no-such-job', {})).rejects.toThrow(/No job is named/);
  });

  test('with a key at most one runs and one waits, and an add during a run starts one more', async () => {
    const step = t.app.get(TestStep);
    step.runs = 0;
    let open!: () => void;
    step.gate = new Promise((resolve) => { open = resolve; });
    await t.app.get(Jobs).add('test-step', { key: 'k' }, { key: 'k' });
    await eventually('the first runs', () => step.runs === 1);
    await Promise.all(Array.from({ length: 20 }, () => t.app.get(Jobs).add('test-step', { key: 'k' }, { key: 'k' })));
    open();
    await eventually('one more run', () => step.runs === 2);
    // A third would have been queued before this one, which is queued after the second ended.
    await t.app.get(Jobs).add('test-step', { key: 'other' }, { key: 'other' });
    await eventually('the other key ran', () => step.runs === 3);
    expect({ runs: step.runs, overlaps: step.overlaps }).toEqual({ runs: 3, overlaps: 0 });
  });

  test('a job may wait for a part of a millisecond too', async () => {
    const step = t.app.get(TestStep);
    const before = step.runs;
    await t.app.get(Jobs).add('test-step', { key: 'later' }, { delayMs: 10.437 });
    await eventually('it ran', () => step.runs === before + 1);
  });

  test('a repeated job runs again and again', async () => {
    const tick = t.app.get(TestTick);
    const before = tick.runs;
    await eventually('two more runs', () => tick.runs >= before + 2);
  });

  test('an event is processed once by those who ask', async () => {
    const { id } = await makeAccount(t);
    await happen(id, 1);
    const event = await eventually('heard', () => t.app.get(TestListener).heard.find((e) => e.account_id === id));
    const claim = (): Promise<boolean> => t.app.get(UnitOfWork).run(accountId(id), (tx) => t.app.get(ProcessedEvents).firstTime(tx, event, 'mailer'));
    const claims = await Promise.all(Array.from({ length: 10 }, claim));
    expect(claims.filter(Boolean)).toHaveLength(1);
  });
});
