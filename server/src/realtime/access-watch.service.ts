import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Socket } from 'socket.io';
import { Authenticator } from '../identity/access/authenticator.service.js';
import { SessionRevocations } from '../identity/sessions/session-revocations.js';
import { Log } from '../platform/logging/log.js';
import { agentData, roomsOf, type AgentSocketData } from './agent-sockets.service.js';
import { RealtimeRepository } from './realtime.repository.js';
import { SocketServer } from './socket-server.js';

/** Rights are looked up again at least this often, so that a change reaches every process within five seconds. */
const EVERY_MS = 4_000;

/** Something a member listens on. */
export interface Watched { readonly data: AgentSocketData; revoke(): void; /** Role or inboxes may be others now. */ update(data: AgentSocketData): void }

/** Keeps the rooms of open sockets true, and closes sockets whose session or membership has ended. */
@Injectable()
export class AccessWatch implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer?: NodeJS.Timeout;
  private stopped = false;
  private checking?: Promise<void>;
  private again = false;
  private readonly sources: (() => Iterable<Watched>)[] = [() => [...this.sockets.agents.sockets.values()].map(watchedSocket)];

  constructor(
    private readonly sockets: SocketServer, private readonly authenticator: Authenticator, private readonly repository: RealtimeRepository,
    private readonly revocations: SessionRevocations, private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.sockets.onTold('check access', () => void this.checkNow());
    if (!this.sockets.accepts) return;
    this.revocations.onRevoked(() => void this.checkNow());
    this.plan();
  }

  /** Watches what these hold, too. */
  watch(source: () => Iterable<Watched>): void {
    this.sources.push(source);
  }

  private plan(): void {
    if (!this.stopped) this.timer = setTimeout(() => void this.checkNow().then(() => this.plan()), EVERY_MS);
  }

  /** Checks the sockets of this process and asks the other processes to check theirs. */
  everywhere(): void {
    this.sockets.tellOthers('check access', null);
    void this.checkNow();
  }

  /** Checks the sockets of this process; a call during a check starts one more after it. */
  async checkNow(): Promise<void> {
    if (this.checking) {
      this.again = true;
      return this.checking;
    }
    this.checking = this.check().catch((error: unknown) => this.log.warn('the rights of sockets could not be checked', { error }));
    await this.checking;
    this.checking = undefined;
    if (!this.again) return;
    this.again = false;
    await this.checkNow();
  }

  private async check(): Promise<void> {
    const open = this.sources.flatMap((source) => [...source()]);
    if (open.length === 0) return;
    const now = await this.rights(open.map(({ data }) => data));
    open.forEach((watched, n) => {
      const data = now[n];
      if (data) watched.update(data);
      else watched.revoke();
    });
  }

  /** The same with role and inboxes of now, in their order; undefined for whom session, token or membership has ended. */
  async rights(all: Omit<AgentSocketData, 'role' | 'inboxIds'>[]): Promise<(AgentSocketData | undefined)[]> {
    const pairs = [...new Map(all.map((d) => [`${d.accountId}/${d.userId}`, { accountId: d.accountId, userId: d.userId }])).values()];
    const present = <K extends 'sessionId' | 'tokenId'>(key: K): Set<number> => new Set(all.flatMap((d) => d[key] ?? []));
    const [sessions, tokens, memberships, inboxes] = await Promise.all([
      this.authenticator.stillValid(present('sessionId')), this.authenticator.tokensStillValid(present('tokenId')),
      this.authenticator.membershipsOf(new Set(all.map((d) => d.userId))), this.repository.inboxesOf(pairs),
    ]);
    const inboxesOf = new Map<string, Set<number>>();
    for (const row of inboxes) {
      const key = `${row.account_id}/${row.user_id}`;
      inboxesOf.set(key, (inboxesOf.get(key) ?? new Set()).add(row.inbox_id));
    }
    return all.map((data) => {
      const proven = data.sessionId !== undefined ? sessions.has(data.sessionId) : data.tokenId !== undefined && tokens.has(data.tokenId);
      const role = memberships.get(data.userId)?.get(data.accountId);
      return proven && role !== undefined ? { ...data, role, inboxIds: inboxesOf.get(`${data.accountId}/${data.userId}`) ?? new Set() } : undefined;
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.checking;
  }
}

const watchedSocket = (socket: Socket): Watched => ({
  data: agentData(socket),
  revoke: () => {
    socket.emit('session_revoked');
    socket.disconnect(true);
  },
  update: (data) => {
    const wanted = new Set(roomsOf(data));
    const had = roomsOf(agentData(socket));
    socket.data = data;
    for (const room of had) if (!wanted.delete(room)) void socket.leave(room);
    if (wanted.size > 0) void socket.join([...wanted]);
  },
});
