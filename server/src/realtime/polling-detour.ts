import inject, { type DispatchFunc } from 'light-my-request';
import type { Redis } from 'ioredis';
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server as Engine } from 'engine.io';

/** Longer than a quiet long poll: the engine pings every 20 s. */
const ANSWER_MS = 35_000;
const MAX_BODY = 100_000;
const CARRIED = ['content-type', 'origin', 'host', 'accept'] as const;

interface Request { id: string; from: string; method: 'GET' | 'POST'; url: string; headers: Record<string, string>; body: string }
interface Answer { id: string; status: number; headers: Record<string, string>; body: string }
type Letter = { request: Request } | { answer: Answer } | { hungUp: string };

/**
 * Long polling without sticky sessions. The id of a session names the process that holds it; a poll that reaches another process is carried
 * there through Redis, and the answer back. Websockets never need it.
 */
export class PollingDetour {
  readonly process = randomBytes(6).toString('hex');
  private readonly waiting = new Map<string, (answer: Answer) => void>();
  private readonly running = new Map<string, AbortController>();

  constructor(private readonly engine: Engine, private readonly prefix: string, private readonly publisher: Pick<Redis, 'publish'>, subscriber: Redis) {
    engine.generateId = () => `${this.process}.${randomBytes(15).toString('base64url')}`;
    engine.use((request: IncomingMessage, response: ServerResponse, next: (error?: Error) => void) => {
      const owner = this.ownerOf(request);
      if (owner === undefined) return next();
      this.carry(owner, request, response, next).catch(() => next());
    });
    subscriber.on('message', (channel, message) => { if (channel === this.channelOf(this.process)) this.receive(JSON.parse(message) as Letter); });
    // Not awaited: starting must not depend on Redis, and ioredis subscribes again by itself.
    void subscriber.subscribe(this.channelOf(this.process)).catch(() => undefined);
  }

  private channelOf(process: string): string {
    return `${this.prefix}-poll-${process}`;
  }

  /** The other process that holds the session of this poll, if it is one. */
  private ownerOf(request: IncomingMessage): string | undefined {
    const query = new URL(request.url!, 'http://localhost').searchParams;
    const sid = query.get('sid');
    if (sid === null || query.get('transport') !== 'polling' || (request.method !== 'GET' && request.method !== 'POST')) return undefined;
    const [owner] = /^[0-9a-f]{12}(?=\.)/.exec(sid) ?? [];
    return owner === this.process ? undefined : owner;
  }

  private async carry(owner: string, request: IncomingMessage, response: ServerResponse, next: () => void): Promise<void> {
    const body = await bodyOf(request);
    if (body === undefined) {
      response.writeHead(413, { Connection: 'close' }).end();
      return;
    }
    const id = randomBytes(9).toString('base64url');
    const headers = Object.fromEntries(CARRIED.flatMap((name) => { const value = request.headers[name]; return value === undefined ? [] : [[name, value]]; }));
    const answered = new Promise<Answer | undefined>((resolve) => {
      const timer = setTimeout(resolve, ANSWER_MS, undefined);
      this.waiting.set(id, (answer) => { clearTimeout(timer); resolve(answer); });
      response.once('close', () => {
        if (!response.writableEnded) void this.send(owner, { hungUp: id });
        clearTimeout(timer);
        resolve(undefined);
      });
    });
    const heard = await this.send(owner, { request: { id, from: this.process, method: request.method as 'GET' | 'POST', url: request.url!, headers, body } });
    const answer = heard > 0 ? await answered : undefined;
    this.waiting.delete(id);
    if (response.destroyed) return;
    // Nobody holds the session any more: the engine says so, and the client opens a new one.
    if (!answer) return next();
    response.writeHead(answer.status, answer.headers).end(answer.body);
  }

  private receive(letter: Letter): void {
    if ('answer' in letter) this.waiting.get(letter.answer.id)?.(letter.answer);
    else if ('hungUp' in letter) this.running.get(letter.hungUp)?.abort();
    else void this.serve(letter.request);
  }

  private async serve({ id, from, method, url, headers, body }: Request): Promise<void> {
    const hangUp = new AbortController();
    this.running.set(id, hangUp);
    try {
      const dispatch = ((request: IncomingMessage, response: ServerResponse) => this.engine.handleRequest(request as never, response)) as unknown as DispatchFunc;
      const answer = await inject(dispatch, { method, url, headers, ...(method === 'POST' ? { payload: body } : {}), signal: hangUp.signal });
      const passed = Object.entries(answer.headers).flatMap(([name, value]) => (typeof value === 'string' && !/^(connection|date|content-length|transfer-encoding|keep-alive)$/i.test(name) ? [[name, value]] : []));
      await this.send(from, { answer: { id, status: answer.statusCode, headers: Object.fromEntries(passed) as Record<string, string>, body: answer.payload } });
    } catch {
      // The client has hung up; there is nobody to answer.
    } finally {
      this.running.delete(id);
    }
  }

  private send(process: string, letter: Letter): Promise<number> {
    return this.publisher.publish(this.channelOf(process), JSON.stringify(letter));
  }
}

async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    size += (part as Buffer).length;
    if (size > MAX_BODY) return undefined;
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts).toString('utf8');
}
