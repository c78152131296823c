import { Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import type { Tx } from '../../platform/database/transaction.js';

/** Somebody named in a mail's header. The address is lower-case. */
export interface MailPerson { name: string; address: string }
export const Direction = { in: 0, out: 1 } as const;
export const Automatic = { no: 0, automatic: 1, bulk: 2 } as const;
export const ParticipantRole = { began: 0, addressed: 1, came: 2 } as const;

/** The mail side of a message. Ids are without angle brackets, as they came otherwise. */
export interface MailMessageRow {
  conversation_id: number; message_id: number; inbox_id: number; raw_id: number | null; direction: number; mailed_at: Date | null; automatic: number; spam: boolean;
  rfc_message_id: string; fingerprint: string | null; subject: string; from_address: string | null; from_name: string | null; in_reply_to: string[]; reference_ids: string[];
  to_list: MailPerson[]; cc_list: MailPerson[]; bcc_list: MailPerson[]; reply_to_list: MailPerson[]; authentication: object | null; headers: [string, string][] | null;
  text_body: string | null; html_body: string | null; parts: object | null;
}
/** Somebody for whom the mail server did not take a mail. */
export interface RefusedRecipient { address: string; reason: string; permanent: boolean }
export interface ParticipantRow { address: string; name: string; contact_id: number | null; role: number; joined_by_message: number | null }

const COLUMNS = [
  'conversation_id', 'message_id', 'inbox_id', 'raw_id', 'direction', 'mailed_at', 'automatic', 'spam', 'rfc_message_id', 'fingerprint', 'subject', 'from_address', 'from_name', 'in_reply_to',
  'reference_ids', 'to_list', 'cc_list', 'bcc_list', 'reply_to_list', 'authentication', 'headers', 'text_body', 'html_body', 'parts',
] as const satisfies readonly (keyof MailMessageRow)[];
const JSON_COLUMNS = new Set<string>(['to_list', 'cc_list', 'bcc_list', 'reply_to_list', 'authentication', 'headers', 'parts']);

/** The mail side of messages, in and out: what threading, answering and showing them need. */
@Injectable()
export class MailMessagesRepository {
  /**
   * Writes the mail side together with the Message-ID it is found by, and those who take part in the thread since; who is in it already stays as they came. The
   * stored mail that it was made of counts as read. Writing it again, as a repeated try does, changes nothing.
   */
  async insert(tx: Tx, row: MailMessageRow, people: readonly ParticipantRow[] = []): Promise<void> {
    const values = COLUMNS.map((column) => (JSON_COLUMNS.has(column) && row[column] !== null ? JSON.stringify(row[column]) : row[column]));
    const at = (column: (typeof COLUMNS)[number]): string => `$${COLUMNS.indexOf(column) + 2}`;
    await tx.prepared(
      `WITH k AS (INSERT INTO mail_message_ids (account_id, rfc_message_id, conversation_id, message_id, inbox_id) VALUES ($1, ${at('rfc_message_id')}, $2, $3, $4) ON CONFLICT DO NOTHING),
       p AS (INSERT INTO mail_participants (account_id, conversation_id, address, name, contact_id, role, joined_by_message)
         SELECT $1, $2, p.address, p.name, p.contact_id, p.role, p.joined_by_message
         FROM jsonb_to_recordset($${COLUMNS.length + 2}::jsonb) p(address text, name text, contact_id bigint, role smallint, joined_by_message bigint)
         ON CONFLICT (account_id, conversation_id, address) DO UPDATE SET contact_id = coalesce(mail_participants.contact_id, excluded.contact_id)),
       r AS (UPDATE mail_raws SET state = 1, parsed_at = now(), claimed_at = NULL, error = NULL, conversation_id = $2, message_id = $3, rfc_message_id = ${at('rfc_message_id')},
           subject = left(${at('subject')}, 1000), from_address = ${at('from_address')} WHERE account_id = $1 AND id = ${at('raw_id')})
       INSERT INTO mail_messages (account_id, ${COLUMNS.join(', ')}) VALUES ($1, ${COLUMNS.map(at).join(', ')}) ON CONFLICT (account_id, conversation_id, message_id) DO NOTHING`,
      [tx.accountId, ...values, JSON.stringify(people)]);
  }

  /** One more id the message is known by, as relays give them. */
  async addAlias(tx: Tx, message: { conversationId: number; messageId: number; inboxId: number }, rfcMessageId: string): Promise<void> {
    await tx.sql('INSERT INTO mail_message_ids (account_id, rfc_message_id, conversation_id, message_id, inbox_id) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING',
      [tx.accountId, rfcMessageId, message.conversationId, message.messageId, message.inboxId]);
  }

  /** For whom the mail was not taken at its last try, though it was for others. */
  async refused(tx: Tx, conversationId: number, messageId: number): Promise<RefusedRecipient[]> {
    const row = await tx.one<{ refused_list: RefusedRecipient[] | null }>('SELECT refused_list FROM mail_messages WHERE account_id = $1 AND conversation_id = $2 AND message_id = $3', [tx.accountId, conversationId, messageId]);
    return row?.refused_list ?? [];
  }

  async noteRefused(tx: Tx, conversationId: number, messageId: number, refused: readonly RefusedRecipient[]): Promise<void> {
    await tx.sql('UPDATE mail_messages SET refused_list = $4 WHERE account_id = $1 AND conversation_id = $2 AND message_id = $3', [tx.accountId, conversationId, messageId, refused.length > 0 ? JSON.stringify(refused) : null]);
  }

  find(tx: Tx, conversationId: number, messageId: number): Promise<MailMessageRow | undefined> {
    return tx.one<MailMessageRow>('SELECT * FROM mail_messages WHERE account_id = $1 AND conversation_id = $2 AND message_id = $3', [tx.accountId, conversationId, messageId]);
  }

  /** The newest mail of a conversation that came in, which an answer answers. */
  lastIncoming(tx: Tx, conversationId: number): Promise<MailMessageRow | undefined> {
    return tx.one<MailMessageRow>(
      'SELECT * FROM mail_messages WHERE account_id = $1 AND conversation_id = $2 AND direction = 0 ORDER BY message_id DESC LIMIT 1', [tx.accountId, conversationId]);
  }

  /** The secret that stands for a conversation in our reply address. Made when first asked for. */
  async replyToken(tx: Tx, conversationId: number): Promise<string> {
    // Only lower-case hex: some mailers change the case of addresses.
    const row = await tx.one<{ token: string }>(
      `INSERT INTO mail_reply_tokens (account_id, conversation_id, token) VALUES ($1, $2, $3)
       ON CONFLICT (account_id, conversation_id) DO UPDATE SET token = mail_reply_tokens.token RETURNING token`, [tx.accountId, conversationId, randomBytes(16).toString('hex')]);
    return row!.token;
  }

  /** Who takes part in the thread by mail, in the order they came. */
  participants(tx: Tx, conversationId: number): Promise<ParticipantRow[]> {
    return tx.sql<ParticipantRow>(
      'SELECT address, name, contact_id, role, joined_by_message FROM mail_participants WHERE account_id = $1 AND conversation_id = $2 ORDER BY joined_at, address', [tx.accountId, conversationId]);
  }
}
