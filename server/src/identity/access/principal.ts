import type { AccountId } from '../../platform/database/account-id.js';

export type Role = 'administrator' | 'agent';

/** How somebody proved who they are. */
export type Proof = 'cookie' | 'session_headers' | 'api_access_token';

/** A person who is signed in, wherever they came from. */
export interface UserPrincipal {
  readonly kind: 'user';
  readonly userId: number;
  readonly proof: Proof;
  /** Session row, for cookie and header sessions. */
  readonly sessionId?: number;
}

/** Who is asking, as found by the authenticator. */
export type Principal = UserPrincipal;

/** A person inside one account: what account routes work with. */
export interface Member {
  readonly accountId: AccountId;
  readonly userId: number;
  readonly role: Role;
}

export const isAdministrator = (member: Member): boolean => member.role === 'administrator';
