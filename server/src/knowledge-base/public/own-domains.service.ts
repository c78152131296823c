import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { PortalsRepository, type PortalRow } from '../portals/portals.repository.js';
import { HelpCentrePages, isPlain } from './help-centre-pages.service.js';
import { isOwnHost } from './own-host.js';

const KEPT_MS = 30_000;
const MOST_KEPT = 1_000;

/**
 * Help centres on domains of their own: what comes in by such a name is answered with that help centre and nothing else of the installation, neither
 * its pages nor its API. The installation's own name is never looked up, so no help centre can take its place.
 */
@Injectable()
export class OwnDomains implements OnModuleInit {
  private readonly kept = new Map<string, { until: number; portal: Promise<PortalRow | undefined> }>();

  constructor(private readonly portals: PortalsRepository, private readonly pages: HelpCentrePages, private readonly http: HttpAdapterHost, @Inject(CONFIG) private readonly config: Config) {}

  onModuleInit(): void {
    // The demo is filled by these modules without a web server.
    if (!this.http.httpAdapter) return;
    (this.http.httpAdapter.getInstance() as FastifyInstance).addHook('onRequest', async (request, reply) => {
      const portal = await this.portalOf(request.host ? request.hostname : '');
      // Pictures stand in articles by their address on the same site.
      if (!portal || request.url.startsWith('/help-pictures/')) return undefined;
      await this.answer(portal, request, reply);
      return reply;
    });
  }

  /** The open help centre that is read at this name. */
  async portalOf(host: string): Promise<PortalRow | undefined> {
    const domain = host.toLowerCase().replace(/\.$/, '');
    if (isOwnHost(this.config, domain)) return undefined;
    const known = this.kept.get(domain);
    if (known && known.until > Date.now()) return known.portal;
    if (this.kept.size >= MOST_KEPT) this.kept.clear();
    const portal = this.portals.atDomain(domain);
    portal.catch(() => this.kept.delete(domain));
    this.kept.set(domain, { until: Date.now() + KEPT_MS, portal });
    return portal;
  }

  private async answer(portal: PortalRow, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (portal.custom_domain_seen_at === null) await this.portals.noteSeen(portal);
    const { pathname, searchParams } = new URL(request.url, 'http://localhost');
    const [first, ...more] = pathname.split('/').filter(Boolean).map((part) => decodeURIComponent(part));
    // The same pages by the address they have without the domain. Two slashes at the beginning would lead to another site.
    if (first === 'hc' && more[0] === portal.slug) return void reply.redirect(`/${more.slice(1).map(encodeURIComponent).join('/')}`, 301);
    if (first === undefined) return void reply.redirect(`/${encodeURIComponent(portal.default_locale)}`, 302);
    const asked = { portal, base: '', locale: first };
    const [kind, slug, ...rest] = more;
    const isReading = request.method === 'GET' || request.method === 'HEAD';
    if (isReading && kind === undefined) return this.pages.home(reply, asked, plainQuery(searchParams.get('query')));
    if (isReading && kind === 'categories' && slug !== undefined && rest.length === 0) return this.pages.category(reply, asked, slug);
    if (isReading && kind === 'articles' && slug !== undefined && rest.length === 0) return this.pages.article(reply, asked, slug);
    return this.pages.missing(reply, asked);
  }
}

const plainQuery = (query: string | null): string => (query !== null && isPlain(query) ? query : '');
