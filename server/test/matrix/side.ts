import type { AccountWithAdmin, Person } from '../factories.js';
import type { TestApp } from '../test-app.js';
import type { Browser } from '../widget.js';
import type { MadeInbox } from '../factories-inboxes.js';

/** One of the two accounts of the matrix, and what it owns. */
export interface Side {
  t: TestApp;
  account: AccountWithAdmin;
  /** /api/v1/accounts/<id> */
  url: string;
  /** Stands in everything that this account owns. */
  mark: string;
  /** A colleague who is an agent and a member of no inbox. */
  outsider: Person;
  /** A program of the operator that made this side's platform things. */
  platform: Person;
  inbox: MadeInbox;
  visitor: Browser;
  /** The visitor's conversation: its number on the wire. */
  conversation: number;
  /** An agent's and the visitor's message in it. */
  message: number;
  visitorsMessage: number;
  contact: number;
  /** Ids by what they are: labels, inboxes … */
  ids: Map<string, number | string>;
}
