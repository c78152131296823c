import type { FastifyRequest } from 'fastify';

/** The path as the router understood it. The one that was sent may be spelled otherwise (`/%61pi`, `http://host/api`) and lead to the same route. */
export const routeOf = (request: FastifyRequest): string => request.routeOptions?.url ?? request.url;
