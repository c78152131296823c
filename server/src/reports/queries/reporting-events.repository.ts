import { Injectable } from '@nestjs/common';
import { Params } from '../../platform/database/params.js';
import type { Tx } from '../../platform/database/transaction.js';
import type { EventsQuery } from './reporting-events.dto.js';

export interface ReportingEventRow {
  id: number; name: string; value: number; value_in_business_hours: number; event_start_time: Date; event_end_time: Date; display_id: number | null; inbox_id: number; user_id: number | null; recorded_at: Date;
}

export const PAGE = 25;
const COLUMNS = 'e.id, e.name, e.value, e.value_in_business_hours, e.event_start_time, e.event_end_time, e.inbox_id, e.user_id, e.recorded_at';
const WITH_NUMBER = 'LEFT JOIN conversations c ON c.account_id = e.account_id AND c.id = e.conversation_id';

/** The raw events that reports are made of. */
@Injectable()
export class ReportingEventsRepository {
  /** Newest first. */
  page(tx: Tx, query: EventsQuery): Promise<ReportingEventRow[]> {
    const params = new Params();
    const where = conditions(tx, query, params);
    const limit = params.add((query.page - 1) * PAGE);
    return tx.sql<ReportingEventRow>(
      `SELECT ${COLUMNS}, c.display_id FROM (SELECT * FROM reporting_events e WHERE ${where} ORDER BY e.event_end_time DESC, e.id DESC LIMIT ${PAGE} OFFSET ${limit}) e ${WITH_NUMBER}
       ORDER BY e.event_end_time DESC, e.id DESC`, params.values);
  }

  async count(tx: Tx, query: EventsQuery): Promise<number> {
    const params = new Params();
    return (await tx.one<{ n: number }>(`SELECT count(*)::int AS n FROM reporting_events e WHERE ${conditions(tx, query, params)}`, params.values))!.n;
  }

  /** Those of a conversation, as they happened. */
  ofConversation(tx: Tx, conversationId: number): Promise<ReportingEventRow[]> {
    return tx.sql<ReportingEventRow>(
      `SELECT ${COLUMNS}, c.display_id FROM reporting_events e ${WITH_NUMBER} WHERE e.account_id = $1 AND e.conversation_id = $2 ORDER BY e.event_end_time, e.message_id, e.id`, [tx.accountId, conversationId]);
  }
}

function conditions(tx: Tx, query: EventsQuery, params: Params): string {
  const all = [`e.account_id = ${params.add(tx.accountId)}`];
  if (query.since !== undefined) all.push(`e.event_end_time >= to_timestamp(${params.add(query.since)})`);
  if (query.until !== undefined) all.push(`e.event_end_time < to_timestamp(${params.add(query.until)})`);
  if (query.inbox_id !== undefined) all.push(`e.inbox_id = ${params.add(query.inbox_id)}`);
  if (query.user_id !== undefined) all.push(`e.user_id = ${params.add(query.user_id)}`);
  if (query.name !== undefined) all.push(`e.name = ${params.add(query.name)}`);
  return all.join(' AND ');
}
