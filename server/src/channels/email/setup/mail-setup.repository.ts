import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/transaction.js';
import type { HeldAddress } from '../sending/outgoing-mails.repository.js';

/** What the settings of a mail inbox show besides its settings. */
@Injectable()
export class MailSetupRepository {
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
