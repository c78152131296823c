import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/transaction.js';
import type { AttachmentRow } from '../attachments/attachments.repository.js';
import type { ThreadQuery } from './message.dto.js';

/** A message with its sender and attachments, as read for showing it. */
export interface MessageRow {
  account_id: number; conversation_id: number; id: number; inbox_id: number; sender_id: number | null; created_at: Date; updated_at: Date; in_reply_to: number | null;
  message_type: number; content_type: number; status: number; sender_type: number; attempt: number; private: boolean; content: string | null; source_id: string | null;
  echo_id: string | null; external_error: string | null; content_attributes: Record<string, unknown> | null; additional_attributes: Record<string, unknown> | null; deleted_at: Date | null;
  user: { id: number; name: string; email: string; display_name: string | null; avatar_key: string | null; availability: number | null; auto_offline: boolean | null } | null;
  contact: {
    id: number; name: string; email: string | null; phone_number: string | null; identifier: string | null; avatar_key: string | null; blocked: boolean;
    additional_attributes: Record<string, unknown> | null; custom_attributes: Record<string, unknown> | null;
  } | null;
  bot: { id: number; name: string; avatar_key: string | null } | null;
  attachments: AttachmentRow[] | null;
}

/** A message to be stored. */
export interface NewMessage {
  /** Given when the conversation's row names it already. */
  id?: number;
  conversationId: number; inboxId: number; messageType: number; senderType: number; senderId: number | null; content: string | null; contentType: number; status: number;
  private: boolean; contentAttributes: object | null; additionalAttributes?: object | null; inReplyTo: number | null; echoId: string | null; sourceId: string | null;
}

interface MessageKey { conversationId: number; id: number }
/** What is said of an answered message. */
export interface Quotable { id: number; source_id: string | null }

const columns = (content: string): string => `m.account_id, m.conversation_id, m.id, m.inbox_id, m.sender_id, m.created_at, m.updated_at, m.in_reply_to, m.message_type, m.content_type, m.status, m.sender_type,
  m.attempt, m.private, ${content} AS content, m.source_id, m.echo_id, m.external_error, m.content_attributes, m.additional_attributes, m.deleted_at,
  CASE WHEN u.id IS NULL THEN NULL ELSE jsonb_build_object('id', u.id, 'name', u.name, 'email', u.email, 'display_name', u.display_name, 'avatar_key', u.avatar_key,
    'availability', au.availability, 'auto_offline', au.auto_offline) END AS "user",
  CASE WHEN sc.id IS NULL THEN NULL ELSE jsonb_build_object('id', sc.id, 'name', sc.name, 'email', sc.email, 'phone_number', sc.phone_number, 'identifier', sc.identifier,
    'avatar_key', sc.avatar_key, 'blocked', sc.blocked, 'additional_attributes', sc.additional_attributes, 'custom_attributes', sc.custom_attributes) END AS contact,
  CASE WHEN ab.id IS NULL THEN NULL ELSE jsonb_build_object('id', ab.id, 'name', ab.name, 'avatar_key', ab.avatar_key) END AS bot,
  (SELECT jsonb_agg(to_jsonb(a) ORDER BY a.id) FROM attachments a WHERE a.account_id = m.account_id AND a.conversation_id = m.conversation_id AND a.message_id = m.id) AS attachments`;
const COLUMNS = columns('m.content');
/** Where messages stand inside something else, many at a time: so many characters of each. */
const LISTED = 10_000;
const LISTED_COLUMNS = columns(`CASE WHEN octet_length(m.content) > ${LISTED} AND length(m.content) > ${LISTED} THEN left(m.content, ${LISTED - 1}) || '…' ELSE m.content END`);
const SENDERS = `LEFT JOIN users u ON m.sender_type = 2 AND u.id = m.sender_id
  LEFT JOIN account_users au ON m.sender_type = 2 AND au.account_id = m.account_id AND au.user_id = m.sender_id
  LEFT JOIN agent_bots ab ON m.sender_type = 3 AND ab.id = m.sender_id
  LEFT JOIN contacts sc ON m.sender_type = 1 AND sc.account_id = m.account_id AND sc.id = m.sender_id`;
// What a contact may see of a conversation.
const PUBLIC = 'AND NOT m.private AND m.message_type <> 2';

const PAGE = 20;
const MOST_BYTES = 4 * 1024 * 1024;
/** The first of these messages, from the oldest on: a page of them, and more while they are not too long together. */
const within = (limit: number, messages: string): string => (limit <= PAGE ? messages
  : `SELECT * FROM (SELECT m.*, row_number() OVER w AS place, sum(octet_length(m.content)) OVER w AS bytes FROM (${messages}) m WINDOW w AS (ORDER BY m.id)) m WHERE place <= ${PAGE} OR bytes <= ${MOST_BYTES}`);

/** The messages of conversations. Always asked for with the conversation: the key begins with it. */
@Injectable()
export class MessagesRepository {
  /**
   * A piece of a thread, oldest first: the newest 20, 20 older than `before`, up to 100 newer than `after`, up to 1,000 between both.
   * Of more than 20 only as many as have no more than four megabytes of text together.
   */
  async thread(tx: Tx, conversationId: number, { before, after }: ThreadQuery, audience: 'agent' | 'contact' = 'agent'): Promise<MessageRow[]> {
    const limit = after === undefined ? 20 : before === undefined ? 100 : 1000;
    const direction = after === undefined ? 'DESC' : 'ASC';
    // Chatwoot's clients ask for a range that begins with the message they name.
    const afterSign = before === undefined ? '>' : '>=';
    const rows = await tx.sql<MessageRow>(
      `SELECT ${COLUMNS} FROM (${within(limit, `SELECT * FROM messages m WHERE m.account_id = $1 AND m.conversation_id = $2 AND m.id < $3 AND m.id ${afterSign} $4 ${audience === 'contact' ? PUBLIC : ''}
         ORDER BY m.id ${direction} LIMIT ${limit}`)}) m ${SENDERS} ORDER BY m.id`,
      [tx.accountId, conversationId, before ?? Number.MAX_SAFE_INTEGER, after ?? 0]);
    return rows;
  }

