import { Injectable } from '@nestjs/common';
import { Params } from '../platform/database/params.js';
import type { Tx } from '../platform/database/transaction.js';
import { encodeContactCursor, orderBy, stretch, stretches, type ContactCursor, type KeyedContact, type Sort } from './contact-order.js';
import { MAX_PAGE, type CreateContact, type UpdateContact } from './contact.dto.js';

/** A person who writes to us, as stored. */
export interface ContactRow {
  account_id: number; id: number; created_at: Date; updated_at: Date; last_activity_at: Date | null; blocked: boolean; name: string; email: string | null; avatar_key: string | null;
  phone_number: string | null; identifier: string | null; additional_attributes: Record<string, unknown> | null; custom_attributes: Record<string, unknown> | null; label_ids: number[];
}
/** One identity of a contact, with the inbox it is on. */
export interface IdentityRow { id: number; contact_id: number; source_id: string; inbox_id: number; inbox_name: string; channel_type: string; inbox_avatar_key: string | null }

export const CONTACTS_PER_PAGE = 15;
const COUNT_CAP = 10_000;
const SEARCH_CAP = 500;
/** So many are sorted sooner than looked for in the order of a list. */
const FEW = 2_000;

/** Adds its values and answers a condition on contacts c; the account is $1. */
export type Which = (params: Params) => string;
interface ListedContact extends KeyedContact { among: ContactCursor['among'] }
export interface ContactPage { rows: ContactRow[]; next: string | null }

const whereOf = (tx: Tx, which: Which, params: Params): string => {
  params.add(tx.accountId);
  return `c.account_id = $1 AND ${which(params)}`;
};

const withLabels = (labels: readonly string[] | undefined, params: Params): string => labels
  ? ` AND c.label_ids && (SELECT coalesce(array_agg(l.id), '{}') FROM labels l WHERE l.account_id = $1 AND l.title = ANY (${params.add(labels)}::text[]))` : '';

/** People who can be reached or recognised: those with an address, a number or an identifier, and one of these labels if any are given. */
export const reachable = (labels?: readonly string[]): Which => (params) => `(c.email IS NOT NULL OR c.phone_number IS NOT NULL OR c.identifier IS NOT NULL)${withLabels(labels, params)}`;

/** These people, with one of these labels if any are given. */
export const amongIds = (ids: readonly number[], labels?: readonly string[]): Which => (params) => `c.id = ANY (${params.add(ids)}::bigint[])${withLabels(labels, params)}`;

/** Those of them whose name, address, number or identifier holds the text; of one or two characters, whose name begins with it. */
export const holding = (q: string | undefined, which: Which): Which => {
  const text = q?.trim();
  if (!text) return which;
  return (params) => {
    const sought = `lower(unaccent(${params.add(text)}))`;
    const hits = [...text].length < 3 ? `c.search_text COLLATE "C" >= ${sought} AND c.search_text COLLATE "C" < ${sought} || U&'\\+10FFFF'` : `c.id = ANY (ARRAY(SELECT k.id FROM search_contact_ids(${sought}, ${COUNT_CAP}) k))`;
    return `${hits} AND ${which(params)}`;
  };
};

/** The people of an account. */
@Injectable()
export class ContactsRepository {
  find(tx: Tx, id: number): Promise<ContactRow | undefined> {
    return tx.one<ContactRow>('SELECT * FROM contacts WHERE account_id = $1 AND id = $2', [tx.accountId, id]);
  }

  findByEmail(tx: Tx, email: string): Promise<ContactRow | undefined> {
    return tx.one<ContactRow>('SELECT * FROM contacts WHERE account_id = $1 AND email = $2', [tx.accountId, email]);
  }

  findBySource(tx: Tx, inboxId: number, sourceId: string): Promise<ContactRow | undefined> {
    return tx.one<ContactRow>(
      'SELECT c.* FROM contact_inboxes ci JOIN contacts c ON c.account_id = ci.account_id AND c.id = ci.contact_id WHERE ci.account_id = $1 AND ci.inbox_id = $2 AND ci.source_id = $3',
      [tx.accountId, inboxId, sourceId]);
  }

