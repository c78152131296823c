import { Injectable } from '@nestjs/common';
import { isAdministrator, type Member } from '../../identity/access/principal.js';
import type { Tx } from '../../platform/database/transaction.js';

/** Knows in which inboxes a member sees conversations. Loaded before a list: as a subquery it would hide the inboxes from the planner. */
@Injectable()
export class VisibleInboxes {
  /** The ids, or null when all inboxes of the account are visible and none is being erased. */
  async of(tx: Tx, me: Member): Promise<number[] | null> {
    if (!isAdministrator(me)) {
      const rows = await tx.sql<{ inbox_id: number }>(
        `SELECT m.inbox_id FROM inbox_members m JOIN inboxes i ON i.account_id = m.account_id AND i.id = m.inbox_id AND i.deleted_at IS NULL WHERE m.account_id = $1 AND m.user_id = $2`,
        [tx.accountId, me.userId]);
      return rows.map((row) => row.inbox_id);
    }
    const rows = await tx.sql<{ id: number; gone: boolean }>('SELECT id, deleted_at IS NOT NULL AS gone FROM inboxes WHERE account_id = $1', [tx.accountId]);
    return rows.some((row) => row.gone) ? rows.filter((row) => !row.gone).map((row) => row.id) : null;
  }
}
