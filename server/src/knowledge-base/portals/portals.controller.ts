import { Body, Controller, Delete, Get, Inject, Param, Patch, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AdministratorOnly, CurrentMember, MemberOnly, WantsFreshProof } from '../../identity/access/access.decorators.js';
import type { Member } from '../../identity/access/principal.js';
import { ScopeArea } from '../../identity/access/token-scopes.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import type { Tx } from '../../platform/database/transaction.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { answers, answersEmpty } from '../../platform/http/answers.js';
import { invalid, notFound } from '../../platform/http/problem.js';
import { isOwnHost } from '../public/own-host.js';
import { freeSlug, slugOf } from '../slug.js';
import { CreatePortal, PortalList, PortalSchema, UpdatePortal, type WirePortal } from './portal.dto.js';
import { PortalsRepository, type PortalColumns, type PortalCounts, type PortalRow } from './portals.repository.js';

/** Portals are named by their slug in paths. */
export const portalSlug = z.string();

/** Help centres of the account. */
@Controller('api/v1/accounts/:account_id/portals')
@ScopeArea('help_centre')
export class PortalsController {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly portals: PortalsRepository, @Inject(CONFIG) private readonly config: Config) {}

  @Get()
  @MemberOnly()
  @answers(PortalList)
  list(@CurrentMember() me: Member): Promise<PortalList> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      const [rows, counts] = [await this.portals.list(tx), await this.portals.counts(tx)];
      return { payload: rows.map((row) => present(row, counts)), meta: { current_page: 1, portals_count: rows.length } };
    });
  }

  @Get(':id')
  @MemberOnly()
  @answers(PortalSchema)
  show(@CurrentMember() me: Member, @Param('id', { schema: portalSlug }) slug: string): Promise<WirePortal> {
    return this.unitOfWork.run(me.accountId, async (tx) => this.shown(tx, await this.found(tx, slug)));
  }

  @Post()
  @AdministratorOnly()
  @answers(PortalSchema)
  create(@CurrentMember() me: Member, @Body({ schema: CreatePortal }) body: CreatePortal, @Req() request: FastifyRequest): Promise<WirePortal> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      const columns = columnsOf(body, { default_locale: 'en', allowed_locales: ['en'] });
      await this.refuseTaken(columns, request);
      const slug = columns.slug ?? await freeSlug(slugOf(body.name), (wanted) => this.portals.isTaken('slug', wanted));
      return this.shown(tx, await this.portals.insert(tx, { ...columns, slug }));
    });
  }

  @Patch(':id')
  @AdministratorOnly()
  @answers(PortalSchema)
  update(@CurrentMember() me: Member, @Param('id', { schema: portalSlug }) slug: string, @Body({ schema: UpdatePortal }) body: UpdatePortal, @Req() request: FastifyRequest): Promise<WirePortal> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      const row = await this.found(tx, slug);
      const columns = columnsOf(body, row);
      await this.refuseTaken(columns, request, row.id);
      return this.shown(tx, await this.portals.update(tx, row.id, columns));
    });
  }

  @Delete(':id')
  @WantsFreshProof()
  @AdministratorOnly()
  @answersEmpty()
  async remove(@CurrentMember() me: Member, @Param('id', { schema: portalSlug }) slug: string): Promise<void> {
    await this.unitOfWork.run(me.accountId, async (tx) => this.portals.remove(tx, (await this.found(tx, slug)).id));
  }

  private async found(tx: Tx, slug: string): Promise<PortalRow> {
    const row = slug.includes('\u0000') ? undefined : await this.portals.find(tx, slug);
    if (!row) throw notFound();
    return row;
  }

  private async shown(tx: Tx, row: PortalRow): Promise<WirePortal> {
    return present(row, await this.portals.counts(tx));
  }

  private async refuseTaken(columns: PortalColumns, request: FastifyRequest, exceptId = 0): Promise<void> {
    if (columns.slug && await this.portals.isTaken('slug', columns.slug, exceptId)) throw invalid('slug', 'Slug has already been taken');
    // Without PUBLIC_URL the name by which this very request came is all that is known of our own.
    if (columns.custom_domain && (isOwnHost(this.config, columns.custom_domain) || columns.custom_domain === request.hostname)) throw invalid('custom_domain', 'is the address of this installation, or of no site on the internet');
    if (columns.custom_domain && await this.portals.isTaken('custom_domain', columns.custom_domain, exceptId)) throw invalid('custom_domain', 'Custom domain has already been taken');
  }
}

/** The default language is always among the allowed ones. */
function columnsOf({ config, ...plain }: UpdatePortal, before: Pick<PortalRow, 'default_locale' | 'allowed_locales'>): PortalColumns {
  if (!config) return plain;
  const default_locale = config.default_locale ?? config.allowed_locales?.[0] ?? before.default_locale;
  const allowed_locales = [...new Set([default_locale, ...(config.allowed_locales ?? before.allowed_locales)])];
  return { ...plain, default_locale, allowed_locales, draft_locales: config.draft_locales?.filter((code) => code !== default_locale && allowed_locales.includes(code)) };
}

function present(row: PortalRow, all: PortalCounts[]): WirePortal {
  const counts = all.filter(({ portal_id }) => portal_id === row.id);
  const sum = (key: 'articles' | 'published' | 'draft' | 'archived' | 'categories'): number => counts.reduce((total, one) => total + one[key], 0);
  const of = (code: string): PortalCounts | undefined => counts.find(({ locale }) => locale === code);
  return {
    id: row.id, name: row.name, slug: row.slug, color: row.color, custom_domain: row.custom_domain, custom_domain_seen: row.custom_domain_seen_at !== null, header_text: row.header_text, homepage_link: row.homepage_link, page_title: row.page_title, archived: row.archived, account_id: row.account_id,
    config: {
      allowed_locales: row.allowed_locales.map((code) => ({ code, articles_count: of(code)?.articles ?? 0, categories_count: of(code)?.categories ?? 0, draft: row.draft_locales.includes(code) })),
      default_locale: row.default_locale, layout: 'classic', social_profiles: {},
    },
    meta: { all_articles_count: sum('articles'), archived_articles_count: sum('archived'), published_count: sum('published'), draft_articles_count: sum('draft'), categories_count: sum('categories'), default_locale: row.default_locale },
  };
}
