import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Readable } from 'node:stream';

const STREAMED = 'application/x-streamed';
const declaredTypes = new WeakMap<object, string>();

/** The route takes its body as it comes, of whatever type, without a limit of ours: it reads `streamedBody(request)` itself and counts. */
export const StreamsBody = (): MethodDecorator => RouteConfig({ streamsBody: true }) as MethodDecorator;

/** The body of a route with @StreamsBody(), and the type it was sent as. */
export function streamedBody(request: FastifyRequest): { type: string; stream: Readable } {
  return { type: declaredTypes.get(request.raw) ?? '', stream: request.raw };
}

/** Keeps the usual parsers from such bodies: they are chosen by the type in the header, so it is put aside before they look. */
export function streamBodies(server: FastifyInstance): void {
  server.addContentTypeParser(STREAMED, (_request, _payload, done) => done(null, undefined));
  server.addHook('onRequest', async (request) => {
    if (!(request.routeOptions.config as { streamsBody?: boolean }).streamsBody) return;
    declaredTypes.set(request.raw, request.headers['content-type'] ?? '');
    request.headers['content-type'] = STREAMED;
  });
}
