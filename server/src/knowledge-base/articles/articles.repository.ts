import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/transaction.js';
import { ARTICLE_STATUSES, type ArticlesQuery } from './article.dto.js';

export const ARTICLES_PER_PAGE = 25;
export const PUBLISHED = 1;

export interface ArticleRow {
  account_id: number; id: number; portal_id: number; category_id: number | null; author_id: number | null; associated_article_id: number | null; views: number; updated_at: Date; version: number; position: number; status: number;
  locale: string; slug: string; title: string; content: string | null; description: string | null; meta: Record<string, unknown>;
  category_name: string | null; category_slug: string | null; category_locale: string | null; category_icon: string | null;
  author_name: string | null; author_display_name: string | null; author_email: string | null; author_avatar_key: string | null;
}
export interface ArticleHit extends Pick<ArticleRow, 'id' | 'title' | 'locale' | 'content' | 'slug' | 'account_id' | 'category_name' | 'updated_at'> { portal_slug: string }
export type ArticleColumns = Partial<Pick<ArticleRow, 'category_id' | 'author_id' | 'associated_article_id' | 'position' | 'status' | 'locale' | 'slug' | 'title' | 'content' | 'description' | 'meta'>>;
const WRITABLE = ['category_id', 'author_id', 'associated_article_id', 'position', 'status', 'locale', 'slug', 'title', 'content', 'description', 'meta'] as const;
const valuesOf = (columns: ArticleColumns, names: readonly (keyof ArticleColumns)[]): unknown[] => names.map((name) => (name === 'meta' ? JSON.stringify(columns.meta) : columns[name]));

const JOINS = `FROM articles a LEFT JOIN categories c ON c.account_id = a.account_id AND c.id = a.category_id LEFT JOIN users u ON u.id = a.author_id WHERE a.account_id = $1 AND a.portal_id = $2`;
const ROW = `SELECT a.id, a.account_id, a.portal_id, a.category_id, a.author_id, a.associated_article_id, a.views, a.updated_at, a.version, a.position, a.status, a.locale, a.slug, a.title, a.content, a.description, a.meta,
  c.name AS category_name, c.slug AS category_slug, c.locale AS category_locale, c.icon AS category_icon, u.name AS author_name, u.display_name AS author_display_name, u.email AS author_email, u.avatar_key AS author_avatar_key ${JOINS}`;
const holds = (q: string): string => `(a.search @@ websearch_to_tsquery('porchlight_plain', ${q}) OR a.title ILIKE '%' || replace(replace(replace(${q}, '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%')`;
const FILTER = `AND ($3::text IS NULL OR a.locale = $3) AND ($4::smallint IS NULL OR a.status = $4) AND ($5::text IS NULL OR c.slug = $5) AND ($6::bigint IS NULL OR a.author_id = $6)
  AND ($7::text IS NULL OR ${holds('$7')})`;

/** Articles of a help centre. */
@Injectable()
export class ArticlesRepository {
  list(tx: Tx, portalId: number, query: ArticlesQuery): Promise<ArticleRow[]> {
    return tx.sql<ArticleRow>(`${ROW} ${FILTER} ORDER BY a.position, a.id LIMIT ${ARTICLES_PER_PAGE} OFFSET $8`, [...this.params(tx, portalId, query), (query.page - 1) * ARTICLES_PER_PAGE]);
  }

  async count(tx: Tx, portalId: number, query: ArticlesQuery): Promise<number> {
    return (await tx.one<{ n: number }>(`SELECT count(*)::int AS n ${JOINS} ${FILTER}`, this.params(tx, portalId, query)))!.n;
  }

  find(tx: Tx, portalId: number, id: number): Promise<ArticleRow | undefined> {
    return tx.one<ArticleRow>(`${ROW} AND a.id = $3`, [tx.accountId, portalId, id]);
  }

  bySlug(tx: Tx, portalId: number, slug: string): Promise<ArticleRow | undefined> {
    return tx.one<ArticleRow>(`${ROW} AND a.slug = $3`, [tx.accountId, portalId, slug]);
  }

  /** The same text in other languages. */
  translations(tx: Tx, row: ArticleRow): Promise<ArticleRow[]> {
    return tx.sql<ArticleRow>(`${ROW} AND a.id <> $3 AND (a.associated_article_id = $4 OR a.id = $4) ORDER BY a.id`, [tx.accountId, row.portal_id, row.id, row.associated_article_id ?? row.id]);
  }

