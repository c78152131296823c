import type { Operation } from '../operation.js';
import { contacts } from './contacts.js';
import { conversations } from './conversations.js';
import { desk } from './desk.js';
import { inboxes } from './inboxes.js';
import { people } from './people.js';
import { programs } from './programs.js';
import { reports } from './reports.js';

/** Everything Chatwoot documents, except one path that is in its description but is no route. */
export const operations: Operation[] = [...people, ...inboxes, ...contacts, ...conversations, ...desk, ...reports, ...programs];
