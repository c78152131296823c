import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Redis } from 'ioredis';
import pg from 'pg';
import { CONFIG, type Config } from '../platform/config/config.js';
import { RedisConnections } from '../platform/redis/redis-connections.js';
import { RelayWake } from './relay-wake.js';
import { WAKE_CHANNEL } from './relay-session.js';

/** Between two wake-ups sent to another process. */
const THROTTLE_MS = 5;

/**
 * Carries "something was committed" to the leading relay: a plain call where it leads in this process, otherwise at most one Redis message per
 * 5 ms, or without Redis one NOTIFY on a connection of its own. Never a NOTIFY inside the transaction: that costs most of the commits.
 */
@Injectable()
export class RelaySignal implements OnApplicationBootstrap, OnApplicationShutdown {
  /** Set by the relay of this process. */
  leading = false;
  /** How often it rang, ever. */
  rings = 0;
  private waiting?: () => void;
  private sentAt = 0;
  private pending?: NodeJS.Timeout;
  private publisher?: Redis;
  private notifier?: Promise<pg.Client>;
  private notifying = false;
  private unsaid = false;

  constructor(@Inject(CONFIG) private readonly config: Config, private readonly redis: RedisConnections, private readonly wake: RelayWake) {}

  async onApplicationBootstrap(): Promise<void> {
    this.wake.onWake(() => this.leading ? this.ring() : this.send());
    if (!this.redis.inUse) return;
    this.publisher = this.redis.connect({ enableOfflineQueue: false });
    if (!this.config.PROCESS_ROLES.includes('worker')) return;
    const subscriber = this.redis.connect();
    subscriber.on('message', () => this.ring());
    // Not awaited: the relay polls as well, and starting must not depend on Redis.
    void subscriber.subscribe(this.channel).catch(() => undefined);
  }

  private get channel(): string {
    return `${this.redis.prefix}-relay`;
  }

  /** Wakes the relay of this process. */
  ring(): void {
    this.rings += 1;
    this.waiting?.();
  }

  /** Resolves when there were more rings than the count seen before, or after so long. */
  async rungSince(seen: number, milliseconds: number): Promise<void> {
    if (this.rings > seen) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.waiting = () => { clearTimeout(timer); resolve(); };
    });
    this.waiting = undefined;
  }

  private send(): void {
    if (this.pending) return;
    const wait = this.sentAt + THROTTLE_MS - Date.now();
    if (wait <= 0) return this.sendNow();
    this.pending = setTimeout(() => { this.pending = undefined; this.sendNow(); }, wait);
  }

  private sendNow(): void {
    this.sentAt = Date.now();
    if (this.publisher) void this.publisher.publish(this.channel, '').catch(() => undefined);
    else void this.notify();
  }

  private async notify(): Promise<void> {
    this.unsaid = true;
    if (this.notifying) return;
    this.notifying = true;
    try {
      while (this.unsaid) {
        this.unsaid = false;
        this.notifier ??= this.connect();
        await (await this.notifier).query(`NOTIFY ${WAKE_CHANNEL}`);
      }
    } catch {
      // The relay polls; the next wake-up connects again.
      this.notifier = undefined;
    } finally {
      this.notifying = false;
    }
  }

  private async connect(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: this.config.DATABASE_URL, application_name: 'porchlight_wake', keepAlive: true, connectionTimeoutMillis: 5_000 });
    client.on('error', () => { this.notifier = undefined; });
    await client.connect();
    return client;
  }

  async onApplicationShutdown(): Promise<void> {
    clearTimeout(this.pending);
    await (await this.notifier?.catch(() => undefined))?.end().catch(() => undefined);
  }
}
