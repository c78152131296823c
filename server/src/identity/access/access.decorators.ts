import { createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Member, Principal } from './principal.js';

/** Who may call a route. Every route declares one; an undeclared route stops the start. */
export type Access =
  | { who: 'public' }
  | { who: 'signed_in'; beforeMfa?: boolean }
  | { who: 'super_administrator' }
  | { who: 'member'; role?: 'administrator'; strangersSee?: 'nothing' }
  | { who: 'platform' };

export const ACCESS = 'access';

/** Anybody, without proof. The route checks its own secrets (tokens in path or body). */
export const Public = () => SetMetadata(ACCESS, { who: 'public' } satisfies Access);
/** Any signed-in person. `beforeMfa` lets an administrator in who has not set up MFA yet. */
export const SignedIn = (options: { beforeMfa?: boolean } = {}) => SetMetadata(ACCESS, { who: 'signed_in', ...options } satisfies Access);
/** A member of the account in the path (`:account_id`). Unknown accounts are 404, foreign ones 401, or 404 too where strangers see nothing. */
export const MemberOnly = (options: { strangersSee?: 'nothing' } = {}) => SetMetadata(ACCESS, { who: 'member', ...options } satisfies Access);
/** An administrator of the account in the path. */
export const AdministratorOnly = () => SetMetadata(ACCESS, { who: 'member', role: 'administrator' } satisfies Access);

/** Somebody who runs the installation, whatever they are in its accounts. */
export const SuperAdministratorOnly = () => SetMetadata(ACCESS, { who: 'super_administrator' } satisfies Access);
/** An app of the installation's operator, proven by its own token. */
export const PlatformOnly = () => SetMetadata(ACCESS, { who: 'platform' } satisfies Access);

export const FRESH_PROOF = 'fresh proof';
/**
 * What cannot be taken back, or opens more doors: in the dashboard it wants a proof of who is sitting there that is no older than five minutes. Programs
 * are not asked.
 */
export const WantsFreshProof = () => SetMetadata(FRESH_PROOF, true);

export const BOTS_TOO = 'bots too';
/** A route of an account that bots may call as well. */
export const BotsToo = () => SetMetadata(BOTS_TOO, true);

/** What the access guard leaves on a request for the decorators below. */
export interface Authenticated { principal?: Principal; member?: Member; platformAppId?: number }

const seenBy = new WeakMap<object, Authenticated>();
export const rememberAccess = (request: FastifyRequest, found: Authenticated): void => { seenBy.set(request.raw, found); };
export const accessOf = (request: FastifyRequest): Authenticated => seenBy.get(request.raw) ?? {};

const required = <T>(value: T | undefined, name: string): T => {
  if (value === undefined) throw new Error(`The route asks for a ${name} but does not demand one.`);
  return value;
};

/** The signed-in person of this request. */
export const CurrentUser = createParamDecorator((_: unknown, context: ExecutionContext): Principal =>
  required(accessOf(context.switchToHttp().getRequest()).principal, 'signed-in person'));
/** The app that asks. */
export const CurrentPlatformApp = createParamDecorator((_: unknown, context: ExecutionContext): number =>
  required(accessOf(context.switchToHttp().getRequest()).platformAppId, 'platform app'));
/** The member of the path's account. */
export const CurrentMember = createParamDecorator((_: unknown, context: ExecutionContext): Member =>
  required(accessOf(context.switchToHttp().getRequest()).member, 'member'));
