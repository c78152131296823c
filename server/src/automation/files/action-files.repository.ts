import { Injectable } from '@nestjs/common';
import { randomToken } from '../../platform/crypto/keyring.js';
import type { SystemTx, Tx } from '../../platform/database/transaction.js';
import type { StagedFile } from '../../platform/storage/staged-file.js';
import { Uploads } from '../../platform/storage/uploads.js';

export interface ActionFileRow { account_id: number; id: string; file_size: number; storage_key: string; file_name: string; content_type: string }

const COLUMNS = 'account_id, id, file_size, storage_key, file_name, content_type';
const SWEEP_BATCH = 100;

/** Files that actions send. Each belongs to whatever macro or rule names it, and goes when none does. */
@Injectable()
export class ActionFilesRepository {
  constructor(private readonly uploads: Uploads) {}

  async insert(tx: Tx, file: StagedFile): Promise<ActionFileRow> {
    await this.uploads.claim(tx, [file]);
    return (await tx.one<ActionFileRow>(
      `INSERT INTO action_files (account_id, id, file_size, storage_key, file_name, content_type) VALUES ($1, $2, $3, $4, $5, $6) RETURNING ${COLUMNS}`,
      [tx.accountId, randomToken(24), file.size, file.storageKey, file.fileName, file.contentType]))!;
  }

  /** Those of the files that are there, in the order asked for. */
  async find(tx: Tx, ids: readonly string[]): Promise<ActionFileRow[]> {
    if (ids.length === 0) return [];
    const rows = await tx.sql<ActionFileRow>(`SELECT ${COLUMNS} FROM action_files WHERE account_id = $1 AND id = ANY ($2)`, [tx.accountId, ids]);
    return ids.flatMap((id) => rows.find((row) => row.id === id) ?? []);
  }

  /** Keeps the files for another day: something is being written that names them. False when one of them is gone. */
  async keep(tx: Tx, ids: readonly string[]): Promise<boolean> {
    const kept = await tx.sql('UPDATE action_files SET used_at = now() WHERE account_id = $1 AND id = ANY ($2) RETURNING id', [tx.accountId, ids]);
    return kept.length === new Set(ids).size;
  }

  /** Removes some that nothing has named for a day. Answers how many; call again while it is not 0. */
  async sweep(tx: SystemTx): Promise<number> {
    const names = (table: string): string =>
      `EXISTS (SELECT FROM ${table} n WHERE n.account_id = f.account_id AND n.actions @> jsonb_build_array(jsonb_build_object('action_name', 'send_attachment', 'action_params', jsonb_build_array(f.id))))`;
    const gone = await tx.sql(
      `DELETE FROM action_files d USING (SELECT f.account_id, f.id FROM action_files f WHERE f.used_at < now() - interval '24 hours' AND NOT ${names('macros')} AND NOT ${names('automation_rules')}
         LIMIT ${SWEEP_BATCH} FOR UPDATE OF f SKIP LOCKED) o WHERE d.account_id = o.account_id AND d.id = o.id RETURNING d.id`);
    return gone.length;
  }
}
