import { Controller, Get, Inject, Param, Query, Res } from '@nestjs/common';
import { ApiProduces, ApiResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Public } from '../../identity/access/access.decorators.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { accountId } from '../../platform/database/account-id.js';
import type { Tx } from '../../platform/database/transaction.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { notFound } from '../../platform/http/problem.js';
import { text } from '../../platform/http/schema-fields.js';
import { formPageHeaders } from '../../platform/pages/page-headers.js';
import { ArticlesRepository, PUBLISHED, type ArticleRow } from '../articles/articles.repository.js';
import { CategoriesRepository } from '../categories/categories.repository.js';
import { PortalsRepository, type PortalRow } from '../portals/portals.repository.js';
import { helpCentrePage, type HelpPage } from './help-centre.page.js';
import { languageTag } from './help-centre.words.js';

const MOST_ON_A_PAGE = 200;
const MOST_FOUND = 20;
const name = z.string();
const SearchQuery = z.object({ query: text(200).optional() });
type Content = HelpPage extends infer P ? (P extends HelpPage ? Omit<P, 'portal' | 'locale'> : never) : never;

/** A help centre as anybody reads it. */
@Public()
@Controller('hc/:slug')
export class HelpCentreController {
  private readonly headers: Record<string, string>;

  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly portals: PortalsRepository, private readonly categories: CategoriesRepository, private readonly articles: ArticlesRepository, @Inject(CONFIG) config: Config,
  ) {
    this.headers = { ...formPageHeaders(config.PUBLIC_URL?.startsWith('https:') ?? false), 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'public, max-age=60' };
  }

  @Get()
  @ApiResponse({ status: 302, description: 'Leads to the portal’s first language.' })
  async start(@Param('slug', { schema: name }) slug: string, @Res() reply: FastifyReply): Promise<void> {
    const portal = await this.portal(slug);
    void reply.redirect(`/hc/${encodeURIComponent(portal.slug)}/${encodeURIComponent(portal.default_locale)}`, 302);
  }

  @Get(':locale')
  @ApiProduces('text/html')
  @ApiResponse({ status: 200, description: 'The topics, or what was looked for.' })
  home(@Param('slug', { schema: name }) slug: string, @Param('locale', { schema: name }) locale: string, @Query({ schema: SearchQuery }) { query }: z.infer<typeof SearchQuery>, @Res() reply: FastifyReply): Promise<void> {
    const wanted = query?.trim();
    return this.show(reply, slug, locale, async (tx, portal) => wanted
      ? { kind: 'results', query: wanted, articles: await this.articles.published(tx, portal.id, locale, MOST_FOUND, wanted) }
      : { kind: 'home', categories: await this.categories.list(tx, portal.id, locale), articles: await this.articles.published(tx, portal.id, locale, MOST_ON_A_PAGE) });
  }

  @Get(':locale/categories/:category_slug')
  @ApiProduces('text/html')
  @ApiResponse({ status: 200, description: 'The articles of a topic.' })
  category(@Param('slug', { schema: name }) slug: string, @Param('locale', { schema: name }) locale: string, @Param('category_slug', { schema: name }) categorySlug: string, @Res() reply: FastifyReply): Promise<void> {
    return this.show(reply, slug, locale, async (tx, portal) => {
      const category = plain(categorySlug) ? await this.categories.bySlug(tx, portal.id, locale, categorySlug) : undefined;
      return category && { kind: 'category', category, articles: (await this.articles.published(tx, portal.id, locale, MOST_ON_A_PAGE)).filter((one) => one.category_id === category.id) };
    });
  }

  @Get(':locale/articles/:article_slug')
  @ApiProduces('text/html')
  @ApiResponse({ status: 200, description: 'An article. Looking at it is counted.' })
  article(@Param('slug', { schema: name }) slug: string, @Param('locale', { schema: name }) locale: string, @Param('article_slug', { schema: name }) articleSlug: string, @Res() reply: FastifyReply): Promise<void> {
    return this.show(reply, slug, locale, async (tx, portal) => {
      const article = plain(articleSlug) ? await this.articles.bySlug(tx, portal.id, articleSlug) : undefined;
      if (article?.status !== PUBLISHED || article.locale !== locale) return undefined;
      await this.articles.countView(tx, article.id);
      return { kind: 'article', article, more: await this.siblings(tx, article), translations: await this.articles.translations(tx, article) };
    });
  }

  private async siblings(tx: Tx, article: ArticleRow): Promise<ArticleRow[]> {
    const all = await this.articles.published(tx, article.portal_id, article.locale, MOST_ON_A_PAGE);
    return all.filter((one) => one.category_id === article.category_id && one.id !== article.id).slice(0, 5);
  }

  private async portal(slug: string): Promise<PortalRow> {
    const portal = plain(slug) ? await this.portals.published(slug.toLowerCase()) : undefined;
    if (!portal) throw notFound();
    return portal;
  }

  private async show(reply: FastifyReply, slug: string, locale: string, content: (tx: Tx, portal: PortalRow) => Promise<Content | undefined>): Promise<void> {
    const portal = await this.portal(slug);
    const isOpen = portal.allowed_locales.includes(locale) && !portal.draft_locales.includes(locale);
    const found = isOpen ? await this.unitOfWork.run(accountId(portal.account_id), (tx) => content(tx, portal)) : undefined;
    const shown = isOpen ? locale : portal.default_locale;
    void reply.status(found ? 200 : 404).headers({ ...this.headers, 'Content-Language': languageTag(shown) }).send(helpCentrePage({ portal, locale: shown, ...(found ?? { kind: 'missing' }) } as HelpPage));
  }
}

// No address of ours has these, and PostgreSQL takes no NUL.
const plain = (slug: string): boolean => slug.length <= 200 && !slug.includes('\u0000') && slug.isWellFormed();
