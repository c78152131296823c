import { Injectable } from '@nestjs/common';
import type { SystemTx, Tx } from '../../platform/database/transaction.js';
import { KINDS } from '../notification-kinds.js';

export interface DueLine { id: number; kind: number; display_id: number; inbox_name: string; created_at: Date }
export interface MailRecipient { name: string; email: string; locale: string | null; account_name: string }
const MOST = 500;

/** What is to be told by mail. */
@Injectable()
export class NotificationMailsRepository {
  /** People of all accounts for whom a mail is due. */
  due(tx: SystemTx, now: Date): Promise<{ account_id: number; user_id: number }[]> {
    return tx.sql(`SELECT DISTINCT account_id, user_id FROM notifications WHERE mail_due_at <= $1 LIMIT ${MOST}`, [now]);
  }

  /** Undefined for who has left, has not accepted the invitation yet, or whose account is closed. */
  recipient(tx: Tx, userId: number): Promise<MailRecipient | undefined> {
    return tx.one<MailRecipient>(
      `SELECT coalesce(nullif(u.display_name, ''), u.name) AS name, u.email, coalesce(u.locale, a.locale) AS locale, a.name AS account_name FROM account_users au
       JOIN users u ON u.id = au.user_id AND u.confirmed_at IS NOT NULL JOIN accounts a ON a.id = au.account_id AND a.status = 0 WHERE au.account_id = $1 AND au.user_id = $2`, [tx.accountId, userId]);
  }

  /** All that waits, due or not yet: one mail tells it. Not what was read, what is asleep, nor what the person may not see any more. */
  lines(tx: Tx, userId: number): Promise<DueLine[]> {
    return tx.sql<DueLine>(
      `SELECT n.id, n.kind, c.display_id, i.name AS inbox_name, n.created_at FROM notifications n
       JOIN conversations c ON c.account_id = n.account_id AND c.id = n.conversation_id JOIN contacts ct ON ct.account_id = c.account_id AND ct.id = c.contact_id
       JOIN inboxes i ON i.account_id = c.account_id AND i.id = c.inbox_id AND i.deleted_at IS NULL
       JOIN account_users au ON au.account_id = n.account_id AND au.user_id = n.user_id
         AND (au.role = 1 OR EXISTS (SELECT FROM inbox_members m WHERE m.account_id = n.account_id AND m.user_id = n.user_id AND m.inbox_id = c.inbox_id))
       WHERE n.account_id = $1 AND n.user_id = $2 AND n.mail_due_at IS NOT NULL AND (n.read_at IS NULL OR n.read_at = n.created_at) AND n.snoozed_until IS NULL
         AND (NOT ct.blocked OR n.kind = ${KINDS.conversation_mention})
       ORDER BY n.created_at, n.id LIMIT 50`, [tx.accountId, userId]);
  }

  /** Nothing is due any more for what was there when it was looked at. */
  async settle(tx: Tx, userId: number, upTo: Date): Promise<void> {
    await tx.sql('UPDATE notifications SET mail_due_at = NULL WHERE account_id = $1 AND user_id = $2 AND created_at <= $3', [tx.accountId, userId, upTo]);
  }

  async postpone(tx: Tx, userId: number, until: Date): Promise<void> {
    await tx.sql('UPDATE notifications SET mail_due_at = $3 WHERE account_id = $1 AND user_id = $2 AND mail_due_at < $3', [tx.accountId, userId, until]);
  }
}
