import type { FastifyRequest } from 'fastify';
import type { Problem } from './problem.js';

const refusals = new WeakMap<object, Problem>();

/** Says in a guard that this request may bring no files, though its route takes some: none of their bytes is stored. */
export const refuseFiles = (request: FastifyRequest, problem: Problem): void => { refusals.set(request.raw, problem); };

/** Why this request may bring no files, or undefined. */
export const filesRefusal = (request: FastifyRequest): Problem | undefined => refusals.get(request.raw);
