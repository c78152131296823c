import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/transaction.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';

export interface PortalRow {
  account_id: number; id: number; archived: boolean; slug: string; name: string; color: string | null; custom_domain: string | null; header_text: string | null; homepage_link: string | null; page_title: string | null;
  default_locale: string; allowed_locales: string[]; draft_locales: string[];
  /** When somebody first came by the domain; null until then. */
  custom_domain_seen_at: Date | null;
}
export interface PortalCounts { portal_id: number; locale: string; articles: number; published: number; draft: number; archived: number; categories: number }
/** The columns that may be written, by their names. */
export type PortalColumns = Partial<Omit<PortalRow, 'account_id' | 'id' | 'custom_domain_seen_at'>>;

const WRITABLE = ['archived', 'slug', 'name', 'color', 'custom_domain', 'header_text', 'homepage_link', 'page_title', 'default_locale', 'allowed_locales', 'draft_locales'] as const;

/** Help centres. */
@Injectable()
export class PortalsRepository {
  constructor(private readonly system: SystemWork) {}

  list(tx: Tx): Promise<PortalRow[]> {
    return tx.sql<PortalRow>('SELECT * FROM portals WHERE account_id = $1 ORDER BY id', [tx.accountId]);
  }

  find(tx: Tx, slug: string): Promise<PortalRow | undefined> {
    return tx.one<PortalRow>('SELECT * FROM portals WHERE account_id = $1 AND slug = $2', [tx.accountId, slug]);
  }

  /** The open portal of this address, of whatever account. */
  async published(slug: string): Promise<PortalRow | undefined> {
    return (await this.system.sql<PortalRow>('SELECT p.* FROM portals p JOIN accounts a ON a.id = p.account_id WHERE p.slug = $1 AND NOT p.archived AND a.status = 0 AND a.deleted_at IS NULL', [slug]))[0];
  }

  /** The open portal on this domain of its own, of whatever account. */
  async atDomain(domain: string): Promise<PortalRow | undefined> {
    return (await this.system.sql<PortalRow>('SELECT p.* FROM portals p JOIN accounts a ON a.id = p.account_id WHERE p.custom_domain = $1 AND NOT p.archived AND a.status = 0 AND a.deleted_at IS NULL', [domain]))[0];
  }

  /** The domain leads here. */
  async noteSeen({ account_id, id, custom_domain }: PortalRow): Promise<void> {
    await this.system.sql('UPDATE portals SET custom_domain_seen_at = now() WHERE account_id = $1 AND id = $2 AND custom_domain = $3 AND custom_domain_seen_at IS NULL', [account_id, id, custom_domain]);
  }

  /** What of the others already has this value: they stand in public addresses. */
  async isTaken(column: 'slug' | 'custom_domain', value: string, exceptId = 0): Promise<boolean> {
    return (await this.system.sql(`SELECT FROM portals WHERE ${column} = $1 AND id <> $2`, [value, exceptId])).length > 0;
  }

  async insert(tx: Tx, columns: PortalColumns): Promise<PortalRow> {
    const names = WRITABLE.filter((name) => columns[name] !== undefined);
    return (await tx.one<PortalRow>(`INSERT INTO portals (account_id, ${names.join(', ')}) VALUES ($1, ${names.map((_, n) => `$${n + 2}`).join(', ')}) RETURNING *`, [tx.accountId, ...names.map((name) => columns[name])]))!;
  }

  async update(tx: Tx, id: number, columns: PortalColumns): Promise<PortalRow> {
    const names = WRITABLE.filter((name) => columns[name] !== undefined);
    return (await tx.one<PortalRow>(`UPDATE portals SET ${[...names.map((name, n) => `${name} = $${n + 3}`), 'updated_at = now()', ...(columns.custom_domain !== undefined ? [`custom_domain_seen_at = CASE WHEN custom_domain IS NOT DISTINCT FROM $${names.indexOf('custom_domain') + 3} THEN custom_domain_seen_at END`] : [])].join(', ')} WHERE account_id = $1 AND id = $2 RETURNING *`, [tx.accountId, id, ...names.map((name) => columns[name])]))!;
  }

  async remove(tx: Tx, id: number): Promise<void> {
    await tx.sql('DELETE FROM portals WHERE account_id = $1 AND id = $2', [tx.accountId, id]);
  }

  /** How much is in them, by language. */
  counts(tx: Tx): Promise<PortalCounts[]> {
    return tx.sql<PortalCounts>(
      `SELECT portal_id, locale, sum(articles)::int AS articles, sum(published)::int AS published, sum(draft)::int AS draft, sum(archived)::int AS archived, sum(categories)::int AS categories FROM (
         SELECT portal_id, locale, 1 AS articles, (status = 1)::int AS published, (status = 0)::int AS draft, (status = 2)::int AS archived, 0 AS categories FROM articles WHERE account_id = $1
         UNION ALL SELECT portal_id, locale, 0, 0, 0, 0, 1 FROM categories WHERE account_id = $1) AS parts GROUP BY portal_id, locale`, [tx.accountId]);
  }
}
