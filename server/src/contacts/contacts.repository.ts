import { Injectable } from '@nestjs/common';
import { Params } from '../platform/database/params.js';
import type { Tx } from '../platform/database/transaction.js';
import type { CONTACT_SORTS, CreateContact, ListContacts, UpdateContact } from './contact.dto.js';

/** A person who writes to us, as stored. */
export interface ContactRow {
  account_id: number; id: number; created_at: Date; updated_at: Date; last_activity_at: Date | null; blocked: boolean; name: string; email: string | null; avatar_key: string | null;
  phone_number: string | null; identifier: string | null; additional_attributes: Record<string, unknown> | null; custom_attributes: Record<string, unknown> | null; label_ids: number[];
}
/** One identity of a contact, with the inbox it is on. */
export interface IdentityRow { id: number; contact_id: number; source_id: string; inbox_id: number; inbox_name: string; channel_type: string }

export const CONTACTS_PER_PAGE = 15;
const COUNT_CAP = 10_000;
const SEARCH_CAP = 500;

type Sort = ListContacts['sort'];
const COLUMN: Record<(typeof CONTACT_SORTS)[number], string> = {
  // search_text begins with the folded name and has the index that a plain name lacks.
  name: 'c.search_text COLLATE "C"', email: 'c.email', phone_number: 'c.phone_number', last_activity_at: 'c.last_activity_at', created_at: 'c.id',
};
function orderBy(sort: Sort): string {
  const isDown = sort.startsWith('-');
  const direction = isDown ? 'DESC' : 'ASC';
  return `${COLUMN[sort.replace('-', '') as keyof typeof COLUMN]} ${direction} NULLS LAST, c.id ${direction}`;
}

/** The people of an account. */
@Injectable()
export class ContactsRepository {
  find(tx: Tx, id: number): Promise<ContactRow | undefined> {
    return tx.one<ContactRow>('SELECT * FROM contacts WHERE account_id = $1 AND id = $2', [tx.accountId, id]);
  }

  findMany(tx: Tx, ids: number[]): Promise<ContactRow[]> {
    return tx.sql<ContactRow>('SELECT * FROM contacts WHERE account_id = $1 AND id = ANY ($2::bigint[])', [tx.accountId, ids]);
  }

  lock(tx: Tx, id: number): Promise<ContactRow | undefined> {
    return tx.one<ContactRow>('SELECT * FROM contacts WHERE account_id = $1 AND id = $2 FOR NO KEY UPDATE', [tx.accountId, id]);
  }

  /** People who can be reached or recognised: those with an address, a number or an identifier. The count stops at 10,000. */
  async list(tx: Tx, { sort, page, labels }: ListContacts): Promise<{ rows: ContactRow[]; count: number }> {
    const where = `c.account_id = $1 AND (c.email IS NOT NULL OR c.phone_number IS NOT NULL OR c.identifier IS NOT NULL)
      AND ($2::text[] IS NULL OR c.label_ids && (SELECT coalesce(array_agg(l.id), '{}') FROM labels l WHERE l.account_id = $1 AND l.title = ANY ($2)))`;
    const params = [tx.accountId, labels ?? null];
    const rows = await tx.sql<ContactRow>(
      `SELECT c.* FROM contacts c WHERE ${where} ORDER BY ${orderBy(sort)} LIMIT ${CONTACTS_PER_PAGE} OFFSET $3`, [...params, (page - 1) * CONTACTS_PER_PAGE]);
    const total = await tx.one<{ n: number }>(`SELECT count(*) AS n FROM (SELECT FROM contacts c WHERE ${where} LIMIT ${COUNT_CAP}) k`, params);
    return { rows, count: total!.n };
  }

  /** Anybody whom the condition lets through, reachable or not. The count stops at 10,000. */
  async filter(tx: Tx, condition: (params: Params) => string, { sort, page }: Pick<ListContacts, 'sort' | 'page'>): Promise<{ rows: ContactRow[]; count: number }> {
    const params = new Params();
    params.add(tx.accountId);
    const where = `c.account_id = $1 AND ${condition(params)}`;
    const total = await tx.one<{ n: number }>(`SELECT count(*) AS n FROM (SELECT FROM contacts c WHERE ${where} LIMIT ${COUNT_CAP}) k`, params.values);
    const rows = await tx.sql<ContactRow>(
      `SELECT c.* FROM contacts c WHERE ${where} ORDER BY ${orderBy(sort)} LIMIT ${CONTACTS_PER_PAGE} OFFSET ${params.add((page - 1) * CONTACTS_PER_PAGE)}`, params.values);
    return { rows, count: total!.n };
  }

