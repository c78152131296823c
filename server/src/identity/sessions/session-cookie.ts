import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../../platform/config/config.js';
import { SESSION_LIFE } from './session-kind.js';

const PLAIN = 'porchlight_session';
/** The prefix binds the cookie to this very host over TLS; browsers refuse it on plain HTTP. */
const HOST_BOUND = `__Host-${PLAIN}`;

const overTls = (config: Config, request: FastifyRequest): boolean => config.PUBLIC_URL?.startsWith('https:') === true || request.protocol === 'https';

/** The session's secret in a Cookie header. Where the installation is known to be on TLS, only the host-bound cookie counts. */
export function sessionCookie(config: Config, header: string | undefined): string | undefined {
  if (!header) return undefined;
  const cookies = new Map(header.split(';').map((pair) => {
    const at = pair.indexOf('=');
    return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()] as const;
  }));
  return cookies.get(HOST_BOUND) ?? (config.PUBLIC_URL?.startsWith('https:') ? undefined : cookies.get(PLAIN)) ?? undefined;
}

/** Gives the browser its session. */
export function setSessionCookie(config: Config, request: FastifyRequest, reply: FastifyReply, secret: string): void {
  const secure = overTls(config, request);
  void reply.setCookie(secure ? HOST_BOUND : PLAIN, secret, { httpOnly: true, sameSite: 'lax', path: '/', secure, maxAge: SESSION_LIFE.cookie / 1000 });
}

export function clearSessionCookie(config: Config, request: FastifyRequest, reply: FastifyReply): void {
  const secure = overTls(config, request);
  void reply.clearCookie(secure ? HOST_BOUND : PLAIN, { httpOnly: true, sameSite: 'lax', path: '/', secure });
}
