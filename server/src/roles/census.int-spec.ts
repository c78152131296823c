import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../test/http.js';
import { testDatabase, type TestDatabase } from '../../test/test-database.js';
import { readConfig } from '../platform/config/config.js';
import { Log } from '../platform/logging/log.js';
import { redisPrefix } from '../platform/redis/redis-prefix.js';
import { Census } from './census.js';

let database: TestDatabase;
const folder = mkdtempSync(join(tmpdir(), 'porchlight-census-'));
const joined: Census[] = [];
beforeAll(async () => { database = await testDatabase(); });
afterEach(() => Promise.all(joined.splice(0).map((census) => census.leave())));
afterAll(async () => { await database.drop(); rmSync(folder, { recursive: true, force: true }); });

const KEY = 'test-secret-key-test-secret-key-1234';
async function start(settings: Record<string, string> = {}): Promise<Census> {
  const census = await Census.join(readConfig({ DATABASE_URL: database.url, SECRET_KEY: KEY, DATA_DIR: join(folder, 'shared'), ...settings }), Log.at('silent'), 0);
  joined.push(census);
  return census;
}
// Nothing connects to it here.
const redis = { REDIS_URL: 'redis://127.0.0.1:1' };

describe('a process without Redis', () => {
  test('is refused while another one works on the database, and accepted when that one has left', async () => {
    const first = await start();
    await expect(start()).rejects.toThrow(/without Redis there can be one process only/);
    await expect(start(redis)).rejects.toThrow(/set the same REDIS_URL for all/);
    await first.leave();
    await start();
  });

  test('does the whole work or is refused', async () => {
    await expect(start({ PROCESS_ROLES: 'api,realtime' })).rejects.toThrow(/Set REDIS_URL, or leave PROCESS_ROLES out/);
  });
});

describe('processes with Redis', () => {
  test('work together when they share their files; a refused one leaves nothing behind', async () => {
    await Promise.all([start(redis), start({ ...redis, PROCESS_ROLES: 'worker' })]);
    await expect(start({ ...redis, DATA_DIR: join(folder, 'elsewhere') })).rejects.toThrow(/keep their files elsewhere/);
    await expect(start({ ...redis, STORAGE: 's3', S3_BUCKET: 'files' })).rejects.toThrow(/keep their files elsewhere/);
    await expect(start()).rejects.toThrow(/one process only/);
    await start(redis);
  });

  test('are counted again after their connection was lost', async () => {
    await start(redis);
    await database.asOwner((client) => client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'porchlight_census' AND datname = current_database()`));
    await eventually('it is counted again', () => start().then(() => false, () => true));
  });
});

test('installations with databases of their own never meet in one Redis', async () => {
  const other = await testDatabase();
  const prefix = (url: string): Promise<string> => redisPrefix({ DATABASE_URL: url, REDIS_PREFIX: 'porchlight' });
  const [mine, again, theirs] = [await prefix(database.url), await prefix(database.url), await prefix(other.url)];
  await other.drop();
  expect(mine).toMatch(/^porchlight-[0-9a-f]{8}$/);
  expect(again).toBe(mine);
  expect(theirs).not.toBe(mine);
});
