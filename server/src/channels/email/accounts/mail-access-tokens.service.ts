import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { InboxSecretsPort } from '../../contract/ports.js';
import type { ChannelInbox } from '../../contract/channel.js';
import { Clock } from '../../../platform/clock/clock.js';
import { CONFIG, type Config } from '../../../platform/config/config.js';
import { answeredJson } from '../../../platform/outbound-http/answered-json.js';
import { OutboundHttp } from '../../../platform/outbound-http/outbound-http.js';
import { emailConfig } from '../email.config.js';
import { oauthProvider, type OauthProvider, type OauthProviderName } from './oauth-provider.js';

const TokenAnswer = z.object({ access_token: z.string().min(1), expires_in: z.number().optional(), refresh_token: z.string().optional(), id_token: z.string().optional() });
export type TokenAnswer = z.infer<typeof TokenAnswer>;

/** Why there is no token. `permanent`: only a person can help. `ended`: by connecting the mailbox again. */
export interface NoToken { permanent: boolean; reason: string; ended?: boolean }
export type AccessToken = { token: string } | NoToken;

/** A token is renewed so long before it ends. */
const MARGIN_MS = 120_000;
const USUAL_LIFE_S = 3_600;
/** Answers of a token endpoint after which only the mailbox's owner can help: withdrawn, expired, the password changed, or the organisation asks for more. */
const ENDED = ['invalid_grant', 'interaction_required', 'consent_required', 'login_required'];
const PASSING = ['temporarily_unavailable', 'server_error', 'slow_down'];

/** Access tokens of mailboxes that were connected with Google or Microsoft. Kept in memory only; the refresh token is what is stored. */
@Injectable()
export class MailAccessTokens {
  private readonly kept = new Map<string, { token: string; until: number; refreshToken: string }>();
  private readonly running = new Map<string, Promise<AccessToken>>();

  constructor(private readonly http: OutboundHttp, private readonly clock: Clock, private readonly secrets: InboxSecretsPort, @Inject(CONFIG) private readonly config: Config) {}

  /** A token that is good for now; another one than a server refused. */
  of(inbox: ChannelInbox, refused?: string): Promise<AccessToken> {
    const key = `${inbox.accountId}:${inbox.id}`;
    const refreshToken = inbox.secrets['oauth_refresh_token'];
    const { provider } = emailConfig(inbox.config);
    const registered = provider === 'google' || provider === 'microsoft' ? oauthProvider(provider, this.config) : undefined;
    if (!refreshToken || !registered) return Promise.resolve({ permanent: true, ended: registered !== undefined, reason: 'The mailbox is not connected. Connect it again in the settings of the inbox.' });
    const kept = this.kept.get(key);
    if (kept && kept.token !== refused && kept.refreshToken === refreshToken && kept.until - MARGIN_MS > this.clock.now()) return Promise.resolve({ token: kept.token });
    const running = this.running.get(key) ?? this.renew(inbox, key, registered, refreshToken).finally(() => this.running.delete(key));
    this.running.set(key, running);
    return running;
  }

  /** Forgets what was kept, when the mailbox is connected anew. */
  forget(inbox: ChannelInbox): void {
    this.kept.delete(`${inbox.accountId}:${inbox.id}`);
  }

  /** Trades the code that the provider's page gave us for tokens. */
  async exchange(name: OauthProviderName, code: string, redirectUri: string): Promise<TokenAnswer | NoToken> {
    const provider = oauthProvider(name, this.config);
    if (!provider) return { permanent: true, reason: 'This installation is not registered with the provider.' };
    return this.ask(provider, { grant_type: 'authorization_code', code, redirect_uri: redirectUri });
  }

  private async renew(inbox: ChannelInbox, key: string, provider: OauthProvider, refreshToken: string): Promise<AccessToken> {
    const answer = await this.ask(provider, { grant_type: 'refresh_token', refresh_token: refreshToken });
    if ('reason' in answer) return answer;
    // Microsoft gives a new one each time; the old one ends some day.
    const newest = answer.refresh_token ?? refreshToken;
    if (newest !== refreshToken) await this.secrets.replace(inbox, { oauth_refresh_token: newest });
    this.kept.set(key, { token: answer.access_token, until: this.clock.now() + (answer.expires_in ?? USUAL_LIFE_S) * 1_000, refreshToken: newest });
    return { token: answer.access_token };
  }

  private async ask(provider: OauthProvider, fields: Record<string, string>): Promise<TokenAnswer | NoToken> {
    const body = new URLSearchParams({ client_id: provider.clientId, client_secret: provider.clientSecret, ...fields }).toString();
    const outcome = await this.http.send({ method: 'POST', url: provider.tokenUrl, body, headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' }, maxBytes: 65_536 });
    if (outcome.kind !== 'answered') return { permanent: outcome.kind === 'refused', reason: `The provider could not be asked for a token: ${outcome.reason}` };
    const answer = answeredJson(outcome.body);
    const tokens = TokenAnswer.safeParse(answer);
    if (outcome.status === 200 && tokens.success) return tokens.data;
    const error = String((answer as { error?: unknown } | null | undefined)?.error ?? outcome.status).slice(0, 100);
    const ended = ENDED.includes(error);
    const permanent = ended || (outcome.status >= 400 && outcome.status < 500 && outcome.status !== 429 && !PASSING.includes(error));
    return { permanent, ended, reason: ended ? 'The permission has ended. Connect the mailbox again in the settings of the inbox.' : `The provider gave no token (${error}).` };
  }
}
