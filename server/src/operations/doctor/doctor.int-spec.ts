import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFakeS3 } from '../../../test/fake-s3.js';
import { startMailServer } from '../../../test/mail-server.js';
import { hasRedis, RedisServer } from '../../../test/redis-server.js';
import { selfSigned } from '../../../test/self-signed.js';
import { testDatabase, type TestDatabase } from '../../../test/test-database.js';
import { Clock } from '../../platform/clock/clock.js';
import { readConfig, type Config } from '../../platform/config/config.js';
import { runCommand } from '../../setup/run-command.js';
import { judgeClock } from './clock-check.js';
import { connectionsOf, judgeDatabase } from './database-checks.js';
import type { Finding } from './finding.js';

let database: TestDatabase;
let folder: string;
const clock = new Clock();
const config = (more: Record<string, string> = {}): Config => readConfig({ NODE_ENV: 'test', DATABASE_URL: database.url, DATABASE_POOL: '2', SECRET_KEY: 'k7Qm2xVb9RtLw4ZpN8sDfG3hJ6yCuA1e', DATA_DIR: folder, ...more });
const facts = { version: 18, fsync: 'on', full_page_writes: 'on', max_connections: 100, reserved: 3, now_ms: 0 };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'porchlight-doctor-'));
  database = await testDatabase();
});
afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

async function examine(settings: Record<string, string> = {}): Promise<{ code: number; ok: boolean; found: Record<string, Finding> }> {
  const { stdout, stderr, code } = await runCommand(['doctor', '--json'], () => config(settings), false, clock);
  expect(stderr).toBe('');
  const answer = JSON.parse(stdout) as { ok: boolean; checks: Finding[] };
  for (const { state, do: advice } of answer.checks) expect(advice === null).toBe(state === 'ok');
  return { code, ok: answer.ok, found: Object.fromEntries(answer.checks.map((finding) => [finding.check, finding])) };
}

test('a sound installation: what is unset is a warning, the probe file is gone', async () => {
  const { found } = await examine();
  const states = Object.fromEntries(Object.entries(found).map(([check, { state }]) => [check, state]));
  expect(states).toMatchObject({ database: 'ok', connections: 'ok', clock: 'ok', migrations: 'ok', redis: 'ok', storage: 'ok', secrets: 'ok', mail: 'warn', address: 'warn', events: 'ok', outbound: 'ok', dead_letters: 'ok', backup: 'warn' });
});

test('each thing that is wrong is said, with the exit code', async () => {
  writeFileSync(join(folder, 'secrets.json'), '{}');
  chmodSync(join(folder, 'secrets.json'), 0o644);
  await database.asOwner((client) => client.query(`DELETE FROM migrations WHERE id = (SELECT max(id) FROM migrations);
    INSERT INTO backups (started_at, finished_at, ok, name, size, place) VALUES (now() - interval '3 days', now() - interval '3 days', true, 'b', 1, 'disk')`));
  const { code, ok, found } = await examine({ SECRET_KEY: 'x'.repeat(40), REDIS_URL: 'redis://127.0.0.1:1', SMTP_URL: 'smtp://127.0.0.1:1', PUBLIC_URL: 'http://help.example.org' });
  expect([code, ok]).toEqual([1, false]);
  for (const check of ['secrets', 'redis', 'mail', 'address', 'migrations', 'backup']) expect([check, found[check]!.state]).toEqual([check, 'fail']);
  expect(found['secrets']!.do).toMatch(/^chmod 600 /);
  expect(JSON.stringify(found)).not.toContain('x'.repeat(40));
});

test('a newer schema is told from an older one', async () => {
  await database.asOwner((client) => client.query(`INSERT INTO migrations ("timestamp", name) VALUES (9999999999999, 'FromTheFuture9999999999999')`));
  expect((await examine()).found['migrations']!.says).toMatch(/newer Porchlight/);
});

test('mail is tried without sending any', async () => {
  const mail = await startMailServer();
  try {
    expect((await examine({ SMTP_URL: mail.url })).found['mail']!.state).toBe('ok');
    expect(mail.mails).toEqual([]);
  } finally {
    await mail.close();
  }
});

(hasRedis() ? test : test.skip)('a Redis that keeps what it is given, and one that does not', async () => {
  const states = async (settings: string[]): Promise<Record<string, string>> => {
    const redis = await RedisServer.start(settings);
    try {
      const { found } = await examine({ REDIS_URL: redis.url });
      return Object.fromEntries(Object.entries(found).filter(([check]) => check.startsWith('redis')).map(([check, { state }]) => [check, state]));
    } finally {
      await redis.stop();
    }
  };
  expect(await states(['--appendonly', 'yes'])).toEqual({ redis: 'ok', redis_policy: 'ok', redis_aof: 'ok', redis_clock: 'ok' });
  expect(await states(['--maxmemory', '64mb', '--maxmemory-policy', 'allkeys-lru'])).toMatchObject({ redis: 'ok', redis_policy: 'fail', redis_aof: 'warn' });
});

test('a bucket that takes files, and one that is not there', async () => {
  const s3 = await startFakeS3();
  const settings = { STORAGE: 's3', S3_BUCKET: 'bucket', S3_REGION: 'eu-test-1', S3_ACCESS_KEY_ID: 'key-id', S3_SECRET_ACCESS_KEY: 'secret' };
  try {
    expect((await examine({ ...settings, S3_ENDPOINT: s3.url })).found['storage']!.state).toBe('ok');
    expect(s3.objects.size).toBe(0);
    expect((await examine({ ...settings, S3_ENDPOINT: s3.url, S3_ACCESS_KEY_ID: 'stolen' })).found['storage']).toMatchObject({ state: 'fail', do: expect.stringContaining('S3_') as unknown });
  } finally {
    await s3.close();
  }
});

test('a certificate that browsers refuse is said', async () => {
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const server = createServer({ key: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }), cert: selfSigned(keys, 'localhost') }, (_, response) => response.end('{}'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { found } = await examine({ PUBLIC_URL: `https://localhost:${(server.address() as { port: number }).port}`, OUTBOUND_ALLOW: 'localhost,127.0.0.1' });
    expect(found['address']).toMatchObject({ state: 'fail', says: expect.stringContaining('is not valid') as unknown });
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test('for people it is lines', async () => {
  const { stdout } = await runCommand(['doctor'], () => config(), false, clock);
  expect(stdout).toMatch(/^ok {3}database +PostgreSQL \d+ answers\.$/m);
  expect(stdout).toMatch(/^warn mail .* → Set SMTP_URL/m);
  expect(stdout).toMatch(/\d+ ok, \d+ to look at, \d+ to repair now\.\n$/);
});

test('a database that is too old, not durable or too small', () => {
  const states = (more: object): string[] => judgeDatabase({ ...facts, ...more }, config()).map((finding) => finding.state);
  expect(states({})).toEqual(['ok', 'ok', 'ok']);
  expect(states({ version: 14, fsync: 'off', max_connections: connectionsOf(config()) + 2 })).toEqual(['fail', 'fail', 'fail']);
  expect(states({ full_page_writes: 'off' })[1]).toBe('fail');
});

test('clocks apart', () => {
  expect([0, 5_000, 60_000].map((apart) => judgeClock('clock', 'the database', 100_000, 100_000 - apart).state)).toEqual(['ok', 'warn', 'fail']);
});
