import { expect } from '@jest/globals';
import { unique, type AccountWithAdmin } from './factories.js';
import { call } from './http.js';
import type { TestApp } from './test-app.js';

export interface MadeContact { id: number; name: string; email: string | null; source_id: string | null }

/** A person, with an identity on an inbox when one is given. */
export async function makeContact(t: TestApp, account: AccountWithAdmin, overrides: { name?: string; email?: string | null; inbox_id?: number; [key: string]: unknown } = {}): Promise<MadeContact> {
  const made = await call(t, account.admin, 'POST', `/api/v1/accounts/${account.id}/contacts`, { name: `Visitor ${unique()}`, email: `visitor-${unique()}@example.org`, ...overrides });
  expect(made.status).toBe(200);
  const { contact, contact_inbox: identity } = made.body.payload as { contact: MadeContact; contact_inbox: { source_id: string | null } };
  return { id: contact.id, name: contact.name, email: contact.email, source_id: identity.source_id };
}
