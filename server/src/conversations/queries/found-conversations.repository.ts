import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/transaction.js';
import { MessageSearchRepository } from '../search/message-search.repository.js';
import { readSearch } from '../search/search-query.js';

const PEOPLE = 500;
const CANDIDATES = 200;
const OF_ONE_PERSON = 50;

/** Which conversations a text points to: by what was said in them, by whom they are with, by their number. */
@Injectable()
export class FoundConversations {
  constructor(private readonly index: MessageSearchRepository) {}

  /** Ids among these inboxes (null: all), in no order, at most some hundreds. */
  async ids(tx: Tx, text: string, inboxes: number[] | null): Promise<number[]> {
    const q = text.trim();
    if (q === '') return [];
    const query = readSearch(q);
    const said = query ? await this.index.find(tx, query, inboxes, CANDIDATES) : [];
    const people = [...q].length < 3
      ? `SELECT id FROM contacts WHERE account_id = $1 AND search_text COLLATE "C" >= lower(unaccent($2)) AND search_text COLLATE "C" < lower(unaccent($2)) || U&'\\+10FFFF' LIMIT ${PEOPLE}`
      : `SELECT id FROM search_contact_ids(lower(unaccent($2)), ${PEOPLE})`;
    const rows = await tx.sql<{ id: number }>(
      `WITH people AS MATERIALIZED (${people}) SELECT c.id FROM people p
         CROSS JOIN LATERAL (SELECT id FROM conversations WHERE account_id = $1 AND contact_id = p.id ORDER BY id DESC LIMIT ${OF_ONE_PERSON}) c
       UNION SELECT id FROM conversations WHERE account_id = $1 AND display_id = $3`, [tx.accountId, q, /^#?\d{1,9}$/.test(q) ? Number(q.replace('#', '')) : null]);
    return [...new Set([...said.map((hit) => hit.conversation_id), ...rows.map((row) => row.id)])];
  }
}
