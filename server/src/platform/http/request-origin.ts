import type { FastifyRequest } from 'fastify';
import type { Config } from '../config/config.js';

/** The address the asker reached us by, for links shown to the asker alone. Mails use publicUrl: a Host header can be forged. */
export const requestOrigin = (config: Config, request: FastifyRequest): string => config.PUBLIC_URL ?? `${request.protocol}://${request.host}`;
