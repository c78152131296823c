import { SetMetadata } from '@nestjs/common';
import { Problem } from '../../platform/http/problem.js';
import type { Access } from './access.decorators.js';
import type { Grant, TokenArea, TokenScope } from './token-areas.js';

export const SCOPE_AREA = 'scope area';
export const READS_ONLY = 'reads only';
/** The part of the account a route belongs to, where it is not the one its access leads to: `settings` for administrators' routes, `conversations` for members'. */
export const ScopeArea = (area: TokenArea) => SetMetadata(SCOPE_AREA, area);
/** A POST that only looks. */
export const ReadsOnly = () => SetMetadata(READS_ONLY, true);
/** No scoped token opens this route: it could give itself more. */
export const NoScopedTokens = () => SetMetadata(SCOPE_AREA, 'none');
/** Every scoped token opens this route. */
export const AnyScopedToken = () => SetMetadata(SCOPE_AREA, 'any');

/** What a route declares about scoped tokens. */
export interface ScopeDeclaration { access: Access; area?: TokenArea | 'none' | 'any'; readsOnly?: boolean; method: string }

/** The scope a route asks for; 'any' when every token will do, undefined when none will. */
export function scopeNeeded({ access, area, readsOnly, method }: ScopeDeclaration): TokenScope | 'any' | undefined {
  if (area === 'any') return 'any';
  if (area === 'none' || access.who !== 'member') return undefined;
  const part = area ?? (access.role === 'administrator' ? 'settings' : 'conversations');
  return `${part}:${readsOnly || method === 'GET' || method === 'HEAD' ? 'read' : 'write'}`;
}

/** Throws 403 when the token was not made for this. */
export function demandScope(grant: Grant, declared: ScopeDeclaration): void {
  const needed = scopeNeeded(declared);
  if (needed === 'any') return;
  if (needed === undefined) throw refused('This cannot be done with a scoped token');
  const held = grant.scopes.includes(needed) || grant.scopes.includes(needed.replace(':read', ':write') as TokenScope);
  if (!held) throw refused(`This token does not have the scope ${needed}`, needed);
}

/** The same inside a route that every scoped token opens, because what is sent says which part of the account it changes. */
export function demandWriting(grant: Grant | undefined, area: TokenArea): void {
  if (grant) demandScope(grant, { access: { who: 'member' }, area, method: 'POST' });
}

const refused = (message: string, scope?: TokenScope): Problem => new Problem('forbidden', message, { body: { error_code: 'insufficient_scope', ...(scope && { scope }) } });
