import { Injectable } from '@nestjs/common';
import { Jobs } from '../../delivery/job.js';
import type { Tx } from '../../platform/database/transaction.js';
import { Log } from '../../platform/logging/log.js';

export const DRAIN_CONVERSATION = 'drain-conversation';

/** What the job that drains a conversation is told. */
export interface DrainConversation { accountId: number; conversationId: number }

/** Takes outgoing messages of channels that send by a worker. */
@Injectable()
export class OutboundQueue {
  constructor(private readonly jobs: Jobs, private readonly log: Log) {}

  /**
   * Queues a message, or a failed one again, in the transaction that stores it with status `queued`. Call it after the conversation's row is locked.
   * The row is what counts; the job added after the commit only saves the sweeper's seconds.
   */
  async enqueue(tx: Tx, { conversationId, messageId }: { conversationId: number; messageId: number }): Promise<void> {
    await tx.sql(
      `INSERT INTO outbound_messages (account_id, conversation_id, message_id) VALUES ($1, $2, $3)
       ON CONFLICT (account_id, conversation_id, message_id) DO UPDATE SET due_at = now(), claimed_at = NULL, first_tried_at = NULL`,
      [tx.accountId, conversationId, messageId]);
    const payload: DrainConversation = { accountId: tx.accountId, conversationId };
    tx.afterCommit(() => {
      this.jobs.add(DRAIN_CONVERSATION, payload, { key: `${tx.accountId}-${conversationId}` })
        .catch((error: unknown) => this.log.debug('the sweeper will send this conversation', { ...payload, error: (error as Error).message }));
    });
  }
}
