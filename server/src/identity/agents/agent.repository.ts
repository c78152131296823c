import { Injectable } from '@nestjs/common';
import type { SystemTx, Tx } from '../../platform/database/transaction.js';
import { AGENT_COLUMNS, type AgentRow } from './agent.presenter.js';

export interface MembershipChanges { role?: number; availability?: number; auto_offline?: boolean }

const SELECT = `SELECT ${AGENT_COLUMNS} FROM account_users au JOIN users u ON u.id = au.user_id`;

/** Memberships of an account. */
@Injectable()
export class AgentRepository {
  async list(tx: Tx): Promise<AgentRow[]> {
    return tx.sql<AgentRow>(`${SELECT} WHERE au.account_id = $1 ORDER BY u.name, u.id`, [tx.accountId]);
  }

  async byIds(tx: Tx, ids: number[]): Promise<AgentRow[]> {
    return tx.sql<AgentRow>(`${SELECT} WHERE au.account_id = $1 AND au.user_id = ANY($2) ORDER BY u.name, u.id`, [tx.accountId, ids]);
  }

  async find(tx: Tx, id: number): Promise<AgentRow | undefined> {
    return (await this.byIds(tx, [id]))[0];
  }

  /** Holds the account's memberships still, so that two administrators cannot remove each other at once. */
  async lockAccount(tx: Tx): Promise<void> {
    await tx.sql('SELECT FROM accounts WHERE id = $1 FOR NO KEY UPDATE', [tx.accountId]);
  }

  async hasOtherAdministrator(tx: Tx, userId: number): Promise<boolean> {
    return (await tx.sql('SELECT FROM account_users WHERE account_id = $1 AND user_id <> $2 AND role = 1 LIMIT 1', [tx.accountId, userId])).length > 0;
  }

  /** The person with this address, made when there is none. People who sign in must be unique by address. */
  async personFor(tx: SystemTx, name: string, email: string): Promise<{ id: number; confirmed: boolean; made: boolean }> {
    const made = await tx.one<{ id: number }>('INSERT INTO users (name, email) VALUES ($1, $2) ON CONFLICT (email) DO NOTHING RETURNING id', [name, email]);
    if (made) await tx.sql('INSERT INTO user_credentials (user_id) VALUES ($1)', [made.id]);
    const person = (await tx.one<{ id: number; confirmed: boolean }>('SELECT id, confirmed_at IS NOT NULL AS confirmed FROM users WHERE email = $1 FOR UPDATE', [email]))!;
    return { ...person, made: made !== undefined };
  }

  /** False when the person is a member already. */
  async addMember(tx: Tx, member: { userId: number; role: number; availability: number; autoOffline: boolean; inviterId: number | null }): Promise<boolean> {
    const rows = await tx.sql(
      `INSERT INTO account_users (account_id, user_id, role, availability, auto_offline, inviter_id) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT DO NOTHING RETURNING user_id`, [tx.accountId, member.userId, member.role, member.availability, member.autoOffline, member.inviterId]);
    return rows.length > 0;
  }

  async update(tx: Tx, userId: number, changes: MembershipChanges): Promise<void> {
    await tx.sql('UPDATE account_users SET role = coalesce($3, role), availability = coalesce($4, availability), auto_offline = coalesce($5, auto_offline) WHERE account_id = $1 AND user_id = $2',
      [tx.accountId, userId, changes.role ?? null, changes.availability ?? null, changes.auto_offline ?? null]);
  }

  async removeMember(tx: Tx, userId: number): Promise<void> {
    for (const table of ['inbox_members', 'team_members']) await tx.sql(`DELETE FROM ${table} WHERE account_id = $1 AND user_id = $2`, [tx.accountId, userId]);
    await tx.sql('DELETE FROM account_users WHERE account_id = $1 AND user_id = $2', [tx.accountId, userId]);
  }

  /** Deletes the person when no account has them any more, nor asks for them. Answers the key of their picture; undefined when they stay. */
  async deletePersonWithoutAccounts(tx: SystemTx, userId: number): Promise<{ avatar_key: string | null } | undefined> {
    const gone = await tx.one<{ avatar_key: string | null }>(
      'DELETE FROM users WHERE id = $1 AND NOT EXISTS (SELECT FROM account_users WHERE user_id = $1) AND NOT EXISTS (SELECT FROM pending_members WHERE user_id = $1) RETURNING avatar_key', [userId]);
    if (gone) await tx.sql(`DELETE FROM api_tokens WHERE owner_type = 'User' AND owner_id = $1`, [userId]);
    return gone;
  }

  /** Whether the person belongs to accounts, and to none that the other does not administer. */
  async isVouchedFor(tx: SystemTx, userId: number, administratorId: number): Promise<boolean> {
    return (await tx.sql('SELECT FROM account_users WHERE user_id = $1 LIMIT 1', [userId])).length > 0 && !await this.belongsElsewhere(tx, userId, administratorId);
  }

  /** Whether the person belongs to accounts that the other does not administer. */
  async belongsElsewhere(tx: SystemTx, userId: number, administratorId: number): Promise<boolean> {
    const rows = await tx.sql(
      `SELECT FROM account_users theirs WHERE theirs.user_id = $1
         AND NOT EXISTS (SELECT FROM account_users ours WHERE ours.account_id = theirs.account_id AND ours.user_id = $2 AND ours.role = 1) LIMIT 1`, [userId, administratorId]);
    return rows.length > 0;
  }
}
