import type { FastifyRequest } from 'fastify';
import { currentRequest } from '../logging/request-context.js';
import type { AccountId } from '../database/account-id.js';

const accounts = new WeakMap<object, AccountId>();

/** Says whose data a request works on. Called by whatever checked that it may: the access guard, the visitor guard. */
export const rememberAccount = (request: FastifyRequest, account: AccountId): void => { accounts.set(request.raw, account); };

/** The account a request was let into, or undefined. */
export const accountOfRequest = (request: FastifyRequest): AccountId | undefined => accounts.get(request.raw);

const askers = new WeakMap<object, string>();

/** Says who asks, in words of the guard's own ('user 5'): what is remembered for one asker is never shown to another. */
export function rememberAsker(request: FastifyRequest, asker: string): void {
  askers.set(request.raw, asker);
  const context = currentRequest();
  if (context) context.actor = asker;
}

/** Who asks, or undefined when no guard has found out. */
export const askerOfRequest = (request: FastifyRequest): string | undefined => askers.get(request.raw);

const strangers = new WeakSet<object>();

/** Says that the asker is anybody from outside: a visitor of a website, a person of somebody's app. */
export const rememberStranger = (request: FastifyRequest): void => { strangers.add(request.raw); };

/** Whether the asker is from outside. */
export const isStranger = (request: FastifyRequest): boolean => strangers.has(request.raw);
