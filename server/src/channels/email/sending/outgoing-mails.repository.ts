import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/transaction.js';
import type { Problem } from '../accounts/mail-problem.js';
import type { MailMessageRow } from '../mail-messages.repository.js';

/** An address to which nothing is sent, and why. */
export interface HeldAddress { address: string; reason: string; detail: string | null; held_at: Date; conversation_id: number | null; message_id: number | null }

/** Why an inbox cannot hand over mail. `ended`: its permission did. */
export interface SendingTrouble { reason: string; problem?: Problem; ended?: boolean }

/** What sending reads and writes besides the mail itself. */
@Injectable()
export class OutgoingMailsRepository {
  /** The newest mail of the thread before this message: what came in, else what we wrote. */
  answered(tx: Tx, conversationId: number, messageId: number, inReplyTo: number | null): Promise<MailMessageRow | undefined> {
    return tx.one<MailMessageRow>(
      `SELECT * FROM mail_messages WHERE account_id = $1 AND conversation_id = $2 AND message_id < $3
       ORDER BY (message_id = $4) DESC NULLS LAST, direction, message_id DESC LIMIT 1`, [tx.accountId, conversationId, messageId, inReplyTo]);
  }

  /** Which of these addresses are held. */
  held(tx: Tx, addresses: readonly string[]): Promise<HeldAddress[]> {
    return tx.sql<HeldAddress>('SELECT address, reason, detail, held_at, conversation_id, message_id FROM mail_held_addresses WHERE account_id = $1 AND address = ANY ($2::text[])', [tx.accountId, addresses]);
  }

  /** Until the transaction ends nobody else counts the automatic mails of this inbox to the address: of several at once each sees the ones before. */
  async holdAutomatic(tx: Tx, inboxAddress: string, to: string): Promise<void> {
    await tx.prepared('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`automatic-mail/${tx.accountId}/${inboxAddress}/${to}`]);
  }

  /** Automatic mails of this inbox to the address in the last hour. */
  async automaticLately(tx: Tx, inboxAddress: string, to: string, exceptMessageId: number): Promise<number> {
    const row = await tx.one<{ n: number }>(
      `SELECT count(*)::int AS n FROM mail_messages WHERE account_id = $1 AND from_address = $2 AND created_at > now() - interval '1 hour' AND direction = 1 AND automatic = 1
         AND message_id <> $4 AND to_list @> jsonb_build_array(jsonb_build_object('address', $3::text))`, [tx.accountId, inboxAddress, to, exceptMessageId]);
    return row!.n;
  }

  /** Notes how the last try of an inbox to hand over mail went. `permitted`: it is what let us in. */
  async noteSending(tx: Tx, inboxId: number, trouble: SendingTrouble | null, permitted: boolean): Promise<void> {
    await tx.sql(
      `INSERT INTO mail_inbox_health (account_id, inbox_id, last_sent_at, send_error_at, send_error, send_failures, permission_ended_at, send_problem)
       VALUES ($1, $2, CASE WHEN $3::text IS NULL THEN now() END, CASE WHEN $3 IS NOT NULL THEN now() END, $3, CASE WHEN $3 IS NULL THEN 0 ELSE 1 END, CASE WHEN $4 THEN now() END, $6)
       ON CONFLICT (account_id, inbox_id) DO UPDATE SET last_sent_at = coalesce(excluded.last_sent_at, mail_inbox_health.last_sent_at), send_error_at = excluded.send_error_at, send_error = excluded.send_error, send_problem = excluded.send_problem,
         send_failures = CASE WHEN $3 IS NULL THEN 0 ELSE mail_inbox_health.send_failures + 1 END,
         permission_ended_at = CASE WHEN NOT $5 THEN coalesce(mail_inbox_health.permission_ended_at, excluded.permission_ended_at) END
       -- One write in a minute is enough to say that all is well.
       WHERE $3 IS NOT NULL OR mail_inbox_health.send_error IS NOT NULL OR coalesce(mail_inbox_health.last_sent_at, '-infinity') < now() - interval '1 minute'`, [tx.accountId, inboxId, trouble?.reason.slice(0, 500) ?? null, trouble?.ended ?? false, permitted, trouble?.problem ?? null]);
  }

  /** Holds an address. One that is held already keeps its first reason. */
  async hold(tx: Tx, address: string, why: { reason: 'hard_bounce' | 'complaint' | 'by_hand'; detail: string | null; conversationId?: number; messageId?: number }): Promise<void> {
    await tx.sql(
      `INSERT INTO mail_held_addresses (account_id, address, reason, detail, conversation_id, message_id) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
      [tx.accountId, address.toLowerCase(), why.reason, why.detail?.slice(0, 500) ?? null, why.conversationId ?? null, why.messageId ?? null]);
  }

  /** Lets mail go there again. False when it was not held. */
  async release(tx: Tx, address: string): Promise<boolean> {
    return (await tx.sql('DELETE FROM mail_held_addresses WHERE account_id = $1 AND address = $2 RETURNING 1 AS gone', [tx.accountId, address.toLowerCase()])).length > 0;
  }
}
