import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/transaction.js';
import type { ThreadKeys } from './thread-keys.js';

/** A conversation that a mail may belong to, with what decides whether and how it may go on there. */
export interface ThreadRow {
  conversation_id: number; display_id: number; inbox_id: number; status: number; contact_id: number; contact_email: string | null; source_id: string;
  allow_messages_after_resolved: boolean; lock_to_single_conversation: boolean;
  /** Why the conversation counts as spam. */
  spam: string | null;
}
/** Somebody of ours with this address. */
export interface ColleagueRow { user_id: number; is_administrator: boolean; inbox_ids: number[] }
/** An address of ours: mail from there is no customer's, and nobody is added to a thread for it. */
export interface OwnAddress { email: string; forward_token: string }
export interface SenderRow {
  colleague: ColleagueRow | null;
  /** The entry of the block list that one of the patterns is. */
  blocked_by: string | null;
  of_sender: number; of_inbox: number;
}

const THREAD = `SELECT c.id AS conversation_id, c.display_id, c.inbox_id, c.status, c.contact_id, ct.email AS contact_email, ci.source_id, i.allow_messages_after_resolved, i.lock_to_single_conversation, c.additional_attributes->>'spam' AS spam
  FROM conversations c JOIN inboxes i ON i.account_id = c.account_id AND i.id = c.inbox_id AND i.deleted_at IS NULL
  JOIN contacts ct ON ct.account_id = c.account_id AND ct.id = c.contact_id JOIN contact_inboxes ci ON ci.account_id = c.account_id AND ci.id = c.contact_inbox_id`;

/** Finds the conversation that a mail answers. Only within the account: a reply never crosses over. */
@Injectable()
export class ThreadsRepository {
  /** The conversation of the first of these tokens that is known. */
  byToken(tx: Tx, tokens: readonly string[]): Promise<ThreadRow | undefined> {
    return tx.one<ThreadRow>(
      `${THREAD} JOIN mail_reply_tokens t ON t.account_id = c.account_id AND t.conversation_id = c.id
       WHERE c.account_id = $1 AND t.account_id = $1 AND t.token = ANY ($2::text[]) ORDER BY array_position($2::text[], t.token) LIMIT 1`, [tx.accountId, tokens]);
  }

  /** The first that is known of conversations by their public id, as addresses and ids of installations that moved here name them. */
  byUuid(tx: Tx, uuids: readonly string[]): Promise<ThreadRow | undefined> {
    return tx.one<ThreadRow>(`${THREAD} WHERE c.account_id = $1 AND c.uuid = ANY ($2::uuid[]) ORDER BY array_position($2::uuid[], c.uuid) LIMIT 1`, [tx.accountId, uuids]);
  }

  /** Every conversation that one of these keys names. */
  async conversationsOf(tx: Tx, { ids, tokens, uuids }: ThreadKeys): Promise<number[]> {
    const rows = await tx.sql<{ id: number }>(
      `SELECT conversation_id AS id FROM mail_message_ids WHERE account_id = $1 AND rfc_message_id = ANY ($2) UNION SELECT conversation_id FROM mail_reply_tokens WHERE account_id = $1 AND token = ANY ($3)
       UNION SELECT id FROM conversations WHERE account_id = $1 AND uuid = ANY ($4::uuid[])`, [tx.accountId, ids, tokens, uuids]);
    return rows.map((row) => row.id);
  }

  /** The conversation of the first of these Message-IDs that is known. */
  async byMessageIds(tx: Tx, ids: readonly string[], inboxId: number): Promise<ThreadRow | undefined> {
    if (ids.length === 0) return undefined;
    // One mail may have reached two inboxes of ours: the copy in this one is meant.
    const found = await tx.one<{ conversation_id: number }>(
      `SELECT k.conversation_id FROM unnest($2::text[]) WITH ORDINALITY AS wanted(id, n) JOIN mail_message_ids k ON k.account_id = $1 AND k.rfc_message_id = wanted.id
       ORDER BY wanted.n, k.inbox_id = $3 DESC, k.conversation_id DESC LIMIT 1`, [tx.accountId, ids, inboxId]);
    return found && tx.one<ThreadRow>(`${THREAD} WHERE c.account_id = $1 AND c.id = $2`, [tx.accountId, found.conversation_id]);
  }

