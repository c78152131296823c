import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import type { z } from 'zod';
import { AdministratorOnly, CurrentMember, MemberOnly } from '../../identity/access/access.decorators.js';
import type { Member } from '../../identity/access/principal.js';
import { ScopeArea } from '../../identity/access/token-scopes.js';
import type { Tx } from '../../platform/database/transaction.js';
import { answers, answersEmpty } from '../../platform/http/answers.js';
import { invalid, notFound } from '../../platform/http/problem.js';
import { pathId } from '../../platform/http/schema-fields.js';
import { InPortal } from '../portals/in-portal.service.js';
import { portalSlug } from '../portals/portals.controller.js';
import type { PortalRow } from '../portals/portals.repository.js';
import { Positions } from '../positions.dto.js';
import { freeSlug, slugOf } from '../slug.js';
import { CategoriesRepository, type CategoryColumns, type CategoryRow } from './categories.repository.js';
import { CategoriesQuery, CategoryList, CreateCategory, OneCategory, UpdateCategory, type WireCategory } from './category.dto.js';

type One = z.infer<typeof OneCategory>;

/** Categories of a help centre. */
@Controller('api/v1/accounts/:account_id/portals/:portal_id/categories')
@ScopeArea('help_centre')
export class CategoriesController {
  constructor(private readonly inPortal: InPortal, private readonly categories: CategoriesRepository) {}

  @Get()
  @MemberOnly()
  @answers(CategoryList)
  list(@CurrentMember() me: Member, @Param('portal_id', { schema: portalSlug }) slug: string, @Query({ schema: CategoriesQuery }) query: z.infer<typeof CategoriesQuery>): Promise<z.infer<typeof CategoryList>> {
    return this.inPortal.run(me, slug, async (tx, portal) => {
      const rows = await this.categories.list(tx, portal.id);
      const shown = rows.filter(({ locale }) => query.locale === undefined || locale === query.locale);
      return { payload: shown.map((row) => present(row, rows)), meta: { current_page: 1, categories_count: shown.length } };
    });
  }

  @Post('reorder')
  @AdministratorOnly()
  @answersEmpty()
  async reorder(@CurrentMember() me: Member, @Param('portal_id', { schema: portalSlug }) slug: string, @Body({ schema: Positions }) { positions_hash }: Positions): Promise<void> {
    await this.inPortal.run(me, slug, (tx, portal) => this.categories.reorder(tx, portal.id, positions_hash));
  }

  @Get(':id')
  @MemberOnly()
  @answers(OneCategory)
  show(@CurrentMember() me: Member, @Param('portal_id', { schema: portalSlug }) slug: string, @Param('id', { schema: pathId }) id: number): Promise<One> {
    return this.inPortal.run(me, slug, (tx, portal) => this.shown(tx, portal, id));
  }

  @Post()
  @AdministratorOnly()
  @answers(OneCategory)
  create(@CurrentMember() me: Member, @Param('portal_id', { schema: portalSlug }) slug: string, @Body({ schema: CreateCategory }) body: CreateCategory): Promise<One> {
    return this.inPortal.run(me, slug, async (tx, portal) => {
      const locale = body.locale ?? portal.default_locale;
      if (!portal.allowed_locales.includes(locale)) throw invalid('locale', 'is not a language of this help centre');
      const columns = { ...await this.checked(tx, portal, body), locale };
      if (columns.slug && await this.categories.bySlug(tx, portal.id, locale, columns.slug)) throw invalid('slug', 'Slug has already been taken');
      columns.slug ??= await freeSlug(slugOf(body.name), async (wanted) => await this.categories.bySlug(tx, portal.id, locale, wanted) !== undefined);
      return this.shown(tx, portal, await this.categories.insert(tx, portal.id, columns));
    });
  }

  @Patch(':id')
  @AdministratorOnly()
  @answers(OneCategory)
  update(@CurrentMember() me: Member, @Param('portal_id', { schema: portalSlug }) slug: string, @Param('id', { schema: pathId }) id: number, @Body({ schema: UpdateCategory }) body: UpdateCategory): Promise<One> {
    return this.inPortal.run(me, slug, async (tx, portal) => {
      const row = await this.categories.find(tx, portal.id, id);
      if (!row) throw notFound();
      const columns = await this.checked(tx, portal, body, id);
      const other = columns.slug === undefined ? undefined : await this.categories.bySlug(tx, portal.id, row.locale, columns.slug);
      if (other && other.id !== id) throw invalid('slug', 'Slug has already been taken');
      await this.categories.update(tx, id, columns);
      return this.shown(tx, portal, id);
    });
  }

  @Delete(':id')
  @AdministratorOnly()
  @answersEmpty()
  async remove(@CurrentMember() me: Member, @Param('portal_id', { schema: portalSlug }) slug: string, @Param('id', { schema: pathId }) id: number): Promise<void> {
    await this.inPortal.run(me, slug, async (tx, portal) => {
      if (!await this.categories.find(tx, portal.id, id)) throw notFound();
      await this.categories.remove(tx, id);
    });
  }

  private async checked(tx: Tx, portal: PortalRow, body: UpdateCategory, id?: number): Promise<CategoryColumns> {
    for (const field of ['parent_category_id', 'associated_category_id'] as const) {
      const other = body[field];
      if (other != null && (other === id || !await this.categories.find(tx, portal.id, other))) throw invalid(field, 'is not another category of this help centre');
    }
    const { icon, icon_color, ...columns } = body;
    return { ...columns, ...(icon !== undefined && { icon: icon ?? '' }), ...(icon_color !== undefined && { icon_color: icon_color ?? '' }) };
  }

  private async shown(tx: Tx, portal: PortalRow, id: number): Promise<One> {
    const rows = await this.categories.list(tx, portal.id);
    const row = rows.find((one) => one.id === id);
    if (!row) throw notFound();
    return { payload: present(row, rows) };
  }
}

const present = (row: CategoryRow, all: CategoryRow[]): WireCategory => ({
  id: row.id, name: row.name, slug: row.slug, locale: row.locale, description: row.description, position: row.position, account_id: row.account_id, icon: row.icon, icon_color: row.icon_color,
  parent_category_id: row.parent_category_id, associated_category_id: row.associated_category_id,
  related_categories: all.filter((other) => other.associated_category_id === row.id || other.id === row.associated_category_id).map(({ id, name, slug, locale }) => ({ id, name, slug, locale })), meta: { articles_count: row.articles },
});
