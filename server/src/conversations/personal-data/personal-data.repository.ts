import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/transaction.js';

export interface ThreadRow {
  id: number; display_id: number; inbox_name: string; created_at: Date; status: number; labels: string[] | null; contact_id: number;
  custom_attributes: Record<string, unknown> | null; additional_attributes: Record<string, unknown> | null;
}
export interface WordsRow { id: number; conversation_id: number; created_at: Date; sender_type: number; sender_id: number | null; sender_name: string | null; private: boolean; content: string | null; content_type: number; content_attributes: Record<string, unknown> | null }
export interface FileRow { message_id: number; file_name: string | null; content_type: string | null; file_size: number; storage_key: string | null }

export interface RatingRow { display_id: number; sent_at: Date; answered_at: Date | null; rating: number | null; feedback_message: string | null }

/** Everything that is kept about one person. */
@Injectable()
export class PersonalDataRepository {
  /** Their conversations, and those of others in which they have written. */
  threads(tx: Tx, contactId: number): Promise<ThreadRow[]> {
    return tx.sql<ThreadRow>(
      `SELECT c.id, c.display_id, i.name AS inbox_name, c.created_at, c.status, c.contact_id, c.custom_attributes, c.additional_attributes,
         (SELECT array_agg(l.title ORDER BY l.title) FROM labels l WHERE l.account_id = $1 AND l.id = ANY (c.label_ids)) AS labels
       FROM conversations c JOIN inboxes i ON i.account_id = c.account_id AND i.id = c.inbox_id
       WHERE c.account_id = $1 AND (c.contact_id = $2 OR c.id IN (SELECT conversation_id FROM mail_participants WHERE account_id = $1 AND contact_id = $2)) ORDER BY c.id`, [tx.accountId, contactId]);
  }

  /** What was said there, without what we only noted about it. In conversations of others only their own words. */
  words(tx: Tx, contactId: number, threads: readonly ThreadRow[], withInternal: boolean): Promise<WordsRow[]> {
    return tx.sql<WordsRow>(
      `SELECT m.id, m.conversation_id, m.created_at, m.sender_type, m.sender_id, m.private, m.content, m.content_type, m.content_attributes, CASE m.sender_type WHEN 1 THEN ct.name WHEN 2 THEN coalesce(u.display_name, u.name) END AS sender_name
       FROM messages m LEFT JOIN contacts ct ON m.sender_type = 1 AND ct.account_id = m.account_id AND ct.id = m.sender_id LEFT JOIN users u ON m.sender_type = 2 AND u.id = m.sender_id
       WHERE m.account_id = $1 AND m.conversation_id = ANY ($2::bigint[]) AND m.message_type <> 2 AND m.deleted_at IS NULL AND ($5 OR NOT m.private)
         AND (m.conversation_id = ANY ($3::bigint[]) OR (m.sender_type = 1 AND m.sender_id = $4)) ORDER BY m.id`,
      [tx.accountId, threads.map((row) => row.id), threads.filter((row) => row.contact_id === contactId).map((row) => row.id), contactId, withInternal]);
  }

  /** Surveys of satisfaction that they were sent, answered or not. */
  ratings(tx: Tx, contactId: number): Promise<RatingRow[]> {
    return tx.sql<RatingRow>(
      `SELECT c.display_id, s.sent_at, s.answered_at, s.rating, s.feedback_message FROM conversations c JOIN csat_surveys s ON s.account_id = c.account_id AND s.conversation_id = c.id
       WHERE c.account_id = $1 AND c.contact_id = $2 ORDER BY s.id`, [tx.accountId, contactId]);
  }

  /** What the audit log holds on them: such as that their data were taken out. */
  log(tx: Tx, contactId: number): Promise<{ created_at: Date; action: string }[]> {
    return tx.sql(
      `SELECT created_at, action FROM audit_logs WHERE account_id = $1 AND auditable_type = 'Contact' AND (auditable_id = $2 OR audited_changes @> jsonb_build_object('contact_id', $2::bigint)) ORDER BY id`,
      [tx.accountId, contactId]);
  }

  files(tx: Tx, words: readonly WordsRow[]): Promise<FileRow[]> {
    return tx.sql<FileRow>(
      `SELECT message_id, file_name, content_type, file_size, storage_key FROM attachments
       WHERE account_id = $1 AND conversation_id = ANY ($2::bigint[]) AND message_id = ANY ($3::bigint[]) ORDER BY id`,
      [tx.accountId, [...new Set(words.map((row) => row.conversation_id))], words.map((row) => row.id)]);
  }
}
