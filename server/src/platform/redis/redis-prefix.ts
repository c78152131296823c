import { createHash } from 'node:crypto';
import pg from 'pg';
import type { Config } from '../config/config.js';

/**
 * First part of every key and channel. It names the database, so that installations never meet in a Redis they share, nor a copy of a database
 * the original.
 */
export async function redisPrefix(config: Pick<Config, 'DATABASE_URL' | 'REDIS_PREFIX'>): Promise<string> {
  const client = new pg.Client({ connectionString: config.DATABASE_URL, application_name: 'porchlight_identity', connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    const { rows: [row] } = await client.query<{ id: string }>(
      `SELECT system_identifier || '/' || (SELECT oid FROM pg_database WHERE datname = current_database()) AS id FROM pg_control_system()`);
    return `${config.REDIS_PREFIX}-${createHash('sha256').update(row!.id).digest('hex').slice(0, 8)}`;
  } finally {
    await client.end();
  }
}
