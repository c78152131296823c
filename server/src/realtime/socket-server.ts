import { Inject, Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { createAdapter } from '@socket.io/redis-adapter';
import type { Redis } from 'ioredis';
import { Server, type Namespace } from 'socket.io';
import { CONFIG, type Config } from '../platform/config/config.js';
import { Log } from '../platform/logging/log.js';
import { Metrics } from '../platform/telemetry/metrics.js';
import { RedisConnections } from '../platform/redis/redis-connections.js';
import { PollingDetour } from './polling-detour.js';
import { rooms } from './rooms.js';

/** What processes tell each other. */
export interface BetweenProcesses { event: string; data: unknown }

/**
 * The socket.io server. On processes without the role `realtime` it takes no connection and only sends, through Redis. Without Redis everything
 * must be one process.
 */
@Injectable()
export class SocketServer implements OnModuleInit, BeforeApplicationShutdown {
  private io!: Server;
  private left = false;
  private readonly listeners = new Map<string, (data: never) => void>();
  private readonly breakListeners: ((account?: number) => void)[] = [];

  constructor(
    @Inject(CONFIG) private readonly config: Config, private readonly http: HttpAdapterHost, private readonly redis: RedisConnections,
    private readonly metrics: Metrics, private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.io = new Server({
      path: '/socket.io', transports: ['websocket', 'polling'], serveClient: false, maxHttpBufferSize: 100_000,
      // Compression costs a quarter of a megabyte per socket.
      perMessageDeflate: false, httpCompression: false,
      pingInterval: 20_000, pingTimeout: 10_000, connectTimeout: 15_000,
      // Cookies ride along on requests of foreign pages, too.
      allowRequest: (request, answer) => answer(null, !this.left && this.isOwnPage(request)),
    });
    // Nothing is there; who joins no namespace of ours is sent away when the time to connect is over.
    this.io.of('/').use((_socket, next) => next(new Error('unauthorized')));
    if (this.accepts) this.io.attach(this.http.httpAdapter.getHttpServer() as Parameters<Server['attach']>[0]);
    if (this.redis.inUse) this.shareThroughRedis();
    this.agents.on('between processes', ({ event, data }: BetweenProcesses) => this.listeners.get(event)?.(data as never));
    this.onTold<number>('send back', (account) => this.breakConnections(account));
    this.metrics.gauge('porchlight_sockets', 'Open sockets of this process.', () =>
      ([['agent', this.agents], ['visitor', this.visitors]] as const).map(([of, namespace]) => ({ labels: { of }, value: namespace.sockets.size })));
    if (!this.redis.inUse && this.config.PROCESS_ROLES.length < 4) this.log.warn('Several processes need REDIS_URL: without it, what happens here is pushed to the sockets of this process only.');
  }

  /** Whether sockets connect to this process. */
  get accepts(): boolean {
    return this.config.PROCESS_ROLES.includes('realtime');
  }

  get agents(): Namespace {
    return this.io.of('/agent');
  }

  get visitors(): Namespace {
    return this.io.of('/visitor');
  }

  /** Tells the other processes. Nothing happens without Redis: there are none. */
  tellOthers(event: string, data: unknown): void {
    if (this.redis.inUse) this.agents.serverSideEmit('between processes', { event, data } satisfies BetweenProcesses);
  }

  /** Hears what other processes tell. One listener per event. */
  onTold<T>(event: string, listener: (data: T) => void): void {
    this.listeners.set(event, listener as (data: never) => void);
  }

  /**
   * Breaks the connections of an account, here and in other processes. Their clients come back by themselves, learn how far they are behind and
   * catch up; a disconnect in good order would tell them to stay away.
   */
  sendBack(account: number): void {
    this.breakConnections(account);
    this.tellOthers('send back', account);
  }

  /** Calls back whenever the connections of an account, or all of this process, are to be broken. For connections that are not socket.io's. */
  onBreak(listener: (account?: number) => void): void {
    this.breakListeners.push(listener);
  }

  private breakConnections(account?: number): void {
    const room = account === undefined ? undefined : rooms.account(account);
    for (const listener of this.breakListeners) listener(account);
    for (const namespace of [this.agents, this.visitors]) {
      for (const id of room === undefined ? [...namespace.sockets.keys()] : [...namespace.adapter.rooms.get(room) ?? []]) namespace.sockets.get(id)?.conn.close();
    }
  }

  private shareThroughRedis(): void {
    const publisher = this.redis.connect();
    const subscriber = this.redis.connect();
    let lost = false;
    for (const redis of [publisher, subscriber]) {
      redis.on('close', () => { lost = true; });
      redis.on('ready', () => {
        if (!lost || publisher.status !== 'ready' || subscriber.status !== 'ready') return;
        lost = false;
        // What was sent meanwhile did not arrive everywhere.
        this.breakConnections();
      });
    }
    dropWhileAway(publisher);
    if (this.accepts) new PollingDetour(this.io.engine as never, this.redis.prefix, publisher, subscriber);
    this.io.adapter(createAdapter(publisher, subscriber, { key: `${this.redis.prefix}-socket`, publishOnSpecificResponseChannel: true }));
  }

  /** Whether a page of ours, or no page at all, asks. */
  isOwnPage(request: { headers: { origin?: string; host?: string } }): boolean {
    const { origin, host } = request.headers;
    if (origin === undefined) return true;
    if (this.config.PUBLIC_URL !== undefined && origin === new URL(this.config.PUBLIC_URL).origin) return true;
    return URL.canParse(origin) && new URL(origin).host === host;
  }

  /** Nobody may come in any more. */
  get closed(): boolean {
    return this.left;
  }

  /** Sends everybody away and lets nobody in. Clients come back, to another process or to the next version of this one. */
  leave(): void {
    this.left = true;
    this.breakConnections();
  }

  beforeApplicationShutdown(): void {
    this.leave();
    // Not io.close(): that would close the HTTP server under Nest's hands.
    if (this.accepts) this.io.engine.close();
  }
}

/** Messages between processes are worth nothing later; kept, they would fill the memory while Redis is away. */
function dropWhileAway(redis: Redis): void {
  const publish = redis.publish.bind(redis) as (channel: string, message: string | Buffer) => Promise<number>;
  redis.publish = ((channel: string, message: string | Buffer) =>
    redis.status === 'ready' ? publish(channel, message).catch(() => 0) : Promise.resolve(0)) as typeof redis.publish;
}
