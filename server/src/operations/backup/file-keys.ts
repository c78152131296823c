import type pg from 'pg';
import type { SystemWork } from '../../platform/database/unit-of-work.js';

/** Columns that name a stored file. */
const FILE_COLUMNS = `
SELECT table_name AS table, column_name AS column FROM information_schema.columns JOIN pg_class c ON c.oid = quote_ident(table_name)::regclass
WHERE table_schema = 'public' AND column_name IN ('storage_key', 'thumbnail_key', 'avatar_key') AND NOT c.relispartition ORDER BY 1, 2`;
const KEYS_AT_ONCE = 1_000;

interface FileColumn { table: string; column: string }

const union = (columns: readonly FileColumn[], more = ''): string => columns.map(({ table, column }) => `SELECT ${column} AS key FROM ${table} WHERE ${column} IS NOT NULL${more.replaceAll('$column', column)}`).join(' UNION ');

/** The storage keys of all files that rows name, inside the transaction that is open. */
export async function* fileKeys(client: pg.Client): AsyncGenerator<string> {
  const { rows } = await client.query<FileColumn>(FILE_COLUMNS);
  await client.query(`DECLARE file_keys CURSOR FOR ${union(rows)} ORDER BY 1`);
  for (;;) {
    const { rows: some } = await client.query<{ key: string }>(`FETCH ${KEYS_AT_ONCE} FROM file_keys`);
    if (some.length === 0) return;
    for (const { key } of some) yield key;
  }
}

/** The next of them behind a key, as of now. In the order of their bytes, which is the same on every database. */
export async function fileKeysAfter(system: SystemWork, after: string, limit: number): Promise<string[]> {
  const columns = await system.sql<FileColumn>(FILE_COLUMNS);
  const rows = await system.sql<{ key: string }>(`SELECT key FROM (${union(columns, ' AND $column COLLATE "C" > $1')}) k ORDER BY key COLLATE "C" LIMIT $2`, [after, limit]);
  return rows.map(({ key }) => key);
}
