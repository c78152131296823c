import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { makeAccount, makeMember, type AccountWithAdmin } from '../../test/factories.js';
import { call } from '../../test/http.js';
import { startTestApp, type TestApp } from '../../test/test-app.js';
import { DeadLetters } from '../delivery/dead-letters.repository.js';
import { SuperAdministrators } from '../identity/access/super-administrators.repository.js';
import { readConfig } from '../platform/config/config.js';
import { SystemWork } from '../platform/database/unit-of-work.js';
import { BESIDE_POOL, connectionsOf } from './doctor/database-checks.js';

let t: TestApp;
let first: AccountWithAdmin;
let other: AccountWithAdmin;

beforeAll(async () => {
  t = await startTestApp();
  [first, other] = [await makeAccount(t), await makeAccount(t)];
  await t.app.get(SystemWork).run((tx) => t.app.get(SuperAdministrators).addFirst(tx, first.admin.id));
  // Only the first becomes one by itself.
  await t.app.get(SystemWork).run((tx) => t.app.get(SuperAdministrators).addFirst(tx, other.admin.id));
});
afterAll(() => t.close());

const giveUp = (job: string, payload: object): Promise<void> => t.app.get(DeadLetters).ofJob(job, payload as Record<string, unknown>, 'The other side never answered.', 8);
const unresolved = async (who: AccountWithAdmin): Promise<{ id: number; work: string }[]> => (await call(t, who.admin, 'GET', `/api/v1/accounts/${who.id}/dead_letters`)).body.payload as { id: number; work: string }[];

test('the Postgres of docker-compose.yml has room for the connections of its processes', async () => {
  // What one process keeps beside its pools is what is counted for it: all of these at once, and one for what is done at times.
  const beside = await t.app.get(SystemWork).sql<{ name: string; n: number }>(
    `SELECT application_name AS name, count(*)::int AS n FROM pg_stat_activity
     WHERE datname = current_database() AND application_name <> '' AND NOT application_name = ANY ($1) GROUP BY 1 ORDER BY 1`,
    [['porchlight_app', 'porchlight_system', 'porchlight_queue', 'subscribers', 'jobs', 'outside']]); // the pools; workers of the queue name those that they took from it
  const known = ['porchlight_census', 'porchlight_keys', 'porchlight_relay', 'porchlight_wake'];
  expect(beside.filter(({ name, n }) => !known.includes(name) || n > 1)).toEqual([]);
  expect(BESIDE_POOL).toBe(known.length + 1);

  const compose = readFileSync(new URL('../../../docker-compose.yml', import.meta.url), 'utf8');
  const processes = compose.match(/^ +PROCESS_ROLES:/gm)!.length;
  const room = Number(/-cmax_connections=(\d+)/.exec(compose)![1]) - 3; // superuser_reserved_connections
  const each = connectionsOf(readConfig({ DATABASE_URL: 'postgres://postgres/x', REDIS_URL: 'redis://redis', SECRET_KEY: 'k7Qm2xVb9RtLw4ZpN8sDfG3hJ6yCuA1e' }));
  // Two of each, as docs/deploy.md has it for updates, two setup commands at once, somebody who looks, and a tenth.
  expect((2 * processes + 2) * each + 5).toBeLessThanOrEqual(room * 0.9);
});

