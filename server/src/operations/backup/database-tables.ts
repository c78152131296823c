import type pg from 'pg';
import { BackupError } from './backup.errors.js';

/** A table whose rows belong into a backup, with the columns that are stored and not computed. */
export interface StoredTable { name: string; guarded: boolean; columns: string[] }

// Partitions belong to their parents; the list of migrations is rebuilt by migrating.
const TABLES = `
SELECT c.relname AS name, c.relrowsecurity AS guarded,
  array(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY a.attnum) AS columns
FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> 'migrations' ORDER BY c.relname`;

const NEEDS = `
SELECT DISTINCT c.conrelid::regclass::text AS table, c.confrelid::regclass::text AS needs FROM pg_constraint c
WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace AND c.conrelid <> c.confrelid AND c.conparentid = 0`;

/** All tables of the schema, each behind those it refers to. */
export async function storedTables(client: pg.Client): Promise<StoredTable[]> {
  const { rows: tables } = await client.query<StoredTable>(TABLES);
  const { rows: needs } = await client.query<{ table: string; needs: string }>(NEEDS);
  const ordered: StoredTable[] = [];
  const left = new Map(tables.map((table) => [table.name, table]));
  while (left.size > 0) {
    const free = [...left.values()].filter(({ name }) => !needs.some((one) => one.table === name && left.has(one.needs)));
    if (free.length === 0) throw new BackupError(`Tables refer to each other in a circle: ${[...left.keys()].join(', ')}.`);
    for (const table of free) {
      ordered.push(table);
      left.delete(table.name);
    }
  }
  return ordered;
}

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const columnList = (columns: readonly string[]): string => columns.map(quoted).join(', ');
/** Rows as COPY writes them, in the order in which they are stored. */
export const copyOut = (table: string, columns: readonly string[]): string => `COPY (SELECT ${columnList(columns)} FROM ${quoted(table)}) TO STDOUT`;
export const copyIn = (table: string, columns: readonly string[]): string => `COPY ${quoted(table)} (${columnList(columns)}) FROM STDIN`;
