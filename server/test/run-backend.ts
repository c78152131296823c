/** Whether this run's applications have a Redis: all tests run once without one and once with (TEST_BACKEND=redis and TEST_REDIS_URL). */
export const onRedis = process.env['TEST_BACKEND'] === 'redis';

/** What an application of this run is told of Redis; those of one database share their keys, all others have their own. */
export function backendSettings(databaseUrl: string): Record<string, string> {
  if (!onRedis) return {};
  const url = process.env['TEST_REDIS_URL'];
  if (!url) throw new Error('TEST_REDIS_URL is not set; run TEST_BACKEND=redis npm test.');
  const { port, pathname } = new URL(databaseUrl);
  return { REDIS_URL: url, REDIS_PREFIX: `${pathname.slice(1)}-${port}` };
}
