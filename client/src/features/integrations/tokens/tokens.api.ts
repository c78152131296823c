import type { components } from '../../../api/generated';
import { accountPath, http } from '../../../api/http';
import type { Id } from '../../../api/types';

export type ScopedToken = components['schemas']['ScopedToken'];
export type TokenScope = ScopedToken['scopes'][number];
/** The parts of an account that a token can be made for, as the wire names them. */
export const TOKEN_AREAS = ['conversations', 'contacts', 'reports', 'help_centre', 'settings'] as const;
export type TokenArea = (typeof TOKEN_AREAS)[number];

/** One's own; administrators see everybody's. */
export const fetchTokens = (accountId: Id) => http.get<{ payload: ScopedToken[] }>(accountPath(accountId, 'scoped_tokens')).then((answer) => answer.payload);
/** The answer is the only time that the token can be read. */
export const makeToken = (accountId: Id, token: { name: string; scopes: TokenScope[]; expires_in_days: number | null }) => http.post<ScopedToken & { token: string }>(accountPath(accountId, 'scoped_tokens'), token);
export const endToken = (accountId: Id, id: Id) => http.delete(accountPath(accountId, `scoped_tokens/${id}`));
