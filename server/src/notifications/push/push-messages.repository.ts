import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/transaction.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';

/** Something of one conversation that waits to be told to one device. */
export interface PushMessageRow { account_id: number; subscription_id: number; conversation_id: number; notification_id: number; created_at: Date; due_at: Date; attempts: number }
/** Which device is told by which account. */
export interface PushKey { accountId: number; subscriptionId: number }

/** What waits to be told to devices. */
@Injectable()
export class PushMessagesRepository {
  constructor(private readonly system: SystemWork) {}

  /** Takes the place of what waits to be told of the same conversation. */
  async add(tx: Tx, subscriptionIds: readonly number[], told: { conversationId: number; notificationId: number; at: Date; dueAt: Date }): Promise<void> {
    await tx.sql(
      `INSERT INTO push_messages (account_id, subscription_id, conversation_id, notification_id, created_at, due_at) SELECT $1, s, $3, $4, $5, $6 FROM unnest($2::bigint[]) s ORDER BY s
       ON CONFLICT (account_id, subscription_id, conversation_id) DO UPDATE SET notification_id = excluded.notification_id, created_at = excluded.created_at, due_at = excluded.due_at, attempts = 0`,
      [tx.accountId, subscriptionIds, told.conversationId, told.notificationId, told.at, told.dueAt]);
  }

  /** The next one that is due and that nobody is telling; it is this process's until the lease is over. */
  claim(tx: Tx, subscriptionId: number, now: Date, leaseMs: number): Promise<PushMessageRow | undefined> {
    return tx.one<PushMessageRow>(
      `UPDATE push_messages SET claimed_at = $3, attempts = attempts + 1 WHERE account_id = $1 AND subscription_id = $2 AND conversation_id = (
         SELECT conversation_id FROM push_messages WHERE account_id = $1 AND subscription_id = $2 AND due_at <= $3 AND (claimed_at IS NULL OR claimed_at < $3::timestamptz - make_interval(secs => $4))
         ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING *`, [tx.accountId, subscriptionId, now, leaseMs / 1_000]);
  }

  /** Done with it. What was put in its place meanwhile is still to be told. */
  async finish(tx: Tx, row: PushMessageRow): Promise<void> {
    const key = [tx.accountId, row.subscription_id, row.conversation_id, row.notification_id];
    await tx.sql('DELETE FROM push_messages WHERE account_id = $1 AND subscription_id = $2 AND conversation_id = $3 AND notification_id = $4', key);
    await tx.sql('UPDATE push_messages SET claimed_at = NULL WHERE account_id = $1 AND subscription_id = $2 AND conversation_id = $3 AND notification_id <> $4', key);
  }

  /** To be tried again; what was put in its place meanwhile waits as long. */
  async putOff(tx: Tx, row: PushMessageRow, until: Date): Promise<void> {
    await tx.sql('UPDATE push_messages SET claimed_at = NULL, due_at = $4 WHERE account_id = $1 AND subscription_id = $2 AND conversation_id = $3', [tx.accountId, row.subscription_id, row.conversation_id, until]);
  }

  /** Devices for which something is due and nobody is telling it, of all accounts. */
  async overdue(now: Date, leaseMs: number, limit: number): Promise<PushKey[]> {
    const rows = await this.system.sql<{ account_id: number; subscription_id: number }>(
      `SELECT DISTINCT m.account_id, m.subscription_id FROM push_messages m JOIN notification_subscriptions s ON s.id = m.subscription_id AND (s.wait_until IS NULL OR s.wait_until <= $1)
       WHERE m.due_at <= $1 AND (m.claimed_at IS NULL OR m.claimed_at < $1::timestamptz - make_interval(secs => $2)) LIMIT $3`, [now, leaseMs / 1_000, limit]);
    return rows.map((row) => ({ accountId: row.account_id, subscriptionId: row.subscription_id }));
  }
}
