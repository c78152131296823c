import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/transaction.js';

/** Marks of what agents have read. They touch no indexed column except that something is unread at all. */
@Injectable()
export class ReadsRepository {
  /** False when everything was read already: then there is nothing to tell. */
  async markSeen(tx: Tx, id: number, userId: number): Promise<boolean> {
    await tx.sql(
      `INSERT INTO conversation_reads (account_id, conversation_id, user_id, last_seen_at, seen_incoming_count)
       SELECT $1, $2, $3, clock_timestamp(), incoming_count FROM conversations WHERE account_id = $1 AND id = $2
       ON CONFLICT (account_id, conversation_id, user_id) DO UPDATE SET last_seen_at = excluded.last_seen_at, seen_incoming_count = excluded.seen_incoming_count`, [tx.accountId, id, userId]);
    return (await tx.sql(
      `UPDATE conversations SET unread_count = 0, agent_last_seen_at = clock_timestamp(), updated_at = clock_timestamp(),
         assignee_last_seen_at = CASE WHEN assignee_id = $3 THEN clock_timestamp() ELSE assignee_last_seen_at END
       WHERE account_id = $1 AND id = $2 AND (unread_count > 0 OR agent_last_seen_at IS NULL OR agent_last_seen_at < last_activity_at
         OR (assignee_id = $3 AND (assignee_last_seen_at IS NULL OR assignee_last_seen_at < last_activity_at))) RETURNING id`, [tx.accountId, id, userId])).length > 0;
  }

  /** As if the contact's last message had not been seen. Undefined when they never wrote. */
  async markUnread(tx: Tx, id: number, userId: number): Promise<{ unread_count: number; agent_last_seen_at: Date } | undefined> {
    const changed = await tx.one<{ unread_count: number; agent_last_seen_at: Date }>(
      `WITH last AS (SELECT created_at FROM messages WHERE account_id = $1 AND conversation_id = $2 AND message_type = 0 ORDER BY id DESC LIMIT 1)
       UPDATE conversations c SET unread_count = greatest(c.unread_count, 1), agent_last_seen_at = last.created_at - interval '1 second', updated_at = clock_timestamp(),
         assignee_last_seen_at = CASE WHEN c.assignee_id = $3 THEN last.created_at - interval '1 second' ELSE c.assignee_last_seen_at END
       FROM last WHERE c.account_id = $1 AND c.id = $2 RETURNING c.unread_count, c.agent_last_seen_at`, [tx.accountId, id, userId]);
    await tx.sql(
      `UPDATE conversation_reads r SET seen_incoming_count = greatest(c.incoming_count - 1, 0) FROM conversations c
       WHERE c.account_id = $1 AND c.id = $2 AND r.account_id = $1 AND r.conversation_id = $2 AND r.user_id = $3`, [tx.accountId, id, userId]);
    return changed;
  }
}
