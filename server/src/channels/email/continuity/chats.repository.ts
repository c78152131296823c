import { Injectable } from '@nestjs/common';
import { SystemWork } from '../../../platform/database/unit-of-work.js';
import type { Tx } from '../../../platform/database/transaction.js';

/** A chat as a mail about it needs it. */
export interface ChatRow {
  conversation_id: number; display_id: number; uuid: string; created_at: Date; contact_name: string; contact_email: string | null; contact_last_seen_at: Date | null; mailed_up_to: number; attempts: number;
  inbox_name: string; business_name: string | null; locale: string; blocked: boolean; continues: boolean;
}
export interface ChatMessageRow {
  id: number; created_at: Date; content: string | null; writer: string; incoming: boolean; file_names: string[] | null;
  /** What the message asks or lists, where it is more than text. */
  interactive: string | null; content_attributes: Record<string, unknown> | null;
}

const MAX_MESSAGES = 50;
const MESSAGES = `SELECT m.id, m.created_at, m.content, m.content_attributes, m.message_type = 0 AS incoming,
    CASE m.content_type WHEN 4 THEN 'input_select' WHEN 5 THEN 'cards' WHEN 6 THEN 'form' WHEN 7 THEN 'article' END AS interactive,
    CASE WHEN m.message_type = 0 THEN ct.name ELSE coalesce(nullif(u.display_name, ''), u.name, '') END AS writer,
    (SELECT array_agg(a.file_name ORDER BY a.id) FROM attachments a WHERE a.account_id = m.account_id AND a.conversation_id = m.conversation_id AND a.message_id = m.id) AS file_names
  FROM messages m JOIN conversations c ON c.account_id = m.account_id AND c.id = m.conversation_id JOIN contacts ct ON ct.account_id = c.account_id AND ct.id = c.contact_id
  LEFT JOIN users u ON m.sender_type = 2 AND u.id = m.sender_id
  WHERE m.account_id = $1 AND m.conversation_id = $2 AND NOT m.private AND m.deleted_at IS NULL`;

/** Chats that go on by mail. */
@Injectable()
export class ChatsRepository {
  constructor(private readonly system: SystemWork) {}

  /** An agent wrote in a chat that may go on by mail: looks after it in so many seconds, and not again sooner. */
  async watch(tx: Tx, conversationId: number, messageId: number, seconds: number): Promise<void> {
    await tx.sql(
      `INSERT INTO mail_continuities (account_id, conversation_id, due_at)
       SELECT $1, c.id, now() + make_interval(secs => $4) FROM messages m JOIN conversations c ON c.account_id = m.account_id AND c.id = m.conversation_id
         JOIN inboxes i ON i.account_id = c.account_id AND i.id = c.inbox_id AND i.channel_config->>'continuity_via_email' = 'true'
       WHERE m.account_id = $1 AND m.conversation_id = $2 AND m.id = $3 AND m.message_type = 1 AND m.sender_type IN (2, 3) AND NOT m.private
       ON CONFLICT (account_id, conversation_id) DO UPDATE SET due_at = coalesce(mail_continuities.due_at, excluded.due_at), attempts = 0`, [tx.accountId, conversationId, messageId, seconds]);
  }

  /** Chats of all accounts to look after now. */
  due(limit: number): Promise<{ account_id: number; conversation_id: number }[]> {
    return this.system.sql('SELECT account_id, conversation_id FROM mail_continuities WHERE due_at <= now() ORDER BY due_at LIMIT $1', [limit]);
  }

