import type { FastifyRequest } from 'fastify';

/** How much of a refused body, and for how long, is still read away. */
const AT_MOST = { bytes: 48 * 1024 * 1024, ms: 15_000 };

/**
 * Stops taking a body. What the sender has on its way is read and thrown away for a while, so that it gets the answer instead of a broken connection;
 * whoever goes on sending beyond that is cut off.
 */
export function turnAway(request: FastifyRequest): void {
  const { raw } = request;
  raw.unpipe();
  if (raw.complete || raw.destroyed) return;
  const end = (): void => { raw.socket.destroy(); };
  const timer = setTimeout(end, AT_MOST.ms);
  timer.unref();
  let left = AT_MOST.bytes;
  raw.on('data', (chunk: Buffer) => { if ((left -= chunk.length) < 0) end(); });
  raw.once('close', () => clearTimeout(timer));
  raw.resume();
}
