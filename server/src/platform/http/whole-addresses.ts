import type { FastifyInstance } from 'fastify';
import type { Config } from '../config/config.js';
import { withAddresses } from '../storage/own-addresses.js';
import { requestOrigin } from './request-origin.js';

/**
 * Gives programs whole addresses of files and faces. It happens to the answer as it leaves, so that the name by which one asker reached us is never kept, and never shown to another.
 * Our own pages are answered with paths: those work by whichever name the page was opened, and are what the sockets push.
 */
export function answerWholeAddresses(server: FastifyInstance, config: Config): void {
  server.addHook('preSerialization', async (request, _reply, body: unknown) => {
    if (request.headers['x-requested-with'] === 'porchlight') return body;
    return withAddresses(body, (path) => requestOrigin(config, request) + path);
  });
}
