import pg from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import type { Config } from '../config/config.js';
import type { MigrationClass } from './migration-files.js';
import { SURVIVE_LOSS } from './survive-loss.js';

// int8 as number: ids and counts stay far below 2^53.
pg.types.setTypeParser(20, Number);

/** The role a pool acts as. A bare login is never handed to request code. */
export type DatabaseRole = 'porchlight_app' | 'porchlight_system';

const SESSION = '-c max_parallel_workers_per_gather=0 -c jit=off -c idle_in_transaction_session_timeout=60000 -c statement_timeout=60000';

/** A pool whose every connection acts as the role; RESET ROLE comes back to it too. */
export function pooledDataSource(config: Config, role: DatabaseRole, size: number): DataSource {
  return new DataSource({
    type: 'postgres', url: config.DATABASE_URL, applicationName: role, entities: [], migrations: [],
    extra: { ...SURVIVE_LOSS, max: size, options: `-c role=${role} ${SESSION}`, connectionTimeoutMillis: 10_000 },
  } as DataSourceOptions);
}

/** The owner's connection that runs migrations. */
export function migrationDataSource(databaseUrl: string, migrations: MigrationClass[]): DataSource {
  return new DataSource({
    type: 'postgres', url: databaseUrl, applicationName: 'porchlight_migrations', entities: [], migrations,
    migrationsTransactionMode: 'each', extra: { ...SURVIVE_LOSS, max: 2, connectionTimeoutMillis: 10_000 },
  } as DataSourceOptions);
}