  findMany(tx: Tx, ids: number[]): Promise<ContactRow[]> {
    return tx.sql<ContactRow>('SELECT * FROM contacts WHERE account_id = $1 AND id = ANY ($2::bigint[])', [tx.accountId, ids]);
  }

  lock(tx: Tx, id: number): Promise<ContactRow | undefined> {
    return tx.one<ContactRow>('SELECT * FROM contacts WHERE account_id = $1 AND id = $2 FOR NO KEY UPDATE', [tx.accountId, id]);
  }

  /** A page of people, and where it ends unless it is the last. By cursor it costs the same however deep it is. */
  async list(tx: Tx, which: Which, { sort, page, after, limit = CONTACTS_PER_PAGE }: { sort: Sort; page: number; after?: ContactCursor; limit?: number }): Promise<ContactPage> {
    const rows = page > 1 ? await this.numbered(tx, which, sort, page, limit + 1) : await this.following(tx, which, sort, after, limit + 1);
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    const isMore = rows.length > limit;
    return { rows: shown, next: last && isMore && page === 1 ? encodeContactCursor({ sort, among: last.among, key: last.sort_key, id: last.id }) : null };
  }

  /** How many there are; the count stops at 10,000. */
  async count(tx: Tx, which: Which): Promise<number> {
    const params = new Params();
    const total = await tx.one<{ n: number }>(`SELECT count(*) AS n FROM (SELECT FROM contacts c WHERE ${whereOf(tx, which, params)} LIMIT ${COUNT_CAP}) k`, params.values);
    return total!.n;
  }

  /** How many these SELECTs find together, up to 10,000, and their ids while they are few. The account is $1. */
  async found(tx: Tx, parts: readonly Which[]): Promise<{ count: number; ids: number[] | null }> {
    const params = new Params();
    params.add(tx.accountId);
    const rows = parts.map((part) => `SELECT id FROM (${part(params)} LIMIT ${COUNT_CAP}) p (id)`);
    return (await tx.one<{ count: number; ids: number[] | null }>(
      `SELECT count(*)::int AS count, CASE WHEN count(*) <= ${FEW} THEN coalesce(json_agg(id), '[]') END AS ids FROM (SELECT id FROM (${rows.join(' UNION ')}) u LIMIT ${COUNT_CAP}) k`, params.values))!;
  }

  /** One stretch after the other, so that each is read from its index: sorting all people takes longer than passing over them. */
  private async numbered(tx: Tx, which: Which, sort: Sort, page: number, limit: number): Promise<ListedContact[]> {
    if (page > MAX_PAGE) return [];
    const rows: ListedContact[] = [];
    let before = (page - 1) * (limit - 1);
    for (const among of stretches(sort, undefined)) {
      if (rows.length >= limit) break;
      const params = new Params();
      const part = stretch(sort, among, undefined, params);
      const where = `${whereOf(tx, which, params)} AND ${part.where}`;
      const found = await tx.sql<ListedContact>(
        `SELECT c.*, '${among}' AS among, '' AS sort_key FROM contacts c WHERE ${where} ORDER BY ${part.order} LIMIT ${limit - rows.length} OFFSET ${before}`, params.values);
      rows.push(...found);
      before = found.length > 0 ? 0 : before - (await tx.one<{ n: number }>(`SELECT count(*) AS n FROM contacts c WHERE ${where}`, params.values))!.n;
    }
    return rows;
  }

