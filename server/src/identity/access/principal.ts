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
  /** Token row, for API tokens. */
  readonly tokenId?: number;
  /** An administrator of some account who has not set up MFA yet: may do nothing but set it up. */
  readonly mfaSetupRequired: boolean;
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

/** How roles are stored. */
export const ROLE_CODE: Record<Role, number> = { agent: 0, administrator: 1 };
export const roleOf = (code: number): Role => (code === 1 ? 'administrator' : 'agent');
