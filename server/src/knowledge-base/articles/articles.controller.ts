import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import type { z } from 'zod';
import { AdministratorOnly, CurrentMember, MemberOnly } from '../../identity/access/access.decorators.js';
import type { Member } from '../../identity/access/principal.js';
import { ReadsOnly, ScopeArea } from '../../identity/access/token-scopes.js';
import type { Tx } from '../../platform/database/transaction.js';
import { AcceptsImage } from '../../platform/http/accepts-files.js';
import { answers, answersEmpty } from '../../platform/http/answers.js';
import { invalid, notFound, Problem } from '../../platform/http/problem.js';
import { pathId } from '../../platform/http/schema-fields.js';
import { Avatars } from '../../platform/storage/avatars.js';
import { CategoriesRepository } from '../categories/categories.repository.js';
import { ArticlePictures } from '../pictures/article-pictures.service.js';
import { InPortal } from '../portals/in-portal.service.js';
import { portalSlug } from '../portals/portals.controller.js';
import type { PortalRow } from '../portals/portals.repository.js';
import { Positions } from '../positions.dto.js';
import { renderArticle } from '../public/article-markdown.js';
import { freeSlug, slugOf } from '../slug.js';
import { ArticleList, ArticlePicture, ArticlePreview, ArticlesQuery, ARTICLE_STATUSES, CreateArticle, OneArticle, PreviewArticle, StoredPicture, UpdateArticle, type WireArticle } from './article.dto.js';
import { ArticlesRepository, type ArticleColumns, type ArticleRow } from './articles.repository.js';

type One = z.infer<typeof OneArticle>;

/** Articles of a help centre. */
@Controller('api/v1/accounts/:account_id/portals/:portal_id/articles')
@ScopeArea('help_centre')
export class ArticlesController {
  constructor(
    private readonly inPortal: InPortal, private readonly categories: CategoriesRepository, private readonly articles: ArticlesRepository, private readonly avatars: Avatars, private readonly pictures: ArticlePictures,
  ) {}

  @Get()
  @MemberOnly()
  @answers(ArticleList)
  list(@CurrentMember() me: Member, @Param('portal_id', { schema: portalSlug }) slug: string, @Query({ schema: ArticlesQuery }) query: ArticlesQuery): Promise<z.infer<typeof ArticleList>> {
    return this.inPortal.run(me, slug, async (tx, portal) => ({
      payload: (await this.articles.list(tx, portal.id, query)).map((row) => this.present(row, [])), meta: { current_page: query.page, articles_count: await this.articles.count(tx, portal.id, query) },
    }));
  }

  @Post('reorder')
  @AdministratorOnly()
  @answersEmpty()
  async reorder(@CurrentMember() me: Member, @Param('portal_id', { schema: portalSlug }) slug: string, @Body({ schema: Positions }) { positions_hash }: Positions): Promise<void> {
    await this.inPortal.run(me, slug, (tx, portal) => this.articles.reorder(tx, portal.id, positions_hash));
  }

  @Post('preview')
  @MemberOnly()
  @ReadsOnly()
  @answers(ArticlePreview, { description: 'The text as the public page shows it.' })
  preview(@CurrentMember() me: Member, @Param('portal_id', { schema: portalSlug }) slug: string, @Body({ schema: PreviewArticle }) { content }: z.infer<typeof PreviewArticle>): Promise<z.infer<typeof ArticlePreview>> {
    return this.inPortal.run(me, slug, async () => ({ html: renderArticle(content ?? null) }));
  }

  @Post('pictures')
  @AdministratorOnly()
  @AcceptsImage()
  @answers(StoredPicture, { description: 'Where everybody who reads the article finds the picture.' })
  async picture(@CurrentMember() me: Member, @Param('portal_id', { schema: portalSlug }) slug: string, @Body({ schema: ArticlePicture }) { picture }: z.infer<typeof ArticlePicture>): Promise<z.infer<typeof StoredPicture>> {
    await this.inPortal.run(me, slug, async () => undefined);
    if (!picture) throw invalid('picture', 'is needed');
    return { file_url: await this.pictures.save(me.accountId, picture) };
  }

  @Get(':id')
  @MemberOnly()
  @answers(OneArticle)
  show(@CurrentMember() me: Member, @Param('portal_id', { schema: portalSlug }) slug: string, @Param('id', { schema: pathId }) id: number): Promise<One> {
    return this.inPortal.run(me, slug, (tx, portal) => this.shown(tx, portal, id));
  }