  /** What anybody may read in this language, best found first when something is looked for. */
  published(tx: Tx, portalId: number, locale: string, limit: number, query = ''): Promise<ArticleRow[]> {
    const params = [tx.accountId, portalId, locale, PUBLISHED, null, null, query || null, limit];
    return tx.sql<ArticleRow>(`${ROW} ${FILTER} ORDER BY CASE WHEN $7::text IS NULL THEN 0 ELSE -ts_rank(a.search, websearch_to_tsquery('porchlight_plain', $7)) END, a.position, a.id LIMIT $8`, params);
  }

  /** What anybody may read in any open help centre of the account, the one written last first. */
  search(tx: Tx, q: string, { offset, limit }: { offset: number; limit: number }): Promise<ArticleHit[]> {
    return tx.sql<ArticleHit>(
      `SELECT a.id, a.title, a.locale, a.content, a.slug, p.slug AS portal_slug, a.account_id, c.name AS category_name, a.updated_at
       FROM articles a JOIN portals p ON p.account_id = a.account_id AND p.id = a.portal_id AND NOT p.archived LEFT JOIN categories c ON c.account_id = a.account_id AND c.id = a.category_id
       WHERE a.account_id = $1 AND a.status = ${PUBLISHED} AND ${holds('$2::text')} ORDER BY a.updated_at DESC, a.id DESC LIMIT $3 OFFSET $4`, [tx.accountId, q, limit, offset]);
  }

  async isSlugTaken(tx: Tx, portalId: number, slug: string, exceptId = 0): Promise<boolean> {
    return (await tx.sql('SELECT FROM articles WHERE account_id = $1 AND portal_id = $2 AND slug = $3 AND id <> $4', [tx.accountId, portalId, slug, exceptId])).length > 0;
  }

  async isMember(tx: Tx, userId: number): Promise<boolean> {
    return (await tx.sql('SELECT FROM account_users WHERE account_id = $1 AND user_id = $2', [tx.accountId, userId])).length > 0;
  }

  async insert(tx: Tx, portalId: number, columns: ArticleColumns): Promise<number> {
    const names = WRITABLE.filter((name) => columns[name] !== undefined);
    return (await tx.one<{ id: number }>(`INSERT INTO articles (account_id, portal_id, ${names.join(', ')}) VALUES ($1, $2, ${names.map((_, n) => `$${n + 3}`).join(', ')}) RETURNING id`, [tx.accountId, portalId, ...valuesOf(columns, names)]))!.id;
  }

  /** Writes what is given. False when its text is no longer the one that is expected. */
  async update(tx: Tx, id: number, columns: ArticleColumns, expectedVersion?: number): Promise<boolean> {
    const names = WRITABLE.filter((name) => columns[name] !== undefined);
    const writesText = columns.title !== undefined || columns.content !== undefined;
    const sets = [...names.map((name, n) => `${name} = $${n + 4}`), 'updated_at = now()', ...(writesText ? ['version = version + 1'] : [])];
    return (await tx.sql(`UPDATE articles SET ${sets.join(', ')} WHERE account_id = $1 AND id = $2 AND ($3::int IS NULL OR version = $3) RETURNING id`, [tx.accountId, id, expectedVersion ?? null, ...valuesOf(columns, names)])).length > 0;
  }

  /** What says the same as this one says the same as that one too. */
  async moveTranslations(tx: Tx, from: number, to: number): Promise<void> {
    await tx.sql('UPDATE articles SET associated_article_id = nullif($3::bigint, id) WHERE account_id = $1 AND associated_article_id = $2', [tx.accountId, from, to]);
  }

  async remove(tx: Tx, id: number): Promise<void> {
    await tx.sql('DELETE FROM articles WHERE account_id = $1 AND id = $2', [tx.accountId, id]);
  }

  /** Puts articles of the help centre where they are said to stand. */
  async reorder(tx: Tx, portalId: number, positions: Record<string, number>): Promise<void> {
    await tx.sql('UPDATE articles a SET position = p.value::int FROM jsonb_each_text($3::jsonb) p WHERE a.account_id = $1 AND a.portal_id = $2 AND a.id = p.key::bigint', [tx.accountId, portalId, JSON.stringify(positions)]);
  }

  async countView(tx: Tx, id: number): Promise<void> {
    await tx.sql('UPDATE articles SET views = views + 1 WHERE account_id = $1 AND id = $2', [tx.accountId, id]);
  }

  private params(tx: Tx, portalId: number, { locale, status, category_slug, author_id, query }: ArticlesQuery): unknown[] {
    return [tx.accountId, portalId, locale ?? null, status === undefined ? null : ARTICLE_STATUSES.indexOf(status), category_slug ?? null, author_id ?? null, query?.trim() || null];
  }
}
