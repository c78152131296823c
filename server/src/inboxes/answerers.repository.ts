import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/transaction.js';

/** Which programs answer first in an inbox. */
export interface Answerers { agent_bot_id: number | null; has_answering_hook: boolean }

/** Statements about them. Lock order: what a conversation belongs to, the conversation, then the inbox. */
@Injectable()
export class AnswerersRepository {
  /** Nobody can begin a conversation as a program's until the transaction ends, and what has begun so is committed. */
  lock(tx: Tx, inboxId: number): Promise<Answerers | undefined> {
    return tx.one<Answerers>('SELECT agent_bot_id, has_answering_hook FROM inboxes WHERE account_id = $1 AND id = $2 AND deleted_at IS NULL FOR UPDATE', [tx.accountId, inboxId]);
  }

  /** As they are until the transaction ends. */
  hold(tx: Tx, inboxId: number): Promise<Answerers | undefined> {
    return tx.one<Answerers>('SELECT agent_bot_id, has_answering_hook FROM inboxes WHERE account_id = $1 AND id = $2 FOR KEY SHARE', [tx.accountId, inboxId]);
  }

  async write(tx: Tx, inboxId: number, { agent_bot_id, has_answering_hook }: Answerers): Promise<void> {
    await tx.sql('UPDATE inboxes SET agent_bot_id = $3, has_answering_hook = $4, updated_at = now() WHERE account_id = $1 AND id = $2', [tx.accountId, inboxId, agent_bot_id, has_answering_hook]);
  }
}
