import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/transaction.js';

export interface CategoryRow {
  account_id: number; id: number; portal_id: number; parent_category_id: number | null; associated_category_id: number | null; position: number; locale: string; slug: string; name: string; description: string | null;
  icon: string; icon_color: string; articles: number; published: number;
}
export type CategoryColumns = Partial<Pick<CategoryRow, 'parent_category_id' | 'associated_category_id' | 'position' | 'locale' | 'slug' | 'name' | 'description' | 'icon' | 'icon_color'>>;
const WRITABLE = ['parent_category_id', 'associated_category_id', 'position', 'locale', 'slug', 'name', 'description', 'icon', 'icon_color'] as const;

const ROW = `SELECT c.*, (SELECT count(*)::int FROM articles a WHERE a.account_id = c.account_id AND a.category_id = c.id) AS articles,
  (SELECT count(*)::int FROM articles a WHERE a.account_id = c.account_id AND a.category_id = c.id AND a.status = 1) AS published FROM categories c WHERE c.account_id = $1 AND c.portal_id = $2`;

/** Categories of a help centre; each stands in one language. */
@Injectable()
export class CategoriesRepository {
  list(tx: Tx, portalId: number, locale?: string): Promise<CategoryRow[]> {
    return tx.sql<CategoryRow>(`${ROW} AND ($3::text IS NULL OR c.locale = $3) ORDER BY c.locale, c.position, c.id`, [tx.accountId, portalId, locale ?? null]);
  }

  find(tx: Tx, portalId: number, id: number): Promise<CategoryRow | undefined> {
    return tx.one<CategoryRow>(`${ROW} AND c.id = $3`, [tx.accountId, portalId, id]);
  }

  bySlug(tx: Tx, portalId: number, locale: string, slug: string): Promise<CategoryRow | undefined> {
    return tx.one<CategoryRow>(`${ROW} AND c.locale = $3 AND c.slug = $4`, [tx.accountId, portalId, locale, slug]);
  }

  async insert(tx: Tx, portalId: number, columns: CategoryColumns): Promise<number> {
    const names = WRITABLE.filter((name) => columns[name] !== undefined);
    return (await tx.one<{ id: number }>(`INSERT INTO categories (account_id, portal_id, ${names.join(', ')}) VALUES ($1, $2, ${names.map((_, n) => `$${n + 3}`).join(', ')}) RETURNING id`,
      [tx.accountId, portalId, ...names.map((name) => columns[name])]))!.id;
  }

  async update(tx: Tx, id: number, columns: CategoryColumns): Promise<void> {
    const names = WRITABLE.filter((name) => columns[name] !== undefined);
    await tx.sql(`UPDATE categories SET ${[...names.map((name, n) => `${name} = $${n + 3}`), 'updated_at = now()'].join(', ')} WHERE account_id = $1 AND id = $2`, [tx.accountId, id, ...names.map((name) => columns[name])]);
  }

  /** Puts categories of the help centre where they are said to stand. */
  async reorder(tx: Tx, portalId: number, positions: Record<string, number>): Promise<void> {
    await tx.sql('UPDATE categories c SET position = p.value::int FROM jsonb_each_text($3::jsonb) p WHERE c.account_id = $1 AND c.portal_id = $2 AND c.id = p.key::bigint', [tx.accountId, portalId, JSON.stringify(positions)]);
  }

  async remove(tx: Tx, id: number): Promise<void> {
    await tx.sql('DELETE FROM categories WHERE account_id = $1 AND id = $2', [tx.accountId, id]);
  }
}
