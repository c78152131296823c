import type { FastifyInstance } from 'fastify';
import type { Clock } from '../clock/clock.js';
import { isLoopback, networkOf } from './network-of.js';

const WINDOW_MS = 60_000;
/** Pages and their assets are cheap and come in bursts. */
const COUNTED = /^\/(api|auth|public|platform)\b/;

/**
 * Refuses an address that asks more often than so many times a minute, before its body is read; 0 refuses nobody. Counted in this process
 * alone: it keeps one client from starving the others, what must not be guessed is counted in the database. This machine itself is not counted.
 */
export function limitRate(server: FastifyInstance, perMinute: number, clock: Clock): void {
  if (perMinute === 0) return;
  let counts = new Map<string, number>();
  let endsAt = 0;
  server.addHook('onRequest', async (request, reply) => {
    if (!COUNTED.test(request.url) || isLoopback(request.ip)) return;
    const now = clock.now();
    if (now >= endsAt) {
      counts = new Map();
      endsAt = now + WINDOW_MS;
    }
    const network = networkOf(request.ip);
    const count = (counts.get(network) ?? 0) + 1;
    counts.set(network, count);
    const resets = String(Math.ceil((endsAt - now) / 1000));
    void reply.headers({ 'RateLimit-Policy': `${perMinute};w=60`, 'RateLimit-Limit': String(perMinute), 'RateLimit-Remaining': String(Math.max(0, perMinute - count)), 'RateLimit-Reset': resets });
    if (count <= perMinute) return;
    await reply.status(429).header('Retry-After', resets).send({ error: 'Too many requests. Please wait a moment.' });
  });
}
