import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';

export interface ReceivedWebhook { at: number; delivery: string; body: any; raw: string; headers: IncomingHttpHeaders } // eslint-disable-line @typescript-eslint/no-explicit-any -- a test looks into any body

/** What the receiver does with the next request, after it has written it down. */
export type Behaviour = 'ok' | 'accept, then silence' | 'accept, then drop' | { status: number; body?: string; headers?: Record<string, string> };

/**
 * A program behind an API inbox: keeps a ledger of all it accepted, checks both signatures as their documentation says, and fails like real ones.
 */
export class WebhookReceiver {
  readonly received: ReceivedWebhook[] = [];
  readonly forged: string[] = [];
  private plan: Behaviour[] = [];
  usual: Behaviour = 'ok';
  /** What it takes without a word and does not write down. */
  ignores: (body: { event?: string; message_type?: string; private?: boolean }) => boolean = () => false;
  secret = '';
  private constructor(private readonly server: Server) {}

  static async start(port = 0): Promise<WebhookReceiver> {
    const receiver: WebhookReceiver = new WebhookReceiver(createServer((request, answer) => {
      let raw = '';
      request.on('data', (chunk: Buffer) => { raw += chunk.toString('utf8'); });
      request.on('end', () => receiver.take(request.headers, raw, answer));
    }));
    await new Promise<void>((resolve) => receiver.server.listen(port, '127.0.0.1', resolve));
    return receiver;
  }

  get port(): number {
    return (this.server.address() as { port: number }).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/hook`;
  }

  /** The next requests are treated like this, one after the other; those after them as usual. */
  next(...behaviours: Behaviour[]): void {
    this.plan.push(...behaviours);
  }

  private take(headers: IncomingHttpHeaders, raw: string, answer: ServerResponse): void {
    if (!this.isGenuine(headers, raw)) this.forged.push(raw);
    if (this.ignores(JSON.parse(raw) as object)) {
      answer.end();
      return;
    }
    this.received.push({ at: Date.now(), delivery: String(headers['x-chatwoot-delivery']), body: JSON.parse(raw), raw, headers });
    const behaviour = this.plan.shift() ?? this.usual;
    if (behaviour === 'ok') answer.end('thanks');
    else if (behaviour === 'accept, then drop') answer.socket?.destroy();
    else if (typeof behaviour === 'object') answer.writeHead(behaviour.status, behaviour.headers).end(behaviour.body);
  }

  private isGenuine(headers: IncomingHttpHeaders, raw: string): boolean {
    const timestamp = String(headers['x-chatwoot-timestamp']);
    const chatwoot = `sha256=${createHmac('sha256', this.secret).update(`${timestamp}.${raw}`).digest('hex')}`;
    const key = Buffer.from(this.secret.replace(/^whsec_/, ''), 'base64');
    const standard = `v1,${createHmac('sha256', key).update(`${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${raw}`).digest('base64')}`;
    const same = (a: unknown, b: string): boolean => typeof a === 'string' && a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
    return same(headers['x-chatwoot-signature'], chatwoot) && same(headers['webhook-signature'], standard);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** All that an API inbox is told besides answers to people. */
export const isNoAnswer: WebhookReceiver['ignores'] = ({ event, message_type: type, private: isNote }) => event !== 'message_created' || type === 'incoming' || isNote === true;
