import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { InboxLookup } from '../../inboxes/inbox-lookup.service.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { notFound, Problem } from '../../platform/http/problem.js';
import { rememberAccount, rememberAsker, rememberStranger } from '../../platform/http/request-account.js';
import { sitesOf } from './allowed-domains.js';
import { demandAllowedOrigin } from './embedding-site.policy.js';
import { rememberVisitor, TOKEN_OPTIONAL } from './visitor.js';
import { VisitorTokens } from './visitor-tokens.service.js';
import { webChatConfig } from './web-chat.config.js';
import { WebChatChannel } from './web-chat.channel.js';

/** Lets in browsers that name an inbox and show a token of it, from sites the inbox allows. */
@Injectable()
export class VisitorGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector, private readonly inboxes: InboxLookup, private readonly channel: WebChatChannel,
    private readonly tokens: VisitorTokens, @Inject(CONFIG) private readonly config: Config,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const websiteToken = (request.query as Record<string, unknown>)['website_token'] ?? (request.body as Record<string, unknown> | undefined)?.['website_token'];
    const found = typeof websiteToken === 'string' ? await this.inboxes.byPublicToken(websiteToken, this.channel.id) : undefined;
    if (!found) throw notFound();
    const config = webChatConfig(found.inbox.channel_config);
    const sites = sitesOf(config.allowed_domains);
    demandAllowedOrigin(this.config, request, sites);
    const shown = request.headers['x-auth-token'];
    const token = typeof shown === 'string' && shown !== '' ? this.tokens.read(shown, found.inbox.id) : undefined;
    const optional = this.reflector.getAllAndOverride<boolean | undefined>(TOKEN_OPTIONAL, [context.getHandler()]) ?? false;
    if (!token && (shown || !optional)) throw new Problem('unauthenticated', 'This chat session has ended. Load the page again to start a new one.');
    rememberAccount(request, found.accountId);
    rememberStranger(request);
    if (token) rememberAsker(request, `visitor ${found.inbox.id}/${token.sourceId}`);
    rememberVisitor(request, {
      accountId: found.accountId, inbox: found.inbox, config, sites,
      sourceId: token?.sourceId ?? this.tokens.newSourceId(), known: token !== undefined, stale: token?.stale ?? false,
    });
    return true;
  }
}
