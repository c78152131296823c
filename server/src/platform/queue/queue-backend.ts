import { createPostgresBackend, runMigrations, type BackendFactory } from 'bullmq';
import pg from 'pg';
import type { Config } from '../config/config.js';
import { SURVIVE_LOSS } from '../database/survive-loss.js';
import type { Log } from '../logging/log.js';
import type { RedisConnections } from '../redis/redis-connections.js';

/** What BullMQ's classes are given, so that one line chooses between Redis and Postgres. */
export interface QueueBackend {
  /** For adding. */
  producer: { options: object; factory?: BackendFactory };
  /** For working. */
  consumer: { options: object; factory?: BackendFactory };
  /** False while adding would only wait for a server that is away. */
  reachable(): boolean;
  ping(): Promise<void>;
  close(): Promise<void>;
}

// Every worker keeps one connection for LISTEN; the rest carry the statements.
const POSTGRES_POOL = 10;

/** Redis when the installation has one, otherwise BullMQ's own schema in Postgres. */
export async function openQueueBackend(config: Config, redis: RedisConnections, log: Log): Promise<QueueBackend> {
  return redis.inUse ? redisBackend(redis) : postgresBackend(config, log);
}

function redisBackend(redis: RedisConnections): QueueBackend {
  const producer = redis.connect();
  const consumer = redis.connect();
  const options = (connection: unknown): object => ({ connection, prefix: `${redis.prefix}-queue` });
  return {
    producer: { options: options(producer) }, consumer: { options: options(consumer) },
    reachable: () => producer.status === 'ready', ping: async () => { await producer.ping(); },
    close: async () => { producer.disconnect(); consumer.disconnect(); },
  };
}

async function postgresBackend(config: Config, log: Log): Promise<QueueBackend> {
  const pool = new pg.Pool({
    ...SURVIVE_LOSS, connectionString: config.DATABASE_URL, max: POSTGRES_POOL, application_name: 'porchlight_queue', keepAlive: true,
    connectionTimeoutMillis: 10_000, idleTimeoutMillis: 30_000, options: '-c search_path=bullmq -c jit=off',
  });
  // Every queue and worker listens to the one pool.
  pool.setMaxListeners(0);
  pool.on('error', (error) => log.warn('a connection of the queue was lost', { error: error.message }));
  const client = await pool.connect();
  try {
    await runMigrations(client, 'bullmq');
  } finally {
    client.release();
  }
  const side = { options: { connection: pool }, factory: createPostgresBackend as unknown as BackendFactory };
  return { producer: side, consumer: side, reachable: () => true, ping: async () => { await pool.query('SELECT 1'); }, close: () => pool.end() };
}
