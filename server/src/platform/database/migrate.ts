import { migrationDataSource } from './data-sources.js';

// Any constant: all processes of one database wait on the same lock, so migrations run once.
const MIGRATION_LOCK = 7_206_402;

/**
 * Brings the database to this version's schema, under a lock; with `only`, no further than the migrations it names, as for an older backup.
 * Returns the names of the migrations that ran.
 */
export async function migrate(databaseUrl: string, only?: readonly string[]): Promise<string[]> {
  const source = await migrationDataSource(databaseUrl).initialize();
  if (only) source.migrations.splice(0, source.migrations.length, ...source.migrations.filter((one) => only.includes(nameOf(one))));
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
export async function migrationNames(databaseUrl: string): Promise<string[]> {
  const source = await migrationDataSource(databaseUrl).initialize();
  await source.destroy();
  return source.migrations.map(nameOf);
}

/** Throws everything away and makes the schema of these migrations. Only for an installation that is empty. */
export async function rebuildSchema(databaseUrl: string, only: readonly string[]): Promise<void> {
  const source = await migrationDataSource(databaseUrl).initialize();
  try {
    await source.query('DROP SCHEMA IF EXISTS bullmq CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public');
  } finally {
    await source.destroy();
  }
  await migrate(databaseUrl, only);
}

const nameOf = (migration: { name?: string }): string => migration.name ?? migration.constructor.name;

/** How the database's schema and this version's differ: what has not run yet, and what this version does not know. */
export async function schemaState(databaseUrl: string): Promise<{ pending: string[]; unknown: string[] }> {
  const source = await migrationDataSource(databaseUrl).initialize();
  try {
    const known = source.migrations.map((m) => m.name ?? m.constructor.name);
    const done = (await source.query('SELECT name FROM migrations') as { name: string }[]).map((m) => m.name);
    return { pending: known.filter((name) => !done.includes(name)), unknown: done.filter((name) => !known.includes(name)) };
  } finally {
    await source.destroy();
  }
}

async function refuseNewerSchema(source: Awaited<ReturnType<ReturnType<typeof migrationDataSource>['initialize']>>): Promise<void> {
  const [table] = await source.query(`SELECT to_regclass('public.migrations') AS name`) as { name: string | null }[];
  if (!table?.name) return;
  const known = new Set(source.migrations.map(nameOf));
  const done = await source.query('SELECT name FROM migrations') as { name: string }[];
  const unknown = done.filter((m) => !known.has(m.name));
  if (unknown.length > 0) {
    throw new Error(`The database was made by a newer Porchlight (it has ${unknown[0]!.name}). Start that version, or restore a backup of this one.`);
  }
}
