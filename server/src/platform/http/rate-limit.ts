import type { FastifyInstance } from 'fastify';
import type { MinuteCounts } from '../redis/minute-counts.js';
import { routeOf } from './route-of.js';
import { isLoopback, networkOf } from './network-of.js';

/** Pages and their assets are cheap and come in bursts. */
const COUNTED = /^\/(api|auth|public|platform|survey)\b/;
/**
 * What is asked for many times by one page, and by many behind one address, has a count of its own that is wider. The hooks have none: all hooks of a
 * provider come from few addresses, a refused one may never come again, and who has not their secret is turned away before anything is stored.
 */
const COUNTED_WIDELY = /^\/(files|avatars|hc|mail-)/;
const WIDER = 5;

/**
 * Refuses an address that asks more often than so many times a minute, before its body is read; 0 refuses nobody. It keeps one client from
 * starving the others; what must not be guessed is counted in the database. This machine itself is not counted.
 */
export function limitRate(server: FastifyInstance, perMinute: number, counts: MinuteCounts): void {
  if (perMinute === 0) return;
  server.addHook('onRequest', async (request, reply) => {
    const path = routeOf(request);
    const wide = COUNTED_WIDELY.test(path);
    if (!wide && !COUNTED.test(path) || isLoopback(request.ip)) return;
    const limit = wide ? perMinute * WIDER : perMinute;
    const { count, resetsIn } = await counts.add(`${wide ? 'files' : 'requests'}:${networkOf(request.ip)}`);
    const resets = String(resetsIn);
    void reply.headers({ 'RateLimit-Policy': `${limit};w=60`, 'RateLimit-Limit': String(limit), 'RateLimit-Remaining': String(Math.max(0, limit - count)), 'RateLimit-Reset': resets });
    if (count <= limit) return;
    await reply.status(429).header('Retry-After', resets).send({ error: 'Too many requests. Please wait a moment.' });
  });
}
