import type { Frame } from './realtime-source.js';

/** Rooms are named by the server alone, from memberships in the database. Every name starts with the account. */
export const rooms = {
  account: (account: number): string => `a${account}`,
  administrators: (account: number): string => `a${account}:admins`,
  inbox: (account: number, inbox: number): string => `a${account}:i${inbox}`,
  user: (account: number, user: number): string => `a${account}:u${user}`,
  visitor: (account: number, contactInbox: number): string => `a${account}:v${contactInbox}`,
  /** All visitors of one inbox. */
  visitorsOf: (account: number, inbox: number): string => `a${account}:w${inbox}`,
} as const;

/** Where the agents of an audience are. */
export function agentRooms(account: number, audience: Exclude<Frame['audience'], { to: 'visitor' }>): string[] {
  if (audience.to === 'account') return [rooms.account(account)];
  if (audience.to === 'user') return [rooms.user(account, audience.userId)];
  return [rooms.administrators(account), rooms.inbox(account, audience.inboxId)];
}