  private async following(tx: Tx, which: Which, sort: Sort, after: ContactCursor | undefined, limit: number): Promise<ListedContact[]> {
    const rows: ListedContact[] = [];
    for (const among of stretches(sort, after)) {
      if (rows.length >= limit) break;
      const params = new Params();
      const where = whereOf(tx, which, params);
      const part = stretch(sort, among, after, params);
      rows.push(...await tx.sql<ListedContact>(
        `SELECT c.*, '${among}' AS among, ${part.key} AS sort_key FROM contacts c WHERE ${where} AND ${part.where} ORDER BY ${part.order} LIMIT ${limit - rows.length}`, params.values));
    }
    return rows;
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

  /** Waits for whoever gives somebody this number at this moment: no index keeps numbers apart. */
  async holdPhone(tx: Tx, number: string): Promise<void> {
    await tx.prepared('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`phone/${tx.accountId}/${number}`]);
  }

  /** Which of these unique values belong to another contact already. */
  async taken(tx: Tx, contact: Pick<UpdateContact, 'email' | 'phone_number' | 'identifier'>, exceptId = 0): Promise<('email' | 'phone_number' | 'identifier')[]> {
    if (contact.phone_number) await this.holdPhone(tx, contact.phone_number);
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
      `SELECT ci.id, ci.contact_id, ci.source_id, ci.inbox_id, i.name AS inbox_name, i.channel_type, i.avatar_key AS inbox_avatar_key
       FROM contact_inboxes ci JOIN inboxes i ON i.account_id = ci.account_id AND i.id = ci.inbox_id AND i.deleted_at IS NULL
       WHERE ci.account_id = $1 AND ci.contact_id = ANY ($2::bigint[]) ORDER BY ci.id`, [tx.accountId, contactIds]);
  }

  async labels(tx: Tx, id: number): Promise<string[]> {
    return (await tx.sql<{ title: string }>(
      `SELECT l.title FROM contacts c JOIN labels l ON l.account_id = c.account_id AND l.id = ANY (c.label_ids) WHERE c.account_id = $1 AND c.id = $2 ORDER BY l.title`,
      [tx.accountId, id])).map((row) => row.title);
  }

  /** Titles of the labels of all these people, by id. */
  async labelTitles(tx: Tx, rows: readonly ContactRow[]): Promise<Map<number, string>> {
    const ids = [...new Set(rows.flatMap((row) => row.label_ids))];
    if (ids.length === 0) return new Map();
    const labels = await tx.sql<{ id: number; title: string }>('SELECT id, title FROM labels WHERE account_id = $1 AND id = ANY ($2::integer[])', [tx.accountId, ids]);
    return new Map(labels.map((label) => [label.id, label.title]));
  }

  /** Puts labels on people and takes others off. Answers who has others than before, with the titles of then and now. */
  changeLabels(tx: Tx, ids: readonly number[], add: readonly number[], remove: readonly number[]): Promise<{ id: number; before: string[]; after: string[] }[]> {
    const titles = (of: string): string => `ARRAY(SELECT l.title FROM labels l WHERE l.account_id = $1 AND l.id = ANY (${of}.label_ids) ORDER BY l.title)`;
    return tx.sql(
      `WITH held AS MATERIALIZED (SELECT id, label_ids FROM contacts WHERE account_id = $1 AND id = ANY ($2::bigint[]) ORDER BY id FOR NO KEY UPDATE),
         wanted AS (SELECT h.id, ARRAY(SELECT l FROM (SELECT unnest(h.label_ids) UNION SELECT unnest($3::integer[])) u(l) WHERE l <> ALL ($4::integer[]) ORDER BY l) AS label_ids FROM held h)
       UPDATE contacts c SET label_ids = w.label_ids, updated_at = now() FROM wanted w JOIN held h USING (id)
       WHERE c.account_id = $1 AND c.id = w.id AND NOT (h.label_ids @> w.label_ids AND h.label_ids <@ w.label_ids) RETURNING c.id, ${titles('h')} AS before, ${titles('w')} AS after`, [tx.accountId, ids, add, remove]);
  }

  async writeAvatar(tx: Tx, id: number, key: string | null): Promise<void> {
    await tx.sql('UPDATE contacts SET avatar_key = $3, updated_at = now() WHERE account_id = $1 AND id = $2', [tx.accountId, id, key]);
  }

  /** Call it with the contact locked. */
  async removeAttributes(tx: Tx, id: number, names: string[]): Promise<ContactRow> {
    return (await tx.one<ContactRow>(`UPDATE contacts SET custom_attributes = nullif(custom_attributes - $3::text[], '{}'), updated_at = now() WHERE account_id = $1 AND id = $2 RETURNING *`, [tx.accountId, id, names]))!;
  }

  async writeLabels(tx: Tx, id: number, labelIds: number[]): Promise<void> {
    await tx.sql('UPDATE contacts SET label_ids = $3, updated_at = now() WHERE account_id = $1 AND id = $2', [tx.accountId, id, labelIds]);
  }
}

/** An empty object is stored as NULL: most rows have none. */
export const jsonOrNull = (value: object | null | undefined): string | null => (value && Object.keys(value).length > 0 ? JSON.stringify(value) : null);
