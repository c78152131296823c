import { Reflector, NestFactory } from '@nestjs/core';
import { StandardSchemaSerializerInterceptor, type DynamicModule, type Type } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import cookie from '@fastify/cookie';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import multipart from '@fastify/multipart';
import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import qs from 'qs';
import { MinuteCounts } from '../redis/minute-counts.js';
import type { Config } from '../config/config.js';
import { Log } from '../logging/log.js';
import { asRequest, type RequestContext } from '../logging/request-context.js';
import { answerError, ErrorFilter } from './error.filter.js';
import { isNestedTooDeeply } from './json-depth.js';
import { FOLDING, MULTIPART_LIMITS } from './multipart.js';
import { openToOtherOrigins } from './open-cors.js';
import { noteChangingRoutes } from './put-like-patch.js';
import { limitRate } from './rate-limit.js';
import { routeOf } from './route-of.js';
import { SchemaPipe } from './schema.pipe.js';
import { streamBodies } from './streamed-body.js';
import { answerWholeAddresses } from './whole-addresses.js';

/** JSON bodies; files travel as multipart and have their own limit. */
const JSON_LIMIT = 2 * 1024 * 1024;

/** Makes the HTTP application: Fastify, body parsers as Chatwoot's clients need them, one pipe, one error filter. */
export async function createApp(module: Type | DynamicModule, config: Config, log: Log): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: JSON_LIMIT, trustProxy: config.TRUST_PROXY, genReqId: () => randomUUID(),
    // A request that came just before its connection was closed is answered like any other.
    return503OnClosing: false,
    // What cannot even be routed is answered in the same shape as everything else.
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) => { answerError(error, request, reply, log); },
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 4096, querystringParser: (s: string) => qs.parse(s, FOLDING) },
  } as never);
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, { logger: log.forNest(), abortOnError: false });
  noteChangingRoutes(app.getHttpAdapter().getInstance());
  await app.register(cookie as never);
  await app.register(multipart as never, { limits: MULTIPART_LIMITS, throwFileSizeLimit: false } as never);
  limitRate(app.getHttpAdapter().getInstance(), config.REQUESTS_PER_MINUTE, app.get(MinuteCounts));
  openToOtherOrigins(app.getHttpAdapter().getInstance());
  readBodies(app);
  streamBodies(app.getHttpAdapter().getInstance());
  refuseOtherBodies(app.getHttpAdapter().getInstance());
  secureHeaders(app);
  answerWholeAddresses(app.getHttpAdapter().getInstance(), config);
  logRequests(app, log);
  app.useGlobalPipes(new SchemaPipe());
  app.useGlobalInterceptors(new StandardSchemaSerializerInterceptor(app.get(Reflector)));
  app.useGlobalFilters(new ErrorFilter(log));
  return app;
}

function readBodies(app: NestFastifyApplication): void {
  app.useBodyParser('application/json', { bodyLimit: JSON_LIMIT }, (_request, body: Buffer, done) => {
    if (body.length === 0) return done(null, {});
    if (!isUtf8(body)) return done(refused(400, 'The body is not UTF-8.'));
    // Some programs begin with the mark of Unicode files, which is no JSON.
    const text = body.toString('utf8').replace(/^\uFEFF/, '');
    if (isNestedTooDeeply(text)) return done(refused(400, 'The body is nested too deeply.'));
    try {
      done(null, JSON.parse(text));
    } catch (error) {
      const at = / at position \d+/.exec((error as Error).message)?.[0] ?? '';
      done(refused(400, `The body is not JSON${at}.`));
    }
  });
  app.useBodyParser('application/x-www-form-urlencoded', { bodyLimit: JSON_LIMIT }, (_request, body: Buffer, done) => {
    if (!isUtf8(body)) return done(refused(400, 'The body is not UTF-8.'));
    done(null, qs.parse(body.toString('utf8'), FOLDING));
  });
}

/** Says which types there are instead of which there is not. A body that is empty is none of any type. */
function refuseOtherBodies(server: FastifyInstance): void {
  server.removeContentTypeParser('text/plain');
  server.addContentTypeParser('*', (request, _payload, done) => {
    if (request.headers['content-length'] === '0') return done(null, undefined);
    const sent = request.headers['content-type']?.split(';')[0]?.trim() ?? '';
    done(refused(415, `Send the body as application/json${sent && `, not as ${sent}`}. Files are sent as multipart/form-data.`));
  });
}

const refused = (statusCode: number, message: string): Error => Object.assign(new Error(message), { statusCode });

function secureHeaders(app: NestFastifyApplication): void {
  app.getHttpAdapter().getInstance().addHook('onSend', async (request, reply) => {
    void reply.header('X-Content-Type-Options', 'nosniff').header('Referrer-Policy', 'same-origin').header('X-Request-Id', request.id);
    if (!reply.hasHeader('Cache-Control') && /^\/(api|auth|public|platform)\b/.test(routeOf(request))) void reply.header('Cache-Control', 'no-store');
    // Pages bring their own.
    if (request.protocol === 'https' && !reply.hasHeader('Strict-Transport-Security')) void reply.header('Strict-Transport-Security', 'max-age=31536000');
  });
}

const POLLED = new Set(['/health', '/ready', '/metrics']);

const contexts = new WeakMap<object, RequestContext>();
function contextOf(request: FastifyRequest): RequestContext {
  const context = contexts.get(request.raw) ?? { id: request.id, address: request.ip };
  contexts.set(request.raw, context);
  return context;
}

function logRequests(app: NestFastifyApplication, log: Log): void {
  const server = app.getHttpAdapter().getInstance();
  server.addHook('onRequest', (request, _reply, done) => asRequest(contextOf(request), done));
  // Once more after the body was read: its events come from the connection, which knows of no request.
  server.addHook('preValidation', (request, _reply, done) => asRequest(contextOf(request), done));
  server.addHook('onResponse', async (request, reply) => {
    const facts = { request_id: request.id, method: request.method, route: request.routeOptions?.url, status: reply.statusCode, ms: Math.round(reply.elapsedTime) };
    // Asked every few seconds by balancers and monitors; nobody looks for these.
    if (POLLED.has(request.routeOptions?.url ?? '')) log.debug('request', facts);
    else log.info('request', facts);
  });
}
