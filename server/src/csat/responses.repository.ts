import { Injectable } from '@nestjs/common';
import { AGENT_COLUMNS, type AgentRow } from '../identity/agents/agent.presenter.js';
import type { Tx } from '../platform/database/transaction.js';
import type { ResponsesQuery, SurveyFilter } from './csat.dto.js';
import type { SurveyRow } from './surveys.repository.js';

export interface ExportedResponse {
  agent_name: string | null; rating: number; feedback_message: string | null; contact_name: string; contact_email: string | null; contact_phone: string | null; display_id: number; answered_at: Date;
}

const PAGE = 25;
const ORDERS: Record<ResponsesQuery['sort'], string> = {
  'created_at': 's.answered_at, s.id', '-created_at': 's.answered_at DESC, s.id DESC', 'rating': 's.rating, s.id DESC', '-rating': 's.rating DESC, s.id DESC',
};
const day = (seconds: number | undefined): Date | null => (seconds === undefined ? null : new Date(seconds * 1000));
/** `time`: what lies within the range asked for. Surveys of inboxes that are being deleted do not count. */
const matching = (time: 'answered_at' | 'sent_at'): string => `s.account_id = $1 AND ($2::timestamptz IS NULL OR s.${time} >= $2) AND ($3::timestamptz IS NULL OR s.${time} <= $3)
  AND ($4::bigint[] IS NULL OR s.assigned_agent_id = ANY ($4)) AND ($5::bigint IS NULL OR s.inbox_id = $5) AND ($6::bigint IS NULL OR s.team_id = $6) AND ($7::smallint IS NULL OR s.rating = $7)
  AND EXISTS (SELECT FROM inboxes i WHERE i.account_id = s.account_id AND i.id = s.inbox_id AND i.deleted_at IS NULL)`;
const params = (tx: Tx, filter: SurveyFilter): unknown[] =>
  [tx.accountId, day(filter.since), day(filter.until), filter.user_ids ?? null, filter.inbox_id ?? null, filter.team_id ?? null, filter.rating ?? null];

/** Answers to surveys, for the report. */
@Injectable()
export class ResponsesRepository {
  page(tx: Tx, query: ResponsesQuery): Promise<SurveyRow[]> {
    return tx.sql<SurveyRow>(
      `SELECT s.* FROM csat_surveys s WHERE ${matching('answered_at')} AND s.rating IS NOT NULL ORDER BY ${ORDERS[query.sort]} LIMIT ${PAGE} OFFSET $8`,
      [...params(tx, query), ((query.page ?? 1) - 1) * PAGE]);
  }

  async ratings(tx: Tx, filter: SurveyFilter): Promise<{ rating: number; n: number }[]> {
    return tx.sql(`SELECT s.rating, count(*)::int AS n FROM csat_surveys s WHERE ${matching('answered_at')} AND s.rating IS NOT NULL GROUP BY s.rating`, params(tx, filter));
  }

  /** How many were asked. Of those nobody knows a rating, so that filter does not count here. */
  async sent(tx: Tx, filter: SurveyFilter): Promise<number> {
    return (await tx.one<{ n: number }>(`SELECT count(*)::int AS n FROM csat_surveys s WHERE ${matching('sent_at')}`, params(tx, { ...filter, rating: undefined })))!.n;
  }

  /** Some rows of the file, newest first. */
  exported(tx: Tx, filter: SurveyFilter, limit: number, offset: number): Promise<ExportedResponse[]> {
    return tx.sql<ExportedResponse>(
      `SELECT coalesce(nullif(u.display_name, ''), u.name) AS agent_name, s.rating, s.feedback_message, ct.name AS contact_name, ct.email AS contact_email, ct.phone_number AS contact_phone,
         c.display_id, s.answered_at
       FROM csat_surveys s JOIN conversations c ON c.account_id = s.account_id AND c.id = s.conversation_id JOIN contacts ct ON ct.account_id = c.account_id AND ct.id = c.contact_id
       LEFT JOIN users u ON u.id = s.assigned_agent_id
       WHERE ${matching('answered_at')} AND s.rating IS NOT NULL ORDER BY s.answered_at DESC, s.id DESC LIMIT $8 OFFSET $9`, [...params(tx, filter), limit, offset]);
  }

  agents(tx: Tx, ids: readonly number[]): Promise<AgentRow[]> {
    return tx.sql<AgentRow>(
      `SELECT ${AGENT_COLUMNS} FROM account_users au JOIN users u ON u.id = au.user_id WHERE au.account_id = $1 AND au.user_id = ANY ($2::bigint[])`, [tx.accountId, ids]);
  }
}
