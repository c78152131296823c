import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/transaction.js';
import type { AgentRow } from '../agents/agent.presenter.js';
import type { MembershipChanges } from '../agents/agent.repository.js';

export interface NewPendingMember { userId: number; name: string; email: string; role: number; availability: number; autoOffline: boolean; inviterId: number }

// Nothing of the person but what the inviter typed: the rest belongs to their other accounts until they agree.
const SELECT = `SELECT user_id AS id, name, NULL AS display_name, email, NULL AS avatar_key, NULL AS custom_attributes, false AS confirmed, false AS mfa_enabled, role, availability, auto_offline
  FROM pending_members WHERE account_id = $1`;

/** People of other accounts who were asked to join and have not agreed. */
@Injectable()
export class PendingMembers {
  async list(tx: Tx): Promise<AgentRow[]> {
    return tx.sql<AgentRow>(`${SELECT} ORDER BY name, user_id`, [tx.accountId]);
  }

  async find(tx: Tx, userId: number): Promise<AgentRow | undefined> {
    return tx.one<AgentRow>(`${SELECT} AND user_id = $2`, [tx.accountId, userId]);
  }

  /** False when they are asked already. */
  async add(tx: Tx, asked: NewPendingMember): Promise<boolean> {
    const rows = await tx.sql(
      `INSERT INTO pending_members (account_id, user_id, name, email, role, availability, auto_offline, inviter_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING user_id`,
      [tx.accountId, asked.userId, asked.name, asked.email, asked.role, asked.availability, asked.autoOffline, asked.inviterId]);
    return rows.length > 0;
  }

  async update(tx: Tx, userId: number, changes: MembershipChanges): Promise<void> {
    await tx.sql('UPDATE pending_members SET role = coalesce($3, role), availability = coalesce($4, availability), auto_offline = coalesce($5, auto_offline) WHERE account_id = $1 AND user_id = $2',
      [tx.accountId, userId, changes.role ?? null, changes.availability ?? null, changes.auto_offline ?? null]);
  }

  /** Makes them a member as they were asked to be. False when nobody asks them any more. */
  async join(tx: Tx, userId: number): Promise<boolean> {
    const rows = await tx.sql(
      `WITH asked AS (DELETE FROM pending_members WHERE account_id = $1 AND user_id = $2 RETURNING *)
       INSERT INTO account_users (account_id, user_id, role, availability, auto_offline, inviter_id)
       SELECT account_id, user_id, role, availability, auto_offline, inviter_id FROM asked ON CONFLICT DO NOTHING RETURNING user_id`, [tx.accountId, userId]);
    return rows.length > 0;
  }

  async remove(tx: Tx, userId: number): Promise<boolean> {
    return (await tx.sql('DELETE FROM pending_members WHERE account_id = $1 AND user_id = $2 RETURNING user_id', [tx.accountId, userId])).length > 0;
  }
}
