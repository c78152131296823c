import type { AccountId } from '../../platform/database/account-id.js';

/** The parts of an account that a token can be made for. */
export const TOKEN_AREAS = ['conversations', 'contacts', 'reports', 'help_centre', 'settings'] as const;
export type TokenArea = (typeof TOKEN_AREAS)[number];
/** `write` includes `read`. */
export type TokenScope = `${TokenArea}:${'read' | 'write'}`;
export const TOKEN_SCOPES: TokenScope[] = TOKEN_AREAS.flatMap((area) => [`${area}:read`, `${area}:write`] as const);

/** What a scoped token lets its owner do: parts of one account. */
export interface Grant { accountId: AccountId; scopes: readonly TokenScope[] }
