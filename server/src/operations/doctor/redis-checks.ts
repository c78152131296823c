import { redisFacts } from '../../platform/redis/redis-facts.js';
import { judgeClock } from './clock-check.js';
import { fail, ok, warn, type Finding } from './finding.js';

/** Reach, eviction, persistence and clock of the Redis, where the installation has one. */
export async function checkRedis(url: string | undefined, now: () => number): Promise<Finding[]> {
  if (!url) return [ok('redis', 'None is used: one process needs none.')];
  let facts;
  try {
    facts = await redisFacts(url);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return [fail('redis', `It cannot be used (${code ?? message}).`, 'Is it running, and is REDIS_URL right?')];
  }
  const evicts = facts.policy !== 'noeviction';
  const advice = 'Set maxmemory-policy noeviction.';
  return [
    ok('redis', `Redis ${facts.version} answers.`),
    !evicts ? ok('redis_policy', 'It never throws work away.')
      : facts.limited ? fail('redis_policy', `When its memory is full it throws away queued work (${facts.policy}).`, advice)
        : warn('redis_policy', `Once its memory is limited it would throw away queued work (${facts.policy}).`, advice),
    facts.appendOnly ? ok('redis_aof', 'Its append-only file is on.')
      : warn('redis_aof', 'Its append-only file is off: after its restart queued work is found again by the sweepers, minutes later.', 'Set appendonly yes.'),
    judgeClock('redis_clock', 'Redis', now(), facts.nowMs),
  ];
}
