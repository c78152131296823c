import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/transaction.js';
import { Status } from '../conversation-codes.js';

const BATCH = 500;

/** Writes who takes care of a conversation. */
@Injectable()
export class AssignmentRepository {
  /** Who takes over has not read it yet, and follows it from now on; a bot that held it does no more, and whoever it answered waits for people. */
  async assign(tx: Tx, id: number, userId: number | null, lineId: number): Promise<void> {
    await tx.sql(
      `WITH p AS (INSERT INTO conversation_participants (account_id, conversation_id, user_id) SELECT $1, $2, $3 WHERE $3::bigint IS NOT NULL ON CONFLICT DO NOTHING)
       UPDATE conversations SET assignee_id = $3, agent_bot_id = NULL, waiting_since = CASE WHEN $3 IS NOT NULL AND agent_bot_id IS NOT NULL AND status = ${Status.pending} THEN coalesce(waiting_since, clock_timestamp()) ELSE waiting_since END,
         assignee_last_seen_at = NULL, last_message_id = $4, updated_at = clock_timestamp() WHERE account_id = $1 AND id = $2`,
      [tx.accountId, id, userId, lineId]);
  }

  /** A bot of this account, which stays until the end of the transaction, or one that serves all. */
  async bot(tx: Tx, id: number): Promise<{ id: number; name: string } | undefined> {
    return await tx.one<{ id: number; name: string }>('SELECT id, name FROM agent_bots WHERE id = $1 AND account_id = $2 FOR KEY SHARE', [id, tx.accountId])
      ?? tx.one<{ id: number; name: string }>('SELECT id, name FROM agent_bots WHERE id = $1 AND account_id IS NULL', [id]);
  }

  /** A bot takes over: no person does. */
  async assignBot(tx: Tx, id: number, botId: number, lineId: number): Promise<void> {
    await tx.sql('UPDATE conversations SET assignee_id = NULL, agent_bot_id = $3, assignee_last_seen_at = NULL, last_message_id = $4, updated_at = clock_timestamp() WHERE account_id = $1 AND id = $2', [tx.accountId, id, botId, lineId]);
  }

  async assignTeam(tx: Tx, id: number, teamId: number | null, lineId: number): Promise<void> {
    await tx.sql('UPDATE conversations SET team_id = $3, last_message_id = $4, updated_at = clock_timestamp() WHERE account_id = $1 AND id = $2', [tx.accountId, id, teamId, lineId]);
  }

  /** Takes a batch of conversations from a team that is gone. Answers how many; call again while it is not 0. */
  async forgetTeam(tx: Tx, teamId: number): Promise<number> {
    return (await tx.sql(
      `UPDATE conversations SET team_id = NULL WHERE account_id = $1 AND id = ANY (ARRAY(
         SELECT id FROM conversations WHERE account_id = $1 AND team_id = $2 ORDER BY id LIMIT ${BATCH} FOR NO KEY UPDATE)) RETURNING id`, [tx.accountId, teamId])).length;
  }
}
