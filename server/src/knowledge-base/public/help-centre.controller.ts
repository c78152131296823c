import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiProduces, ApiResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Public } from '../../identity/access/access.decorators.js';
import { notFound } from '../../platform/http/problem.js';
import { text } from '../../platform/http/schema-fields.js';
import { PortalsRepository } from '../portals/portals.repository.js';
import { HelpCentrePages, isPlain, type Asked } from './help-centre-pages.service.js';

const name = z.string();
const SearchQuery = z.object({ query: text(200).optional() });

/** A help centre as anybody reads it. */
@Public()
@Controller('hc/:slug')
export class HelpCentreController {
  constructor(private readonly portals: PortalsRepository, private readonly pages: HelpCentrePages) {}

  @Get()
  @ApiResponse({ status: 302, description: 'Leads to the portal’s first language.' })
  async start(@Param('slug', { schema: name }) slug: string, @Res() reply: FastifyReply): Promise<void> {
    const { base, portal } = await this.asked(slug, '');
    void reply.redirect(`${base}/${encodeURIComponent(portal.default_locale)}`, 302);
  }

  @Get(':locale')
  @ApiProduces('text/html')
  @ApiResponse({ status: 200, description: 'The topics, or what was looked for.' })
  async home(@Param('slug', { schema: name }) slug: string, @Param('locale', { schema: name }) locale: string, @Query({ schema: SearchQuery }) { query }: z.infer<typeof SearchQuery>, @Res() reply: FastifyReply): Promise<void> {
    await this.pages.home(reply, await this.asked(slug, locale), query);
  }

  @Get(':locale/categories/:category_slug')
  @ApiProduces('text/html')
  @ApiResponse({ status: 200, description: 'The articles of a topic.' })
  async category(@Param('slug', { schema: name }) slug: string, @Param('locale', { schema: name }) locale: string, @Param('category_slug', { schema: name }) categorySlug: string, @Res() reply: FastifyReply): Promise<void> {
    await this.pages.category(reply, await this.asked(slug, locale), categorySlug);
  }

  @Get(':locale/articles/:article_slug')
  @ApiProduces('text/html')
  @ApiResponse({ status: 200, description: 'An article. Looking at it is counted.' })
  async article(@Param('slug', { schema: name }) slug: string, @Param('locale', { schema: name }) locale: string, @Param('article_slug', { schema: name }) articleSlug: string, @Res() reply: FastifyReply): Promise<void> {
    await this.pages.article(reply, await this.asked(slug, locale), articleSlug);
  }

  private async asked(slug: string, locale: string): Promise<Asked> {
    const portal = isPlain(slug) ? await this.portals.published(slug.toLowerCase()) : undefined;
    if (!portal) throw notFound();
    return { portal, base: `/hc/${encodeURIComponent(portal.slug)}`, locale };
  }
}
