import { Injectable } from '@nestjs/common';
import { Params } from '../../platform/database/params.js';
import type { SystemTx, Tx } from '../../platform/database/transaction.js';
import type { Condition } from '../../platform/filters/filter.dto.js';
import type { ContactRow, Which } from '../contacts.repository.js';

export interface ExportRow { id: number; user_id: number; created_at: Date; finished_at: Date | null; conditions: Condition[] | null; label: string | null; column_names: string[] | null; storage_key: string | null; done: number }
/** A person with the titles of their labels. */
export interface ExportedContact extends ContactRow { labels: string[] | null }

const KEPT = '1 day';
const ATTRIBUTES = 150;

/** People being written out to files. */
@Injectable()
export class ExportsRepository {
  async insert(tx: Tx, userId: number, { conditions, label, column_names: columns }: Pick<ExportRow, 'conditions' | 'label' | 'column_names'>): Promise<ExportRow> {
    return (await tx.one<ExportRow>('INSERT INTO contact_exports (account_id, user_id, conditions, label, column_names) VALUES ($1, $2, $3, $4, $5) RETURNING *',
      [tx.accountId, userId, conditions && JSON.stringify(conditions), label, columns]))!;
  }

  find(tx: Tx, id: number): Promise<ExportRow | undefined> {
    return tx.one<ExportRow>('SELECT * FROM contact_exports WHERE account_id = $1 AND id = $2', [tx.accountId, id]);
  }

  /** Those after this one, by id. */
  batch(tx: Tx, which: Which, afterId: number, limit: number): Promise<ExportedContact[]> {
    const params = new Params();
    params.add(tx.accountId);
    return tx.sql<ExportedContact>(
      `SELECT c.*, (SELECT array_agg(l.title ORDER BY l.title) FROM labels l WHERE l.account_id = $1 AND l.id = ANY (c.label_ids)) AS labels
       FROM contacts c WHERE c.account_id = $1 AND ${which(params)} AND c.id > ${params.add(afterId)} ORDER BY c.id LIMIT ${limit}`, params.values);
  }

  /** Names of attributes that people of the account have, defined or not. */
  async attributeNames(tx: Tx): Promise<string[]> {
    return (await tx.sql<{ key: string }>(
      `SELECT DISTINCT k.key FROM contacts c, jsonb_object_keys(c.custom_attributes) k(key) WHERE c.account_id = $1 AND c.custom_attributes IS NOT NULL ORDER BY 1 LIMIT ${ATTRIBUTES}`, [tx.accountId])).map((row) => row.key);
  }

  async move(tx: Tx, id: number, done: number): Promise<void> {
    await tx.sql('UPDATE contact_exports SET done = $3, moved_at = now() WHERE account_id = $1 AND id = $2 AND finished_at IS NULL', [tx.accountId, id, done]);
  }

  /** False when another run was first. */
  async finish(tx: Tx, id: number, storageKey: string, done: number): Promise<boolean> {
    return (await tx.sql('UPDATE contact_exports SET storage_key = $3, done = $4, finished_at = now() WHERE account_id = $1 AND id = $2 AND finished_at IS NULL RETURNING id',
      [tx.accountId, id, storageKey, done])).length > 0;
  }

  /** Files that were written while somebody was still in them go when that person is erased. */
  async forgetAll(tx: Tx): Promise<void> {
    await tx.sql('DELETE FROM contact_exports WHERE account_id = $1', [tx.accountId]);
  }

  /** Exports of all accounts that nobody has moved for a minute. */
  abandoned(tx: SystemTx): Promise<{ account_id: number; id: number }[]> {
    return tx.sql(`SELECT account_id, id FROM contact_exports WHERE finished_at IS NULL AND moved_at < now() - interval '1 minute' ORDER BY moved_at LIMIT 100`);
  }

  async forgetOld(tx: SystemTx): Promise<void> {
    await tx.sql(`DELETE FROM contact_exports WHERE created_at < now() - interval '${KEPT}'`);
  }
}