describe('the state of the installation', () => {
  test('is whole, and says what wants a look', async () => {
    const { status, body } = await call(t, first.admin, 'GET', '/api/v1/system');
    expect(status).toBe(200);
    expect(body).toMatchObject({ relay: { undispatched: expect.any(Number), lag_seconds: expect.any(Number) }, storage: 'disk', mail_configured: false, dead_letters: 0, last_backup: null });
    expect(body.database.size).toBeGreaterThan(1_000_000);
    expect(body.disk.free).toBeLessThanOrEqual(body.disk.total);
    expect(body.queue.lanes.map((lane: { lane: string }) => lane.lane)).toEqual(['subscribers', 'jobs', 'outside']);
    const states = Object.fromEntries(body.checks.map(({ id, state }: { id: string; state: string }) => [id, state])) as Record<string, string>;
    expect(states).toMatchObject({ database: 'ok', queue: 'ok', relay: 'ok', dead_letters: 'ok', mail: 'warning', backup: 'warning' });
  });

  test('is for whoever runs it, and they are known by their profile', async () => {
    expect((await call(t, other.admin, 'GET', '/api/v1/system')).status).toBe(401);
    expect((await call(t, first.admin, 'GET', '/api/v1/profile')).body.type).toBe('SuperAdmin');
    expect((await call(t, other.admin, 'GET', '/api/v1/profile')).body.type).toBeNull();
  });

  test('is no longer theirs when they are no administrator any more', async () => {
    const person = await makeMember(t, other.id, 'administrator');
    await t.app.get(SystemWork).run((tx) => t.app.get(SuperAdministrators).add(tx, person.id));
    expect((await call(t, person, 'GET', '/api/v1/system')).status).toBe(200);
    await t.app.get(SystemWork).sql('UPDATE account_users SET role = 0 WHERE user_id = $1', [person.id]);
    expect((await call(t, person, 'GET', '/api/v1/system')).status).toBe(401);
  });
});

describe('work that was given up', () => {
  test('is listed for its account without what it was about, and started again once', async () => {
    await giveUp('keep-delivery-tables', { account_id: other.id, secret: 'words of a visitor' });
    const { body } = await call(t, other.admin, 'GET', `/api/v1/accounts/${other.id}/dead_letters`);
    expect(body).toMatchObject({ meta: { count: 1, current_page: 1 }, payload: [{ account_id: other.id, work: 'keep-delivery-tables', error: 'The other side never answered.', attempts: 8, event: null }] });
    expect(JSON.stringify(body)).not.toContain('words of a visitor');
    const retry = `/api/v1/accounts/${other.id}/dead_letters/${body.payload[0].id}/retry`;
    expect((await call(t, other.admin, 'POST', retry)).status).toBe(200);
    expect((await call(t, other.admin, 'POST', retry)).status).toBe(404);
    expect(await unresolved(other)).toEqual([]);
  });

  test('stays when it cannot be done any more, with the reason', async () => {
    await giveUp('paint-the-porch', { account_id: other.id });
    await giveUp('subscriber index-message', { account_id: other.id, id: 4711, type: 'message.created' });
    await giveUp('subscriber paint-the-porch', { account_id: other.id, id: 4711, type: 'message.created' });
    const letters = await unresolved(other);
    expect(letters).toHaveLength(3);
    for (const { id } of letters) {
      const { status, body } = await call(t, other.admin, 'POST', `/api/v1/accounts/${other.id}/dead_letters/${id}/retry`);
      expect([status, body.error]).toEqual([422, expect.stringMatching(/any more|no longer kept/)]);
    }
    expect(await unresolved(other)).toHaveLength(3);
    for (const { id } of letters) expect((await call(t, other.admin, 'DELETE', `/api/v1/accounts/${other.id}/dead_letters/${id}`)).status).toBe(200);
    expect(await unresolved(other)).toEqual([]);
  });

  test('of no account or any account is seen by whoever runs the installation, in pages', async () => {
    for (let i = 0; i < 26; i++) await giveUp('keep-delivery-tables', i === 0 ? {} : { account_id: i % 2 ? first.id : other.id });
    const [one, two] = [await call(t, first.admin, 'GET', '/api/v1/system/dead_letters'), await call(t, first.admin, 'GET', '/api/v1/system/dead_letters?page=2')];
    expect([one.body.meta.count, one.body.payload.length, two.body.payload.length]).toEqual([26, 25, 1]);
    expect(two.body.payload[0]).toMatchObject({ account_id: null });
    expect((await call(t, first.admin, 'GET', '/api/v1/system')).body.checks).toContainEqual({ id: 'dead_letters', state: 'warning' });
    expect((await call(t, first.admin, 'POST', `/api/v1/system/dead_letters/${two.body.payload[0].id}/retry`)).status).toBe(200);
    expect((await call(t, first.admin, 'DELETE', `/api/v1/system/dead_letters/${one.body.payload[0].id}`)).status).toBe(200);
    expect((await call(t, first.admin, 'GET', '/api/v1/system/dead_letters')).body.meta.count).toBe(24);
  });
});
