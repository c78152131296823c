import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ChildServer } from '../../test/child-server.js';
import { makeAccount, type AccountWithAdmin } from '../../test/factories.js';
import { eventually } from '../../test/http.js';
import { breaksRedis, RedisServer } from '../../test/redis-server.js';
import { agentSocket, type TestSocket } from '../../test/sockets.js';
import { startTestApp, type TestApp } from '../../test/test-app.js';
import { LEDGER_TABLE, TestLedgerModule } from '../../test/test-subscribers.js';
import { accountId } from '../platform/database/account-id.js';
import { SystemWork, UnitOfWork } from '../platform/database/unit-of-work.js';
import { Events } from './events.js';

let t: TestApp;
let redis: RedisServer | undefined;
let account: AccountWithAdmin;
const children: ChildServer[] = [];
const sockets: TestSocket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.close();
  await Promise.all(children.splice(0).map((child) => child.kill()));
  await t.close();
  await redis?.stop();
  redis = undefined;
});

/** This process only writes; relay and workers live in children. */
async function writer(settings: Record<string, string> = {}): Promise<void> {
  t = await startTestApp({ ...settings, PROCESS_ROLES: 'api' }, undefined, [TestLedgerModule]);
  await t.database.asOwner((client) => client.query(LEDGER_TABLE));
  account = await makeAccount(t);
}
async function child(settings: Record<string, string> = {}): Promise<ChildServer> {
  const server = await ChildServer.start(t.database.url, settings);
  children.push(server);
  return server;
}
const happen = (n: number): Promise<void> => t.app.get(UnitOfWork).run(accountId(account.id), (tx) => t.app.get(Events).append(tx, { type: 'test.happened', payload: { n } }));

interface Ledger { n: number; seq: number; event_id: number }
const ledger = (): Promise<Ledger[]> => t.app.get(SystemWork).sql<Ledger>('SELECT n, seq, event_id FROM test_ledger WHERE account_id = $1', [account.id]);
const heard = async (count: number): Promise<Ledger[]> => eventually(`${count} events heard`, async () => {
  const rows = await ledger();
  return new Set(rows.map((row) => row.n)).size >= count && rows;
});
async function settled(): Promise<void> {
  await eventually('nothing left to deliver', async () => (await t.app.get(SystemWork).sql<{ n: number }>('SELECT count(*) AS n FROM event_deliveries'))[0]!.n === 0);
}
/** What was lost with a process or a queue is due now and not when its half minute has passed. */
async function timePasses(): Promise<void> {
  await t.app.get(SystemWork).sql("UPDATE event_deliveries SET due_at = due_at - interval '1 minute'");
}
/** Every event has one number, and the numbers have no gaps. */
function expectDense(rows: Ledger[], count: number): void {
  const seqOf = new Map<number, Set<number>>();
  for (const row of rows) seqOf.set(row.n, (seqOf.get(row.n) ?? new Set()).add(row.seq));
  expect([...seqOf.values()].every((seqs) => seqs.size === 1)).toBe(true);
  expect([...seqOf.values()].map((seqs) => [...seqs][0]!).sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i + 1));
}

describe('when a process', () => {
  beforeEach(() => writer());

  test('relays and is killed in the middle of its work, the one that waits goes on', async () => {
    const first = await child();
    await child();
    for (let n = 0; n < 400; n += 1) {
      await happen(n);
      if (n === 150) await first.kill();
    }
    await eventually('the other one relays', async () => (await t.app.get(SystemWork).sql<{ n: number }>('SELECT count(*) AS n FROM events WHERE account_id = $1 AND seq IS NULL', [account.id]))[0]!.n === 0);
    await timePasses();
    expectDense(await heard(400), 400);
    await settled();
  });

  test('relays and freezes, it is replaced', async () => {
    const first = await child();
    await happen(0);
    await heard(1);
    const second = await child();
    first.signal('SIGSTOP');
    for (let n = 1; n < 20; n += 1) await happen(n);
    await heard(20);
    first.signal('SIGCONT');
    for (let n = 20; n < 40; n += 1) await happen(n);
    expectDense(await heard(40), 40);
    expect(second.url).not.toBe('');
  });

  test('is asked to stop, it finishes what it runs and another goes on', async () => {
    const first = await child();
    const second = await child();
    let stopping: Promise<number> | undefined;
    for (let n = 0; n < 200; n += 1) {
      await happen(n);
      if (n === 100) stopping = first.stop();
    }
    expectDense(await heard(200), 200);
    expect(await stopping).toBeLessThan(25_000);
    expect(await second.stop()).toBeLessThan(25_000);
    children.length = 0;
  });

  test('is asked to stop while what it runs hangs, it ends in time all the same and another takes that up', async () => {
    const first = await child();
    await t.database.asOwner(async (owner) => {
      await owner.query('BEGIN; LOCK TABLE test_ledger');
      await happen(0);
      await eventually('it hangs', () => t.database.asOwner(async (client) => (await client.query(`SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'INSERT INTO test_ledger (account_id%'`)).rowCount));
      expect(await first.stop()).toBeLessThan(25_000);
      await owner.query('ROLLBACK');
    });
    children.length = 0;
    await child();
    await timePasses();
    expectDense(await heard(1), 1);
    await settled();
  });
});

(breaksRedis ? describe : describe.skip)('when Redis', () => {
  let shared: Record<string, string>;
  beforeEach(async () => {
    redis = await RedisServer.start();
    shared = { REDIS_URL: redis.url, REDIS_PREFIX: 'faults' };
    await writer(shared);
  });

  test('is wiped again and again, everything still arrives', async () => {
    await child(shared);
    for (let n = 0; n < 300; n += 1) {
      await happen(n);
      if (n % 60 === 30) await redis!.wipe();
    }
    await timePasses();
    expectDense(await heard(300), 300);
    await settled();
  });

  test('is gone, sockets of one process still hear; when it is back, all is delivered', async () => {
    const server = await child(shared);
    const socket = await agentSocket(server, account.admin, account.id);
    sockets.push(socket);
    await happen(0);
    await heard(1);
    await redis!.kill();
    await t.app.get(UnitOfWork).run(accountId(account.id), (tx) => t.app.get(Events).append(tx, { type: 'test.pushed', payload: { n: 500, audience: { to: 'account' } } }));
    for (let n = 1; n < 30; n += 1) await happen(n);
    await socket.hears('test.pushed', (frame) => frame.data.n === 500);
    expect(await ledger()).toHaveLength(1);
    await redis!.up();
    await heard(30);
    await settled();
  });
});