  @Post()
  @AdministratorOnly()
  @answers(OneArticle)
  create(@CurrentMember() me: Member, @Param('portal_id', { schema: portalSlug }) slug: string, @Body({ schema: CreateArticle }) body: CreateArticle): Promise<One> {
    return this.inPortal.run(me, slug, async (tx, portal) => {
      const category = body.category_id == null ? undefined : await this.categories.find(tx, portal.id, body.category_id);
      const locale = category?.locale ?? body.locale ?? portal.default_locale;
      if (!portal.allowed_locales.includes(locale)) throw invalid('locale', 'is not a language of this help centre');
      const columns = { author_id: me.userId, ...await this.checked(tx, portal, body), locale };
      columns.slug ??= await freeSlug(slugOf(body.title), (wanted) => this.articles.isSlugTaken(tx, portal.id, wanted));
      return this.shown(tx, portal, await this.articles.insert(tx, portal.id, columns));
    });
  }

  @Patch(':id')
  @AdministratorOnly()
  @answers(OneArticle)
  update(@CurrentMember() me: Member, @Param('portal_id', { schema: portalSlug }) slug: string, @Param('id', { schema: pathId }) id: number, @Body({ schema: UpdateArticle }) body: UpdateArticle): Promise<One> {
    return this.inPortal.run(me, slug, async (tx, portal) => {
      if (!await this.articles.find(tx, portal.id, id)) throw notFound();
      const { expected_version, ...change } = body;
      const columns = await this.checked(tx, portal, change, id);
      if (!await this.articles.update(tx, id, columns, expected_version)) throw new Problem('conflict', 'Somebody else has written this article meanwhile.', { body: { error_code: 'changed_meanwhile' } });
      if (columns.associated_article_id != null) await this.articles.moveTranslations(tx, id, columns.associated_article_id);
      return this.shown(tx, portal, id);
    });
  }

  @Delete(':id')
  @AdministratorOnly()
  @answersEmpty()
  async remove(@CurrentMember() me: Member, @Param('portal_id', { schema: portalSlug }) slug: string, @Param('id', { schema: pathId }) id: number): Promise<void> {
    await this.inPortal.run(me, slug, async (tx, portal) => {
      if (!await this.articles.find(tx, portal.id, id)) throw notFound();
      await this.articles.remove(tx, id);
    });
  }

  private async checked(tx: Tx, portal: PortalRow, body: Omit<UpdateArticle, 'expected_version'>, id = 0): Promise<ArticleColumns> {
    const { status, ...columns } = body;
    if (columns.category_id != null && !await this.categories.find(tx, portal.id, columns.category_id)) throw invalid('category_id', 'is not a category of this help centre');
    if (columns.author_id !== undefined && !await this.articles.isMember(tx, columns.author_id)) throw invalid('author_id', 'is not a member of this account');
    const other = columns.associated_article_id;
    if (other != null) {
      const found = other === id ? undefined : await this.articles.find(tx, portal.id, other);
      if (!found) throw invalid('associated_article_id', 'is not another article of this help centre');
      // All translations point to one article, or some would not find the others.
      columns.associated_article_id = found.associated_article_id === null || found.associated_article_id === id ? found.id : found.associated_article_id;
    }
    if (columns.slug !== undefined && await this.articles.isSlugTaken(tx, portal.id, columns.slug, id)) throw invalid('slug', 'Slug has already been taken');
    return { ...columns, ...(status !== undefined && { status: ARTICLE_STATUSES.indexOf(status) }) };
  }

  private async shown(tx: Tx, portal: PortalRow, id: number): Promise<One> {
    const row = await this.articles.find(tx, portal.id, id);
    if (!row) throw notFound();
    return { payload: this.present(row, await this.articles.translations(tx, row)) };
  }

  private present(row: ArticleRow, translations: ArticleRow[]): WireArticle {
    return {
      id: row.id, slug: row.slug, title: row.title, content: row.content, description: row.description, status: ARTICLE_STATUSES[row.status]!, position: row.position, account_id: row.account_id,
      updated_at: Math.floor(row.updated_at.getTime() / 1000), version: row.version, locale: row.locale, meta: row.meta, views: row.views, associated_article_id: row.associated_article_id,
      associated_articles: translations.map(({ id, title, slug, locale, status }) => ({ id, title, slug, locale, status: ARTICLE_STATUSES[status]! })),
      category: { id: row.category_id, name: row.category_name, slug: row.category_slug, locale: row.category_locale, icon: row.category_icon },
      ...(row.author_id !== null && row.author_name !== null && {
        author: { id: row.author_id, name: row.author_name, available_name: row.author_display_name || row.author_name, email: row.author_email!, thumbnail: this.avatars.url(row.author_avatar_key) },
      }),
    };
  }
}