  /** What is known before anything else is asked: whether this very mail is in the inbox already, however it came the first time; whether one of ours came back to it; our own addresses. */
  async atFirst(tx: Tx, inboxId: number, mail: { fingerprint: string; ids: readonly string[] }): Promise<{ is_known: boolean; is_ours: boolean; own: OwnAddress[] }> {
    const [row] = await tx.prepared<{ is_known: boolean; is_ours: boolean; own: OwnAddress[] }>(
      `SELECT EXISTS (SELECT FROM mail_messages WHERE account_id = $1 AND inbox_id = $2 AND fingerprint = $3) AS is_known,
         EXISTS (SELECT FROM mail_message_ids k JOIN messages m ON m.account_id = k.account_id AND m.conversation_id = k.conversation_id AND m.id = k.message_id AND m.message_type IN (1, 3)
           WHERE k.account_id = $1 AND k.inbox_id = $2 AND k.rfc_message_id = ANY ($4::text[])) AS is_ours,
         (SELECT coalesce(jsonb_agg(jsonb_build_object('email', coalesce(channel_config->>'email', ''), 'forward_token', coalesce(channel_config->>'forward_token', ''))), '[]') FROM inboxes
           WHERE account_id = $1 AND channel_type = 'email' AND deleted_at IS NULL) AS own`, [tx.accountId, inboxId, mail.fingerprint, mail.ids]);
    return row!;
  }

  async participates(tx: Tx, conversationId: number, address: string): Promise<boolean> {
    return (await tx.sql('SELECT FROM mail_participants WHERE account_id = $1 AND conversation_id = $2 AND address = $3', [tx.accountId, conversationId, address])).length > 0;
  }

  /** Who a sender is to us: one of ours, blocked, and how much they, and everybody to the inbox, have sent since some time; counted up to a limit. */
  async sender(tx: Tx, inboxId: number, sender: { address: string; patterns: readonly string[] }, since: Date, limit: { sender: number; inbox: number }): Promise<SenderRow> {
    const [row] = await tx.prepared<SenderRow>(
      `SELECT (SELECT jsonb_build_object('user_id', u.id, 'is_administrator', au.role = 1, 'inbox_ids', (SELECT coalesce(jsonb_agg(m.inbox_id), '[]') FROM inbox_members m WHERE m.account_id = $1 AND m.user_id = u.id))
           FROM users u JOIN account_users au ON au.account_id = $1 AND au.user_id = u.id WHERE u.email = $3 AND u.confirmed_at IS NOT NULL) AS colleague,
         (SELECT pattern FROM mail_blocks WHERE account_id = $1 AND pattern = ANY ($4::text[]) ORDER BY pattern LIMIT 1) AS blocked_by,
         (SELECT count(*)::int FROM (SELECT FROM mail_messages WHERE account_id = $1 AND from_address = $3 AND direction = 0 AND created_at > $5 LIMIT $6) m) AS of_sender,
         (SELECT count(*)::int FROM (SELECT FROM mail_raws WHERE account_id = $1 AND inbox_id = $2 AND state = 1 AND arrived_at > $5 LIMIT $7) r) AS of_inbox`,
      [tx.accountId, inboxId, sender.address, sender.patterns, since, limit.sender, limit.inbox]);
    return row!;
  }

  /** The entry of the block list that one of these addresses or their domains falls under. */
  async blockedBy(tx: Tx, patterns: readonly string[]): Promise<string | undefined> {
    return (await tx.one<{ pattern: string }>('SELECT pattern FROM mail_blocks WHERE account_id = $1 AND pattern = ANY ($2) ORDER BY pattern LIMIT 1', [tx.accountId, patterns]))?.pattern;
  }
}