  /** People whose name, address, number or identifier holds the text; of one or two characters, whose name begins with it. One row more than a page says there are more. */
  search(tx: Tx, q: string, sort: Sort, page: number, limit = CONTACTS_PER_PAGE): Promise<ContactRow[]> {
    const hits = [...q].length < 3
      ? `SELECT c.* FROM contacts c WHERE c.account_id = $1 AND c.search_text COLLATE "C" >= lower(unaccent($2)) AND c.search_text COLLATE "C" < lower(unaccent($2)) || U&'\\+10FFFF' LIMIT ${SEARCH_CAP}`
      : `SELECT c.* FROM search_contact_ids(lower(unaccent($2)), ${SEARCH_CAP}) k JOIN contacts c ON c.account_id = $1 AND c.id = k.id`;
    return tx.sql<ContactRow>(
      `WITH c AS MATERIALIZED (${hits}) SELECT c.* FROM c ORDER BY ${orderBy(sort)} LIMIT $3 OFFSET $4`, [tx.accountId, q, limit + 1, (page - 1) * limit]);
  }

  /** Undefined when the email or identifier belongs to somebody. */
  insert(tx: Tx, contact: Omit<CreateContact, 'inbox_id' | 'source_id'>): Promise<ContactRow | undefined> {
    return tx.one<ContactRow>(
      `INSERT INTO contacts (account_id, name, email, phone_number, identifier, blocked, additional_attributes, custom_attributes)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING *`,
      [tx.accountId, contact.name ?? '', contact.email ?? null, contact.phone_number ?? null, contact.identifier ?? null, contact.blocked ?? false,
        jsonOrNull(contact.additional_attributes), jsonOrNull(contact.custom_attributes)]);
  }

  /** Writes what is given, merges attributes, and leaves the rest. */
  async update(tx: Tx, id: number, contact: UpdateContact): Promise<ContactRow> {
    const row = await tx.one<ContactRow>(
      `UPDATE contacts SET name = coalesce($3, name), email = CASE WHEN $4 THEN $5 ELSE email END, phone_number = CASE WHEN $6 THEN $7 ELSE phone_number END,
         identifier = CASE WHEN $8 THEN $9 ELSE identifier END, blocked = coalesce($10, blocked),
         additional_attributes = CASE WHEN $11::jsonb IS NULL THEN additional_attributes ELSE coalesce(additional_attributes, '{}') || $11 END,
         custom_attributes = CASE WHEN $12::jsonb IS NULL THEN custom_attributes ELSE coalesce(custom_attributes, '{}') || $12 END, updated_at = now()
       WHERE account_id = $1 AND id = $2 RETURNING *`,
      [tx.accountId, id, contact.name ?? null, contact.email !== undefined, contact.email ?? null, contact.phone_number !== undefined, contact.phone_number ?? null,
        contact.identifier !== undefined, contact.identifier ?? null, contact.blocked ?? null, jsonOrNull(contact.additional_attributes), jsonOrNull(contact.custom_attributes)]);
    return row!;
  }

  /** Which of these unique values belong to another contact already. */
  async taken(tx: Tx, contact: Pick<UpdateContact, 'email' | 'phone_number' | 'identifier'>, exceptId = 0): Promise<('email' | 'phone_number' | 'identifier')[]> {
    const rows = await tx.sql<{ field: 'email' | 'phone_number' | 'identifier' }>(
      `SELECT 'email' AS field FROM contacts WHERE account_id = $1 AND email = $2 AND id <> $5
       UNION ALL SELECT 'phone_number' FROM contacts WHERE account_id = $1 AND phone_number = $3 AND id <> $5
       UNION ALL SELECT 'identifier' FROM contacts WHERE account_id = $1 AND identifier = $4 AND id <> $5`,
      [tx.accountId, contact.email ?? null, contact.phone_number ?? null, contact.identifier ?? null, exceptId]);
    return [...new Set(rows.map((row) => row.field))];
  }

  /** Identities of these contacts on inboxes that are not deleted. */
  identities(tx: Tx, contactIds: number[]): Promise<IdentityRow[]> {
    return tx.sql<IdentityRow>(
      `SELECT ci.id, ci.contact_id, ci.source_id, ci.inbox_id, i.name AS inbox_name, i.channel_type
       FROM contact_inboxes ci JOIN inboxes i ON i.account_id = ci.account_id AND i.id = ci.inbox_id AND i.deleted_at IS NULL
       WHERE ci.account_id = $1 AND ci.contact_id = ANY ($2::bigint[]) ORDER BY ci.id`, [tx.accountId, contactIds]);
  }

  async labels(tx: Tx, id: number): Promise<string[]> {
    return (await tx.sql<{ title: string }>(
      `SELECT l.title FROM contacts c JOIN labels l ON l.account_id = c.account_id AND l.id = ANY (c.label_ids) WHERE c.account_id = $1 AND c.id = $2 ORDER BY l.title`,
      [tx.accountId, id])).map((row) => row.title);
  }

  async writeLabels(tx: Tx, id: number, labelIds: number[]): Promise<void> {
    await tx.sql('UPDATE contacts SET label_ids = $3, updated_at = now() WHERE account_id = $1 AND id = $2', [tx.accountId, id, labelIds]);
  }
}

/** An empty object is stored as NULL: most rows have none. */
export const jsonOrNull = (value: object | null | undefined): string | null => (value && Object.keys(value).length > 0 ? JSON.stringify(value) : null);
