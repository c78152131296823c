import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { isIP } from 'node:net';
import { Agent, type Dispatcher } from 'undici';
import { AddressGuard, AddressRefused } from './address-guard.js';

const CONNECT_MS = 3_000;
const TOTAL_MS = 10_000;
const MAX_ANSWER = 1024 * 1024;
const MAX_REDIRECTS = 3;

export interface OutboundRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
  url: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** Milliseconds for everything. Default 10,000. */
  timeoutMs?: number;
  /** Bytes of the answer that are kept; the rest is not read. Default 1 MiB. */
  maxBytes?: number;
}

/** What became of a request. Never thrown: a caller must decide each case. */
export type OutboundOutcome =
  | { kind: 'answered'; status: number; headers: Record<string, string>; body: Buffer; truncated: boolean }
  /** The address is not one we go to. */
  | { kind: 'refused'; reason: string }
  /** Nothing was written: trying again cannot do anything twice. */
  | { kind: 'not_sent'; reason: string }
  /** The request was written, at least in part, and the answer did not come. */
  | { kind: 'lost'; reason: string };

/** The one client for requests to the outside: checks the address it really connects to, and bounds time and size. */
@Injectable()
export class OutboundHttp implements OnApplicationShutdown {
  private readonly agent: Agent;

  constructor(private readonly guard: AddressGuard) {
    this.agent = new Agent({
      connect: {
        timeout: CONNECT_MS,
        // The address that is checked is the address that is connected to; asking the resolver twice would let it answer twice.
        lookup: (host, options, done) => {
          guard.resolve(host).then((found) => {
            if ((options as { all?: boolean }).all) done(null, found as never, undefined as never);
            else done(null, found[0]!.address, found[0]!.family);
          }, (error: Error) => done(error as NodeJS.ErrnoException, '', 0));
        },
      },
      keepAliveTimeout: 4_000, keepAliveMaxTimeout: 30_000, connections: 50, pipelining: 1, maxHeaderSize: 16_384,
    });
  }

  /** Sends once. Redirects of GET are followed, at most three, each checked anew and without credentials on another origin; others are answers. */
  async send(request: OutboundRequest): Promise<OutboundOutcome> {
    const until = Date.now() + (request.timeoutMs ?? TOTAL_MS);
    let next = request;
    for (let redirects = 0; ; redirects += 1) {
      const outcome = await this.sendOnce(next, until - Date.now());
      const location = outcome.kind === 'answered' && request.method === 'GET' && [301, 302, 303, 307, 308].includes(outcome.status) ? outcome.headers['location'] : undefined;
      if (location === undefined) return outcome;
      if (redirects === MAX_REDIRECTS) return { kind: 'refused', reason: 'The address redirects too often.' };
      if (!URL.canParse(location, next.url)) return { kind: 'refused', reason: 'The address redirects to nowhere.' };
      next = redirected(next, new URL(location, next.url));
    }
  }

  /** POSTs JSON. */
  sendJson(url: string, body: unknown, options: Omit<OutboundRequest, 'method' | 'url' | 'body'> = {}): Promise<OutboundOutcome> {
    return this.send({ ...options, method: 'POST', url, body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...options.headers } });
  }

  private async sendOnce(request: OutboundRequest, milliseconds: number): Promise<OutboundOutcome> {
    let url: URL;
    try {
      url = this.guard.parse(request.url);
      // The agent does not look up what is an address already.
      const host = url.hostname.replace(/^\[|\]$/g, '');
      if (isIP(host)) await this.guard.resolve(host);
    } catch (error) {
      if (error instanceof AddressRefused) return { kind: 'refused', reason: error.message };
      throw error;
    }
    return this.dispatch(request, url, milliseconds);
  }

  private dispatch(request: OutboundRequest, url: URL, milliseconds: number): Promise<OutboundOutcome> {
    const max = request.maxBytes ?? MAX_ANSWER;
    return new Promise((resolve) => {
      let written = false;
      let controller: Dispatcher.DispatchController | undefined;
      let answer: Extract<OutboundOutcome, { kind: 'answered' }> | undefined;
      const chunks: Buffer[] = [];
      let size = 0;
      const end = (outcome: OutboundOutcome): void => { clearTimeout(timer); resolve(outcome); };
      const finish = (truncated: boolean): void => end({ ...answer!, body: Buffer.concat(chunks).subarray(0, max), truncated });
      const timer = setTimeout(() => {
        end({ kind: written ? 'lost' : 'not_sent', reason: 'No answer in time.' });
        controller?.abort(new Error('late'));
      }, Math.max(1, milliseconds));
      this.agent.dispatch({
        origin: url.origin, path: url.pathname + url.search, method: request.method, body: request.body ?? null,
        headers: { 'user-agent': 'Porchlight', accept: '*/*', ...request.headers }, headersTimeout: milliseconds, bodyTimeout: milliseconds,
      }, {
        onRequestStart: (c) => { controller = c; written = true; },
        onResponseStart: (_c, status, headers) => { answer = { kind: 'answered', status, headers: flat(headers), body: Buffer.alloc(0), truncated: false }; },
        onResponseData: (c, chunk) => {
          chunks.push(chunk);
          size += chunk.length;
          if (size <= max) return;
          finish(true);
          c.abort(new Error('long enough'));
        },
        onResponseEnd: () => finish(false),
        onResponseError: (_c, error) => end(error instanceof AddressRefused ? { kind: 'refused', reason: error.message }
          // An answer cut off after its status has still told what became of the request.
          : answer ? { ...answer, body: Buffer.concat(chunks).subarray(0, max), truncated: true }
            : { kind: written ? 'lost' : 'not_sent', reason: reasonOf(error) }),
      });
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.agent.destroy();
  }
}

const flat = (headers: Record<string, string | string[] | undefined>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value ?? '']));

const CREDENTIALS = /^(authorization|cookie|proxy-authorization|x-.*(token|key|signature).*|api[_-]access[_-]token)$/i;

function redirected(request: OutboundRequest, to: URL): OutboundRequest {
  const stays = to.origin === new URL(request.url).origin;
  const headers = stays ? request.headers : Object.fromEntries(Object.entries(request.headers ?? {}).filter(([name]) => !CREDENTIALS.test(name)));
  return { ...request, url: to.toString(), headers };
}

const REASONS: Record<string, string> = {
  ECONNREFUSED: 'The server refused the connection.', ENOTFOUND: 'The name of the server does not exist.', EAI_AGAIN: 'The name of the server cannot be looked up just now.',
  UND_ERR_CONNECT_TIMEOUT: 'The server could not be reached in time.', ECONNRESET: 'The server closed the connection.', UND_ERR_SOCKET: 'The server closed the connection.',
  UND_ERR_HEADERS_TIMEOUT: 'No answer in time.', UND_ERR_BODY_TIMEOUT: 'No answer in time.', EHOSTUNREACH: 'The server cannot be reached.', ENETUNREACH: 'The server cannot be reached.',
};
const reasonOf = (error: Error & { code?: string }): string => REASONS[error.code ?? ''] ?? (/certificate|CERT|SSL|TLS/i.test(`${error.code} ${error.message}`) ? 'The server\'s certificate was not accepted.' : 'The request failed.');
