import { Injectable } from '@nestjs/common';
import { AGENT_COLUMNS, type AgentRow } from '../../identity/agents/agent.presenter.js';
import type { Tx } from '../../platform/database/transaction.js';

export interface UnreadRow { inbox_id: number; n: number; mine: number }
const ATTACHMENTS_SHOWN = 100;
const FILES_OF_CONTACT = `FROM conversations v JOIN attachments a ON a.account_id = v.account_id AND a.conversation_id = v.id
  WHERE v.account_id = $1 AND v.contact_id = $2 AND ($3::bigint[] IS NULL OR v.inbox_id = ANY ($3))`;

/** Who follows a conversation, and what waits unread. */
@Injectable()
export class DeskRepository {
  participants(tx: Tx, conversationId: number): Promise<AgentRow[]> {
    return tx.sql<AgentRow>(
      `SELECT ${AGENT_COLUMNS} FROM conversation_participants p JOIN users u ON u.id = p.user_id JOIN account_users au ON au.account_id = p.account_id AND au.user_id = p.user_id
       WHERE p.account_id = $1 AND p.conversation_id = $2 ORDER BY u.name, u.id`, [tx.accountId, conversationId]);
  }

  /** Everybody who follows, those who have left the account too. */
  async followers(tx: Tx, conversationId: number): Promise<number[]> {
    return (await tx.sql<{ user_id: number }>('SELECT user_id FROM conversation_participants WHERE account_id = $1 AND conversation_id = $2', [tx.accountId, conversationId])).map((row) => row.user_id);
  }

  /** Makes exactly these people follow the conversation. */
  async replaceParticipants(tx: Tx, conversationId: number, userIds: number[]): Promise<void> {
    await tx.sql('DELETE FROM conversation_participants WHERE account_id = $1 AND conversation_id = $2 AND user_id <> ALL ($3::bigint[])', [tx.accountId, conversationId, userIds]);
    await this.addParticipants(tx, conversationId, userIds);
  }

  async addParticipants(tx: Tx, conversationId: number, userIds: number[]): Promise<void> {
    await tx.sql('INSERT INTO conversation_participants (account_id, conversation_id, user_id) SELECT $1, $2, unnest($3::bigint[]) ON CONFLICT DO NOTHING', [tx.accountId, conversationId, userIds]);
  }

  async removeParticipants(tx: Tx, conversationId: number, userIds: number[]): Promise<void> {
    await tx.sql('DELETE FROM conversation_participants WHERE account_id = $1 AND conversation_id = $2 AND user_id = ANY ($3::bigint[])', [tx.accountId, conversationId, userIds]);
  }

  /** Open conversations with unread messages, per inbox; read from a partial index that holds nothing else. */
  unread(tx: Tx, inboxIds: number[] | null, userId: number): Promise<UnreadRow[]> {
    return tx.sql<UnreadRow>(
      `SELECT inbox_id, count(*) AS n, count(*) FILTER (WHERE assignee_id = $3) AS mine FROM conversations
       WHERE account_id = $1 AND unread_count > 0 AND status = 0 AND ($2::bigint[] IS NULL OR inbox_id = ANY ($2)) GROUP BY inbox_id`, [tx.accountId, inboxIds, userId]);
  }

  /** A page of keys of the newest messages with files in a person's conversations, as far as they lie in these inboxes. */
  messagesWithFilesOf(tx: Tx, contactId: number, inboxIds: number[] | null, page: number): Promise<{ conversation_id: number; display_id: number; message_id: number }[]> {
    return tx.sql(
      `SELECT DISTINCT a.conversation_id, v.display_id, a.message_id ${FILES_OF_CONTACT} ORDER BY a.message_id DESC LIMIT ${ATTACHMENTS_SHOWN} OFFSET $4`,
      [tx.accountId, contactId, inboxIds, (page - 1) * ATTACHMENTS_SHOWN]);
  }

  /** How many files those are in all. */
  async countFilesOf(tx: Tx, contactId: number, inboxIds: number[] | null): Promise<number> {
    return (await tx.one<{ n: number }>(`SELECT count(*) AS n ${FILES_OF_CONTACT}`, [tx.accountId, contactId, inboxIds]))!.n;
  }

  /** Keys of the newest messages that carry files, and how many files the conversation has. */
  async messagesWithFiles(tx: Tx, conversationId: number): Promise<{ ids: number[]; total: number }> {
    const rows = await tx.sql<{ message_id: number; n: number }>(
      'SELECT message_id, count(*) AS n FROM attachments WHERE account_id = $1 AND conversation_id = $2 GROUP BY message_id ORDER BY message_id DESC', [tx.accountId, conversationId]);
    return { ids: rows.slice(0, ATTACHMENTS_SHOWN).map((row) => row.message_id), total: rows.reduce((sum, row) => sum + row.n, 0) };
  }
}
