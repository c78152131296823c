import type { FastifyRequest } from 'fastify';
import { isOwn } from '../../identity/access/same-origin.policy.js';
import type { Config } from '../../platform/config/config.js';
import { Problem } from '../../platform/http/problem.js';
import { allowsHost } from './allowed-domains.js';

const refused = (): Problem => new Problem('forbidden', 'This chat is not set up for this website. Add the site to the allowed domains of the inbox.');

/** Refuses requests that a page of another site than the allowed ones made. The chat's own page asks from our origin. */
export function demandAllowedOrigin(config: Config, request: FastifyRequest, sites: readonly string[]): void {
  const { origin } = request.headers;
  if (origin === undefined || isOwn(config, request, origin)) return;
  if (!allowsHost(sites, hostOf(origin))) throw refused();
}

/**
 * The page that shows the chat, without what follows `?`, or undefined when it is our own or not named. Throws when its site is not an allowed one:
 * the browser enforces that by frame-ancestors, and here it gets a sentence instead of an empty frame.
 */
export function embeddingPage(config: Config, request: FastifyRequest, address: string | undefined, sites: readonly string[]): string | undefined {
  if (!address || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (isOwn(config, request, url.origin)) return undefined;
  if (!/^https?:$/.test(url.protocol) || !allowsHost(sites, url.host)) throw refused();
  return `${url.origin}${url.pathname}`.slice(0, 500);
}

const hostOf = (origin: string): string => (URL.canParse(origin) ? new URL(origin).host : '');
