import { Injectable } from '@nestjs/common';
import type { LockedIdentity } from '../../contacts/identities.repository.js';
import type { Answerers } from '../../inboxes/answerers.repository.js';
import type { Tx } from '../../platform/database/transaction.js';

/** What ingest has to know of the inbox. */
export interface IngestInbox extends Answerers { allow_messages_after_resolved: boolean; lock_to_single_conversation: boolean; fresh: boolean }
/** A conversation that a message may go to. */
export interface OpenConversation { id: number; display_id: number; status: number; inbox_id: number; snoozed_until: Date | null }
export interface FirstMessage { status: number; quiet: boolean; preview: string | null; additional?: object; custom?: object }

/** Statements of the way in. Lock order everywhere: receipt, identity, conversation, counter. */
@Injectable()
export class IngestRepository {
  /** Takes the receipt of this external id; `fresh` is false when it was here before. Undefined when the inbox is gone. */
  async takeReceipt(tx: Tx, inboxId: number, externalId: string): Promise<IngestInbox | undefined> {
    return (await tx.prepared<IngestInbox>(
      `WITH i AS (SELECT allow_messages_after_resolved, lock_to_single_conversation, agent_bot_id, has_answering_hook FROM inboxes WHERE account_id = $1 AND id = $2 AND deleted_at IS NULL),
         r AS (INSERT INTO receipts (account_id, inbox_id, external_id) SELECT $1, $2, $3 FROM i ON CONFLICT DO NOTHING RETURNING 1)
       SELECT i.*, EXISTS (SELECT FROM r) AS fresh FROM i`, [tx.accountId, inboxId, externalId]))[0];
  }

  /** What the first delivery of this external id became. Undefined when it has been erased since. */
  firstTime(tx: Tx, inboxId: number, externalId: string): Promise<{ message_id: number; conversation_id: number; display_id: number; contact_id: number; contact_inbox_id: number } | undefined> {
    return tx.one(
      `SELECT r.message_id, c.id AS conversation_id, c.display_id, c.contact_id, c.contact_inbox_id FROM receipts r
       JOIN conversations c ON c.account_id = r.account_id AND c.id = r.conversation_id
       WHERE r.account_id = $1 AND r.inbox_id = $2 AND r.external_id = $3`, [tx.accountId, inboxId, externalId]);
  }

  /** The identity's newest conversation that is not resolved, else its newest, locked; or the named one if it is theirs, from whatever device once they have proved who they are. */
  async lockConversation(tx: Tx, identity: LockedIdentity, conversationId: number | undefined): Promise<OpenConversation | undefined> {
    return (await tx.prepared<OpenConversation>(
      `SELECT c.id, c.display_id, c.status, c.inbox_id, c.snoozed_until FROM conversations c
       WHERE c.account_id = $1 AND c.contact_id = $2 AND ($4::bigint IS NULL OR c.id = $4)
         AND (c.contact_inbox_id = $3 OR ($4::bigint IS NOT NULL AND c.inbox_id = $5 AND EXISTS (SELECT FROM contact_inboxes ci WHERE ci.account_id = $1 AND ci.id = $3 AND ci.hmac_verified)))
       ORDER BY c.status = 1, c.id DESC LIMIT 1 FOR NO KEY UPDATE`, [tx.accountId, identity.contact_id, identity.id, conversationId ?? null, identity.inbox_id]))[0];
  }

  /** A conversation that somebody joins, locked, whosever it is. Not found in an inbox that is deleted. */
  lockJoined(tx: Tx, conversationId: number): Promise<OpenConversation | undefined> {
    return tx.one<OpenConversation>(
      `SELECT c.id, c.display_id, c.status, c.inbox_id, c.snoozed_until FROM conversations c JOIN inboxes i ON i.account_id = c.account_id AND i.id = c.inbox_id AND i.deleted_at IS NULL
       WHERE c.account_id = $1 AND c.id = $2 FOR NO KEY UPDATE OF c`, [tx.accountId, conversationId]);
  }

  /** A conversation whose first message is about to follow under the id answered. Takes the account's next number as late as possible. */
  async open(tx: Tx, identity: LockedIdentity, first: FirstMessage): Promise<OpenConversation & { messageId: number; at: string }> {
    const [row] = await tx.prepared<OpenConversation & { messageId: number; at: string }>(
      `WITH k AS (UPDATE account_counters SET value = value + 1 WHERE account_id = $1 AND kind = 1 RETURNING value), t AS (SELECT nextval('messages_id_seq') AS message_id, clock_timestamp() AS at)
       INSERT INTO conversations (account_id, inbox_id, contact_id, contact_inbox_id, display_id, status, created_at, updated_at, last_activity_at, waiting_since, last_message_id,
         last_public_message_id, last_message_preview, last_message_sender, incoming_count, unread_count, additional_attributes, custom_attributes)
       SELECT $1, $2, $3, $4, k.value, $5, t.at, t.at, t.at, CASE WHEN $6 THEN NULL ELSE t.at END, t.message_id, t.message_id, $7, 1, 1, CASE WHEN $6 THEN 0 ELSE 1 END, $8, $9 FROM k, t
       RETURNING id, display_id, status, inbox_id, snoozed_until, last_message_id AS "messageId", created_at::text AS at`,
      [tx.accountId, identity.inbox_id, identity.contact_id, identity.id, first.status, first.quiet, first.preview,
        first.additional ? JSON.stringify(first.additional) : null, first.custom ? JSON.stringify(first.custom) : null]);
    return row!;
  }

  /** Closes the receipt, and notes that the contact was active. */
  async completeReceipt(tx: Tx, inboxId: number, externalId: string, conversationId: number, messageId: number, contactId: number): Promise<void> {
    await tx.prepared(
      `WITH c AS (UPDATE contacts SET last_activity_at = now() WHERE account_id = $1 AND id = $6)
       UPDATE receipts SET message_id = $5, conversation_id = $4 WHERE account_id = $1 AND inbox_id = $2 AND external_id = $3`,
      [tx.accountId, inboxId, externalId, conversationId, messageId, contactId]);
  }
}
