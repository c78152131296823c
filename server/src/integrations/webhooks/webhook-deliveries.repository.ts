import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/transaction.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { deliveryId } from '../../platform/outbound-http/webhook-signature.js';
import type { DeliveriesQuery } from './webhook.dto.js';

export const DELIVERIES_PER_PAGE = 25;
export const STATES = ['waiting', 'delivered', 'given_up'] as const;
export const State = { waiting: 0, delivered: 1, givenUp: 2 } as const;

/** One thing to be told to one address. */
export interface DeliveryRow {
  account_id: number; id: number; webhook_id: number; event_id: number; conversation_id: number | null; created_at: Date; due_at: Date; finished_at: Date | null; last_status: number | null; state: number; attempts: number;
  aside: boolean; delivery: string; event: string; body: string; last_error: string | null;
}
export interface AttemptRow { at: Date; status: number | null; duration_ms: number; number: number; answer: string | null; error: string | null }
/** Which drain a webhook waits for. */
export interface WebhookKey { accountId: number; webhookId: number }
/** What is told, and of what. */
export interface NewDelivery { eventId: number; seq: number; event: string; payload: object; conversationId: number | null; contactId: number | null; at: Date }

/** What waits to be told, and the log of what was. */
@Injectable()
export class WebhookDeliveries {
  constructor(private readonly system: SystemWork) {}

  /** Once for an event and an address, however often the event is heard. */
  async add(tx: Tx, webhookIds: readonly number[], told: NewDelivery): Promise<void> {
    const body = JSON.stringify(told.payload);
    await tx.sql(
      `INSERT INTO webhook_deliveries (account_id, webhook_id, event_id, seq, event, body, conversation_id, contact_id, created_at, due_at, delivery)
       SELECT $1, w.id, $4, $5, $6, $7, $8, $9, $10, $10, w.delivery FROM unnest($2::bigint[], $3::text[]) AS w(id, delivery) ON CONFLICT DO NOTHING`,
      [tx.accountId, webhookIds, webhookIds.map((id) => deliveryId('webhook', tx.accountId, id, told.eventId, told.event)), told.eventId, told.seq, told.event, body, told.conversationId, told.contactId, told.at]);
  }

  /** What is next for this address: in the order of events, and what was set aside when nothing else waits. */
  next(tx: Tx, webhookId: number, now: Date): Promise<DeliveryRow | undefined> {
    return tx.one<DeliveryRow>(
      `SELECT * FROM webhook_deliveries WHERE account_id = $1 AND webhook_id = $2 AND state = 0 AND (NOT aside OR due_at <= $3) ORDER BY aside, seq, id LIMIT 1`, [tx.accountId, webhookId, now]);
  }

  /** Whether an earlier event is still on its way into the list. */
  async isEarlierComing(tx: Tx, subscriber: string, eventId: number): Promise<boolean> {
    return (await tx.sql('SELECT FROM event_deliveries WHERE account_id = $1 AND subscriber = $2 AND event_id < $3 LIMIT 1', [tx.accountId, subscriber, eventId])).length > 0;
  }

  async note(tx: Tx, row: DeliveryRow, attempt: Omit<AttemptRow, 'number'>): Promise<void> {
    await tx.sql('INSERT INTO webhook_attempts (account_id, delivery_id, at, status, duration_ms, number, answer, error) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING',
      [tx.accountId, row.id, attempt.at, attempt.status, attempt.duration_ms, row.attempts + 1, attempt.answer, attempt.error]);
  }

  async settle(tx: Tx, id: number, change: { state: number; at: Date; status: number | null; error: string | null; aside: boolean; dueAt: Date }): Promise<void> {
    await tx.sql(
      `UPDATE webhook_deliveries SET state = $3::smallint, attempts = attempts + 1, finished_at = CASE WHEN $3::smallint = 0 THEN NULL ELSE $4::timestamptz END, last_status = $5, last_error = $6,
         aside = aside OR $7, due_at = $8 WHERE account_id = $1 AND id = $2`, [tx.accountId, id, change.state, change.at, change.status, change.error, change.aside, change.dueAt]);
  }

  list(tx: Tx, webhookId: number, { page, state }: DeliveriesQuery): Promise<(DeliveryRow & { duration_ms: number | null })[]> {
    return tx.sql(
      `SELECT d.*, (SELECT a.duration_ms FROM webhook_attempts a WHERE a.account_id = d.account_id AND a.delivery_id = d.id ORDER BY a.at DESC LIMIT 1) AS duration_ms
       FROM webhook_deliveries d WHERE d.account_id = $1 AND d.webhook_id = $2 AND ($3::smallint IS NULL OR d.state = $3) ORDER BY d.id DESC LIMIT ${DELIVERIES_PER_PAGE + 1} OFFSET $4`,
      [tx.accountId, webhookId, state === undefined ? null : STATES.indexOf(state), (page - 1) * DELIVERIES_PER_PAGE]);
  }

  find(tx: Tx, webhookId: number, id: number): Promise<DeliveryRow | undefined> {
    return tx.one<DeliveryRow>('SELECT * FROM webhook_deliveries WHERE account_id = $1 AND webhook_id = $2 AND id = $3', [tx.accountId, webhookId, id]);
  }

  attempts(tx: Tx, id: number): Promise<AttemptRow[]> {
    return tx.sql<AttemptRow>('SELECT at, status, duration_ms, number, answer, error FROM webhook_attempts WHERE account_id = $1 AND delivery_id = $2 ORDER BY at', [tx.accountId, id]);
  }

  /** To be told once more, with the same delivery id. */
  async again(tx: Tx, id: number, now: Date): Promise<void> {
    await tx.sql('UPDATE webhook_deliveries SET state = 0, aside = true, due_at = $3, created_at = $3, finished_at = NULL, attempts = 0 WHERE account_id = $1 AND id = $2', [tx.accountId, id, now]);
  }

  /** The same for all that were given up. Answers how many. */
  async allAgain(tx: Tx, webhookId: number, now: Date): Promise<number> {
    return (await tx.sql(
      `UPDATE webhook_deliveries SET state = ${State.waiting}, aside = true, due_at = $3, created_at = $3, finished_at = NULL, attempts = 0
       WHERE account_id = $1 AND webhook_id = $2 AND state = ${State.givenUp} RETURNING id`, [tx.accountId, webhookId, now])).length;
  }

  /** Addresses of all accounts with something due that nobody works on. */
  async overdue(now: Date, leaseMs: number, limit: number): Promise<WebhookKey[]> {
    const rows = await this.system.sql<{ account_id: number; id: number }>(
      `SELECT w.account_id, w.id FROM webhooks w WHERE w.disabled_at IS NULL AND (w.next_try_at IS NULL OR w.next_try_at <= $1)
         AND (w.claimed_at IS NULL OR w.claimed_at < $1::timestamptz - make_interval(secs => $2))
         AND EXISTS (SELECT FROM webhook_deliveries d WHERE d.account_id = w.account_id AND d.webhook_id = w.id AND d.state = 0 AND (NOT d.aside OR d.due_at <= $1)) LIMIT $3`, [now, leaseMs / 1_000, limit]);
    return rows.map((row) => ({ accountId: row.account_id, webhookId: row.id }));
  }

  /** Forgets what is older than this: bodies are personal data. */
  async forget(before: Date): Promise<void> {
    await this.system.sql('DELETE FROM webhook_deliveries WHERE created_at < $1', [before]);
  }
}
