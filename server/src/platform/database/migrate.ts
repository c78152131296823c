import { migrationDataSource } from './data-sources.js';

// Any constant: all processes of one database wait on the same lock, so migrations run once.
const MIGRATION_LOCK = 7_206_402;

/** Brings the database to this version's schema, under a lock. Returns the names of the migrations that ran. */
export async function migrate(databaseUrl: string): Promise<string[]> {
  const source = await migrationDataSource(databaseUrl).initialize();
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

async function refuseNewerSchema(source: Awaited<ReturnType<ReturnType<typeof migrationDataSource>['initialize']>>): Promise<void> {
  const [table] = await source.query(`SELECT to_regclass('public.migrations') AS name`) as { name: string | null }[];
  if (!table?.name) return;
  const known = new Set(source.migrations.map((m) => m.name ?? m.constructor.name));
  const done = await source.query('SELECT name FROM migrations') as { name: string }[];
  const unknown = done.filter((m) => !known.has(m.name));
  if (unknown.length > 0) {
    throw new Error(`The database was made by a newer Porchlight (it has ${unknown[0]!.name}). Start that version, or restore a backup of this one.`);
  }
}
