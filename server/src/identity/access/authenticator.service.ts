import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Clock } from '../../platform/clock/clock.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { tokenHash } from '../../platform/crypto/keyring.js';
import { accountId, type AccountId } from '../../platform/database/account-id.js';
import { Problem } from '../../platform/http/problem.js';
import { sessionCookie } from '../sessions/session-cookie.js';
import { SCOPED_PREFIX } from '../scoped-tokens/scoped-tokens.repository.js';
import { AccessRepository } from './access.repository.js';
import { roleOf, type Principal, type Role } from './principal.js';
import { demandOwnPage } from './same-origin.policy.js';

/** What a socket shows when it connects: the browser's cookies, or what programs send as headers. */
export interface Handshake {
  cookieHeader?: string;
  auth?: { access_token?: unknown; client?: unknown; uid?: unknown; api_access_token?: unknown };
  ipAddress?: string;
}

/** For so long a proof counts for what is sensitive. */
const FRESH_MS = 5 * 60_000;

interface HeaderSession { token: string; client: string; uid: string }

// NUL can be sent through a socket and stands in nothing of ours.
const filled = (value: unknown): value is string => typeof value === 'string' && value !== '' && !value.includes('\u0000');

/** Finds out who is asking, from the proofs a request carries. */
@Injectable()
export class Authenticator {
  constructor(private readonly repository: AccessRepository, private readonly clock: Clock, @Inject(CONFIG) private readonly config: Config) {}

  /** The person behind the request, or undefined when it carries no good proof. Throws when an API token is wrong or a cookie is abused. */
  async authenticate(request: FastifyRequest): Promise<Principal | undefined> {
    // With hyphens too: nginx, and Caddy since 2.11.4, take headers with an underscore away unless told otherwise.
    const { api_access_token: underscored, 'api-access-token': apiToken = underscored, 'access-token': token, client, uid } = request.headers;
    if (filled(apiToken)) return apiToken.startsWith(SCOPED_PREFIX) ? this.byScopedToken(apiToken, request.ip) : this.byApiToken(apiToken, request.ip);
    if (filled(token)) return filled(client) && filled(uid) ? this.byHeaders({ token, client, uid }, request.ip) : undefined;
    const cookie = sessionCookie(this.config, request.headers.cookie);
    if (cookie === undefined) return undefined;
    const principal = await this.byCookie(cookie, request.ip);
    if (principal) demandOwnPage(this.config, request);
    return principal;
  }

  /** The person behind a socket, or undefined. The caller checks the page's origin and demands MFA. */
  async authenticateHandshake(handshake: Handshake): Promise<Principal | undefined> {
    const { api_access_token: apiToken, access_token: token, client, uid } = handshake.auth ?? {};
    const address = handshake.ipAddress ?? '';
    if (filled(apiToken)) return this.byApiToken(apiToken, address);
    if (filled(token)) return filled(client) && filled(uid) ? this.byHeaders({ token, client, uid }, address) : undefined;
    const cookie = sessionCookie(this.config, handshake.cookieHeader);
    return cookie === undefined ? undefined : this.byCookie(cookie, address);
  }

  /** Throws when this person must set up MFA before anything else. */
  demandMfa(principal: Principal): void {
    if (!principal.mfaSetupRequired) return;
    throw new Problem('forbidden', 'Administrators need two-factor authentication. Set it up in your profile first.', { body: { error_code: 'mfa_setup_required' } });
  }

  /**
   * Throws unless this person has proved who they are within five minutes. Only the dashboard is asked: whoever sits down at somebody's open browser has
   * its cookie, while a token or a phone's session is kept by a program that could not answer.
   */
  demandFreshProof(principal: Principal): void {
    if (principal.proof !== 'cookie' || (principal.provedAt?.getTime() ?? 0) > this.clock.now() - FRESH_MS) return;
    throw new Problem('forbidden', 'Please prove once more that it is you.', { body: { error_code: 'proof_required' } });
  }

  async membership(userId: number, account: AccountId): Promise<{ role: Role } | 'no_such_account' | 'not_a_member'> {
    const row = await this.repository.membership(userId, account);
    if (!row) return 'no_such_account';
    if (row.role === null || row.status !== 0) return 'not_a_member';
    return { role: roleOf(row.role) };
  }

  /** Which of these sessions are still good, in one statement. Open sockets are checked with it every few seconds. */
  async stillValid(sessionIds: Iterable<number>): Promise<Set<number>> {
    const ids = [...sessionIds];
    return new Set(ids.length === 0 ? [] : await this.repository.liveSessions(ids, this.clock.date(), this.idleSince()));
  }

  /** The same for sockets proven by an API token. */
  async tokensStillValid(tokenIds: Iterable<number>): Promise<Set<number>> {
    const ids = [...tokenIds];
    return new Set(ids.length === 0 ? [] : await this.repository.liveTokens(ids, this.clock.date()));
  }

  /** What these people are in their active accounts, in one statement: user id → account id → role. Nothing for those who must set up MFA first. */
  async membershipsOf(userIds: Iterable<number>): Promise<Map<number, Map<number, Role>>> {
    const ids = [...userIds];
    const found = new Map<number, Map<number, Role>>(ids.map((id) => [id, new Map()]));
    if (ids.length === 0) return found;
    for (const row of await this.repository.memberships(ids)) found.get(row.user_id)!.set(row.account_id, roleOf(row.role));
    return found;
  }

  private async byApiToken(token: string, address: string): Promise<Principal> {
    const now = this.clock.date();
    const row = await this.repository.apiToken(tokenHash(token), now);
    if (!row) throw new Problem('not_permitted', 'Invalid Access Token');
    if (row.stale) await this.repository.touchApiToken(row.id, now, address);
    return { kind: 'user', userId: row.user_id, proof: 'api_access_token', tokenId: row.id, mfaSetupRequired: row.mfa_setup_required };
  }

  // Sockets carry everything at once, so these tokens do not open them: byApiToken does not find them.
  private async byScopedToken(token: string, address: string): Promise<Principal> {
    const now = this.clock.date();
    const row = await this.repository.scopedToken(tokenHash(token), now);
    if (!row) throw new Problem('not_permitted', 'Invalid Access Token');
    if (row.stale) await this.repository.touchScopedToken(row.account_id, row.id, now, address);
    return { kind: 'user', userId: row.user_id, proof: 'api_access_token', grant: { accountId: accountId(row.account_id), scopes: row.scopes }, mfaSetupRequired: row.mfa_setup_required };
  }

  private async byHeaders(given: HeaderSession, address: string): Promise<Principal | undefined> {
    const now = this.clock.date();
    const row = await this.repository.session('headers', tokenHash(given.token), now, this.idleSince(), { client: given.client, email: given.uid.toLowerCase() });
    if (!row) return undefined;
    if (row.stale) await this.repository.touchSession(row.id, now, address);
    return { kind: 'user', userId: row.user_id, proof: 'session_headers', sessionId: row.id, mfaSetupRequired: row.mfa_setup_required };
  }

  private async byCookie(secret: string, address: string): Promise<Principal | undefined> {
    const now = this.clock.date();
    const row = await this.repository.session('cookie', tokenHash(secret), now, this.idleSince());
    if (!row) return undefined;
    if (row.stale) await this.repository.touchSession(row.id, now, address);
    return { kind: 'user', userId: row.user_id, proof: 'cookie', sessionId: row.id, provedAt: row.proved_at, mfaSetupRequired: row.mfa_setup_required };
  }

  private idleSince(): Date {
    return new Date(this.clock.now() - this.config.SESSION_IDLE_MINUTES * 60_000);
  }
}
