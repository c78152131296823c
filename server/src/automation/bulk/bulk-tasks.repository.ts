import { Injectable } from '@nestjs/common';
import type { SystemTx, Tx } from '../../platform/database/transaction.js';
import type { Action } from '../actions/action.dto.js';
import type { ContactWork, WireLeftOut } from './bulk.dto.js';

interface Progress { account_id: number; id: number; user_id: number; finished_at: Date | null; done: number; failed: number; left_out: WireLeftOut[] }
export type BulkTaskRow = Progress & ({ conversation_ids: number[]; contact_ids: null; actions: Action[] } | { conversation_ids: never[]; contact_ids: number[]; actions: ContactWork });

/** Work on many conversations or people: what there is to do, and how far it is. */
@Injectable()
export class BulkTasksRepository {
  async insert(tx: Tx, userId: number, conversationIds: number[], actions: Action[]): Promise<number> {
    return (await tx.one<{ id: number }>('INSERT INTO bulk_tasks (account_id, user_id, conversation_ids, actions) VALUES ($1, $2, $3, $4) RETURNING id',
      [tx.accountId, userId, conversationIds, JSON.stringify(actions)]))!.id;
  }

  async insertForContacts(tx: Tx, userId: number, contactIds: number[], work: ContactWork): Promise<number> {
    return (await tx.one<{ id: number }>(`INSERT INTO bulk_tasks (account_id, user_id, conversation_ids, contact_ids, actions) VALUES ($1, $2, '{}', $3, $4) RETURNING id`,
      [tx.accountId, userId, contactIds, JSON.stringify(work)]))!.id;
  }

  /** A person's own. */
  find(tx: Tx, userId: number, id: number): Promise<BulkTaskRow | undefined> {
    return tx.one<BulkTaskRow>('SELECT * FROM bulk_tasks WHERE account_id = $1 AND user_id = $2 AND id = $3', [tx.accountId, userId, id]);
  }

  /** The next step is this transaction's; another process waits for it, then sees that it is done. */
  lock(tx: Tx, id: number): Promise<BulkTaskRow | undefined> {
    return tx.one<BulkTaskRow>('SELECT * FROM bulk_tasks WHERE account_id = $1 AND id = $2 AND finished_at IS NULL FOR UPDATE', [tx.accountId, id]);
  }

  /** Marks the next one as done. With what was left out of it and the ones before, if that is not what is written down already. */
  async step(tx: Tx, id: number, failed: boolean, leftOut?: readonly WireLeftOut[]): Promise<void> {
    await tx.sql(
      `UPDATE bulk_tasks SET done = done + 1, failed = failed + $3::int, left_out = coalesce($4::jsonb, left_out),
         finished_at = CASE WHEN done + 1 >= cardinality(coalesce(contact_ids, conversation_ids)) THEN now() END WHERE account_id = $1 AND id = $2`,
      [tx.accountId, id, failed ? 1 : 0, leftOut ? JSON.stringify(leftOut) : null]);
  }

  /** Tasks of all accounts that nobody has finished within a minute. */
  abandoned(tx: SystemTx): Promise<{ account_id: number; id: number }[]> {
    return tx.sql(`SELECT account_id, id FROM bulk_tasks WHERE finished_at IS NULL AND created_at < now() - interval '1 minute' ORDER BY created_at LIMIT 100`);
  }

  async forgetFinished(tx: SystemTx): Promise<void> {
    await tx.sql(`DELETE FROM bulk_tasks WHERE created_at < now() - interval '7 days'`);
  }
}
