import { Injectable } from '@nestjs/common';
import { answersProgram } from '../../conversations/messages/answers-program.sql.js';
import type { Tx } from '../../platform/database/transaction.js';
import type { Variables } from './fill-variables.js';

/** What actions have to know. */
@Injectable()
export class ActionsRepository {
  async lastResponder(tx: Tx, conversationId: number): Promise<number | null> {
    return (await tx.one<{ sender_id: number }>(
      `SELECT m.sender_id FROM messages m WHERE m.account_id = $1 AND m.conversation_id = $2 AND m.message_type = 1 AND m.sender_type = 2 AND NOT m.private ORDER BY m.id DESC LIMIT 1`,
      [tx.accountId, conversationId]))?.sender_id ?? null;
  }

  async answersProgram(tx: Tx, conversationId: number): Promise<boolean> {
    return (await tx.one<{ yes: boolean }>(`SELECT ${answersProgram('$1', '$2')} AS yes`, [tx.accountId, conversationId]))!.yes;
  }

  /** Which of these are teams of the account. */
  async teamsOf(tx: Tx, ids: number[]): Promise<number[]> {
    return (await tx.sql<{ id: number }>('SELECT id FROM teams WHERE account_id = $1 AND id = ANY ($2::bigint[])', [tx.accountId, ids])).map((row) => row.id);
  }

  /** Addresses of everybody in these teams. */
  teamAddresses(tx: Tx, ids: number[]): Promise<{ name: string; email: string }[]> {
    return tx.sql('SELECT DISTINCT u.name, u.email FROM team_members m JOIN users u ON u.id = m.user_id WHERE m.account_id = $1 AND m.team_id = ANY ($2::bigint[]) ORDER BY u.email', [tx.accountId, ids]);
  }

  async variables(tx: Tx, conversationId: number, actorName: string): Promise<Variables> {
    const row = await tx.one<{ name: string; email: string | null; phone_number: string | null; inbox_name: string; display_id: number; account_name: string }>(
      `SELECT ct.name, ct.email, ct.phone_number, i.name AS inbox_name, c.display_id, a.name AS account_name
       FROM conversations c JOIN contacts ct ON ct.account_id = c.account_id AND ct.id = c.contact_id JOIN inboxes i ON i.account_id = c.account_id AND i.id = c.inbox_id
       JOIN accounts a ON a.id = c.account_id WHERE c.account_id = $1 AND c.id = $2`, [tx.accountId, conversationId]);
    return {
      'contact.name': row?.name, 'contact.first_name': row?.name.split(' ')[0], 'contact.last_name': row?.name.split(' ').slice(1).join(' '), 'contact.email': row?.email ?? '',
      'contact.phone': row?.phone_number ?? '', 'conversation.id': String(row?.display_id ?? ''), 'inbox.name': row?.inbox_name, 'account.name': row?.account_name,
      'agent.name': actorName, 'agent.first_name': actorName.split(' ')[0],
    };
  }

  /** What was said between us and the contact, oldest first. */
  transcript(tx: Tx, conversationId: number): Promise<{ created_at: Date; message_type: number; content: string | null; sender: string | null }[]> {
    return tx.sql(
      `SELECT m.created_at, m.message_type, m.content, coalesce(u.display_name, u.name, ct.name) AS sender FROM messages m
       LEFT JOIN users u ON m.sender_type = 2 AND u.id = m.sender_id LEFT JOIN contacts ct ON m.sender_type = 1 AND ct.account_id = m.account_id AND ct.id = m.sender_id
       WHERE m.account_id = $1 AND m.conversation_id = $2 AND NOT m.private AND m.message_type <> 2 AND m.deleted_at IS NULL ORDER BY m.id LIMIT 1000`, [tx.accountId, conversationId]);
  }
}
