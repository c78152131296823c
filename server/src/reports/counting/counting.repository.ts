import { Injectable } from '@nestjs/common';
import type { WorkingDay } from '../../inboxes/working-hours.js';
import type { Tx } from '../../platform/database/transaction.js';
import type { ReportingEvent } from './reporting-event.js';
import { TALLIES, type SlotRow, type Tally } from './tally.js';
import type { ThreadMessage, ThreadState } from './thread.js';

/** How a conversation has been counted so far; of a new one nothing. */
export interface CountedConversation {
  conversation_id: number; inbox_id: number; assignee_id: number | null; team_id: number | null; label_ids: number[]; last_message_id: number; thread: ThreadState | null;
}

/** How it is now, with the messages that are not counted yet. */
export interface ConversationNow {
  id: number; inbox_id: number; assignee_id: number | null; team_id: number | null; label_ids: number[]; created_at: Date; is_blocked: boolean; is_bot_inbox: boolean;
  working_hours_enabled: boolean; working_hours: WorkingDay[]; timezone: string; messages: ThreadMessage[] | null;
}

/** How many messages of one conversation are read at a time. */
export const AT_A_TIME = 1000;

const SUMS = TALLIES.map((name) => `${name} = s.${name} + excluded.${name}`).join(', ');
const COLUMNS = TALLIES.join(', ');
const TYPED = TALLIES.map((name) => `${name} bigint`).join(', ');
const ADDED = TALLIES.map((name) => `coalesce(sum(${name}), 0)`).join(', ');

/** The tables that reports are counted in. */
@Injectable()
export class CountingRepository {
  /** Keeps a recount from beginning meanwhile. The first statement of everything that counts. */
  async hold(tx: Tx): Promise<void> {
    await tx.sql(`SELECT pg_advisory_xact_lock_shared(hashtext('reports'), $1::int)`, [tx.accountId]);
  }

  /** Waits until nobody counts, and keeps others from it. */
  async holdAlone(tx: Tx): Promise<void> {
    await tx.sql(`SELECT pg_advisory_xact_lock(hashtext('reports'), $1::int)`, [tx.accountId]);
  }

  /** Locks the conversations' counts, and makes those that are missing. Conversations that are gone have none. */
  lock(tx: Tx, ids: readonly number[]): Promise<CountedConversation[]> {
    return tx.prepared<CountedConversation>(
      `INSERT INTO reporting_conversations AS r (account_id, conversation_id, inbox_id, created_at, last_message_id, thread)
       SELECT account_id, id, inbox_id, created_at, 0, 'null' FROM conversations WHERE account_id = $1 AND id = ANY ($2::bigint[]) ORDER BY id
       ON CONFLICT (account_id, conversation_id) DO UPDATE SET thread = r.thread
       RETURNING conversation_id, inbox_id, assignee_id, team_id, label_ids, last_message_id, thread`, [tx.accountId, ids]);
  }

  /** The conversations as they are, in one look: what stands in a thread and whom it belongs to must fit together. */
  now(tx: Tx, counted: readonly Pick<CountedConversation, 'conversation_id' | 'last_message_id'>[]): Promise<ConversationNow[]> {
    return tx.prepared<ConversationNow>(
      `SELECT c.id, c.inbox_id, c.assignee_id, c.team_id, c.label_ids, c.created_at, ct.blocked AS is_blocked, i.agent_bot_id IS NOT NULL AS is_bot_inbox,
         i.working_hours_enabled, i.working_hours, i.timezone, t.messages
       FROM unnest($2::bigint[], $3::bigint[]) k(id, after)
       JOIN conversations c ON c.account_id = $1 AND c.id = k.id
       JOIN inboxes i ON i.account_id = c.account_id AND i.id = c.inbox_id
       JOIN contacts ct ON ct.account_id = c.account_id AND ct.id = c.contact_id
       LEFT JOIN LATERAL (
         SELECT jsonb_agg(jsonb_build_object('id', m.id, 'at', floor(extract(epoch FROM m.created_at) * 1000), 'message_type', m.message_type, 'sender_type', m.sender_type, 'sender_id', m.sender_id,
           'private', m.private, 'automatic', coalesce(m.additional_attributes ? 'automatic', false),
           'activity', m.content_attributes #>> '{activity,key}', 'assignee', m.content_attributes #> '{activity,assignee}') ORDER BY m.id) AS messages
         FROM (SELECT * FROM messages WHERE account_id = $1 AND conversation_id = k.id AND id > k.after ORDER BY id LIMIT ${AT_A_TIME}) m) t ON true`,
      [tx.accountId, counted.map((row) => row.conversation_id), counted.map((row) => row.last_message_id)]);
  }

