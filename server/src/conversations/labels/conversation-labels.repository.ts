import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/transaction.js';

const BATCH = 500;

/** Labels on conversations: on the row for reading, in a table for filtering. */
@Injectable()
export class ConversationLabelsRepository {
  async titles(tx: Tx, labelIds: readonly number[]): Promise<string[]> {
    return (await tx.sql<{ title: string }>('SELECT title FROM labels WHERE account_id = $1 AND id = ANY ($2::int[]) ORDER BY title', [tx.accountId, labelIds])).map((row) => row.title);
  }

  /** Makes these the labels of the conversation. The last activity line, if any, becomes its newest message. */
  async replace(tx: Tx, id: number, labelIds: number[], lineId: number | null): Promise<void> {
    await tx.sql('DELETE FROM conversation_labels WHERE account_id = $1 AND conversation_id = $2 AND label_id <> ALL ($3::int[])', [tx.accountId, id, labelIds]);
    await tx.sql('INSERT INTO conversation_labels (account_id, conversation_id, label_id) SELECT $1, $2, unnest($3::int[]) ON CONFLICT DO NOTHING', [tx.accountId, id, labelIds]);
    await tx.sql('UPDATE conversations SET label_ids = $3, last_message_id = coalesce($4, last_message_id), updated_at = clock_timestamp() WHERE account_id = $1 AND id = $2',
      [tx.accountId, id, labelIds, lineId]);
  }

  /** Takes a label that is gone off a batch of conversations. Answers how many; call again while it is not 0. */
  async forget(tx: Tx, labelId: number): Promise<number> {
    const rows = await tx.sql<{ id: number }>(
      `SELECT c.id FROM conversation_labels l JOIN conversations c ON c.account_id = l.account_id AND c.id = l.conversation_id
       WHERE l.account_id = $1 AND l.label_id = $2 ORDER BY c.id LIMIT ${BATCH} FOR NO KEY UPDATE OF c`, [tx.accountId, labelId]);
    const ids = rows.map((row) => row.id);
    await tx.sql('UPDATE conversations SET label_ids = array_remove(label_ids, $3::int) WHERE account_id = $1 AND id = ANY ($2::bigint[])', [tx.accountId, ids, labelId]);
    await tx.sql('DELETE FROM conversation_labels WHERE account_id = $1 AND label_id = $3 AND conversation_id = ANY ($2::bigint[])', [tx.accountId, ids, labelId]);
    return ids.length;
  }
}
