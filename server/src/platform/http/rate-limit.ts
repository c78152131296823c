import type { FastifyInstance } from 'fastify';
import type { MinuteCounts } from '../redis/minute-counts.js';
import { isLoopback, networkOf } from './network-of.js';

/** Pages and their assets are cheap and come in bursts. */
const COUNTED = /^\/(api|auth|public|platform|survey)\b/;

/**
 * Refuses an address that asks more often than so many times a minute, before its body is read; 0 refuses nobody. It keeps one client from
 * starving the others; what must not be guessed is counted in the database. This machine itself is not counted.
 */
export function limitRate(server: FastifyInstance, perMinute: number, counts: MinuteCounts): void {
  if (perMinute === 0) return;
  server.addHook('onRequest', async (request, reply) => {
    if (!COUNTED.test(request.url) || isLoopback(request.ip)) return;
    const { count, resetsIn } = await counts.add(`requests:${networkOf(request.ip)}`);
    const resets = String(resetsIn);
    void reply.headers({ 'RateLimit-Policy': `${perMinute};w=60`, 'RateLimit-Limit': String(perMinute), 'RateLimit-Remaining': String(Math.max(0, perMinute - count)), 'RateLimit-Reset': resets });
    if (count <= perMinute) return;
    await reply.status(429).header('Retry-After', resets).send({ error: 'Too many requests. Please wait a moment.' });
  });
}
