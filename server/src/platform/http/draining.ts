import { Injectable } from '@nestjs/common';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';

const LOOK_MS = 25;

/**
 * Taking leave of HTTP clients. From `begin` on every answer says `Connection: close`, so that proxies and clients with kept connections come
 * back over a new one, to another process; nothing is reset.
 */
@Injectable()
export class Draining {
  private server?: Server;
  private readonly open = new Set<ServerResponse>();
  /** Connections that speak HTTP, those kept idle between two requests among them. */
  private readonly kept = new Set<Socket>();
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
    server.prependListener('connection', (socket: Socket) => {
      this.kept.add(socket);
      socket.once('close', () => this.kept.delete(socket));
    });
    server.prependListener('upgrade', ({ socket }: IncomingMessage) => this.kept.delete(socket));
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
  quiet(maxWaitMs: number): Promise<void> {
    return emptied(this.open, maxWaitMs);
  }

  /** Resolves when clients have let go of their kept connections, or after so long. */
  released(maxWaitMs: number): Promise<void> {
    return emptied(this.kept, maxWaitMs);
  }
}

async function emptied(set: ReadonlySet<unknown>, maxWaitMs: number): Promise<void> {
  const until = Date.now() + maxWaitMs;
  while (set.size > 0 && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
}
