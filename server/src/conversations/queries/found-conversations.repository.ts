import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/transaction.js';
import { MessageSearchRepository } from '../search/message-search.repository.js';
import { readSearch } from '../search/search-query.js';

const PEOPLE = 500;
const CANDIDATES = 200;
const OF_ONE_PERSON = 50;
const MOST = 1_000;
/** How far back a list of what changed lately is looked for in the log of what happened. */
const EVENTS = 20_000;

const ids = (rows: readonly { id: number }[]): number[] => rows.map((row) => row.id);

/** Which conversations a text points to: by what was said in them, by whom they are with, by their number. */
@Injectable()
export class FoundConversations {
  constructor(private readonly index: MessageSearchRepository) {}

  /** Those of an identity, newest first, at most 1,000. */
  async ofSource(tx: Tx, sourceId: string): Promise<number[]> {
    return ids(await tx.sql<{ id: number }>(
      `SELECT c.id FROM inboxes i JOIN contact_inboxes ci ON ci.account_id = i.account_id AND ci.inbox_id = i.id AND ci.source_id = $2
         JOIN conversations c ON c.account_id = ci.account_id AND c.contact_id = ci.contact_id AND c.contact_inbox_id = ci.id WHERE i.account_id = $1 ORDER BY c.id DESC LIMIT ${MOST}`, [tx.accountId, sourceId]));
  }

  /** Those in which somebody takes part, of the newest 1,000; `isNamed`: and is named in a note. */
  async ofParticipant(tx: Tx, userId: number, isNamed: boolean): Promise<number[]> {
    const newest = `SELECT conversation_id AS id FROM conversation_participants WHERE account_id = $1 AND user_id = $2 ORDER BY conversation_id DESC LIMIT ${MOST}`;
    const named = `EXISTS (SELECT FROM messages m WHERE m.account_id = $1 AND m.conversation_id = p.id AND m.private AND strpos(m.content, '(mention://user/' || $2::bigint || '/') > 0)`;
    return ids(await tx.sql<{ id: number }>(isNamed ? `SELECT p.id FROM (${newest}) p WHERE ${named}` : newest, [tx.accountId, userId]));
  }

  /** Those of which the log says something since; undefined when it does not reach so far. */
  async changedSince(tx: Tx, since: Date): Promise<number[] | undefined> {
    const row = await tx.one<{ ids: number[] | null; reaches: boolean }>(
      `SELECT array_agg(DISTINCT conversation_id) FILTER (WHERE conversation_id IS NOT NULL AND created_at > $2) AS ids, coalesce(bool_or(created_at <= $2), false) AS reaches
       FROM (SELECT e.conversation_id, e.created_at FROM events e WHERE e.account_id = $1 AND e.seq IS NOT NULL ORDER BY e.seq DESC LIMIT ${EVENTS}) k`, [tx.accountId, since]);
    return row!.reaches ? row!.ids ?? [] : undefined;
  }

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
