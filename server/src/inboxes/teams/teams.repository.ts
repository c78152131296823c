import { Injectable } from '@nestjs/common';
import { AGENT_COLUMNS, type AgentRow } from '../../identity/agents/agent.presenter.js';
import type { Tx } from '../../platform/database/transaction.js';
import type { CreateTeam, UpdateTeam } from './team.dto.js';

export interface TeamRow { id: number; name: string; description: string | null; allow_auto_assign: boolean }
export type TeamRowFor = TeamRow & { is_member: boolean };

const COLUMNS = 't.id, t.name, t.description, t.allow_auto_assign';
const AS_SEEN = `SELECT ${COLUMNS}, EXISTS (SELECT FROM team_members m WHERE m.account_id = t.account_id AND m.team_id = t.id AND m.user_id = $2) AS is_member FROM teams t`;

/** Teams and who is in them. */
@Injectable()
export class TeamsRepository {
  list(tx: Tx, userId: number): Promise<TeamRowFor[]> {
    return tx.sql<TeamRowFor>(`${AS_SEEN} WHERE t.account_id = $1 ORDER BY t.name`, [tx.accountId, userId]);
  }

  seenBy(tx: Tx, userId: number, id: number): Promise<TeamRowFor | undefined> {
    return tx.one<TeamRowFor>(`${AS_SEEN} WHERE t.account_id = $1 AND t.id = $3`, [tx.accountId, userId, id]);
  }

  find(tx: Tx, id: number): Promise<TeamRow | undefined> {
    return tx.one<TeamRow>(`SELECT ${COLUMNS} FROM teams t WHERE t.account_id = $1 AND t.id = $2`, [tx.accountId, id]);
  }

  /** Keeps the team from being deleted while it is given something. */
  lock(tx: Tx, id: number): Promise<TeamRow | undefined> {
    return tx.one<TeamRow>(`SELECT ${COLUMNS} FROM teams t WHERE t.account_id = $1 AND t.id = $2 FOR KEY SHARE`, [tx.accountId, id]);
  }

  /** Undefined when the name is taken. */
  async insert(tx: Tx, team: CreateTeam): Promise<number | undefined> {
    return (await tx.one<{ id: number }>(
      'INSERT INTO teams (account_id, name, description, allow_auto_assign) VALUES ($1, $2, $3, coalesce($4, true)) ON CONFLICT (account_id, name) DO NOTHING RETURNING id',
      [tx.accountId, team.name, team.description ?? null, team.allow_auto_assign ?? null]))?.id;
  }

  async isNameTaken(tx: Tx, name: string, exceptId: number): Promise<boolean> {
    return (await tx.sql('SELECT FROM teams WHERE account_id = $1 AND name = $2 AND id <> $3', [tx.accountId, name, exceptId])).length > 0;
  }

  /** False when there is none. */
  async update(tx: Tx, id: number, team: UpdateTeam): Promise<boolean> {
    return (await tx.sql(
      `UPDATE teams SET name = coalesce($3, name), description = CASE WHEN $4 THEN $5 ELSE description END, allow_auto_assign = coalesce($6, allow_auto_assign), updated_at = now()
       WHERE account_id = $1 AND id = $2 RETURNING id`,
      [tx.accountId, id, team.name ?? null, team.description !== undefined, team.description ?? null, team.allow_auto_assign ?? null])).length > 0;
  }

  /** Removes the team; conversations that it had forget it later, and show it no more at once. False when there is none. */
  async remove(tx: Tx, id: number): Promise<boolean> {
    await tx.sql('DELETE FROM team_members WHERE account_id = $1 AND team_id = $2', [tx.accountId, id]);
    return (await tx.sql('DELETE FROM teams WHERE account_id = $1 AND id = $2 RETURNING id', [tx.accountId, id])).length > 0;
  }

  members(tx: Tx, id: number): Promise<AgentRow[]> {
    return tx.sql<AgentRow>(
      `SELECT ${AGENT_COLUMNS} FROM team_members m JOIN account_users au ON au.account_id = m.account_id AND au.user_id = m.user_id JOIN users u ON u.id = m.user_id
       WHERE m.account_id = $1 AND m.team_id = $2 ORDER BY u.name, u.id`, [tx.accountId, id]);
  }

  /** Answers who was not in it before. */
  async add(tx: Tx, id: number, userIds: number[]): Promise<number[]> {
    return (await tx.sql<{ user_id: number }>(
      'INSERT INTO team_members (account_id, team_id, user_id) SELECT $1, $2, unnest($3::bigint[]) ON CONFLICT DO NOTHING RETURNING user_id', [tx.accountId, id, userIds])).map((row) => row.user_id);
  }

  async removeMembers(tx: Tx, id: number, userIds: number[]): Promise<void> {
    await tx.sql('DELETE FROM team_members WHERE account_id = $1 AND team_id = $2 AND user_id = ANY ($3::bigint[])', [tx.accountId, id, userIds]);
  }

  async keepOnly(tx: Tx, id: number, userIds: number[]): Promise<void> {
    await tx.sql('DELETE FROM team_members WHERE account_id = $1 AND team_id = $2 AND user_id <> ALL ($3::bigint[])', [tx.accountId, id, userIds]);
  }
}
