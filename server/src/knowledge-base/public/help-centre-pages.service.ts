import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { accountId } from '../../platform/database/account-id.js';
import type { Tx } from '../../platform/database/transaction.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { formPageHeaders } from '../../platform/pages/page-headers.js';
import { ArticlesRepository, PUBLISHED, type ArticleRow } from '../articles/articles.repository.js';
import { CategoriesRepository } from '../categories/categories.repository.js';
import type { PortalRow } from '../portals/portals.repository.js';
import { helpCentrePage, type HelpPage } from './help-centre.page.js';
import { languageTag } from './help-centre.words.js';

const MOST_ON_A_PAGE = 200;
const MOST_FOUND = 20;
type Content = HelpPage extends infer P ? (P extends HelpPage ? Omit<P, 'portal' | 'locale' | 'base'> : never) : never;
/** A page of a help centre: which, in which language, and what stands before the language in its address. */
export interface Asked { portal: PortalRow; base: string; locale: string }

/** The pages of help centres, wherever they are read: below /hc, or on a domain of their own. */
@Injectable()
export class HelpCentrePages {
  private readonly headers: Record<string, string>;

  constructor(private readonly unitOfWork: UnitOfWork, private readonly categories: CategoriesRepository, private readonly articles: ArticlesRepository, @Inject(CONFIG) config: Config) {
    this.headers = { ...formPageHeaders(config.PUBLIC_URL?.startsWith('https:') ?? false), 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'public, max-age=60' };
  }

  /** The topics, or what was looked for. */
  home(reply: FastifyReply, asked: Asked, query = ''): Promise<void> {
    const { locale } = asked;
    const wanted = query.trim();
    return this.show(reply, asked, async (tx, portal) => wanted
      ? { kind: 'results', query: wanted, articles: await this.articles.published(tx, portal.id, locale, MOST_FOUND, wanted) }
      : { kind: 'home', categories: await this.categories.list(tx, portal.id, locale), articles: await this.articles.published(tx, portal.id, locale, MOST_ON_A_PAGE) });
  }

  category(reply: FastifyReply, asked: Asked, slug: string): Promise<void> {
    return this.show(reply, asked, async (tx, portal) => {
      const category = isPlain(slug) ? await this.categories.bySlug(tx, portal.id, asked.locale, slug) : undefined;
      return category && { kind: 'category', category, articles: (await this.articles.published(tx, portal.id, asked.locale, MOST_ON_A_PAGE)).filter((one) => one.category_id === category.id) };
    });
  }

  /** Looking at an article is counted. */
  article(reply: FastifyReply, asked: Asked, slug: string): Promise<void> {
    return this.show(reply, asked, async (tx, portal) => {
      const article = isPlain(slug) ? await this.articles.bySlug(tx, portal.id, slug) : undefined;
      if (article?.status !== PUBLISHED || article.locale !== asked.locale) return undefined;
      await this.articles.countView(tx, article.id);
      return { kind: 'article', article, more: await this.siblings(tx, article), translations: await this.articles.translations(tx, article) };
    });
  }

  missing(reply: FastifyReply, asked: Asked): Promise<void> {
    return this.show(reply, asked, async () => undefined);
  }

  private async siblings(tx: Tx, article: ArticleRow): Promise<ArticleRow[]> {
    const all = await this.articles.published(tx, article.portal_id, article.locale, MOST_ON_A_PAGE);
    return all.filter((one) => one.category_id === article.category_id && one.id !== article.id).slice(0, 5);
  }

  private async show(reply: FastifyReply, { portal, base, locale }: Asked, content: (tx: Tx, portal: PortalRow) => Promise<Content | undefined>): Promise<void> {
    const isOpen = portal.allowed_locales.includes(locale) && !portal.draft_locales.includes(locale);
    const found = isOpen ? await this.unitOfWork.run(accountId(portal.account_id), (tx) => content(tx, portal)) : undefined;
    const shown = isOpen ? locale : portal.default_locale;
    void reply.status(found ? 200 : 404).headers({ ...this.headers, 'Content-Language': languageTag(shown) }).send(helpCentrePage({ portal, base, locale: shown, ...(found ?? { kind: 'missing' }) } as HelpPage));
  }
}

/** No address of ours has what is not, and PostgreSQL takes no NUL. */
export const isPlain = (slug: string): boolean => slug.length <= 200 && !slug.includes('\u0000') && slug.isWellFormed();
