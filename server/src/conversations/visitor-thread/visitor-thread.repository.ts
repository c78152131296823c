import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/transaction.js';
import { Status } from '../conversation-codes.js';

export interface OwnConversationRow {
  id: number; display_id: number; uuid: string; status: number; contact_last_seen_at: Date | null; agent_last_seen_at: Date | null; custom_attributes: Record<string, unknown> | null;
}

const COLUMNS = 'c.id, c.display_id, c.uuid, c.status, c.contact_last_seen_at, c.agent_last_seen_at, c.custom_attributes';
const OF_IDENTITY = `SELECT ${COLUMNS} FROM contact_inboxes ci JOIN conversations c ON c.account_id = ci.account_id AND c.contact_id = ci.contact_id AND c.contact_inbox_id = ci.id
  WHERE ci.account_id = $1 AND ci.id = $2`;
/** Who has proved who they are reads all they wrote to the inbox, from whatever device. */
const OF_PERSON = `SELECT ${COLUMNS} FROM contact_inboxes ci JOIN conversations c ON c.account_id = ci.account_id AND c.contact_id = ci.contact_id
    AND (c.contact_inbox_id = ci.id OR (ci.hmac_verified AND c.inbox_id = ci.inbox_id))
  WHERE ci.account_id = $1 AND ci.id = $2`;
/** The most that attributes of one conversation may take up, as JSON text. */
const MAX_ATTRIBUTES = 100_000;

/** Some columns of a row, as they were before a change and after it. */
type Written<Columns extends string> = Record<'before' | 'after', Record<Columns, Record<string, unknown> | null>>;

/** A contact's own conversation: what they may read and change of it. */
@Injectable()
export class VisitorThreadRepository {
  /** The same conversation that their next message would go to: the newest that is not resolved, else the newest. */
  current(tx: Tx, contactInboxId: number): Promise<OwnConversationRow | undefined> {
    return tx.one<OwnConversationRow>(
      `${OF_IDENTITY} ORDER BY c.status = 1, c.id DESC LIMIT 1`, [tx.accountId, contactInboxId]);
  }

  async hasBegun(tx: Tx, inboxId: number, sourceId: string): Promise<boolean> {
    return (await tx.sql(
      `SELECT FROM contact_inboxes ci JOIN conversations c ON c.account_id = ci.account_id AND c.contact_id = ci.contact_id AND c.contact_inbox_id = ci.id
       WHERE ci.account_id = $1 AND ci.inbox_id = $2 AND ci.source_id = $3 LIMIT 1`, [tx.accountId, inboxId, sourceId])).length > 0;
  }

  all(tx: Tx, contactInboxId: number): Promise<OwnConversationRow[]> {
    return tx.sql<OwnConversationRow>(`${OF_PERSON} ORDER BY c.id DESC LIMIT 100`, [tx.accountId, contactInboxId]);
  }

  byNumber(tx: Tx, contactInboxId: number, displayId: number): Promise<OwnConversationRow | undefined> {
    return tx.one<OwnConversationRow>(`${OF_PERSON} AND c.display_id = $3`, [tx.accountId, contactInboxId, displayId]);
  }

  async displayId(tx: Tx, conversationId: number): Promise<number | undefined> {
    return (await tx.one<{ display_id: number }>('SELECT display_id FROM conversations WHERE account_id = $1 AND id = $2', [tx.accountId, conversationId]))?.display_id;
  }

  /** False when nothing has happened since they last looked. */
  async markSeen(tx: Tx, conversationId: number): Promise<boolean> {
    return (await tx.sql(
      `UPDATE conversations SET contact_last_seen_at = clock_timestamp(), updated_at = clock_timestamp()
       WHERE account_id = $1 AND id = $2 AND (contact_last_seen_at IS NULL OR contact_last_seen_at < last_activity_at) RETURNING id`, [tx.accountId, conversationId])).length > 0;
  }

