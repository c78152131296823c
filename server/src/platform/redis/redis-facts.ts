import { Redis } from 'ioredis';

/** What a Redis says of itself. */
export interface RedisFacts { version: string; policy: string; limited: boolean; appendOnly: boolean; nowMs: number }

/** Asks a Redis about itself over a connection of its own. Throws when it cannot be reached in five seconds. INFO, because hosted ones refuse CONFIG. */
export async function redisFacts(url: string): Promise<RedisFacts> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null, connectTimeout: 5_000, commandTimeout: 5_000, maxRetriesPerRequest: 0 });
  let cause: Error | undefined;
  redis.on('error', (error) => { cause = error; });
  try {
    await redis.connect();
    const info = await redis.info();
    const [seconds, micros] = await redis.time();
    const of = (name: string): string => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? '';
    return { version: of('redis_version'), policy: of('maxmemory_policy'), limited: Number(of('maxmemory')) > 0, appendOnly: of('aof_enabled') === '1', nowMs: Number(seconds) * 1_000 + Number(micros) / 1_000 };
  } catch (error) {
    throw cause ?? error;
  } finally {
    redis.disconnect();
  }
}
