import { Injectable, type OnModuleInit } from '@nestjs/common';
import { once } from 'node:events';
import type { Redis } from 'ioredis';
import { Clock } from '../clock/clock.js';
import { within } from '../queue/within.js';
import { RedisConnections } from './redis-connections.js';

const MINUTE_MS = 60_000;
/** A count is worth less than the request that waits for it. */
const PATIENCE_MS = 100;
const CONNECT_MS = 2_000;

/** How often something happened in this minute, in all processes together where they share a Redis; in this one while Redis is away. */
@Injectable()
export class MinuteCounts implements OnModuleInit {
  private counts = new Map<string, number>();
  private minute = 0;
  private shared: Redis | undefined;

  constructor(private readonly redis: RedisConnections, private readonly clock: Clock) {}

  async onModuleInit(): Promise<void> {
    if (!this.redis.inUse) return;
    this.shared = this.redis.connect({ enableOfflineQueue: false });
    // Starting does not depend on it; but when it is there, the first requests should find it connected.
    await within(CONNECT_MS, once(this.shared, 'ready'), 'Redis is slow.').catch(() => undefined);
  }

  /** Counts once more. Answers the count with this one, and the seconds until it begins anew. */
  async add(key: string): Promise<{ count: number; resetsIn: number }> {
    const now = this.clock.now();
    const minute = Math.floor(now / MINUTE_MS);
    const resetsIn = Math.ceil(((minute + 1) * MINUTE_MS - now) / 1_000);
    if (minute !== this.minute) {
      this.minute = minute;
      this.counts = new Map();
    }
    const own = (this.counts.get(key) ?? 0) + 1;
    this.counts.set(key, own);
    return { count: Math.max(own, await this.everywhere(`${key}:${minute}`).catch(() => 0)), resetsIn };
  }

  private async everywhere(key: string): Promise<number> {
    if (!this.shared) return 0;
    const name = `${this.redis.prefix}:minute:${key}`;
    const answers = await within(PATIENCE_MS, this.shared.multi().incr(name).pexpire(name, 2 * MINUTE_MS).exec(), 'Redis is slow.');
    return Number(answers?.[0]?.[1] ?? 0);
  }
}
