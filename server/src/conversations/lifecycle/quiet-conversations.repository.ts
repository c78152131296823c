import { Injectable } from '@nestjs/common';
import type { SystemTx, Tx } from '../../platform/database/transaction.js';

/** What an account says about conversations in which nothing is written any more. */
export interface AutoResolve { account_id: number; minutes: number; message: string | null; /** Leaves those alone in which somebody waits for an answer. */ ignore_waiting: boolean }
/** Where a page ended: the time as text, with all its digits. */
export interface QuietConversation { id: number; at: string }

/** Its newest line is younger: somebody opened or assigned it, say, although nobody wrote. */
const TOUCHED = 'EXISTS (SELECT FROM messages m WHERE m.account_id = c.account_id AND m.conversation_id = c.id AND m.id = c.last_message_id AND m.created_at > $2)';

/** Finds open conversations in which nothing was written for a while, the quietest first. */
@Injectable()
export class QuietConversationsRepository {
  /** The active accounts that resolve by themselves. */
  accounts(tx: SystemTx, after: number, limit: number): Promise<AutoResolve[]> {
    return tx.sql<AutoResolve>(
      `SELECT id AS account_id, (settings->>'auto_resolve_after')::int AS minutes, nullif(btrim(settings->>'auto_resolve_message'), '') AS message,
         coalesce((settings->>'auto_resolve_ignore_waiting')::boolean, false) AS ignore_waiting
       FROM accounts WHERE settings ? 'auto_resolve_after' AND status = 0 AND deleted_at IS NULL AND id > $1 ORDER BY id LIMIT $2`, [after, limit]);
  }

  /** Whether something was done in a conversation after that time, as a line tells. */
  async touchedSince(tx: Tx, conversationId: number, until: Date): Promise<boolean> {
    return (await tx.one<{ touched: boolean }>(`SELECT ${TOUCHED} AS touched FROM conversations c WHERE c.account_id = $1 AND c.id = $3`, [tx.accountId, until, conversationId]))!.touched;
  }

  page(tx: SystemTx, account: AutoResolve, until: Date, after: QuietConversation | undefined, limit: number): Promise<QuietConversation[]> {
    return tx.sql<QuietConversation>(
      `SELECT id, last_activity_at::text AS at FROM conversations c WHERE account_id = $1 AND status = 0 AND last_activity_at <= $2${account.ignore_waiting ? ' AND waiting_since IS NULL' : ''}
         AND (last_activity_at, id) > (coalesce($3::timestamptz, '-infinity'), $4::bigint) AND NOT ${TOUCHED} ORDER BY last_activity_at, id LIMIT $5`,
      [account.account_id, until, after?.at ?? null, after?.id ?? 0, limit]);
  }
}