  async find(tx: Tx, conversationId: number, id: number): Promise<MessageRow | undefined> {
    return (await tx.prepared<MessageRow>(`SELECT ${COLUMNS} FROM messages m ${SENDERS} WHERE m.account_id = $1 AND m.conversation_id = $2 AND m.id = $3`, [tx.accountId, conversationId, id]))[0];
  }

  /** Some messages of some conversations, in no order, of long ones the beginning. Those that are gone are missing. */
  listed(tx: Tx, keys: readonly MessageKey[]): Promise<MessageRow[]> {
    return this.findMany(tx, keys, LISTED_COLUMNS);
  }

  /** The same, whole. */
  findMany(tx: Tx, keys: readonly MessageKey[], shown = COLUMNS): Promise<MessageRow[]> {
    if (keys.length === 0) return Promise.resolve([]);
    return tx.prepared<MessageRow>(
      `SELECT ${shown} FROM unnest($2::bigint[], $3::bigint[]) AS k(conversation_id, id)
       JOIN messages m ON m.account_id = $1 AND m.conversation_id = k.conversation_id AND m.id = k.id ${SENDERS}`,
      [tx.accountId, keys.map((key) => key.conversationId), keys.map((key) => key.id)]);
  }

  async exists(tx: Tx, conversationId: number, id: number): Promise<boolean> {
    return (await tx.sql('SELECT FROM messages WHERE account_id = $1 AND conversation_id = $2 AND id = $3', [tx.accountId, conversationId, id])).length > 0;
  }

  /** A message of the conversation that another may answer, by its id or by what the other side calls it. */
  quotable(tx: Tx, conversation: { id: number; inbox_id: number }, by: { id: number } | { sourceId: string }): Promise<Quotable | undefined> {
    return 'id' in by
      ? tx.one<Quotable>('SELECT id, source_id FROM messages WHERE account_id = $1 AND conversation_id = $2 AND id = $3', [tx.accountId, conversation.id, by.id])
      : tx.one<Quotable>('SELECT id, source_id FROM messages WHERE account_id = $1 AND inbox_id = $2 AND source_key = hashtextextended($4, 0) AND source_id = $4 AND conversation_id = $3 ORDER BY id DESC LIMIT 1',
        [tx.accountId, conversation.inbox_id, conversation.id, by.sourceId]);
  }

  /** Call it after the conversation's row is locked: then ids follow the order of commits. Undefined when this sender used the echo id before. */
  async insert(tx: Tx, m: NewMessage): Promise<{ id: number; at: string } | undefined> {
    return (await tx.prepared<{ id: number; at: string }>(
      `INSERT INTO messages (account_id, conversation_id, id, inbox_id, message_type, sender_type, sender_id, content, content_type, status, private, content_attributes,
         additional_attributes, in_reply_to, echo_id, source_id, created_at, updated_at)
       VALUES ($1, $2, coalesce($3, nextval('messages_id_seq')), $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, clock_timestamp(), clock_timestamp())
       ON CONFLICT (account_id, conversation_id, sender_type, sender_id, echo_id) WHERE echo_id IS NOT NULL DO NOTHING RETURNING id, created_at::text AS at`,
      [tx.accountId, m.conversationId, m.id ?? null, m.inboxId, m.messageType, m.senderType, m.senderId, m.content, m.contentType, m.status, m.private,
        m.contentAttributes && JSON.stringify(m.contentAttributes), m.additionalAttributes ? JSON.stringify(m.additionalAttributes) : null, m.inReplyTo, m.echoId, m.sourceId]))[0];
  }

  findByEcho(tx: Tx, conversationId: number, senderType: number, senderId: number, echo: string): Promise<MessageRow | undefined> {
    return tx.one<MessageRow>(
      `SELECT ${COLUMNS} FROM messages m ${SENDERS} WHERE m.account_id = $1 AND m.conversation_id = $2 AND m.sender_type = $3 AND m.sender_id = $4 AND m.echo_id = $5`,
      [tx.accountId, conversationId, senderType, senderId, echo]);
  }

  /** Leaves a mark in place of what was said, in the conversation's preview too. */
  async bury(tx: Tx, conversationId: number, id: number, mark: string): Promise<void> {
    await tx.sql(
      `WITH p AS (UPDATE conversations SET last_message_preview = $4 WHERE account_id = $1 AND id = $2 AND last_message_id = $3)
       UPDATE messages SET content = $4, content_attributes = '{"deleted": true}', external_error = NULL, deleted_at = clock_timestamp(), updated_at = clock_timestamp()
       WHERE account_id = $1 AND conversation_id = $2 AND id = $3`, [tx.accountId, conversationId, id, mark]);
  }

  async setStatus(tx: Tx, conversationId: number, id: number, status: number, error: string | null): Promise<void> {
    await tx.sql('UPDATE messages SET status = $4, external_error = $5, updated_at = clock_timestamp() WHERE account_id = $1 AND conversation_id = $2 AND id = $3',
      [tx.accountId, conversationId, id, status, error]);
  }
}
