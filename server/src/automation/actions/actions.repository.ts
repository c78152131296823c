import { Injectable } from '@nestjs/common';
import type { Actor } from '../../conversations/actor.js';
import { answersProgram } from '../../conversations/messages/answers-program.sql.js';
import type { Tx } from '../../platform/database/transaction.js';
import type { Variables } from './fill-variables.js';

interface VariablesRow {
  contact_id: number; name: string; email: string | null; phone_number: string | null; contact_attributes: Record<string, unknown> | null; conversation_attributes: Record<string, unknown> | null;
  inbox_id: number; inbox_name: string; display_id: number; account_name: string; agent_email: string | null;
}

/** `{{contact.custom_attribute.plan}}`: what is a single value. Lists and objects are nothing that one could read out. */
const attributes = (of: 'contact' | 'conversation', values: Record<string, unknown> | null = null): Variables =>
  Object.fromEntries(Object.entries(values ?? {}).filter(([, value]) => typeof value !== 'object').map(([key, value]) => [`${of}.custom_attribute.${key}`, String(value)]));

/** So many characters of each message a transcript holds. */
const TOLD = 10_000;

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

  /** Who the conversation belongs to, as those who are called read it. */
  async account(tx: Tx): Promise<{ id: number; name: string }> {
    return (await tx.one<{ id: number; name: string }>('SELECT id, name FROM accounts WHERE id = $1', [tx.accountId]))!;
  }

  /** What stands for the names that Chatwoot's texts know. The agent is who acts; of what acts by itself there is a name only. */
  async variables(tx: Tx, conversationId: number, actor: Actor): Promise<Variables> {
    const row = await tx.one<VariablesRow>(
      `SELECT ct.id AS contact_id, ct.name, ct.email, ct.phone_number, ct.custom_attributes AS contact_attributes, c.custom_attributes AS conversation_attributes, i.id AS inbox_id, i.name AS inbox_name,
         c.display_id, a.name AS account_name, (SELECT u.email FROM users u WHERE u.id = $3) AS agent_email
       FROM conversations c JOIN contacts ct ON ct.account_id = c.account_id AND ct.id = c.contact_id JOIN inboxes i ON i.account_id = c.account_id AND i.id = c.inbox_id
       JOIN accounts a ON a.id = c.account_id WHERE c.account_id = $1 AND c.id = $2`, [tx.accountId, conversationId, actor.userId ?? null]);
    const [first, ...rest] = row?.name.split(' ') ?? [];
    const [agentFirst, ...agentRest] = actor.name.split(' ');
    return {
      ...attributes('contact', row?.contact_attributes), ...attributes('conversation', row?.conversation_attributes),
      'contact.id': String(row?.contact_id ?? ''), 'contact.name': row?.name, 'contact.first_name': first, 'contact.last_name': rest.join(' '), 'contact.email': row?.email ?? '',
      'contact.phone': row?.phone_number ?? '', 'contact.phone_number': row?.phone_number ?? '', 'conversation.id': String(row?.display_id ?? ''), 'conversation.display_id': String(row?.display_id ?? ''),
      'inbox.id': String(row?.inbox_id ?? ''), 'inbox.name': row?.inbox_name, 'account.name': row?.account_name,
      'agent.name': actor.name, 'agent.first_name': agentFirst, 'agent.last_name': agentRest.join(' '), 'agent.email': row?.agent_email ?? '',
    };
  }

  /** What was said between us and the contact, oldest first. */
  transcript(tx: Tx, conversationId: number): Promise<{ created_at: Date; message_type: number; content: string | null; sender: string | null }[]> {
    return tx.sql(
      `SELECT m.created_at, m.message_type, left(m.content, ${TOLD}) || CASE WHEN length(m.content) > ${TOLD} THEN ' […]' ELSE '' END AS content, coalesce(u.display_name, u.name, ct.name) AS sender FROM messages m
       LEFT JOIN users u ON m.sender_type = 2 AND u.id = m.sender_id LEFT JOIN contacts ct ON m.sender_type = 1 AND ct.account_id = m.account_id AND ct.id = m.sender_id
       WHERE m.account_id = $1 AND m.conversation_id = $2 AND NOT m.private AND m.message_type <> 2 AND m.deleted_at IS NULL ORDER BY m.id LIMIT 1000`, [tx.accountId, conversationId]);
  }
}
