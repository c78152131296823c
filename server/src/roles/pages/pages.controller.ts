import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { join } from 'node:path';
import { Public } from '../../identity/access/access.decorators.js';
import { Clock } from '../../platform/clock/clock.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { notFound, Problem } from '../../platform/http/problem.js';
import { BuiltFiles } from '../../platform/pages/built-files.js';
import { dashboardHeaders, framedPageHeaders } from '../../platform/pages/page-headers.js';
import { repositoryRoot } from '../../platform/pages/repository-root.js';

/** Readers fetch it anew after half a year. */
const SECURITY_TEXT_LIFE = 180 * 24 * 60 * 60 * 1000;
const SHORT = 'public, max-age=300';

/** The dashboard and the files of the chat. The chat's page itself belongs to its channel. */
@Public()
@ApiExcludeController()
@Controller()
export class PagesController {
  private readonly client = new BuiltFiles(join(repositoryRoot(), 'client', 'dist'));
  private readonly widget = new BuiltFiles(join(repositoryRoot(), 'widget', 'dist'));
  private readonly headers: Record<string, string>;
  private readonly framedHeaders: Record<string, string>;

  constructor(@Inject(CONFIG) private readonly config: Config, private readonly clock: Clock) {
    const https = config.PUBLIC_URL?.startsWith('https:') ?? false;
    this.headers = dashboardHeaders(https);
    this.framedHeaders = framedPageHeaders(https);
  }

  @Get()
  root(@Res() reply: FastifyReply): void {
    void reply.redirect('/app', 302);
  }

  @Get(['app', 'app/*'])
  async dashboard(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const path = pathBelow(request, '/app');
    const isOtherPage = path.endsWith('.html') && path !== 'index.html';
    void reply.headers(isOtherPage ? this.framedHeaders : this.headers);
    if (path !== '' && path !== 'index.html' && await this.client.send(request, reply, path)) return;
    // A file that an older page still asks for after an upgrade is missing; every other address is a view of the dashboard.
    if (/\.\w{2,5}$/.test(path) && path !== 'index.html') throw notFound();
    if (!await this.client.send(request, reply, 'index.html', 'no-store')) throw notBuilt('dashboard');
  }

  @Get('widget-assets/*')
  async widgetAsset(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (!await this.widget.send(request, reply, join('frame', pathBelow(request, '/widget-assets')))) throw notFound();
  }

  @Get('widget.js')
  async loader(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.forStrangersPages(request, reply, 'widget.js');
  }

  /** The address in Chatwoot's snippet. */
  @Get('packs/js/sdk.js')
  async chatwootSnippet(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.forStrangersPages(request, reply, 'sdk.js');
  }

  @Get(['favicon.ico', 'favicon.svg'])
  async icon(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (!await this.client.send(request, reply, 'porchlight.svg', 'public, max-age=86400')) throw notFound();
  }

  @Get('robots.txt')
  robots(@Res() reply: FastifyReply): void {
    void reply.header('Content-Type', 'text/plain; charset=utf-8').send('User-agent: *\nDisallow: /\n');
  }

  /** RFC 9116. There is none while nobody is named. */
  @Get('.well-known/security.txt')
  securityContact(@Res() reply: FastifyReply): void {
    if (this.config.SECURITY_CONTACT === undefined) throw notFound();
    const expires = new Date(this.clock.now() + SECURITY_TEXT_LIFE).toISOString();
    void reply.header('Content-Type', 'text/plain; charset=utf-8').send(`Contact: ${this.config.SECURITY_CONTACT}\nExpires: ${expires}\n`);
  }

  private async forStrangersPages(request: FastifyRequest, reply: FastifyReply, script: string): Promise<void> {
    void reply.header('Cross-Origin-Resource-Policy', 'cross-origin');
    if (!await this.widget.send(request, reply, script, SHORT)) throw notBuilt('widget');
  }
}

// Fastify has refused paths that do not decode.
const pathBelow = (request: FastifyRequest, prefix: string): string =>
  decodeURIComponent(request.url.split('?')[0]!.slice(prefix.length)).replace(/^\/+/, '');

const notBuilt = (what: string): Problem => new Problem('unavailable', `The ${what} has not been built yet. Run "npm run build", or start with "npm start".`);
