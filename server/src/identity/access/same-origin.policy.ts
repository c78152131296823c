import type { FastifyRequest } from 'fastify';
import type { Config } from '../../platform/config/config.js';
import { Problem } from '../../platform/http/problem.js';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);
const refused = (): Problem => new Problem('forbidden', 'This request did not come from our own pages.');

/** Refuses what another site's page made the browser send. For routes that hand out a cookie, and below for all that use one. */
export function demandSameOrigin(config: Config, request: FastifyRequest): void {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw refused();
  const origin = request.headers.origin;
  if (origin !== undefined && !isOwn(config, request, origin)) throw refused();
}

/** Refuses an unsafe request proven by a cookie unless our own page sent it: a foreign form can neither set the header nor hide its origin. */
export function demandOwnPage(config: Config, request: FastifyRequest): void {
  if (SAFE.has(request.method)) return;
  if (request.headers['x-requested-with'] !== 'porchlight') throw refused();
  demandSameOrigin(config, request);
}

/** Whether the origin is ours. */
export function isOwn(config: Config, request: FastifyRequest, origin: string): boolean {
  if (config.PUBLIC_URL !== undefined && origin === new URL(config.PUBLIC_URL).origin) return true;
  // A proxy may speak TLS for us, so the scheme is not compared; Sec-Fetch-Site covers it in every current browser.
  return URL.canParse(origin) && new URL(origin).host === request.host;
}
