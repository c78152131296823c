import type { AccountId } from '../../platform/database/account-id.js';
import type { Grant } from './token-areas.js';

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
  /** When they last proved who they are, for cookie sessions. */
  readonly provedAt?: Date;
  /** Token row, for API tokens. */
  readonly tokenId?: number;
  /** For scoped tokens: all that they may do. */
  readonly grant?: Grant;
  /** An administrator of some account who has not set up MFA yet: may do nothing but set it up. */
  readonly mfaSetupRequired: boolean;
}

/** Who is asking, as found by the authenticator. */
export type Principal = UserPrincipal;

/** A person inside one account: what account routes work with. */
export interface Member {
  readonly accountId: AccountId;
  /** NO_PERSON for a bot. */
  readonly userId: number;
  readonly role: Role;
  /** Set when a bot acts. It sees every conversation, and only routes marked @BotsToo() let it in. */
  readonly botId?: number;
  /** Came with a scoped token: is shown no secrets, which would open more than the token does. */
  readonly scoped?: true;
  /** Comes with a session's cookie and was not asked for a fresh proof: is shown that there are secrets, and not what they are. */
  readonly unproved?: true;
}

/** Stands where a person's id stands when a program did it in its own name. */
export const NO_PERSON = 0;

export const isAdministrator = (member: Member): boolean => member.role === 'administrator';
/** Whether the account's secrets may be shown: keys of inboxes, webhooks and bots. */
export const maySeeSecrets = (member: Member): boolean => isAdministrator(member) && !member.scoped;
const MASK = '•'.repeat(12);
/** A secret as somebody sees it who may: a browser gets it on routes that want a fresh proof. */
export const shownSecret = (member: Member, secret: string): string => (member.unproved ? MASK : secret);

/** How roles are stored. */
export const ROLE_CODE: Record<Role, number> = { agent: 0, administrator: 1 };
export const roleOf = (code: number): Role => (code === 1 ? 'administrator' : 'agent');
