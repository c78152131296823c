import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/transaction.js';
import { SystemWork } from '../../../platform/database/unit-of-work.js';
import { Status } from '../../conversation-codes.js';

/** What the inbox and the team of a conversation say about giving it to somebody. */
export interface TurnRules { enabled: boolean; /** Open conversations of the inbox that one member may have; null: any number. */ most: number | null; /** Null: it has no team. */ team_takes_turns: boolean | null; assignee_sees_it: boolean }
/** Conversations of an inbox and a team (or none) that wait for somebody. */
export interface WaitingGroup { account_id: number; inbox_id: number; team_id: number | null }

const GROUPS = 500;

/** Whose turn it is in an inbox, and which conversations wait for anybody. */
@Injectable()
export class TurnsRepository {
  constructor(private readonly system: SystemWork) {}

  async rules(tx: Tx, conversationIds: readonly number[]): Promise<Map<number, TurnRules>> {
    const rows = await tx.prepared<TurnRules & { id: number }>(
      `SELECT c.id, i.enable_auto_assignment AS enabled, CASE WHEN i.auto_assignment_config ->> 'max_assignment_limit' ~ '^[1-9][0-9]{0,5}$' THEN (i.auto_assignment_config ->> 'max_assignment_limit')::int END AS most,
         CASE WHEN c.team_id IS NOT NULL THEN coalesce((SELECT t.allow_auto_assign FROM teams t WHERE t.account_id = c.account_id AND t.id = c.team_id), false) END AS team_takes_turns,
         EXISTS (SELECT FROM account_users au WHERE au.account_id = c.account_id AND au.user_id = c.assignee_id AND (au.role = 1
           OR EXISTS (SELECT FROM inbox_members m WHERE m.account_id = c.account_id AND m.inbox_id = c.inbox_id AND m.user_id = c.assignee_id))) AS assignee_sees_it
       FROM conversations c JOIN inboxes i ON i.account_id = c.account_id AND i.id = c.inbox_id WHERE c.account_id = $1 AND c.id = ANY ($2::bigint[])`, [tx.accountId, conversationIds]);
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** Members of the inbox (and of the team) with room for one more, whose turn it is first. They are locked, so that two conversations at once go to two people. */
  async candidates(tx: Tx, inboxId: number, teamId: number | null, most: number | null): Promise<number[]> {
    // Locks are taken in one order whatever the turn is. The count stops at the limit.
    return (await tx.sql<{ user_id: number }>(
      `WITH locked AS (SELECT m.user_id, m.turn_at FROM inbox_members m WHERE m.account_id = $1 AND m.inbox_id = $2 AND ($3::bigint IS NULL
           OR EXISTS (SELECT FROM team_members tm WHERE tm.account_id = m.account_id AND tm.team_id = $3 AND tm.user_id = m.user_id)) ORDER BY m.user_id FOR NO KEY UPDATE)
       SELECT l.user_id FROM locked l
       WHERE $4::int IS NULL OR $4 > (SELECT count(*) FROM (SELECT FROM conversations c WHERE c.account_id = $1 AND c.assignee_id = l.user_id AND c.inbox_id = $2 AND c.status = ${Status.open} LIMIT $4) counted)
       ORDER BY l.turn_at NULLS FIRST, l.user_id`, [tx.accountId, inboxId, teamId, most])).map((row) => row.user_id);
  }

  async tookTurn(tx: Tx, inboxId: number, userId: number): Promise<void> {
    await tx.sql('UPDATE inbox_members SET turn_at = clock_timestamp() WHERE account_id = $1 AND inbox_id = $2 AND user_id = $3', [tx.accountId, inboxId, userId]);
  }

  async wait(tx: Tx, conversations: readonly { id: number; inbox_id: number }[]): Promise<void> {
    if (conversations.length === 0) return;
    await tx.prepared('INSERT INTO waiting_assignments (account_id, conversation_id, inbox_id) SELECT $1, * FROM unnest($2::bigint[], $3::bigint[]) ON CONFLICT DO NOTHING',
      [tx.accountId, conversations.map((conversation) => conversation.id), conversations.map((conversation) => conversation.inbox_id)]);
  }

  async waitNoMore(tx: Tx, conversations: readonly { id: number }[]): Promise<void> {
    if (conversations.length === 0) return;
    await tx.prepared('DELETE FROM waiting_assignments WHERE account_id = $1 AND conversation_id = ANY ($2::bigint[])', [tx.accountId, conversations.map((conversation) => conversation.id)]);
  }

  /** Where somebody waits, in the whole installation. */
  groups(): Promise<WaitingGroup[]> {
    return this.system.sql<WaitingGroup>(
      `SELECT w.account_id, w.inbox_id, c.team_id FROM waiting_assignments w JOIN conversations c ON c.account_id = w.account_id AND c.id = w.conversation_id
       GROUP BY 1, 2, 3 ORDER BY min(w.since) LIMIT ${GROUPS}`);
  }

  /** Who has waited longest in a group. */
  async longest(tx: Tx, { inbox_id, team_id }: WaitingGroup, limit: number): Promise<number[]> {
    return (await tx.sql<{ id: number }>(
      `SELECT w.conversation_id AS id FROM waiting_assignments w JOIN conversations c ON c.account_id = w.account_id AND c.id = w.conversation_id
       WHERE w.account_id = $1 AND w.inbox_id = $2 AND c.team_id IS NOT DISTINCT FROM $3::bigint ORDER BY w.since, w.conversation_id LIMIT $4`, [tx.accountId, inbox_id, team_id, limit])).map((row) => row.id);
  }

  /** Unresolved conversations that belong to people who cannot see them (any more); of one inbox or one person. */
  async lost(tx: Tx, of: { inboxId?: number; userId?: number }, limit: number): Promise<number[]> {
    return (await tx.sql<{ id: number }>(
      `SELECT c.id FROM conversations c WHERE c.account_id = $1 AND c.status <> ${Status.resolved} AND ($2::bigint IS NULL OR c.inbox_id = $2) AND ($3::bigint IS NULL OR c.assignee_id = $3)
         AND c.assignee_id IS NOT NULL AND NOT EXISTS (SELECT FROM account_users au WHERE au.account_id = c.account_id AND au.user_id = c.assignee_id AND (au.role = 1
           OR EXISTS (SELECT FROM inbox_members m WHERE m.account_id = c.account_id AND m.inbox_id = c.inbox_id AND m.user_id = c.assignee_id)))
       ORDER BY c.id LIMIT $4`, [tx.accountId, of.inboxId ?? null, of.userId ?? null, limit])).map((row) => row.id);
  }
}
