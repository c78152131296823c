import { Injectable } from '@nestjs/common';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';

const LOOK_MS = 25;

/**
 * Taking leave of HTTP clients. From `begin` on every answer says `Connection: close`, so that proxies and clients with kept connections come
 * back over a new one, to another process; nothing is reset.
 */
@Injectable()
export class Draining {
  private server?: Server;
  private readonly open = new Set<ServerResponse>();
  /** True when this process is on its way out: balancers should ask another one. */
  begun = false;

  /** Watches this server. Call it after everybody else has put their listeners on it. */
  watch(server: Server): void {
    this.server = server;
    server.prependListener('request', (_request: IncomingMessage, response: ServerResponse) => {
      this.open.add(response);
      response.once('close', () => this.open.delete(response));
      if (this.begun) response.setHeader('Connection', 'close');
    });
  }

  begin(): void {
    this.begun = true;
    for (const response of this.open) if (!response.headersSent) response.setHeader('Connection', 'close');
  }

  /** Takes no new connection. Kept ones stay: closing an idle one would reset the request that is just on its way. */
  stopListening(): void {
    if (this.server?.listening) NetServer.prototype.close.call(this.server);
  }

  /** Resolves when no request runs any more, or after so long. */
  async quiet(maxWaitMs: number): Promise<void> {
    const until = Date.now() + maxWaitMs;
    while (this.open.size > 0 && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