  chat(tx: Tx, conversationId: number): Promise<ChatRow | undefined> {
    return tx.one<ChatRow>(
      `SELECT c.id AS conversation_id, c.display_id, c.uuid, c.created_at, c.contact_last_seen_at, ct.name AS contact_name, ct.email AS contact_email, ct.blocked, i.name AS inbox_name, i.business_name, a.locale,
         coalesce(i.channel_config->>'continuity_via_email', '') = 'true' AS continues, coalesce(k.mailed_up_to, 0) AS mailed_up_to, coalesce(k.attempts, 0) AS attempts
       FROM conversations c JOIN contacts ct ON ct.account_id = c.account_id AND ct.id = c.contact_id JOIN inboxes i ON i.account_id = c.account_id AND i.id = c.inbox_id AND i.deleted_at IS NULL
       JOIN accounts a ON a.id = c.account_id LEFT JOIN mail_continuities k ON k.account_id = c.account_id AND k.conversation_id = c.id WHERE c.account_id = $1 AND c.id = $2`, [tx.accountId, conversationId]);
  }

  /** The conversation with this number, if this person may see it; null stands for administrators. */
  async visible(tx: Tx, displayId: number, userId: number | null): Promise<number | undefined> {
    const row = await tx.one<{ id: number }>(
      `SELECT c.id FROM conversations c WHERE c.account_id = $1 AND c.display_id = $2 AND ($3::bigint IS NULL
         OR EXISTS (SELECT FROM inbox_members m WHERE m.account_id = c.account_id AND m.user_id = $3 AND m.inbox_id = c.inbox_id))`, [tx.accountId, displayId, userId]);
    return row?.id;
  }

  /** What agents wrote and the visitor has neither seen nor got by mail. */
  unread(tx: Tx, chat: ChatRow): Promise<ChatMessageRow[]> {
    return tx.sql<ChatMessageRow>(
      `${MESSAGES} AND m.message_type = 1 AND m.sender_type IN (2, 3) AND m.id > $3 AND m.created_at > coalesce($4::timestamptz, '-infinity') AND m.created_at > now() - interval '1 day' ORDER BY m.id LIMIT ${MAX_MESSAGES}`,
      [tx.accountId, chat.conversation_id, chat.mailed_up_to, chat.contact_last_seen_at]);
  }

  /** Everything both sides said, oldest first. */
  everything(tx: Tx, conversationId: number): Promise<ChatMessageRow[]> {
    return tx.sql<ChatMessageRow>(`${MESSAGES} AND m.message_type <> 2 ORDER BY m.id LIMIT 1000`, [tx.accountId, conversationId]);
  }

  /** Written before the mail leaves: a process that dies meanwhile must not send it twice. False when another was faster. */
  async markMailed(tx: Tx, conversationId: number, upTo: number): Promise<boolean> {
    const rows = await tx.sql('UPDATE mail_continuities SET mailed_up_to = $3, due_at = NULL WHERE account_id = $1 AND conversation_id = $2 AND mailed_up_to < $3 RETURNING 1 AS mine', [tx.accountId, conversationId, upTo]);
    return rows.length > 0;
  }

  async nothingWaits(tx: Tx, conversationId: number): Promise<void> {
    await tx.sql('UPDATE mail_continuities SET due_at = NULL WHERE account_id = $1 AND conversation_id = $2', [tx.accountId, conversationId]);
  }

  /** It was not taken: from where it was before, again later. */
  async again(tx: Tx, conversationId: number, upTo: number, seconds: number): Promise<void> {
    await tx.sql('UPDATE mail_continuities SET mailed_up_to = $3, attempts = attempts + 1, due_at = now() + make_interval(secs => $4) WHERE account_id = $1 AND conversation_id = $2', [tx.accountId, conversationId, upTo, seconds]);
  }

  /** The mail inbox that speaks for the account's chats: the first that can send. */
  async mailInbox(tx: Tx): Promise<number | undefined> {
    const row = await tx.one<{ id: number }>(
      `SELECT id FROM inboxes WHERE account_id = $1 AND channel_type = 'email' AND deleted_at IS NULL AND coalesce(channel_config->>'email', '') <> ''
       ORDER BY (channel_config->>'smtp_enabled' = 'true') DESC, id LIMIT 1`, [tx.accountId]);
    return row?.id;
  }
}
