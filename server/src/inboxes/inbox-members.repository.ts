import { Injectable } from '@nestjs/common';
import { isAdministrator, type Member } from '../identity/access/principal.js';
import type { Tx } from '../platform/database/transaction.js';
import { AGENT_COLUMNS, type AgentRow } from '../identity/agents/agent.presenter.js';

/** Who works in which inbox. */
@Injectable()
export class InboxMembersRepository {
  members(tx: Tx, inboxId: number): Promise<AgentRow[]> {
    return tx.sql<AgentRow>(
      `SELECT ${AGENT_COLUMNS} FROM inbox_members m JOIN account_users au ON au.account_id = m.account_id AND au.user_id = m.user_id JOIN users u ON u.id = m.user_id
       WHERE m.account_id = $1 AND m.inbox_id = $2 ORDER BY u.name, u.id`, [tx.accountId, inboxId]);
  }

  /** Administrators, and the agents who are members of all these inboxes. */
  assignable(tx: Tx, inboxIds: number[]): Promise<AgentRow[]> {
    return tx.sql<AgentRow>(
      `SELECT ${AGENT_COLUMNS} FROM account_users au JOIN users u ON u.id = au.user_id
       WHERE au.account_id = $1 AND (au.role = 1 OR (SELECT count(*) FROM inbox_members m
         WHERE m.account_id = au.account_id AND m.user_id = au.user_id AND m.inbox_id = ANY ($2::bigint[])) = cardinality($2::bigint[]))
       ORDER BY u.name, u.id`, [tx.accountId, inboxIds]);
  }

  /**
   * The inboxes whose conversations this member sees; null means all of them, none of which is being erased.
   * Load it before a list: as a subquery it would hide the inboxes from the planner.
   */
  async visibleInboxIds(tx: Tx, me: Member): Promise<number[] | null> {
    if (!isAdministrator(me)) {
      const rows = await tx.sql<{ inbox_id: number }>(
        `SELECT m.inbox_id FROM inbox_members m JOIN inboxes i ON i.account_id = m.account_id AND i.id = m.inbox_id AND i.deleted_at IS NULL WHERE m.account_id = $1 AND m.user_id = $2`,
        [tx.accountId, me.userId]);
      return rows.map((row) => row.inbox_id);
    }
    const rows = await tx.sql<{ id: number; gone: boolean }>('SELECT id, deleted_at IS NOT NULL AS gone FROM inboxes WHERE account_id = $1', [tx.accountId]);
    return rows.some((row) => row.gone) ? rows.filter((row) => !row.gone).map((row) => row.id) : null;
  }

  /** Which of these are people of the account. */
  async peopleOf(tx: Tx, userIds: number[]): Promise<number[]> {
    return (await tx.sql<{ user_id: number }>('SELECT user_id FROM account_users WHERE account_id = $1 AND user_id = ANY ($2::bigint[])', [tx.accountId, userIds])).map((row) => row.user_id);
  }

  async add(tx: Tx, inboxId: number, userIds: number[]): Promise<void> {
    await tx.sql('INSERT INTO inbox_members (account_id, inbox_id, user_id) SELECT $1, $2, unnest($3::bigint[]) ON CONFLICT DO NOTHING', [tx.accountId, inboxId, userIds]);
  }

  async remove(tx: Tx, inboxId: number, userIds: number[]): Promise<void> {
    await tx.sql('DELETE FROM inbox_members WHERE account_id = $1 AND inbox_id = $2 AND user_id = ANY ($3::bigint[])', [tx.accountId, inboxId, userIds]);
  }

  async keepOnly(tx: Tx, inboxId: number, userIds: number[]): Promise<void> {
    await tx.sql('DELETE FROM inbox_members WHERE account_id = $1 AND inbox_id = $2 AND user_id <> ALL ($3::bigint[])', [tx.accountId, inboxId, userIds]);
  }
}
