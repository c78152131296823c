import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/transaction.js';
import { kindOf } from '../../platform/storage/content-type.js';
import type { StagedFile } from '../../platform/storage/staged-file.js';
import { Uploads } from '../../platform/storage/uploads.js';
import { FILE_TYPES } from './attachment.dto.js';

export interface AttachmentRow {
  account_id: number; conversation_id: number; message_id: number; id: number; created_at: Date;
  file_size: number; width: number | null; height: number | null; file_type: number;
  storage_key: string | null; thumbnail_key: string | null; file_name: string | null; content_type: string | null; meta: Record<string, unknown> | null;
}

const COLUMNS = 'account_id, conversation_id, message_id, id, created_at, file_size, width, height, file_type, storage_key, thumbnail_key, file_name, content_type, meta';

/** What messages carry besides their text. */
@Injectable()
export class AttachmentsRepository {
  constructor(private readonly uploads: Uploads) {}

  /** Makes staged files the message's own, in their order. Throws Problem `conflict` when one is gone. */
  async insert(tx: Tx, message: { conversationId: number; messageId: number; files: readonly StagedFile[] }): Promise<AttachmentRow[]> {
    if (message.files.length === 0) return [];
    await this.uploads.claim(tx, message.files);
    const rows = message.files.map((file) => ({
      file_size: file.size, width: file.width ?? null, height: file.height ?? null, file_type: FILE_TYPES.indexOf(kindOf(file.contentType)),
      storage_key: file.storageKey, thumbnail_key: file.thumbnailKey ?? null, file_name: file.fileName, content_type: file.contentType,
    }));
    return tx.prepared<AttachmentRow>(
      `INSERT INTO attachments (account_id, conversation_id, message_id, file_size, width, height, file_type, storage_key, thumbnail_key, file_name, content_type)
       SELECT $1, $2, $3, f.file_size, f.width, f.height, f.file_type, f.storage_key, f.thumbnail_key, f.file_name, f.content_type
       FROM ROWS FROM (jsonb_to_recordset($4::jsonb) AS (file_size bigint, width int, height int, file_type smallint, storage_key text, thumbnail_key text, file_name text, content_type text))
         WITH ORDINALITY AS f(file_size, width, height, file_type, storage_key, thumbnail_key, file_name, content_type, n)
       ORDER BY f.n RETURNING ${COLUMNS}`, [tx.accountId, message.conversationId, message.messageId, JSON.stringify(rows)]);
  }

  /** The attachments of these messages by message id, each list in the order of sending. Messages without any are missing. */
  async ofMessages(tx: Tx, messages: readonly { conversationId: number; messageId: number }[]): Promise<Map<number, AttachmentRow[]>> {
    const found = new Map<number, AttachmentRow[]>();
    if (messages.length === 0) return found;
    const rows = await tx.sql<AttachmentRow>(
      `SELECT a.* FROM unnest($2::bigint[], $3::bigint[]) AS m(conversation_id, message_id)
       JOIN LATERAL (SELECT ${COLUMNS} FROM attachments WHERE account_id = $1 AND conversation_id = m.conversation_id AND message_id = m.message_id) a ON true ORDER BY a.id`,
      [tx.accountId, messages.map((m) => m.conversationId), messages.map((m) => m.messageId)]);
    for (const row of rows) found.set(row.message_id, [...(found.get(row.message_id) ?? []), row]);
    return found;
  }

  /** Takes the attachments off a deleted message; their files go soon after the commit. */
  async remove(tx: Tx, message: { conversationId: number; messageId: number }): Promise<void> {
    const rows = await tx.sql<{ storage_key: string | null }>(
      'DELETE FROM attachments WHERE account_id = $1 AND conversation_id = $2 AND message_id = $3 RETURNING storage_key', [tx.accountId, message.conversationId, message.messageId]);
    await this.uploads.release(tx, rows.flatMap((row) => row.storage_key ?? []));
  }
}
