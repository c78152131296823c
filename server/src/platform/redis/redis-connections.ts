import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Redis, type RedisOptions } from 'ioredis';
import type { Config } from '../config/config.js';
import { Log } from '../logging/log.js';

/** Connections to Redis, when the installation has one. They reconnect for ever and are closed with the process. */
@Injectable()
export class RedisConnections implements OnApplicationShutdown {
  private readonly open = new Set<Redis>();
  private complained = 0;

  /** `prefix` is the first part of every key and channel name. */
  constructor(private readonly config: Config, private readonly log: Log, readonly prefix: string) {}

  /** Whether this installation uses Redis at all. */
  get inUse(): boolean {
    return this.config.REDIS_URL !== undefined;
  }

  /** A new connection. Commands wait for the connection unless `enableOfflineQueue` is false. */
  connect(options: RedisOptions = {}): Redis {
    if (!this.config.REDIS_URL) throw new Error('REDIS_URL is not set.');
    const redis = new Redis(this.config.REDIS_URL, { maxRetriesPerRequest: null, retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 6), 2_000), ...options });
    redis.on('error', (error) => this.complain(error));
    this.open.add(redis);
    return redis;
  }

  onApplicationShutdown(): void {
    for (const redis of this.open) redis.disconnect();
  }

  // Every connection reports every failed try: one line in five seconds says it too.
  private complain(error: Error): void {
    if (Date.now() - this.complained < 5_000) return;
    this.complained = Date.now();
    this.log.warn('redis is not reachable', { error: error.message });
  }
}
