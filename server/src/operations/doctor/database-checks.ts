import type { Config } from '../../platform/config/config.js';
import { schemaState } from '../../platform/database/migrate.js';
import { fail, ok, type Finding } from './finding.js';

/** What PostgreSQL says of itself. */
export interface DatabaseFacts { version: number; fsync: string; full_page_writes: string; max_connections: number; reserved: number; now_ms: number }

const OLDEST = 15;
/** What each process keeps besides its pools: the relay, its signal, its keys, the census, and one for what is done at times, a backup or the migrations. */
export const BESIDE_POOL = 5;
const QUEUE_POOL = 10;

/** Connections one process with all roles may open. */
export const connectionsOf = (config: Config): number =>
  config.DATABASE_POOL + Math.max(4, Math.ceil(config.DATABASE_POOL / 2)) + (config.REDIS_URL ? 0 : QUEUE_POOL) + BESIDE_POOL;

/** Judges version, durability and room for connections. */
export function judgeDatabase(facts: DatabaseFacts, config: Config): Finding[] {
  const room = facts.max_connections - facts.reserved;
  const needed = connectionsOf(config);
  const durable = facts.fsync === 'on' && facts.full_page_writes === 'on';
  return [
    facts.version >= OLDEST ? ok('database', `PostgreSQL ${facts.version} answers.`) : fail('database', `PostgreSQL ${facts.version} is too old.`, `Upgrade it to ${OLDEST} or newer.`),
    durable ? ok('durability', 'fsync and full_page_writes are on.')
      : fail('durability', `fsync is ${facts.fsync}, full_page_writes is ${facts.full_page_writes}: a power cut can destroy the database.`, 'Set both to on in postgresql.conf and reload.'),
    needed > room ? fail('connections', `One process may open ${needed} connections, the database has room for ${room}.`, 'Raise max_connections or lower DATABASE_POOL.')
      : ok('connections', `One process may open ${needed} connections; the database has room for ${Math.floor(room / needed)} such processes.`),
  ];
}

/** Whether the database has the schema this version wants. */
export async function checkSchema(databaseUrl: string): Promise<Finding> {
  const { pending, unknown } = await schemaState(databaseUrl);
  if (unknown.length > 0) return fail('migrations', `A newer Porchlight made this database (it has ${unknown[0]}).`, 'Start that version, or restore a backup of this one.');
  if (pending.length > 0) return fail('migrations', `${pending.length} migrations have not run.`, 'Stop Porchlight and start it again: that brings the database up to date.');
  return ok('migrations', 'The database is up to date.');
}
