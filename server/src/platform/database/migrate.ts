import type { DataSource } from 'typeorm';
import { migrationDataSource } from './data-sources.js';
import { loadMigrations } from './migration-files.js';

// Any constant: all processes of one database wait on the same lock, so migrations run once.
const MIGRATION_LOCK = 7_206_402;

/**
 * Brings the database to this version's schema, under a lock; with `only`, no further than the migrations it names, as for an older backup.
 * Returns the names of the migrations that ran.
 */
export async function migrate(databaseUrl: string, only?: readonly string[]): Promise<string[]> {
  const source = await opened(databaseUrl, only);
  try {
    const lock = source.createQueryRunner();
    await lock.connect();
    try {
      await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
      await refuseNewerSchema(source);
      return (await source.runMigrations()).map((m) => m.name);
    } finally {
      await lock.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined);
      await lock.release();
    }
  } finally {
    await source.destroy();
  }
}

/** Names of all migrations of this version, in order. */
export async function migrationNames(): Promise<string[]> {
  return (await loadMigrations()).map((migration) => nameOf(new migration()));
}

/** Throws everything away and makes the schema of these migrations. Only for an installation that is empty. */
export async function rebuildSchema(databaseUrl: string, only: readonly string[]): Promise<void> {
  const source = await opened(databaseUrl);
  try {
    await source.query('DROP SCHEMA IF EXISTS bullmq CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public');
  } finally {
    await source.destroy();
  }
  await migrate(databaseUrl, only);
}

async function opened(databaseUrl: string, only?: readonly string[]): Promise<DataSource> {
  const all = await loadMigrations();
  return migrationDataSource(databaseUrl, only ? all.filter((migration) => only.includes(nameOf(new migration()))) : all).initialize();
}

const nameOf = (migration: { name?: string }): string => migration.name ?? migration.constructor.name;

/** How the database's schema and this version's differ: what has not run yet, and what this version does not know. */
export async function schemaState(databaseUrl: string): Promise<{ pending: string[]; unknown: string[] }> {
  const source = await opened(databaseUrl);
  try {
    const known = source.migrations.map(nameOf);
    const done = (await source.query('SELECT name FROM migrations') as { name: string }[]).map((m) => m.name);
    return { pending: known.filter((name) => !done.includes(name)), unknown: done.filter((name) => !known.includes(name)) };
  } finally {
    await source.destroy();
  }
}

async function refuseNewerSchema(source: DataSource): Promise<void> {
  const [table] = await source.query(`SELECT to_regclass('public.migrations') AS name`) as { name: string | null }[];
  if (!table?.name) return;
  const known = new Set(source.migrations.map(nameOf));
  const done = await source.query('SELECT name FROM migrations') as { name: string }[];
  const unknown = done.filter((m) => !known.has(m.name));
  if (unknown.length > 0) {
    throw new Error(`The database was made by a newer Porchlight (it has ${unknown[0]!.name}). Start that version, or restore a backup of this one.`);
  }
}
