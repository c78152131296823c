import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/transaction.js';

export interface Draft { content: string; private: boolean }

/** What somebody began to write: one per person and conversation, seen by nobody else. */
@Injectable()
export class DraftsRepository {
  find(tx: Tx, conversationId: number, userId: number): Promise<Draft | undefined> {
    return tx.one<Draft>('SELECT content, private FROM drafts WHERE account_id = $1 AND conversation_id = $2 AND user_id = $3', [tx.accountId, conversationId, userId]);
  }

  async save(tx: Tx, conversationId: number, userId: number, draft: Draft): Promise<void> {
    await tx.sql(
      `INSERT INTO drafts (account_id, conversation_id, user_id, content, private) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (account_id, conversation_id, user_id) DO UPDATE SET content = excluded.content, private = excluded.private, updated_at = now()`,
      [tx.accountId, conversationId, userId, draft.content, draft.private]);
  }

  async remove(tx: Tx, conversationId: number, userId: number): Promise<void> {
    await tx.sql('DELETE FROM drafts WHERE account_id = $1 AND conversation_id = $2 AND user_id = $3', [tx.accountId, conversationId, userId]);
  }
}
