import { Body, Controller, Get, Inject, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Events } from '../../../delivery/events.js';
import { AdministratorOnly, CurrentMember, Public } from '../../../identity/access/access.decorators.js';
import type { Member } from '../../../identity/access/principal.js';
import '../../../inboxes/inbox.events.js';
import { Clock } from '../../../platform/clock/clock.js';
import { CONFIG, type Config } from '../../../platform/config/config.js';
import { Keyring } from '../../../platform/crypto/keyring.js';
import { accountId } from '../../../platform/database/account-id.js';
import { UnitOfWork } from '../../../platform/database/unit-of-work.js';
import { answers, answersEmpty } from '../../../platform/http/answers.js';
import { notFound, unprocessable } from '../../../platform/http/problem.js';
import { InboxSecretsPort } from '../../contract/ports.js';
import { MailAccessTokens } from '../accounts/mail-access-tokens.service.js';
import { MailInboxes } from '../accounts/mail-inboxes.service.js';
import { OAUTH_PROVIDERS, oauthProvider, type OauthProviderName } from '../accounts/oauth-provider.js';
import { emailConfig } from '../email.config.js';
import { Authorization, AuthorizationAnswer, OauthCallback } from './email-setup.dto.js';

const PURPOSE = 'mail oauth';
const MINUTES = 15;
const Provider = z.enum(OAUTH_PROVIDERS);
interface State { a: number; i: number; p: OauthProviderName; e: number }

/** Connects a mailbox at Google or Microsoft without a password. */
@Controller()
export class OauthConnectController {
  constructor(
    private readonly inboxes: MailInboxes, private readonly tokens: MailAccessTokens, private readonly secrets: InboxSecretsPort, private readonly keyring: Keyring, private readonly clock: Clock,
    private readonly unitOfWork: UnitOfWork, private readonly events: Events,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** The provider's page to which the browser goes next. */
  @Post('api/v1/accounts/:account_id/:provider/authorization')
  @AdministratorOnly()
  @answers(AuthorizationAnswer)
  async authorize(
    @CurrentMember() me: Member, @Param('provider') name: string, @Body({ schema: Authorization }) body: Authorization,
  ): Promise<z.infer<typeof AuthorizationAnswer>> {
    const known = Provider.safeParse(name);
    if (!known.success) throw notFound();
    const inbox = await this.inboxes.find(me.accountId, body.inbox_id);
    if (!inbox) throw notFound();
    const provider = oauthProvider(known.data, this.config);
    if (!provider || this.config.PUBLIC_URL === undefined) throw unprocessable('This installation is not registered with the provider.');
    const state = this.keyring.sign(PURPOSE, { a: inbox.accountId, i: inbox.id, p: known.data, e: Math.floor(this.clock.now() / 1_000) + MINUTES * 60 } satisfies State);
    const query = new URLSearchParams({
      client_id: provider.clientId, response_type: 'code', redirect_uri: this.redirectUri(known.data), scope: provider.scope, state, login_hint: emailConfig(inbox.config).email, ...provider.extra,
    });
    return { success: true, url: `${provider.authorizeUrl}?${query.toString()}` };
  }

  /** Where the provider sends the browser back to. */
  @Get(':provider/callback')
  @Public()
  @answersEmpty(302)
  async callback(@Param('provider') name: string, @Query({ schema: OauthCallback }) query: OauthCallback, @Res() reply: FastifyReply): Promise<void> {
    const known = Provider.safeParse(name);
    const state = known.success && query.state ? this.keyring.verify<State>(PURPOSE, query.state) : undefined;
    if (!known.success || !state || state.p !== known.data || state.e < this.clock.now() / 1_000) throw notFound();
    const failed = query.code === undefined ? 'refused' : await this.connect(state, query.code);
    return reply.redirect(`/app/accounts/${state.a}/settings/inboxes/${state.i}/email${failed ? `?connect=${failed}` : '?connect=done'}`, 302);
  }

  /** Stores the token, provided that the mailbox is the inbox's. What went wrong, or undefined. */
  private async connect(state: State, code: string): Promise<'refused' | 'other_mailbox' | 'no_token' | undefined> {
    const inbox = await this.inboxes.find(accountId(state.a), state.i);
    if (!inbox) return 'refused';
    const tokens = await this.tokens.exchange(state.p, code, this.redirectUri(state.p));
    if ('reason' in tokens || !tokens.refresh_token) return 'no_token';
    const mailbox = addressIn(tokens.id_token);
    const { email } = emailConfig(inbox.config);
    if (mailbox !== undefined && mailbox.toLowerCase() !== email.toLowerCase()) return 'other_mailbox';
    const isGoogle = state.p === 'google';
    await this.secrets.replace(inbox, { oauth_refresh_token: tokens.refresh_token }, {
      provider: state.p, imap_enabled: true, imap_address: isGoogle ? 'imap.gmail.com' : 'outlook.office365.com', imap_port: 993, imap_enable_ssl: true, imap_login: email, imap_authentication: 'xoauth2',
      smtp_enabled: true, smtp_address: isGoogle ? 'smtp.gmail.com' : 'smtp.office365.com', smtp_port: isGoogle ? 465 : 587, smtp_enable_ssl_tls: isGoogle, smtp_enable_starttls_auto: !isGoogle,
      smtp_login: email, smtp_authentication: 'xoauth2', plus_addressing: true,
    });
    this.tokens.forget(inbox);
    // Who waits for the mailbox does not sit out the pause that the old permission earned.
    await this.unitOfWork.run(accountId(state.a), (tx) => this.events.append(tx, { type: 'inbox.updated', payload: { inbox_id: inbox.id } }));
    return undefined;
  }

  private redirectUri(name: OauthProviderName): string {
    return `${this.config.PUBLIC_URL}/${name}/callback`;
  }
}

/** Whose mailbox it is. The token came straight from the provider over TLS, so its signature need not be checked. */
function addressIn(idToken: string | undefined): string | undefined {
  try {
    const claims = JSON.parse(Buffer.from(idToken?.split('.')[1] ?? '', 'base64url').toString('utf8')) as { email?: unknown; preferred_username?: unknown };
    return [claims.email, claims.preferred_username].find((one): one is string => typeof one === 'string' && one.includes('@'));
  } catch {
    return undefined;
  }
}
