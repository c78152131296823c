import { createHash } from 'node:crypto';
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { Blobs } from '../../platform/storage/blobs.js';
import { BlobGone } from '../../platform/storage/blobs.js';
import type { BackupRecord } from './backup-format.js';
import { copyOut, storedTables } from './database-tables.js';
import { fileKeys } from './file-keys.js';
import { seesEverything } from './owner-connection.js';

const PARTITIONS = `
SELECT c.relname AS name, p.relname AS of, pg_get_expr(c.relpartbound, c.oid) AS bound FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent
WHERE p.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relispartition ORDER BY 2, 1`;

/** How far a backup is. */
export interface BackupProgress { tables: number; ofTables: number; rows: number; files: number; bytes: number }

/**
 * Everything of an installation as it is at one moment. The files are read after the tables: a file is stored before its row, and never
 * changed but to be sealed again, for which this is waited for: so every row of the moment finds its bytes, except what has been erased since.
 */
export async function* dumpInstallation(client: pg.Client, blobs: Blobs, told: (progress: BackupProgress) => void): AsyncGenerator<BackupRecord> {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  const tables = await storedTables(client);
  const progress: BackupProgress = { tables: 0, ofTables: tables.length, rows: 0, files: 0, bytes: 0 };
  const all = await seesEverything(client);
  for (const partition of (await client.query<{ name: string; of: string; bound: string }>(PARTITIONS)).rows) yield { is: 'partition', ...partition };
  for (const table of tables) {
    // The owner of a guarded table sees no rows of it; the system's role sees all.
    if (!all) await client.query(table.guarded ? 'SET LOCAL ROLE porchlight_system' : 'RESET ROLE');
    yield { is: 'table', name: table.name, columns: table.columns };
    const stream = client.query(copyTo(copyOut(table.name, table.columns)));
    const hash = createHash('sha256');
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      hash.update(chunk);
      progress.bytes += chunk.length;
      yield chunk;
    }
    const rows = (stream as unknown as { rowCount: number }).rowCount;
    progress.tables += 1;
    progress.rows += rows;
    told(progress);
    yield { is: 'table end', rows, sha256: hash.digest('hex') };
  }
  if (!all) await client.query('RESET ROLE');
  for (const { name, value } of (await client.query<{ name: string; value: string }>(`SELECT sequencename AS name, last_value AS value FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL`)).rows) {
    yield { is: 'sequence', name, value: Number(value) };
  }
  if (!all) await client.query('SET LOCAL ROLE porchlight_system');
  for await (const key of fileKeys(client)) {
    yield* dumpFile(blobs, key, progress);
    told(progress);
  }
  await client.query('ROLLBACK');
  yield { is: 'end', tables: progress.tables, rows: progress.rows, files: progress.files };
}

// As it is stored: sealed with a key that the tables of this backup hold.
async function* dumpFile(blobs: Blobs, key: string, progress: BackupProgress): AsyncGenerator<BackupRecord> {
  const size = await blobs.size(key);
  const content = size === undefined ? undefined : await blobs.read(key, 0, size - 1).catch((error: unknown) => {
    if (error instanceof BlobGone) return undefined;
    throw error;
  });
  if (!content) return void (yield { is: 'missing file', key });
  yield { is: 'file', key };
  const hash = createHash('sha256');
  for await (const chunk of content as AsyncIterable<Buffer>) {
    hash.update(chunk);
    progress.bytes += chunk.length;
    yield chunk;
  }
  progress.files += 1;
  yield { is: 'file end', sha256: hash.digest('hex') };
}
