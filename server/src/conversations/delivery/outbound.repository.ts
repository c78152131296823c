import { Injectable } from '@nestjs/common';
import type { Changes } from '../../delivery/changes.js';
import type { Tx } from '../../platform/database/transaction.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { messageChanges, type MessageFacts } from '../messages/message-changes.js';
import { LEASE_MS, type WaitingMessage } from './next-step.js';
import type { DrainConversation } from './outbound-queue.js';

interface WaitingRow { message_id: number; attempt: number; due_in: number; claimed_for: number | null; tried_for: number | null }

/** A running attempt. The token tells it from a later attempt that took the message over. */
export interface Claim { messageId: number; attempt: number; token: string }

const STATUS = { sent: 0, failed: 3, queued: 4, sending: 5, uncertain: 6 } as const;
export type SettledStatus = 'sent' | 'failed' | 'uncertain';

type Written = Record<'before' | 'after', MessageFacts>;
const WAS = 'WITH was AS (SELECT status, external_error, source_id, content_attributes FROM messages WHERE account_id = $1 AND conversation_id = $2 AND id = $3 FOR NO KEY UPDATE)';
const WRITTEN = `RETURNING to_jsonb(was) AS before,
  jsonb_build_object('status', m.status, 'external_error', m.external_error, 'source_id', m.source_id, 'content_attributes', m.content_attributes) AS after`;
const changesOf = (written: Written | undefined): Changes => (written ? messageChanges(written.before, written.after) : {});

/** The waiting list of outgoing messages: rows live only until the outcome is final. */
@Injectable()
export class OutboundRepository {
  constructor(private readonly system: SystemWork) {}

  /** Locks the conversation, so that claims and events of it are one after the other. False when it is gone. */
  async lockConversation(tx: Tx, conversationId: number): Promise<boolean> {
    return await tx.one('SELECT id FROM conversations WHERE account_id = $1 AND id = $2 FOR NO KEY UPDATE', [tx.accountId, conversationId]) !== undefined;
  }

  /** What waits in the conversation, oldest first. Call it with the conversation locked. */
  async waiting(tx: Tx, conversationId: number): Promise<WaitingMessage[]> {
    const rows = await tx.sql<WaitingRow>(
      `SELECT message_id, attempt, (extract(epoch FROM due_at - clock_timestamp()) * 1000)::float8 AS due_in,
         (extract(epoch FROM clock_timestamp() - claimed_at) * 1000)::float8 AS claimed_for, (extract(epoch FROM clock_timestamp() - first_tried_at) * 1000)::float8 AS tried_for
       FROM outbound_messages WHERE account_id = $1 AND conversation_id = $2 ORDER BY message_id`, [tx.accountId, conversationId]);
    return rows.map((row) => ({ messageId: row.message_id, attempt: row.attempt, dueInMs: row.due_in, claimedForMs: row.claimed_for, triedForMs: row.tried_for }));
  }

  /** Begins the next attempt. Undefined when the message may no longer be sent: deleted, or its fate is known. */
  async claim(tx: Tx, conversationId: number, messageId: number): Promise<Claim | undefined> {
    const message = await tx.one<{ attempt: number }>(
      `UPDATE messages SET status = ${STATUS.sending}, attempt = attempt + 1, updated_at = clock_timestamp()
       WHERE account_id = $1 AND conversation_id = $2 AND id = $3 AND deleted_at IS NULL AND status IN (${STATUS.queued}, ${STATUS.sending}) RETURNING attempt`, [tx.accountId, conversationId, messageId]);
    if (!message) {
      await this.forget(tx, conversationId, messageId);
      return undefined;
    }
    const row = await tx.one<{ attempt: number; token: string }>(
      `UPDATE outbound_messages SET claimed_at = clock_timestamp(), attempt = attempt + 1, first_tried_at = coalesce(first_tried_at, clock_timestamp())
       WHERE account_id = $1 AND conversation_id = $2 AND message_id = $3 RETURNING attempt, claimed_at::text AS token`, [tx.accountId, conversationId, messageId]);
    return { messageId, attempt: row!.attempt, token: row!.token };
  }

