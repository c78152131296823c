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
   * Brings the messages' entries up to date: written, changed or removed, whatever the messages are now. They are held meanwhile, in one order: one that is erased
   * or deleted at this moment would leave its words here.
   */
  async refresh(tx: Tx, messages: readonly { conversationId: number; messageId: number }[]): Promise<void> {
    const keys = [tx.accountId, messages.map((message) => message.conversationId), messages.map((message) => message.messageId)];
    await tx.prepared(
      `INSERT INTO message_search (account_id, conversation_id, message_id, inbox_id, created_at, tsv)
       SELECT h.account_id, h.conversation_id, h.id, h.inbox_id, h.created_at, search_vector(h.content) FROM (
         SELECT m.account_id, m.conversation_id, m.id, m.inbox_id, m.created_at, m.content
         FROM (SELECT DISTINCT * FROM unnest($2::bigint[], $3::bigint[]) AS k(conversation_id, id)) k JOIN messages m ON m.account_id = $1 AND m.conversation_id = k.conversation_id AND m.id = k.id
         WHERE m.deleted_at IS NULL AND m.content IS NOT NULL AND m.message_type <> 2 ORDER BY m.id FOR SHARE OF m) h
       ON CONFLICT (account_id, conversation_id, message_id, created_at) DO UPDATE SET tsv = excluded.tsv`, keys);
    await tx.prepared(
      `DELETE FROM message_search s USING unnest($2::bigint[], $3::bigint[]) AS k(conversation_id, id) WHERE s.account_id = $1 AND s.conversation_id = k.conversation_id AND s.message_id = k.id
         AND NOT EXISTS (SELECT FROM messages m WHERE m.account_id = $1 AND m.conversation_id = k.conversation_id AND m.id = k.id AND m.deleted_at IS NULL AND m.content IS NOT NULL)`, keys);
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
