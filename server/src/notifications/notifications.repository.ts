import { Injectable } from '@nestjs/common';
import type { SystemTx, Tx } from '../platform/database/transaction.js';
import { DEFAULT_FLAGS, KINDS, type Flags, type Kind } from './notification-kinds.js';

export interface NotificationRow {
  account_id: number; id: number; user_id: number; conversation_id: number; message_id: number | null; created_at: Date; last_activity_at: Date; read_at: Date | null; snoozed_until: Date | null;
  mail_due_at: Date | null; kind: number; meta: Record<string, unknown>; inbox_name: string; locale: string | null;
}

/** Somebody who may be told, and how they want to be. */
export interface Recipient extends Flags { user_id: number }
/** Whose notifications, and whether they see every inbox of the account. */
export interface Reader { userId: number; seesAll: boolean }
export interface Listing { read: boolean; snoozed: boolean; order: 'asc' | 'desc'; page: number }

const PAGE = 15;
// Who has left an inbox does not hear of it any more, not even of what they were told before.
const SEEN = `JOIN conversations c ON c.account_id = n.account_id AND c.id = n.conversation_id JOIN inboxes i ON i.account_id = c.account_id AND i.id = c.inbox_id AND i.deleted_at IS NULL
  JOIN users u ON u.id = n.user_id JOIN account_users au ON au.account_id = n.account_id AND au.user_id = n.user_id
    AND (au.role = 1 OR EXISTS (SELECT FROM inbox_members m WHERE m.account_id = n.account_id AND m.user_id = n.user_id AND m.inbox_id = c.inbox_id))`;
const ROW = `SELECT n.*, i.name AS inbox_name, coalesce(u.locale, (SELECT a.locale FROM accounts a WHERE a.id = n.account_id)) AS locale FROM notifications n ${SEEN}`;
const BULK = 500;

/** What people are told, one row for each person and conversation. */
@Injectable()
export class NotificationsRepository {
  /** Of these people those who see the inbox, with their wishes. */
  recipients(tx: Tx, inboxId: number, userIds: readonly number[]): Promise<Recipient[]> {
    return tx.sql<Recipient>(
      `SELECT au.user_id, coalesce(s.email_flags, ${DEFAULT_FLAGS.email_flags}) AS email_flags, coalesce(s.push_flags, ${DEFAULT_FLAGS.push_flags}) AS push_flags, coalesce(s.in_app_flags, ${DEFAULT_FLAGS.in_app_flags}) AS in_app_flags
       FROM account_users au LEFT JOIN notification_settings s ON s.account_id = au.account_id AND s.user_id = au.user_id
       WHERE au.account_id = $1 AND au.user_id = ANY ($3::bigint[])
         AND (au.role = 1 OR EXISTS (SELECT FROM inbox_members m WHERE m.account_id = au.account_id AND m.user_id = au.user_id AND m.inbox_id = $2))`, [tx.accountId, inboxId, userIds]);
  }

  async inboxMembers(tx: Tx, inboxId: number): Promise<number[]> {
    return (await tx.sql<{ user_id: number }>('SELECT user_id FROM inbox_members WHERE account_id = $1 AND inbox_id = $2', [tx.accountId, inboxId])).map((row) => row.user_id);
  }

  async participants(tx: Tx, conversationId: number): Promise<number[]> {
    return (await tx.sql<{ user_id: number }>('SELECT user_id FROM conversation_participants WHERE account_id = $1 AND conversation_id = $2', [tx.accountId, conversationId])).map((row) => row.user_id);
  }

  /** Of these events those after which somebody else took the conversation. */
  async changedHandsSince(tx: Tx, events: readonly { id: number; conversation_id: number | null }[]): Promise<Set<number>> {
    const rows = await tx.prepared<{ id: number }>(
      `SELECT k.id FROM unnest($2::bigint[], $3::bigint[]) k(id, conversation_id)
       WHERE EXISTS (SELECT FROM events e WHERE e.account_id = $1 AND e.id > k.id AND e.conversation_id = k.conversation_id AND e.type = 'assignee.changed')`,
      [tx.accountId, events.map((event) => event.id), events.map((event) => event.conversation_id)]);
    return new Set(rows.map((row) => row.id));
  }

  /** Who has read the conversation since then. */
  async readersSince(tx: Tx, conversationId: number, at: Date): Promise<number[]> {
    return (await tx.sql<{ user_id: number }>(
      'SELECT user_id FROM conversation_reads WHERE account_id = $1 AND conversation_id = $2 AND last_seen_at > $3', [tx.accountId, conversationId, at])).map((row) => row.user_id);
  }

  /** Takes the place of what this person was told of the conversation before. What tells of something later stays, and so does a mention that they have not read: undefined then. */
  put(tx: Tx, told: { userId: number; conversationId: number; messageId: number | null; kind: Kind; at: Date; readAt: Date | null; mailDueAt: Date | null }): Promise<{ id: number; replaced: number | null } | undefined> {
    return tx.one<{ id: number; replaced: number | null }>(
      `WITH old AS (SELECT id FROM notifications WHERE account_id = $1 AND conversation_id = $3 AND user_id = $2)
       INSERT INTO notifications AS n (account_id, user_id, conversation_id, message_id, kind, created_at, last_activity_at, read_at, mail_due_at) VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8)
       ON CONFLICT (account_id, conversation_id, user_id) DO UPDATE SET id = excluded.id, message_id = excluded.message_id, kind = excluded.kind, created_at = excluded.created_at,
         last_activity_at = excluded.last_activity_at, read_at = excluded.read_at, snoozed_until = NULL, mail_due_at = coalesce(n.mail_due_at, excluded.mail_due_at), meta = '{}'
       WHERE NOT (n.kind = ${KINDS.conversation_mention} AND n.read_at IS NULL AND excluded.kind <> ${KINDS.conversation_mention})
         AND excluded.created_at >= n.created_at
       RETURNING n.id, (SELECT id FROM old) AS replaced`,
      [tx.accountId, told.userId, told.conversationId, told.messageId, KINDS[told.kind], told.at, told.readAt, told.mailDueAt]);
  }

