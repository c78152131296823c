import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/transaction.js';
import type { HeldAddress } from '../sending/outgoing-mails.repository.js';

/** How an inbox does, as the settings show it. */
export interface HealthRow {
  last_fetch_at: Date | null; last_mail_at: Date | null; fetch_error: string | null; waiting: number; to_repair: number; last_sent_at: Date | null; send_error: string | null; send_queue: number;
}

/** What the settings of a mail inbox show besides its settings. */
@Injectable()
export class MailSetupRepository {
  async health(tx: Tx, inboxId: number): Promise<HealthRow> {
    const row = await tx.one<HealthRow>(
      `SELECT h.last_fetch_at, h.last_mail_at, h.fetch_error, coalesce(h.waiting, 0) AS waiting, h.last_sent_at, h.send_error,
         (SELECT count(*)::int FROM mail_raws r WHERE r.account_id = $1 AND r.inbox_id = $2 AND r.state = 2) AS to_repair,
         (SELECT count(*)::int FROM outbound_messages o JOIN conversations c ON c.account_id = o.account_id AND c.id = o.conversation_id WHERE o.account_id = $1 AND c.inbox_id = $2) AS send_queue
       FROM (SELECT 1) one LEFT JOIN mail_inbox_health h ON h.account_id = $1 AND h.inbox_id = $2`, [tx.accountId, inboxId]);
    return row!;
  }

  /** Which of these Message-IDs came in. */
  async arrived(tx: Tx, inboxId: number, messageIds: readonly string[]): Promise<string[]> {
    const rows = await tx.sql<{ rfc_message_id: string }>(
      `SELECT rfc_message_id FROM mail_raws WHERE account_id = $1 AND inbox_id = $2 AND received_at > now() - interval '1 day' AND rfc_message_id = ANY ($3::text[])`, [tx.accountId, inboxId, messageIds]);
    return rows.map((row) => row.rfc_message_id);
  }

  held(tx: Tx): Promise<(HeldAddress & { display_id: number | null })[]> {
    return tx.sql(
      `SELECT h.address, h.reason, h.detail, h.held_at, h.conversation_id, h.message_id, c.display_id FROM mail_held_addresses h
       LEFT JOIN conversations c ON c.account_id = h.account_id AND c.id = h.conversation_id WHERE h.account_id = $1 ORDER BY h.held_at DESC LIMIT 500`, [tx.accountId]);
  }
}
