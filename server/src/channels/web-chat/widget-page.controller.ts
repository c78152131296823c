import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { join } from 'node:path';
import { Public } from '../../identity/access/access.decorators.js';
import { InboxLookup } from '../../inboxes/inbox-lookup.service.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { Problem } from '../../platform/http/problem.js';
import { BuiltFiles } from '../../platform/pages/built-files.js';
import { widgetPageHeaders } from '../../platform/pages/page-headers.js';
import { repositoryRoot } from '../../platform/pages/repository-root.js';
import { frameAncestorsOf, sitesOf } from './allowed-domains.js';
import { webChatConfig } from './web-chat.config.js';
import { WebChatChannel } from './web-chat.channel.js';
import { missingChatPage } from './widget-page.words.js';

/** The page inside the frame on a website. The browser shows it only on the sites that its inbox allows. */
@Public()
@ApiExcludeController()
@Controller('widget')
export class WidgetPageController {
  private readonly files = new BuiltFiles(join(repositoryRoot(), 'widget', 'dist', 'frame'));
  private readonly https: boolean;

  constructor(private readonly inboxes: InboxLookup, private readonly channel: WebChatChannel, @Inject(CONFIG) config: Config) {
    this.https = config.PUBLIC_URL?.startsWith('https:') ?? false;
  }

  @Get()
  async show(@Query('website_token') token: unknown, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const found = typeof token === 'string' ? await this.inboxes.byPublicToken(token, this.channel.id) : undefined;
    void reply.headers(widgetPageHeaders(this.https, found ? frameAncestorsOf(sitesOf(webChatConfig(found.inbox.channel_config).allowed_domains)) : []));
    if (!found) {
      return void reply.status(404).headers({ 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' }).send(missingChatPage(request.headers['accept-language']));
    }
    if (!await this.files.send(request, reply, 'index.html', 'no-store')) {
      throw new Problem('unavailable', 'The widget has not been built yet. Run "npm run build", or start with "npm start".');
    }
  }
}
