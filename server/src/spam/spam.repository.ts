import { Injectable } from '@nestjs/common';
import type { ConversationRow } from '../conversations/conversations.repository.js';
import type { Tx } from '../platform/database/transaction.js';

export type Marked = Pick<ConversationRow, 'additional_attributes' | 'unread_count' | 'waiting_since'>;
const MARKED = 'RETURNING additional_attributes, unread_count, waiting_since';

/** Whether conversations count as spam, and why, is kept among their attributes. */
@Injectable()
export class SpamRepository {
  async mark(tx: Tx, conversationId: number, because: string, lineId: number): Promise<Marked> {
    const row = await tx.one<Marked>(
      `UPDATE conversations SET additional_attributes = coalesce(additional_attributes, '{}') || jsonb_build_object('spam', 'by_hand', 'spam_because', $3::text), unread_count = 0,
         last_message_id = $4, updated_at = clock_timestamp() WHERE account_id = $1 AND id = $2 ${MARKED}`, [tx.accountId, conversationId, because, lineId]);
    return row!;
  }

  /** What nobody was shown is unread again. */
  async unmark(tx: Tx, conversationId: number, lineId: number): Promise<Marked> {
    const row = await tx.one<Marked>(
      `UPDATE conversations SET additional_attributes = additional_attributes - 'spam' - 'spam_because', unread_count = greatest(unread_count, 1), waiting_since = CASE WHEN last_message_sender = 1 THEN last_activity_at END,
         last_message_id = $3, updated_at = clock_timestamp() WHERE account_id = $1 AND id = $2 ${MARKED}`, [tx.accountId, conversationId, lineId]);
    return row!;
  }
}
