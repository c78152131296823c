import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Log } from '../platform/logging/log.js';
import { RealtimeRepository } from './realtime.repository.js';
import { rooms } from './rooms.js';
import { SocketServer } from './socket-server.js';

const EVERY_MS = 20_000;

/** Tells agents how long their account's log is. Who may not see every inbox gets gaps by right, so a client cannot tell by itself. */
@Injectable()
export class SequenceSync implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer?: NodeJS.Timeout;

  constructor(private readonly sockets: SocketServer, private readonly repository: RealtimeRepository, private readonly log: Log) {}

  onApplicationBootstrap(): void {
    if (!this.sockets.accepts) return;
    this.timer = setInterval(() => void this.tell().catch((error: unknown) => this.log.warn('sockets were not synchronised', { error })), EVERY_MS);
  }

  async lastSeq(account: number): Promise<number> {
    return (await this.repository.lastSeqs([account])).get(account) ?? 0;
  }

  private async tell(): Promise<void> {
    const accounts = new Set([...this.sockets.agents.sockets.values()].map((socket) => (socket.data as { accountId: number }).accountId));
    if (accounts.size === 0) return;
    for (const [account, lastSeq] of await this.repository.lastSeqs([...accounts])) {
      this.sockets.agents.local.to(rooms.account(account)).emit('sync', { last_seq: lastSeq });
    }
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }
}
