import { Injectable } from '@nestjs/common';
import type { Member } from '../identity/access/principal.js';
import { isAdministrator } from '../identity/access/principal.js';
import type { Tx } from '../platform/database/transaction.js';

/** A conversation's own row with what every act on it has to know of its inbox and contact. */
export interface ConversationRow {
  account_id: number; id: number; display_id: number; uuid: string; inbox_id: number; contact_id: number; contact_inbox_id: number; assignee_id: number | null; team_id: number | null;
  /** The bot that holds it, while it is pending. */
  agent_bot_id: number | null;
  created_at: Date; updated_at: Date; last_activity_at: Date; waiting_since: Date | null; snoozed_until: Date | null; first_reply_at: Date | null;
  agent_last_seen_at: Date | null; assignee_last_seen_at: Date | null; contact_last_seen_at: Date | null;
  incoming_count: number; unread_count: number; status: number; priority: number; label_ids: number[]; last_message_id: number | null; last_public_message_id: number | null;
  last_message_sender: number | null; last_message_preview: string | null; custom_attributes: Record<string, unknown> | null; additional_attributes: Record<string, unknown> | null;
  channel_type: string; source_id: string; contact_name: string; contact_blocked: boolean; account_locale: string;
}

/** What a message changes about its conversation. */
export interface MessageFacts { messageId: number; /** The message's created_at, as text with all its digits. */ at: string; preview: string | null }

const ROW = `SELECT c.*, i.channel_type, ci.source_id, ct.name AS contact_name, ct.blocked AS contact_blocked, a.locale AS account_locale FROM conversations c
  JOIN accounts a ON a.id = c.account_id
  JOIN inboxes i ON i.account_id = c.account_id AND i.id = c.inbox_id AND i.deleted_at IS NULL
  JOIN contact_inboxes ci ON ci.account_id = c.account_id AND ci.id = c.contact_inbox_id
  JOIN contacts ct ON ct.account_id = c.account_id AND ct.id = c.contact_id`;
const VISIBLE = `c.account_id = $1 AND c.display_id = $2 AND ($3::bigint IS NULL
  OR EXISTS (SELECT FROM inbox_members m WHERE m.account_id = c.account_id AND m.user_id = $3 AND m.inbox_id = c.inbox_id))`;

/** Rows of conversations: finding and locking one, and the single update that a message makes. */
@Injectable()
export class ConversationsRepository {
  /** The conversation with this number, if this member may see it. */
  find(tx: Tx, me: Member, displayId: number): Promise<ConversationRow | undefined> {
    return tx.one<ConversationRow>(`${ROW} WHERE ${VISIBLE}`, [tx.accountId, displayId, isAdministrator(me) ? null : me.userId]);
  }

  /** The same, locked until the end of the transaction: the first statement of everything that changes it. */
  lock(tx: Tx, me: Member, displayId: number): Promise<ConversationRow | undefined> {
    return tx.one<ConversationRow>(`${ROW} WHERE ${VISIBLE} FOR NO KEY UPDATE OF c`, [tx.accountId, displayId, isAdministrator(me) ? null : me.userId]);
  }

  /** Some conversations by key, whoever may see them. Those in deleted inboxes are not found. */
  byIds(tx: Tx, ids: readonly number[]): Promise<ConversationRow[]> {
    return tx.prepared<ConversationRow>(`${ROW} WHERE c.account_id = $1 AND c.id = ANY ($2::bigint[])`, [tx.accountId, ids]);
  }

  async lockById(tx: Tx, id: number): Promise<ConversationRow | undefined> {
    return (await tx.prepared<ConversationRow>(`${ROW} WHERE c.account_id = $1 AND c.id = $2 FOR NO KEY UPDATE OF c`, [tx.accountId, id]))[0];
  }

  /** The same for several, in the order in which they are locked. */
  lockByIds(tx: Tx, ids: readonly number[]): Promise<ConversationRow[]> {
    return tx.prepared<ConversationRow>(`${ROW} WHERE c.account_id = $1 AND c.id = ANY ($2::bigint[]) ORDER BY c.id FOR NO KEY UPDATE OF c`, [tx.accountId, ids]);
  }

  /** The contact wrote: somebody waits, unless nobody wants to hear them (`quiet`). */
  async recordIncoming(tx: Tx, id: number, facts: MessageFacts, change: { status: number; quiet: boolean }): Promise<void> {
    await tx.sql(
      `UPDATE conversations SET last_activity_at = $4::timestamptz, updated_at = $4::timestamptz, last_message_id = $3, last_public_message_id = $3, last_message_preview = $5,
         last_message_sender = 1, incoming_count = incoming_count + 1, unread_count = CASE WHEN $7::boolean THEN unread_count ELSE unread_count + 1 END,
         waiting_since = CASE WHEN $7 THEN waiting_since ELSE coalesce(waiting_since, $4::timestamptz) END,
         status = $6::smallint, snoozed_until = CASE WHEN $6::smallint = 3 THEN snoozed_until ELSE NULL END
       WHERE account_id = $1 AND id = $2`, [tx.accountId, id, facts.messageId, facts.at, facts.preview, change.status, change.quiet]);
  }

  /** Somebody of ours answered: nobody waits, and who answers has read. */
  async recordReply(tx: Tx, id: number, facts: MessageFacts, sender: { type: number; userId: number | null }): Promise<void> {
    await tx.sql(
      `UPDATE conversations SET last_activity_at = $4::timestamptz, updated_at = $4::timestamptz, last_message_id = $3, last_public_message_id = $3, last_message_preview = $5,
         last_message_sender = $6, first_reply_at = coalesce(first_reply_at, $4::timestamptz), waiting_since = NULL, unread_count = 0, agent_last_seen_at = $4::timestamptz,
         assignee_last_seen_at = CASE WHEN assignee_id = $7 THEN $4::timestamptz ELSE assignee_last_seen_at END
       WHERE account_id = $1 AND id = $2`, [tx.accountId, id, facts.messageId, facts.at, facts.preview, sender.type, sender.userId]);
  }

  /** Something that nobody wrote. It shows in lists and is read by the contact, but answers nobody: who waits goes on waiting. */
  async recordAutomatic(tx: Tx, id: number, facts: MessageFacts): Promise<void> {
    await tx.sql(
      `UPDATE conversations SET last_activity_at = $4::timestamptz, updated_at = $4::timestamptz, last_message_id = $3, last_public_message_id = $3, last_message_preview = $5, last_message_sender = NULL
       WHERE account_id = $1 AND id = $2`, [tx.accountId, id, facts.messageId, facts.at, facts.preview]);
  }

  /** A program answered: nobody waits, but no person has answered or read yet. */
  async recordBotReply(tx: Tx, id: number, facts: MessageFacts): Promise<void> {
    await tx.sql(
      `UPDATE conversations SET last_activity_at = $4::timestamptz, updated_at = $4::timestamptz, last_message_id = $3, last_public_message_id = $3, last_message_preview = $5,
         last_message_sender = 3, waiting_since = NULL WHERE account_id = $1 AND id = $2`, [tx.accountId, id, facts.messageId, facts.at, facts.preview]);
  }

  /** A note among agents ends nobody's waiting. */
  async recordNote(tx: Tx, id: number, facts: MessageFacts, senderType: number): Promise<void> {
    await tx.sql(
      `UPDATE conversations SET last_activity_at = $4::timestamptz, updated_at = $4::timestamptz, last_message_id = $3, last_message_preview = $5, last_message_sender = $6
       WHERE account_id = $1 AND id = $2`, [tx.accountId, id, facts.messageId, facts.at, facts.preview, senderType]);
  }
}
