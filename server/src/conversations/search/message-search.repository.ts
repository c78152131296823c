import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/transaction.js';
import type { SearchQuery } from './search-query.js';

/** A message that matches. */
export interface SearchHit { conversation_id: number; message_id: number; created_at: Date; rank: number }

/** The newest first: most searches are for last week's message, and a short window reads few partitions. */
const WINDOWS = ['90 days', '1 year', '100 years'] as const;

/** The index of what was said, kept apart from the messages so that writing one costs nothing here. */
@Injectable()
export class MessageSearchRepository {
  /**
   * Brings one message's entry up to date: written, changed or removed, whatever the message is now. The message is held meanwhile: one that is erased or
   * deleted at this moment would leave its words here.
   */
  async refresh(tx: Tx, conversationId: number, messageId: number): Promise<void> {
    await tx.sql(
      `INSERT INTO message_search (account_id, conversation_id, message_id, inbox_id, created_at, tsv)
       SELECT account_id, conversation_id, id, inbox_id, created_at, search_vector(content) FROM messages
       WHERE account_id = $1 AND conversation_id = $2 AND id = $3 AND deleted_at IS NULL AND content IS NOT NULL AND message_type <> 2 FOR SHARE
       ON CONFLICT (account_id, conversation_id, message_id, created_at) DO UPDATE SET tsv = excluded.tsv`, [tx.accountId, conversationId, messageId]);
    await tx.sql(
      `DELETE FROM message_search s WHERE s.account_id = $1 AND s.conversation_id = $2 AND s.message_id = $3
         AND NOT EXISTS (SELECT FROM messages m WHERE m.account_id = $1 AND m.conversation_id = $2 AND m.id = $3 AND m.deleted_at IS NULL AND m.content IS NOT NULL)`,
      [tx.accountId, conversationId, messageId]);
  }

  /** Messages that match in these inboxes (null: all), best first among the newest 200. Looks further back until there are enough. */
  async find(tx: Tx, query: SearchQuery, inboxIds: number[] | null, limit: number): Promise<SearchHit[]> {
    let hits: SearchHit[] = [];
    for (const window of WINDOWS) {
      hits = await tx.sql<SearchHit>(
        `SELECT s.* FROM (SELECT CASE WHEN $1 = '' THEN $2::tsquery WHEN $2 = '' THEN to_tsquery('porchlight_plain', $1) ELSE to_tsquery('porchlight_plain', $1) && $2::tsquery END AS q) x,
           search_message_ids(x.q, $3::bigint[], now() - $4::interval, $5) s`, [query.words, query.pairs, inboxIds, window, limit]);
      if (hits.length >= limit) break;
    }
    return hits;
  }
}
