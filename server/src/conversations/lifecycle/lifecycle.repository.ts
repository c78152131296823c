import { Injectable } from '@nestjs/common';
import type { SystemTx, Tx } from '../../platform/database/transaction.js';

/** Writes states of conversations, each with the activity line that tells of it. */
@Injectable()
export class LifecycleRepository {
  /** A resolved conversation waits for nobody; only a snoozed one has a time to wake. */
  async setStatus(tx: Tx, id: number, status: number, snoozedUntil: Date | null, lineId: number): Promise<void> {
    await tx.sql(
      `UPDATE conversations SET status = $3::smallint, snoozed_until = $4, waiting_since = CASE WHEN $3::smallint = 1 THEN NULL ELSE waiting_since END,
         last_message_id = $5, updated_at = clock_timestamp() WHERE account_id = $1 AND id = $2`, [tx.accountId, id, status, snoozedUntil, lineId]);
  }

  async setPriority(tx: Tx, id: number, priority: number, lineId: number): Promise<void> {
    await tx.sql('UPDATE conversations SET priority = $3, last_message_id = $4, updated_at = clock_timestamp() WHERE account_id = $1 AND id = $2', [tx.accountId, id, priority, lineId]);
  }

  async setBlocked(tx: Tx, contactId: number, blocked: boolean): Promise<void> {
    await tx.sql('UPDATE contacts SET blocked = $3, updated_at = clock_timestamp() WHERE account_id = $1 AND id = $2', [tx.accountId, contactId, blocked]);
  }

  /** Nothing but a line, and the time of the change. */
  async noteLine(tx: Tx, id: number, lineId: number): Promise<void> {
    await tx.sql('UPDATE conversations SET last_message_id = $3, updated_at = clock_timestamp() WHERE account_id = $1 AND id = $2', [tx.accountId, id, lineId]);
  }

  /** Conversations of all accounts whose snooze has ended by now, oldest first. */
  due(tx: SystemTx, now: Date, limit: number): Promise<{ account_id: number; id: number }[]> {
    return tx.sql('SELECT account_id, id FROM conversations WHERE status = 3 AND snoozed_until <= $1 ORDER BY snoozed_until LIMIT $2', [now, limit]);
  }
}
