import type { FastifyRequest } from 'fastify';
import type { Config } from '../config/config.js';
import { publicUrl } from '../config/public-url.js';

/** The address the asker reached us by, for links shown to the asker alone. Mails use publicUrl: a Host header can be forged. */
export function requestOrigin(config: Config, request: FastifyRequest): string {
  if (config.PUBLIC_URL !== undefined) return config.PUBLIC_URL;
  const asked = `${request.protocol}://${request.host}`;
  // A header may say anything; only what is an origin becomes part of an address.
  return URL.canParse(asked) && new URL(asked).host === request.host.toLowerCase() ? asked : publicUrl(config);
}
