import { createPublicKey, generateKeyPairSync, randomBytes, verify } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { text as read } from 'node:stream/consumers';

type Answer = { status?: number; body: object };
interface Asked { path: string; text: string; language: string }

/**
 * Google, as far as Dialogflow ES needs it, by its documented rules: a JWT signed by the service account's key is traded for a token (RFC 7523; wrong ones are
 * answered `invalid_grant`), and detectIntent takes a text of at most 256 characters with that token, else 401 or 400.
 */
export class DialogflowServer {
  readonly asked: Asked[] = [];
  /** What the agent answers to a text. */
  says: (text: string) => Answer = () => ({ body: {} });
  private readonly tokens = new Set<string>();
  private readonly keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  private constructor(private readonly server: Server) {}

  static async start(): Promise<DialogflowServer> {
    const google: DialogflowServer = new DialogflowServer(createServer((request, response) => void read(request).then((body) => {
      const { status = 200, body: answer } = request.url === '/oauth/token' ? google.trade(body) : google.detect(request.url ?? '', request.headers.authorization ?? '', body);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    })));
    await new Promise<void>((resolve) => { google.server.listen(0, '127.0.0.1', resolve); });
    return google;
  }

  get settings(): Record<string, string> {
    const base = `http://127.0.0.1:${(this.server.address() as { port: number }).port}`;
    return { DIALOGFLOW_URL: base, GOOGLE_OAUTH_URL: `${base}/oauth` };
  }

  /** The JSON that Google gives to who makes a key. */
  get credentials(): Record<string, string> {
    return { type: 'service_account', client_email: 'robin@harbour.iam.gserviceaccount.com', private_key_id: 'k1', private_key: this.keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
  }

  /** All tokens end before their time. */
  withdraw(): void {
    this.tokens.clear();
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => { this.server.close(resolve); });
  }

  private trade(body: string): Answer {
    const form = new URLSearchParams(body);
    const [head, claim, signature] = (form.get('assertion') ?? '').split('.');
    const claims = JSON.parse(Buffer.from(claim ?? '', 'base64url').toString() || '{}') as { iss?: string; scope?: string; aud?: string; iat?: number; exp?: number };
    const isSigned = verify('RSA-SHA256', Buffer.from(`${head}.${claim}`), createPublicKey(this.keys.privateKey), Buffer.from(signature ?? '', 'base64url'));
    const isRight = isSigned && claims.iss === this.credentials['client_email'] && claims.aud === 'https://oauth2.googleapis.com/token' && claims.scope === 'https://www.googleapis.com/auth/dialogflow'
      && claims.exp! - claims.iat! <= 3600 && form.get('grant_type') === 'urn:ietf:params:oauth:grant-type:jwt-bearer';
    if (!isRight) return { status: 400, body: { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' } };
    const token = `ya29.${randomBytes(12).toString('hex')}`;
    this.tokens.add(token);
    return { body: { access_token: token, expires_in: 3599, token_type: 'Bearer' } };
  }

  private detect(path: string, authorization: string, body: string): Answer {
    if (!this.tokens.has(authorization.replace('Bearer ', ''))) return { status: 401, body: { error: { code: 401, status: 'UNAUTHENTICATED' } } };
    const { text, languageCode } = (JSON.parse(body) as { queryInput: { text: { text: string; languageCode: string } } }).queryInput.text;
    if (!/:detectIntent$/.test(path) || text === '' || [...text].length > 256 || !languageCode) return { status: 400, body: { error: { code: 400, status: 'INVALID_ARGUMENT' } } };
    this.asked.push({ path, text, language: languageCode });
    return this.says(text);
  }
}