  async save(tx: Tx, rows: readonly (CountedConversation & { thread: ThreadState })[]): Promise<void> {
    await tx.prepared(
      `UPDATE reporting_conversations r SET assignee_id = s.assignee_id, team_id = s.team_id, label_ids = s.label_ids, last_message_id = s.last_message_id, thread = s.thread
       FROM jsonb_to_recordset($2::jsonb) AS s(conversation_id bigint, assignee_id bigint, team_id bigint, label_ids integer[], last_message_id bigint, thread jsonb)
       WHERE r.account_id = $1 AND r.conversation_id = s.conversation_id`, [tx.accountId, JSON.stringify(rows)]);
  }

  async insertEvents(tx: Tx, events: readonly (ReportingEvent & { conversationId: number; inboxId: number })[]): Promise<void> {
    if (events.length === 0) return;
    await tx.sql(
      `INSERT INTO reporting_events (account_id, conversation_id, message_id, inbox_id, user_id, event_start_time, event_end_time, value, value_in_business_hours, name)
       SELECT $1, e."conversationId", e."messageId", e."inboxId", e."userId", e.start, e."end", e.value, e."valueInBusinessHours", e.name
       FROM ROWS FROM (jsonb_to_recordset($2::jsonb) AS ("conversationId" bigint, "messageId" bigint, "inboxId" bigint, "userId" bigint, start timestamptz, "end" timestamptz, value bigint,
         "valueInBusinessHours" bigint, name text)) WITH ORDINALITY AS e("conversationId", "messageId", "inboxId", "userId", start, "end", value, "valueInBusinessHours", name, n) ORDER BY e.n`,
      [tx.accountId, JSON.stringify(events)]);
  }

  /** Messages that are counted already, by quarter of an hour: for counting them under another team or label. */
  countedMessages(tx: Tx, conversationId: number, upTo: number): Promise<({ slot: number } & Tally)[]> {
    return tx.sql(
      `SELECT (extract(epoch FROM date_bin('15 minutes', created_at, 'epoch')))::bigint AS slot, count(*) FILTER (WHERE message_type = 0)::int AS incoming_messages,
         count(*) FILTER (WHERE message_type = 1 AND NOT private)::int AS outgoing_messages
       FROM messages WHERE account_id = $1 AND conversation_id = $2 AND id <= $3 AND message_type IN (0, 1) GROUP BY 1`, [tx.accountId, conversationId, upTo]);
  }

  countedEvents(tx: Tx, conversationId: number): Promise<(Pick<ReportingEvent, 'name' | 'value'> & { end: Date; value_in_business_hours: number })[]> {
    return tx.sql('SELECT name, value, value_in_business_hours, event_end_time AS "end" FROM reporting_events WHERE account_id = $1 AND conversation_id = $2', [tx.accountId, conversationId]);
  }

  /** Adds to the sums, always in the same order, so that two who count never wait for each other. */
  async add(tx: Tx, rows: readonly SlotRow[]): Promise<void> {
    if (rows.length === 0) return;
    const given = `jsonb_to_recordset($2::jsonb) AS g(dimension smallint, dimension_id bigint, slot bigint, ${TYPED})`;
    const summed = (column: string, at: string): string =>
      `INSERT INTO reporting_${column}s AS s (account_id, dimension, dimension_id, ${column}, ${COLUMNS}) SELECT $1::bigint, dimension, dimension_id, ${at}, ${ADDED} FROM ${given} GROUP BY 2, 3, 4 ORDER BY 2, 3, 4
       ON CONFLICT (account_id, dimension, dimension_id, ${column}) DO UPDATE SET ${SUMS}`;
    const params = [tx.accountId, JSON.stringify(rows)];
    await tx.prepared(summed('slot', 'to_timestamp(slot)'), params);
    await tx.prepared(summed('day', 'to_timestamp(slot - slot % 86400)'), params);
  }

  /** What is erased counts on in the sums, which hold no person; there is nothing left to count it elsewhere. */
  async forget(tx: Tx, conversationId: number): Promise<void> {
    await tx.sql('DELETE FROM reporting_conversations WHERE account_id = $1 AND conversation_id = $2', [tx.accountId, conversationId]);
  }

  /** Throws away everything counted of the account. */
  async clear(tx: Tx): Promise<void> {
    for (const table of ['reporting_conversations', 'reporting_events', 'reporting_slots', 'reporting_days', 'reporting_progress']) await tx.sql(`DELETE FROM ${table} WHERE account_id = $1`, [tx.accountId]);
  }
}
