import { Injectable } from '@nestjs/common';
import { AGENT_COLUMNS, type AgentRow } from '../../identity/agents/agent.presenter.js';
import type { Tx } from '../../platform/database/transaction.js';
import type { DimensionName } from '../counting/tally.js';
import type { ReportRange } from './report-range.js';

export interface Subject { id: number; name: string }
export interface OpenNow { open: number; unattended: number; unassigned: number; pending: number }

const SUBJECTS: Record<Exclude<DimensionName, 'account'>, string> = {
  agent: `SELECT u.id, coalesce(nullif(u.display_name, ''), u.name) AS name FROM account_users m JOIN users u ON u.id = m.user_id WHERE m.account_id = $1`,
  inbox: 'SELECT id, name FROM inboxes WHERE account_id = $1 AND deleted_at IS NULL', team: 'SELECT id, name FROM teams WHERE account_id = $1', label: 'SELECT id, title AS name FROM labels WHERE account_id = $1',
};
const ALIVE = 'c.inbox_id IN (SELECT id FROM inboxes WHERE account_id = $1 AND deleted_at IS NULL)';
const UNATTENDED = '(c.first_reply_at IS NULL OR c.waiting_since IS NOT NULL)';
const PAGE = 25;

/** What reports say that is not a sum: who and what there is, and how things stand now. */
@Injectable()
export class ReportFactsRepository {
  /** What there is of a kind, by name. */
  subjects(tx: Tx, kind: Exclude<DimensionName, 'account'>): Promise<Subject[]> {
    return tx.sql<Subject>(`SELECT * FROM (${SUBJECTS[kind]}) s ORDER BY lower(name), id`, [tx.accountId]);
  }

  async exists(tx: Tx, kind: Exclude<DimensionName, 'account'>, id: number): Promise<boolean> {
    return (await tx.sql(`SELECT FROM (${SUBJECTS[kind]}) s WHERE s.id = $2::bigint`, [tx.accountId, id])).length > 0;
  }

  inboxChannels(tx: Tx): Promise<{ id: number; channel_type: string }[]> {
    return tx.sql('SELECT id, channel_type FROM inboxes WHERE account_id = $1 AND deleted_at IS NULL', [tx.accountId]);
  }

  /** Conversations that began in a span, by inbox and by what they are now. */
  statuses(tx: Tx, range: ReportRange): Promise<{ inbox_id: number; status: number; n: number }[]> {
    return tx.sql(
      `SELECT c.inbox_id, c.status, count(*)::int AS n FROM conversations c WHERE c.account_id = $1 AND c.created_at >= to_timestamp($2) AND c.created_at < to_timestamp($3) GROUP BY 1, 2`,
      [tx.accountId, range.since, range.until]);
  }

  /** Conversations that began in a span, by inbox and label. */
  labelled(tx: Tx, range: ReportRange): Promise<{ inbox_id: number; label_id: number; n: number }[]> {
    return tx.sql(
      `SELECT inbox_id, label_id, sum(n)::int AS n FROM (
         SELECT inbox_id, label_ids, count(*) AS n FROM reporting_conversations WHERE account_id = $1 AND created_at >= to_timestamp($2) AND created_at < to_timestamp($3) AND label_ids <> '{}' GROUP BY 1, 2) g,
         unnest(label_ids) label_id GROUP BY 1, 2`, [tx.accountId, range.since, range.until]);
  }

  /** Inboxes where a bot answers. */
  async botInboxes(tx: Tx): Promise<number[]> {
    return (await tx.sql<{ id: number }>('SELECT id FROM inboxes WHERE account_id = $1 AND deleted_at IS NULL AND agent_bot_id IS NOT NULL', [tx.accountId])).map((row) => row.id);
  }

  /** How many open conversations there are at this moment for each team or person; those of none come under null. */
  openBy(tx: Tx, column: 'team_id' | 'assignee_id'): Promise<(Omit<OpenNow, 'pending'> & { id: number | null })[]> {
    return tx.sql(
      `SELECT c.${column} AS id, count(*)::int AS open, count(*) FILTER (WHERE ${UNATTENDED})::int AS unattended, count(*) FILTER (WHERE c.assignee_id IS NULL)::int AS unassigned
       FROM conversations c WHERE c.account_id = $1 AND c.status = 0 AND ${ALIVE} GROUP BY 1 ORDER BY 1 NULLS LAST`, [tx.accountId]);
  }

  /** How many conversations wait for something at this moment, of all or of one team. */
  async openNow(tx: Tx, teamId?: number): Promise<OpenNow> {
    return (await tx.one<OpenNow>(
      `SELECT count(*) FILTER (WHERE c.status = 0)::int AS open, count(*) FILTER (WHERE c.status = 0 AND ${UNATTENDED})::int AS unattended,
         count(*) FILTER (WHERE c.status = 0 AND c.assignee_id IS NULL)::int AS unassigned, count(*) FILTER (WHERE c.status = 2)::int AS pending
       FROM conversations c WHERE c.account_id = $1 AND c.status IN (0, 2) AND ($2::bigint IS NULL OR c.team_id = $2) AND ${ALIVE}`, [tx.accountId, teamId ?? null]))!;
  }

  /** A page of the account's people, or one of them. */
  people(tx: Tx, page: number, userId: number | undefined): Promise<AgentRow[]> {
    return tx.sql<AgentRow>(
      `SELECT ${AGENT_COLUMNS} FROM account_users au JOIN users u ON u.id = au.user_id WHERE au.account_id = $1 AND ($2::bigint IS NULL OR u.id = $2) ORDER BY lower(u.name), u.id LIMIT ${PAGE} OFFSET $3`,
      [tx.accountId, userId ?? null, (page - 1) * PAGE]);
  }

  openOf(tx: Tx, userIds: readonly number[]): Promise<{ id: number; open: number; unattended: number }[]> {
    return tx.sql(
      `SELECT c.assignee_id AS id, count(*)::int AS open, count(*) FILTER (WHERE ${UNATTENDED})::int AS unattended FROM conversations c
       WHERE c.account_id = $1 AND c.status = 0 AND c.assignee_id = ANY ($2::bigint[]) AND ${ALIVE} GROUP BY 1`, [tx.accountId, userIds]);
  }
}
