import type { FastifyInstance } from 'fastify';

/** What any site's page may call: its credentials stand in the path, so there is nothing a browser could add by itself. */
const OPEN = /^\/public\//;

/** Lets pages of other origins call the public client API. Cookies are neither sent nor read there. */
export function openToOtherOrigins(server: FastifyInstance): void {
  server.addHook('onRequest', async (request, reply) => {
    if (!OPEN.test(request.url)) return;
    void reply.header('Access-Control-Allow-Origin', '*').header('Access-Control-Expose-Headers', '*');
    if (request.method !== 'OPTIONS') return;
    await reply.status(204).headers({ 'Access-Control-Allow-Methods': 'GET, POST, PATCH, PUT', 'Access-Control-Allow-Headers': 'content-type, idempotency-key', 'Access-Control-Max-Age': '86400' }).send();
  });
}
