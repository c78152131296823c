import { Injectable } from '@nestjs/common';
import type { SystemTx, Tx } from '../../platform/database/transaction.js';

export interface ImportRow {
  id: number; user_id: number; created_at: Date; finished_at: Date | null; file_name: string; encoding: string; storage_key: string; header: string[];
  total: number; done: number; created: number; updated: number; rejected: number;
}
export interface RejectRow { line: number; cells: string[]; reason: string }
/** What became of a step's rows. */
export interface StepCounts { done: number; created: number; updated: number; rejects: RejectRow[] }

const KEPT = '7 days';
const SHOWN = 20;
/** Rejected rows that are kept to be read; the rest are counted. */
export const KEPT_REJECTS = 10_000;

/** People being brought in from files. */
@Injectable()
export class ImportsRepository {
  async insert(tx: Tx, given: Pick<ImportRow, 'user_id' | 'file_name' | 'encoding' | 'storage_key' | 'header' | 'total'>): Promise<ImportRow> {
    return (await tx.one<ImportRow>(
      'INSERT INTO contact_imports (account_id, user_id, file_name, encoding, storage_key, header, total) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING *',
      [tx.accountId, given.user_id, given.file_name, given.encoding, given.storage_key, given.header, given.total]))!;
  }

  list(tx: Tx): Promise<ImportRow[]> {
    return tx.sql<ImportRow>(`SELECT * FROM contact_imports WHERE account_id = $1 ORDER BY id DESC LIMIT ${SHOWN}`, [tx.accountId]);
  }

  find(tx: Tx, id: number): Promise<ImportRow | undefined> {
    return tx.one<ImportRow>('SELECT * FROM contact_imports WHERE account_id = $1 AND id = $2', [tx.accountId, id]);
  }

  /** The one whose turn it is: an account brings in one file after the other. */
  next(tx: Tx): Promise<ImportRow | undefined> {
    return tx.one<ImportRow>('SELECT * FROM contact_imports WHERE account_id = $1 AND finished_at IS NULL ORDER BY id LIMIT 1', [tx.accountId]);
  }

  /** The step that begins here is this transaction's; undefined when somebody has done it. */
  lock(tx: Tx, id: number, done: number): Promise<ImportRow | undefined> {
    return tx.one<ImportRow>('SELECT * FROM contact_imports WHERE account_id = $1 AND id = $2 AND done = $3 AND finished_at IS NULL FOR UPDATE', [tx.accountId, id, done]);
  }

  async step(tx: Tx, id: number, counts: StepCounts): Promise<void> {
    await tx.sql(
      `INSERT INTO contact_import_rejects (account_id, import_id, line, cells, reason)
       SELECT $1, $2, r.line, ARRAY(SELECT jsonb_array_elements_text(r.cells)), r.reason FROM jsonb_to_recordset($3) r(line integer, cells jsonb, reason text)
       WHERE (SELECT rejected FROM contact_imports WHERE account_id = $1 AND id = $2) < ${KEPT_REJECTS}`, [tx.accountId, id, JSON.stringify(counts.rejects)]);
    await tx.sql(
      'UPDATE contact_imports SET done = done + $3, created = created + $4, updated = updated + $5, rejected = rejected + $6, moved_at = now() WHERE account_id = $1 AND id = $2',
      [tx.accountId, id, counts.done, counts.created, counts.updated, counts.rejects.length]);
  }

  async finish(tx: Tx, id: number): Promise<void> {
    await tx.sql('UPDATE contact_imports SET finished_at = now(), moved_at = now() WHERE account_id = $1 AND id = $2 AND finished_at IS NULL', [tx.accountId, id]);
  }

  rejects(tx: Tx, id: number): Promise<RejectRow[]> {
    return tx.sql<RejectRow>('SELECT line, cells, reason FROM contact_import_rejects WHERE account_id = $1 AND import_id = $2 ORDER BY line', [tx.accountId, id]);
  }

  /** Forgets what was rejected of somebody who is being erased. */
  async forgetPerson(tx: Tx, addresses: string[]): Promise<void> {
    await tx.sql('DELETE FROM contact_import_rejects WHERE account_id = $1 AND EXISTS (SELECT FROM unnest(cells) cell WHERE lower(trim(cell)) = ANY ($2::text[]))', [tx.accountId, addresses]);
  }

  /** Accounts whose import nobody has moved for a minute. */
  async abandoned(tx: SystemTx): Promise<number[]> {
    return (await tx.sql<{ account_id: number }>(`SELECT DISTINCT account_id FROM contact_imports WHERE finished_at IS NULL AND moved_at < now() - interval '1 minute' LIMIT 100`)).map((row) => row.account_id);
  }

  async forgetOld(tx: SystemTx): Promise<void> {
    await tx.sql(`DELETE FROM contact_imports WHERE created_at < now() - interval '${KEPT}' AND finished_at IS NOT NULL`);
  }
}
