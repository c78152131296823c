import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { unique } from './factories.js';

type Company = 'google' | 'microsoft';
interface Permission { mailbox: string; company: Company; ended: boolean }
interface Issued { mailbox: string; until: number; withdrawn: boolean }
const LIFE_S = 3_599;

/**
 * A company that gives out tokens, by the documented rules of Google's and Microsoft's token endpoints: a refresh token is traded for an access token that
 * ends after an hour, Microsoft gives a new refresh token each time, a withdrawn one is answered `invalid_grant`. Mail servers ask it who a token belongs to (RFC 7662).
 */
export class OauthProvider {
  /** What was asked of the token endpoint. */
  readonly asked: { company: Company; grant: string; answer: number }[] = [];
  /** The time by which tokens end. */
  now: () => number = Date.now;
  /** The next answers of the token endpoint: it is busy so many times. */
  busy = 0;
  private readonly permissions = new Map<string, Permission>();
  private readonly issued = new Map<string, Issued>();
  private constructor(private readonly server: Server) {}

  static async start(): Promise<OauthProvider> {
    const server = createServer((request, response) => void provider.answer(request, response));
    const provider = new OauthProvider(server);
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    return provider;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as { port: number }).port}`;
  }

  /** Settings of an installation that is registered here. */
  get settings(): Record<string, string> {
    return {
      GOOGLE_OAUTH_CLIENT_ID: 'client', GOOGLE_OAUTH_CLIENT_SECRET: 'client secret', GOOGLE_OAUTH_URL: `${this.url}/google`,
      AZURE_APP_ID: 'client', AZURE_APP_SECRET: 'client secret', MICROSOFT_OAUTH_URL: `${this.url}/microsoft`,
    };
  }

  /** Somebody permits the use of a mailbox: the refresh token. */
  permit(mailbox: string, company: Company): string {
    const token = `1//${company}-${unique()}-${randomBytes(8).toString('hex')}`;
    this.permissions.set(token, { mailbox, company, ended: false });
    return token;
  }

  /** The owner takes every permission for the mailbox back. Access tokens live on to their end, as they do there. */
  withdraw(mailbox: string): void {
    for (const permission of this.permissions.values()) if (permission.mailbox === mailbox) permission.ended = true;
  }

  /** Ends the access tokens of a mailbox before their time, as a change of password does. */
  endAccess(mailbox: string): void {
    for (const token of this.issued.values()) if (token.mailbox === mailbox) token.withdrawn = true;
  }

  /** Whose token it is, while it is good. */
  ownerOf(accessToken: string): string | undefined {
    const found = this.issued.get(accessToken);
    return found && !found.withdrawn && found.until > this.now() ? found.mailbox : undefined;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const fields = new URLSearchParams(Buffer.concat(parts).toString());
    const [status, body] = request.url?.endsWith('/introspect') ? this.introspect(fields.get('token') ?? '') : this.token(request, fields);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  private introspect(token: string): [number, object] {
    const owner = this.ownerOf(token);
    return [200, owner === undefined ? { active: false } : { active: true, username: owner, scope: 'mail' }];
  }

  private token(request: IncomingMessage, fields: URLSearchParams): [number, object] {
    const company = /^\/(google|microsoft)\/token$/.exec(request.url ?? '')?.[1] as Company | undefined;
    if (!company || request.method !== 'POST' || request.headers['content-type'] !== 'application/x-www-form-urlencoded') return [404, {}];
    const answer = this.trade(company, fields);
    this.asked.push({ company, grant: fields.get('grant_type') ?? '', answer: answer[0] });
    return answer;
  }

  private trade(company: Company, fields: URLSearchParams): [number, object] {
    if (this.busy > 0) {
      this.busy -= 1;
      return [503, { error: 'temporarily_unavailable' }];
    }
    if (fields.get('client_id') !== 'client' || fields.get('client_secret') !== 'client secret') return [401, { error: 'invalid_client', error_description: 'The OAuth client was not found.' }];
    if (fields.get('grant_type') !== 'refresh_token') return [400, { error: 'unsupported_grant_type', error_description: `Invalid grant_type: ${fields.get('grant_type')}` }];
    const permission = this.permissions.get(fields.get('refresh_token') ?? '');
    if (!permission || permission.company !== company || permission.ended) {
      return [400, { error: 'invalid_grant', error_description: company === 'google' ? 'Token has been expired or revoked.' : 'AADSTS50173: The provided grant has expired due to it being revoked.' }];
    }
    const access = `ya29.${randomBytes(16).toString('hex')}`;
    this.issued.set(access, { mailbox: permission.mailbox, until: this.now() + LIFE_S * 1_000, withdrawn: false });
    return [200, {
      access_token: access, token_type: 'Bearer', expires_in: LIFE_S, scope: company === 'google' ? 'https://mail.google.com/' : 'https://outlook.office.com/IMAP.AccessAsUser.All',
      ...(company === 'microsoft' && { refresh_token: this.permit(permission.mailbox, company) }),
    }];
  }
}