  /** The conversation beside which the inbox wants no other, if it is one of that kind and there is one. Whoever opens another meanwhile waits. */
  async onlyOne(tx: Tx, inboxId: number, contactInboxId: number): Promise<OwnConversationRow | undefined> {
    const locked = await tx.sql(
      `SELECT FROM contact_inboxes ci JOIN inboxes i ON i.account_id = ci.account_id AND i.id = ci.inbox_id AND i.lock_to_single_conversation
       WHERE ci.account_id = $1 AND ci.id = $2 AND ci.inbox_id = $3 FOR NO KEY UPDATE OF ci`, [tx.accountId, contactInboxId, inboxId]);
    return locked.length > 0 ? tx.one<OwnConversationRow>(`${OF_IDENTITY} ORDER BY c.id DESC LIMIT 1`, [tx.accountId, contactInboxId]) : undefined;
  }

  /** A conversation in which nothing is written yet. Undefined when the identity is not on that inbox. */
  open(tx: Tx, inboxId: number, contactInboxId: number, additional: object | undefined, custom: object | undefined): Promise<OwnConversationRow | undefined> {
    return tx.one<OwnConversationRow>(
      `WITH who AS (SELECT contact_id FROM contact_inboxes WHERE account_id = $1 AND id = $3 AND inbox_id = $2 FOR NO KEY UPDATE),
         k AS (UPDATE account_counters SET value = value + 1 WHERE account_id = $1 AND kind = 1 AND EXISTS (SELECT FROM who) RETURNING value)
       INSERT INTO conversations AS c (account_id, inbox_id, contact_id, contact_inbox_id, display_id, status, additional_attributes, custom_attributes)
       SELECT $1, $2, who.contact_id, $3, k.value, CASE WHEN i.agent_bot_id IS NULL AND NOT i.has_answering_hook THEN ${Status.open} ELSE ${Status.pending} END, $4, $5
       FROM who, k, inboxes i WHERE i.account_id = $1 AND i.id = $2 FOR KEY SHARE OF i RETURNING ${COLUMNS}`,
      [tx.accountId, inboxId, contactInboxId, additional ? JSON.stringify(additional) : null, custom ? JSON.stringify(custom) : null]);
  }

  /** False when they would become too many. */
  async mergeCustomAttributes(tx: Tx, conversationId: number, set: object, remove: string[]): Promise<Written<'custom_attributes'> | undefined> {
    return tx.one<Written<'custom_attributes'>>(
      `WITH was AS (SELECT custom_attributes FROM conversations WHERE account_id = $1 AND id = $2 FOR NO KEY UPDATE)
       UPDATE conversations c SET custom_attributes = nullif((coalesce(c.custom_attributes, '{}') || $3::jsonb) - $4::text[], '{}'), updated_at = clock_timestamp() FROM was
       WHERE c.account_id = $1 AND c.id = $2 AND length(((coalesce(c.custom_attributes, '{}') || $3::jsonb) - $4::text[])::text) <= ${MAX_ATTRIBUTES} RETURNING to_jsonb(was) AS before, jsonb_build_object('custom_attributes', c.custom_attributes) AS after`,
      [tx.accountId, conversationId, JSON.stringify(set), remove]);
  }

  /** What a public message of ours asks for, as stored; the message is locked. */
  question(tx: Tx, conversationId: number, messageId: number): Promise<{ content_type: number; content_attributes: Record<string, unknown> | null } | undefined> {
    return tx.one(
      `SELECT content_type, content_attributes FROM messages
       WHERE account_id = $1 AND conversation_id = $2 AND id = $3 AND NOT private AND message_type IN (1, 3) AND deleted_at IS NULL FOR NO KEY UPDATE`, [tx.accountId, conversationId, messageId]);
  }

  /** Writes what the contact filled in. Undefined when that is no public message of the conversation. */
  async submit(tx: Tx, conversationId: number, messageId: number, answer: object): Promise<Written<'content_attributes'> | undefined> {
    return tx.one<Written<'content_attributes'>>(
      `WITH was AS (SELECT content_attributes FROM messages WHERE account_id = $1 AND conversation_id = $2 AND id = $3 FOR NO KEY UPDATE)
       UPDATE messages m SET content_attributes = coalesce(m.content_attributes, '{}') || $4::jsonb, updated_at = clock_timestamp() FROM was
       WHERE m.account_id = $1 AND m.conversation_id = $2 AND m.id = $3 AND NOT m.private AND m.message_type IN (1, 3) AND m.deleted_at IS NULL
       RETURNING to_jsonb(was) AS before, jsonb_build_object('content_attributes', m.content_attributes) AS after`,
      [tx.accountId, conversationId, messageId, JSON.stringify(answer)]);
  }
}
