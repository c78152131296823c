import { Injectable } from '@nestjs/common';
import type { SystemTx, Tx } from '../../platform/database/transaction.js';

export interface Progress { counted: number; total: number; finished_at: Date | null }

/** How far counting has come with what was there before anybody counted. */
@Injectable()
export class HistoryRepository {
  /** Accounts whose history is not counted to its end. Those seen for the first time begin with their newest conversation. */
  async unfinished(tx: SystemTx): Promise<number[]> {
    await tx.sql(
      `INSERT INTO reporting_progress (account_id, next_id, total)
       SELECT a.id, coalesce((SELECT max(c.id) FROM conversations c WHERE c.account_id = a.id), 0), (SELECT count(*) FROM conversations c WHERE c.account_id = a.id)
       FROM accounts a WHERE a.deleted_at IS NULL AND NOT EXISTS (SELECT FROM reporting_progress p WHERE p.account_id = a.id) ON CONFLICT DO NOTHING`);
    return (await tx.sql<{ account_id: number }>('SELECT account_id FROM reporting_progress WHERE finished_at IS NULL ORDER BY total, account_id')).map((row) => row.account_id);
  }

  /** Begins at the account's newest conversation, again if need be. */
  async begin(tx: Tx): Promise<void> {
    await tx.sql(
      `INSERT INTO reporting_progress (account_id, next_id, total)
       SELECT $1, coalesce(max(id), 0), count(*) FROM conversations WHERE account_id = $1
       ON CONFLICT (account_id) DO UPDATE SET next_id = excluded.next_id, total = excluded.total, counted = 0, started_at = now(), finished_at = NULL`, [tx.accountId]);
  }

  /** The next conversations to count, newest first; nothing once all are. */
  async next(tx: Tx, limit: number): Promise<number[]> {
    return (await tx.sql<{ id: number }>(
      `SELECT c.id FROM (SELECT next_id FROM reporting_progress WHERE account_id = $1 AND finished_at IS NULL FOR UPDATE) p
       CROSS JOIN LATERAL (SELECT id FROM conversations WHERE account_id = $1 AND id <= p.next_id ORDER BY id DESC LIMIT $2) c`, [tx.accountId, limit])).map((row) => row.id);
  }

  /** Notes that these are counted, or that none is left. */
  async proceed(tx: Tx, counted: readonly number[]): Promise<void> {
    await tx.sql(
      `UPDATE reporting_progress SET counted = counted + $2, next_id = coalesce($3::bigint - 1, next_id), finished_at = CASE WHEN $2 = 0 THEN now() END WHERE account_id = $1 AND finished_at IS NULL`,
      [tx.accountId, counted.length, counted.length > 0 ? Math.min(...counted) : null]);
  }

  find(tx: Tx): Promise<Progress | undefined> {
    return tx.one<Progress>('SELECT counted, total, finished_at FROM reporting_progress WHERE account_id = $1', [tx.accountId]);
  }
}
