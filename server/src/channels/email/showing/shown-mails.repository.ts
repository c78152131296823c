import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/transaction.js';
import type { MailMessageRow, RefusedRecipient } from '../mail-messages.repository.js';
import type { Authentication } from '../threading/authenticate-mail.service.js';

/** What else is known of a mail besides its body. */
export interface MailParts { html_reply?: string | null; quoted?: string | null; inline?: Record<string, { storage_key: string; content_type: string; name: string }> }
/** A mail with what showing it depends on. */
export interface ShownMailRow extends Omit<MailMessageRow, 'authentication' | 'parts'> {
  authentication: Authentication | null; parts: MailParts | null; raw_key: string | null; refused_list: RefusedRecipient[] | null;
  /** The contact in whose name it stands, when its From is theirs. */
  writer_id: number | null;
  /** Somebody said that pictures of this contact's mails are always shown. */
  pictures_trusted: boolean;
}

/** Mails as an agent looks at them. */
@Injectable()
export class ShownMailsRepository {
  /** The mail of a message in a conversation of this number, if this person may see it; null stands for administrators. */
  visible(tx: Tx, displayId: number, messageId: number, userId: number | null): Promise<ShownMailRow | undefined> {
    return tx.one<ShownMailRow>(
      `${MAIL} JOIN conversations c ON c.account_id = e.account_id AND c.id = e.conversation_id AND c.display_id = $2 ${WRITER}
       WHERE e.account_id = $1 AND e.message_id = $3 AND m.deleted_at IS NULL
         AND ($4::bigint IS NULL OR EXISTS (SELECT FROM inbox_members i WHERE i.account_id = c.account_id AND i.user_id = $4 AND i.inbox_id = c.inbox_id))`, [tx.accountId, displayId, messageId, userId]);
  }

  /** The mail of a message, for whoever holds an address that names it. */
  find(tx: Tx, conversationId: number, messageId: number): Promise<ShownMailRow | undefined> {
    return tx.one<ShownMailRow>(`${MAIL} ${WRITER} WHERE e.account_id = $1 AND e.conversation_id = $2 AND e.message_id = $3 AND m.deleted_at IS NULL`, [tx.accountId, conversationId, messageId]);
  }

  /** From now on, or no longer, pictures of this contact's proved mails are shown at once. */
  async trustPictures(tx: Tx, contactId: number, userId: number, on: boolean): Promise<void> {
    await (on
      ? tx.sql('INSERT INTO mail_picture_senders (account_id, contact_id, user_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [tx.accountId, contactId, userId])
      : tx.sql('DELETE FROM mail_picture_senders WHERE account_id = $1 AND contact_id = $2', [tx.accountId, contactId]));
  }
}

const MAIL = `SELECT e.*, r.storage_key AS raw_key, w.id AS writer_id, p.contact_id IS NOT NULL AS pictures_trusted
  FROM mail_messages e JOIN messages m ON m.account_id = e.account_id AND m.conversation_id = e.conversation_id AND m.id = e.message_id
  LEFT JOIN mail_raws r ON r.account_id = e.account_id AND r.id = e.raw_id`;
const WRITER = `LEFT JOIN contacts w ON w.account_id = m.account_id AND m.sender_type = 1 AND w.id = m.sender_id AND w.email = e.from_address
  LEFT JOIN mail_picture_senders p ON p.account_id = w.account_id AND p.contact_id = w.id`;
