import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type pg from 'pg';
import { testDatabase, type TestDatabase } from '../../../test/test-database.js';
import { readConfig, type Config } from '../config/config.js';
import { Log } from '../logging/log.js';
import { openQueueBackend } from '../queue/queue-backend.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { pooledDataSource } from './data-sources.js';

let database: TestDatabase;
beforeAll(async () => { database = await testDatabase(); });
afterAll(() => database.drop());

const config = (): Config => readConfig({ DATABASE_URL: database.url, SECRET_KEY: randomBytes(32).toString('hex') });

/** Borrows a connection like a library that listens to nothing, and lets PostgreSQL end it. */
async function loseOne(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  const ended = new Promise((resolve) => { client.once('end', resolve); });
  const { rows: [own] } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  await database.asOwner((owner) => owner.query('SELECT pg_terminate_backend($1)', [own!.pid]));
  await ended;
  client.release();
  expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
}

test('a borrowed connection of the queue that PostgreSQL ends does not end the process', async () => {
  const log = Log.at('silent');
  const backend = await openQueueBackend(config(), new RedisConnections(config(), log, 'none'), log);
  try {
    await loseOne((backend.producer.options as { connection: pg.Pool }).connection);
  } finally {
    await backend.close();
  }
});

test('nor does one of the requests', async () => {
  const source = await pooledDataSource(config(), 'porchlight_app', 2).initialize();
  try {
    await loseOne((source.driver as unknown as { master: pg.Pool }).master);
  } finally {
    await source.destroy();
  }
});