  list(tx: Tx, userId: number, { read, snoozed, order, page }: Listing): Promise<NotificationRow[]> {
    const way = order === 'asc' ? 'ASC' : 'DESC';
    return tx.sql<NotificationRow>(
      `${ROW} WHERE n.account_id = $1 AND n.user_id = $2 ${read ? '' : 'AND n.read_at IS NULL'} ${snoozed ? '' : 'AND n.snoozed_until IS NULL'}
       ORDER BY n.last_activity_at ${way}, n.id ${way} LIMIT ${PAGE} OFFSET $3`, [tx.accountId, userId, (page - 1) * PAGE]);
  }

  async counts(tx: Tx, userId: number, { read, snoozed }: Pick<Listing, 'read' | 'snoozed'>): Promise<{ unread: number; all: number }> {
    return (await tx.one<{ unread: number; all: number }>(
      `SELECT count(*) FILTER (WHERE n.read_at IS NULL)::int AS unread, count(*)::int AS all FROM notifications n ${SEEN}
       WHERE n.account_id = $1 AND n.user_id = $2 ${read ? '' : 'AND n.read_at IS NULL'} ${snoozed ? '' : 'AND n.snoozed_until IS NULL'}`, [tx.accountId, userId]))!;
  }

  byIds(tx: Tx, ids: readonly number[]): Promise<NotificationRow[]> {
    return tx.sql<NotificationRow>(`${ROW} WHERE n.account_id = $1 AND n.id = ANY ($2::bigint[])`, [tx.accountId, ids]);
  }

  /** Nobody is told outside of what happens in an account that is closed. */
  async isAccountOpen(tx: Tx): Promise<boolean> {
    return (await tx.sql('SELECT FROM accounts WHERE id = $1 AND status = 0', [tx.accountId])).length > 0;
  }

  async find(tx: Tx, userId: number, id: number): Promise<NotificationRow | undefined> {
    return tx.one<NotificationRow>(`${ROW} WHERE n.account_id = $1 AND n.id = $3 AND n.user_id = $2`, [tx.accountId, userId, id]);
  }

  async setRead(tx: Tx, id: number, readAt: Date | null): Promise<void> {
    await tx.sql('UPDATE notifications SET read_at = $3, mail_due_at = NULL WHERE account_id = $1 AND id = $2', [tx.accountId, id, readAt]);
  }

  async snooze(tx: Tx, id: number, until: Date | null): Promise<void> {
    await tx.sql('UPDATE notifications SET snoozed_until = $3, mail_due_at = NULL WHERE account_id = $1 AND id = $2', [tx.accountId, id, until]);
  }

  async remove(tx: Tx, id: number): Promise<void> {
    await tx.sql('DELETE FROM notifications WHERE account_id = $1 AND id = $2', [tx.accountId, id]);
  }

  /** All of a person, or those of one conversation. Answers those that were unread. */
  async readAll(tx: Tx, userId: number, now: Date, conversationId: number | null): Promise<number[]> {
    return (await tx.sql<{ id: number }>(
      `UPDATE notifications SET read_at = $3, mail_due_at = NULL WHERE account_id = $1 AND user_id = $2 AND read_at IS NULL AND ($4::bigint IS NULL OR conversation_id = $4) RETURNING id`,
      [tx.accountId, userId, now, conversationId])).map((row) => row.id);
  }

  async removeAll(tx: Tx, userId: number, onlyRead: boolean): Promise<number> {
    return (await tx.sql(`DELETE FROM notifications WHERE account_id = $1 AND user_id = $2 ${onlyRead ? 'AND read_at IS NOT NULL' : ''} RETURNING id`, [tx.accountId, userId])).length;
  }

  /** Snoozed ones whose time has come, of all accounts. */
  awake(tx: SystemTx, now: Date): Promise<{ account_id: number; id: number; user_id: number; conversation_id: number }[]> {
    return tx.sql(
      `UPDATE notifications SET snoozed_until = NULL, read_at = NULL, last_activity_at = $1, meta = meta || jsonb_build_object('last_snoozed_at', to_jsonb(snoozed_until))
       WHERE (account_id, id) IN (SELECT account_id, id FROM notifications WHERE snoozed_until <= $1 ORDER BY snoozed_until LIMIT ${BULK} FOR UPDATE SKIP LOCKED) RETURNING account_id, id, user_id, conversation_id`, [now]);
  }

  /** Those of more than a month ago, and of each person all but the newest 300. */
  async trim(tx: SystemTx, now: Date): Promise<void> {
    await tx.sql(`DELETE FROM notifications WHERE last_activity_at < $1::timestamptz - interval '1 month'`, [now]);
    await tx.sql(
      `DELETE FROM notifications n USING (SELECT account_id, user_id FROM notifications GROUP BY 1, 2 HAVING count(*) > 300) full_ones
       WHERE n.account_id = full_ones.account_id AND n.user_id = full_ones.user_id
         AND n.id NOT IN (SELECT k.id FROM notifications k WHERE k.account_id = n.account_id AND k.user_id = n.user_id ORDER BY k.last_activity_at DESC, k.id DESC LIMIT 300)`);
  }
}