  /** Gives a running attempt so much longer, by dating it later. */
  async extend(tx: Tx, conversationId: number, claim: Claim, ms: number): Promise<Claim> {
    const row = await tx.one<{ token: string }>(
      `UPDATE outbound_messages SET claimed_at = claimed_at + make_interval(secs => $4) WHERE account_id = $1 AND conversation_id = $2 AND message_id = $3 RETURNING claimed_at::text AS token`,
      [tx.accountId, conversationId, claim.messageId, ms / 1_000]);
    return { ...claim, token: row!.token };
  }

  /** Whether this attempt is still the running one. */
  async holds(tx: Tx, conversationId: number, claim: Claim): Promise<boolean> {
    return await tx.one('SELECT 1 AS held FROM outbound_messages WHERE account_id = $1 AND conversation_id = $2 AND message_id = $3 AND claimed_at::text = $4 FOR UPDATE',
      [tx.accountId, conversationId, claim.messageId, claim.token]) !== undefined;
  }

  /** Ends the delivery of a message. What a status report said meanwhile (delivered, read, failed) is newer and stays. */
  async settle(tx: Tx, conversationId: number, messageId: number, status: SettledStatus, { error = null, sourceId = null }: { error?: string | null; sourceId?: string | null } = {}): Promise<Changes> {
    await this.forget(tx, conversationId, messageId);
    return changesOf(await tx.one<Written>(
      `${WAS} UPDATE messages m SET status = CASE WHEN m.status IN (${STATUS.queued}, ${STATUS.sending}) THEN $4 ELSE m.status END,
         external_error = CASE WHEN m.status IN (${STATUS.queued}, ${STATUS.sending}) THEN $5 ELSE m.external_error END,
         source_id = coalesce($6, m.source_id), updated_at = clock_timestamp() FROM was
       WHERE m.account_id = $1 AND m.conversation_id = $2 AND m.id = $3 ${WRITTEN}`, [tx.accountId, conversationId, messageId, STATUS[status], error, sourceId]));
  }

  /** Puts the message back to be tried again after so long. */
  async postpone(tx: Tx, conversationId: number, messageId: number, ms: number, reason: string): Promise<Changes> {
    await tx.sql(
      `UPDATE outbound_messages SET claimed_at = NULL, due_at = clock_timestamp() + make_interval(secs => $4) WHERE account_id = $1 AND conversation_id = $2 AND message_id = $3`,
      [tx.accountId, conversationId, messageId, ms / 1_000]);
    return changesOf(await tx.one<Written>(
      `${WAS} UPDATE messages m SET status = ${STATUS.queued}, external_error = $4, updated_at = clock_timestamp() FROM was
       WHERE m.account_id = $1 AND m.conversation_id = $2 AND m.id = $3 AND m.status IN (${STATUS.queued}, ${STATUS.sending}) ${WRITTEN}`, [tx.accountId, conversationId, messageId, reason]));
  }

  private async forget(tx: Tx, conversationId: number, messageId: number): Promise<void> {
    await tx.sql('DELETE FROM outbound_messages WHERE account_id = $1 AND conversation_id = $2 AND message_id = $3', [tx.accountId, conversationId, messageId]);
  }

  /** Conversations of all accounts with something due that no live attempt works on. */
  async overdue(limit: number): Promise<DrainConversation[]> {
    const rows = await this.system.sql<{ account_id: number; conversation_id: number }>(
      `SELECT account_id, conversation_id FROM outbound_messages
       WHERE due_at <= now() AND (claimed_at IS NULL OR claimed_at < now() - make_interval(secs => $2)) GROUP BY account_id, conversation_id ORDER BY min(due_at) LIMIT $1`, [limit, LEASE_MS / 1_000]);
    return rows.map((row) => ({ accountId: row.account_id, conversationId: row.conversation_id }));
  }
}
