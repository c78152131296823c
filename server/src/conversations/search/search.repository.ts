import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/transaction.js';
import type { SearchHit } from './message-search.repository.js';

/** What a found message shows. */
export interface FoundMessageRow {
  id: number; content: string | null; display_id: number; created_at: Date; message_type: number; private: boolean; inbox_id: number; inbox_name: string;
  sender_type: number; sender_id: number | null; sender_name: string | null; contact_id: number; contact_name: string;
}
/** What a found conversation shows. */
export interface FoundConversationRow {
  display_id: number; created_at: Date; additional_attributes: Record<string, unknown> | null; inbox_id: number; inbox_name: string; channel_type: string;
  contact_id: number; contact_name: string; contact_email: string | null; contact_phone: string | null;
  agent_id: number | null; agent_name: string | null; agent_display_name: string | null; agent_email: string | null; agent_role: number | null;
  last_message_id: number | null; last_message_preview: string | null;
}

const CONTACT_CAP = 500;
/** So many characters of a message are searched, and shown. */
const SEARCHED = 20_000;

/** Reads what a search found. */
@Injectable()
export class SearchRepository {
  /** The messages of these hits, in their order. */
  async messages(tx: Tx, hits: SearchHit[]): Promise<FoundMessageRow[]> {
    if (hits.length === 0) return [];
    return tx.sql<FoundMessageRow>(
      `SELECT m.id, left(m.content, ${SEARCHED}) AS content, c.display_id, m.created_at, m.message_type, m.private, m.inbox_id, i.name AS inbox_name, m.sender_type, m.sender_id,
         coalesce(u.display_name, u.name, s.name) AS sender_name, c.contact_id, ct.name AS contact_name
       FROM unnest($2::bigint[], $3::bigint[]) WITH ORDINALITY AS h(conversation_id, message_id, n)
       JOIN messages m ON m.account_id = $1 AND m.conversation_id = h.conversation_id AND m.id = h.message_id
       JOIN conversations c ON c.account_id = $1 AND c.id = h.conversation_id
       JOIN inboxes i ON i.account_id = $1 AND i.id = m.inbox_id AND i.deleted_at IS NULL
       JOIN contacts ct ON ct.account_id = $1 AND ct.id = c.contact_id
       LEFT JOIN users u ON m.sender_type = 2 AND u.id = m.sender_id
       LEFT JOIN contacts s ON m.sender_type = 1 AND s.account_id = $1 AND s.id = m.sender_id ORDER BY h.n`,
      [tx.accountId, hits.map((hit) => hit.conversation_id), hits.map((hit) => hit.message_id)]);
  }

  /** Conversations of people whose name or address holds the text, and the one with that number; the last active first. */
  conversations(tx: Tx, q: string, inboxIds: number[] | null, { offset, limit }: { offset: number; limit: number }): Promise<FoundConversationRow[]> {
    const people = [...q].length < 3
      ? `SELECT id FROM contacts WHERE account_id = $1 AND search_text COLLATE "C" >= lower(unaccent($2)) AND search_text COLLATE "C" < lower(unaccent($2)) || U&'\\+10FFFF' LIMIT ${CONTACT_CAP}`
      : `SELECT id FROM search_contact_ids(lower(unaccent($2)), ${CONTACT_CAP})`;
    return tx.sql<FoundConversationRow>(
      `WITH people AS MATERIALIZED (${people}), found AS MATERIALIZED (
         SELECT c.id FROM people p JOIN conversations c ON c.account_id = $1 AND c.contact_id = p.id UNION SELECT id FROM conversations WHERE account_id = $1 AND display_id = $6)
       SELECT c.display_id, c.created_at, c.additional_attributes, i.id AS inbox_id, i.name AS inbox_name, i.channel_type, ct.id AS contact_id, ct.name AS contact_name,
         ct.email AS contact_email, ct.phone_number AS contact_phone, u.id AS agent_id, u.name AS agent_name, u.display_name AS agent_display_name, u.email AS agent_email,
         au.role AS agent_role, c.last_message_id, c.last_message_preview
       FROM found f JOIN conversations c ON c.account_id = $1 AND c.id = f.id
       JOIN inboxes i ON i.account_id = $1 AND i.id = c.inbox_id AND i.deleted_at IS NULL
       JOIN contacts ct ON ct.account_id = $1 AND ct.id = c.contact_id
       LEFT JOIN users u ON u.id = c.assignee_id LEFT JOIN account_users au ON au.account_id = $1 AND au.user_id = c.assignee_id
       WHERE $3::bigint[] IS NULL OR c.inbox_id = ANY ($3)
       ORDER BY c.last_activity_at DESC, c.id DESC OFFSET $4 LIMIT $5`,
      [tx.accountId, q, inboxIds, offset, limit, /^\d{1,9}$/.test(q) ? Number(q) : null]);
  }
}
