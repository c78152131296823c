import { Inject, Injectable } from '@nestjs/common';
import { InboxLookup } from '../../inboxes/inbox-lookup.service.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { VisitorAuthenticator, type Visitor, type VisitorHandshake } from '../../realtime/visitor-authenticator.js';
import { allowsHost, sitesOf } from './allowed-domains.js';
import { VisitorTokens } from './visitor-tokens.service.js';
import { VisitorsRepository } from './visitors.repository.js';
import { webChatConfig } from './web-chat.config.js';
import { WebChatChannel } from './web-chat.channel.js';

/** Lets visitors' sockets in by the tokens of their browsers. */
@Injectable()
export class WidgetSocketAuthenticator extends VisitorAuthenticator {
  constructor(
    private readonly inboxes: InboxLookup, private readonly channel: WebChatChannel, private readonly tokens: VisitorTokens, private readonly visitors: VisitorsRepository,
    private readonly unitOfWork: UnitOfWork, @Inject(CONFIG) private readonly config: Config,
  ) {
    super();
  }

  async authenticate(handshake: VisitorHandshake): Promise<Visitor | null> {
    const found = await this.inboxes.byPublicToken(handshake.website_token, this.channel.id);
    const token = found && this.tokens.read(handshake.token, found.inbox.id);
    if (!token || !this.mayCome(handshake.origin, sitesOf(webChatConfig(found.inbox.channel_config).allowed_domains))) return null;
    const identity = await this.unitOfWork.run(found.accountId, (tx) => this.visitors.identity(tx, found.inbox.id, token.sourceId));
    return identity ? { accountId: found.accountId, inboxId: found.inbox.id, contactInboxId: identity.id, contactId: identity.contact_id } : null;
  }

  welcomes(origin: string | undefined, inbox: { channel_type: string; channel_config: Record<string, unknown> }): boolean {
    return inbox.channel_type !== this.channel.id || this.mayCome(origin, sitesOf(webChatConfig(inbox.channel_config).allowed_domains));
  }

  /** The chat's own page comes from our address. Where that is not configured, the page's frame-ancestors alone decide. */
  private mayCome(origin: string | undefined, sites: readonly string[]): boolean {
    if (origin === undefined || this.config.PUBLIC_URL === undefined || origin === new URL(this.config.PUBLIC_URL).origin) return true;
    return URL.canParse(origin) && allowsHost(sites, new URL(origin).host);
  }
}
