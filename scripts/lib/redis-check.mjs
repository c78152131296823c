import { createRequire } from 'node:module';
import { Failure } from './failure.mjs';
import { inRepository } from './repository.mjs';

/** Greets the given Redis and throws a Failure, one line with the cure, when it cannot be used. */
export async function requireUsableRedis(url) {
  const { Redis } = createRequire(inRepository('server/package.json'))('ioredis');
  if (!URL.canParse(url) || !/^rediss?:$/.test(new URL(url).protocol)) throw new Failure('REDIS_URL is not a Redis address. It looks like redis://:password@host:6379');
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, connectTimeout: 5_000, maxRetriesPerRequest: 0 });
  let cause;
  client.on('error', (error) => { cause = error; });
  try {
    await client.connect();
    await client.ping();
  } catch (error) {
    throw new Failure(explain(cause ?? error, new URL(url).host));
  } finally {
    client.disconnect();
  }
}

function explain({ code, message }, host) {
  if (/WRONGPASS|NOAUTH|invalid password/i.test(message)) return `The Redis at ${host} refuses the password (${message}). Correct REDIS_URL.`;
  return `Cannot reach the Redis at ${host} (${code ?? message}). Is it running, and is REDIS_URL right? Without REDIS_URL Porchlight needs none.`;
}
