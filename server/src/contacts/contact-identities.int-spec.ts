import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeAccount, type AccountWithAdmin } from '../../test/factories.js';
import { makeContact } from '../../test/factories-contacts.js';
import { inbound, ingest, makeConversation } from '../../test/factories-conversations.js';
import { makeInbox, type MadeInbox } from '../../test/factories-inboxes.js';
import { call, eventually } from '../../test/http.js';
import { startTestApp, type TestApp } from '../../test/test-app.js';
import { accountId } from '../platform/database/account-id.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { ContactIdentities, type PersonClaim } from './contact-identities.service.js';

let t: TestApp;
let account: AccountWithAdmin;
let inbox: MadeInbox;
let fresh = 0;
beforeAll(async () => {
  t = await startTestApp();
  account = await makeAccount(t);
  inbox = await makeInbox(t, account);
});
afterAll(() => t.close());

const identify = (identityId: number, claim: PersonClaim) =>
  t.app.get(UnitOfWork).run(accountId(account.id), (tx) => t.app.get(ContactIdentities).identify(tx, identityId, claim, () => `fresh-${++fresh}`));
const contact = async (id: number) => (await call(t, account.admin, 'GET', `/api/v1/accounts/${account.id}/contacts/${id}`));
const show = async (id: number) => (await call(t, account.admin, 'GET', `/api/v1/accounts/${account.id}/conversations/${id}`)).body;

describe('saying who one is', () => {
  test('fills in a contact that began with this identity', async () => {
    const own = await makeConversation(t, account, inbox);
    const { identity } = await identify(own.contactInboxId, { identifier: 'user-1', email: 'One@Example.org', name: 'One', customAttributes: { plan: 'a' } });
    expect(identity.contact_id).toBe(own.contactId);
    expect((await contact(own.contactId)).body.payload).toMatchObject({ identifier: 'user-1', email: 'one@example.org', name: 'One', custom_attributes: { plan: 'a' } });
  });

  test('gives the identity and its conversations to the contact who is known', async () => {
    const known = await makeContact(t, account, { identifier: 'user-2', name: 'Known' });
    const own = await makeConversation(t, account, inbox, { sender: { sourceId: 'mover', name: 'Visitor 7' } });
    await identify(own.contactInboxId, { identifier: 'user-2', name: 'Impostor' });
    const moved = await show(own.id);
    expect(moved.meta.sender).toMatchObject({ id: known.id, name: 'Known' });
    expect(moved.messages[0].sender.id).toBe(known.id);
    expect((await contact(own.contactId)).status).toBe(404);
    const next = await ingest(t, account, inbox, inbound({ sourceId: 'mover' }));
    expect([next.contactId, next.conversationId]).toEqual([known.id, own.conversationId]);
    await eventually('colleagues are told', async () => ((await call(t, account.admin, 'GET', `/api/v1/accounts/${account.id}/events?after=0`)).body.payload as
      { event: string; data: { id: number; changes?: { meta?: { sender: { id: number } } } } }[])
      .some((e) => e.event === 'conversation.updated' && e.data.id === own.id && e.data.changes?.meta?.sender.id === known.id));
  });

  test('finds people by email too, unless they are somebody else', async () => {
    const byEmail = await makeContact(t, account);
    const own = await makeConversation(t, account, inbox);
    expect((await identify(own.contactInboxId, { email: byEmail.email! })).identity.contact_id).toBe(byEmail.id);
    const other = await makeContact(t, account, { identifier: 'user-3' });
    const mine = await makeConversation(t, account, inbox);
    const { identity, contact: row } = await identify(mine.contactInboxId, { identifier: 'user-4', email: other.email! });
    expect([identity.contact_id, row.identifier, row.email]).toEqual([mine.contactId, 'user-4', null]);
  });

  test('another person at the same computer gets an identity of their own', async () => {
    const own = await makeConversation(t, account, inbox);
    await identify(own.contactInboxId, { identifier: 'user-5' });
    const { identity } = await identify(own.contactInboxId, { identifier: 'user-6', name: 'Other' });
    expect(identity.id).not.toBe(own.contactInboxId);
    expect(identity.contact_id).not.toBe(own.contactId);
    expect((await contact(own.contactId)).body.payload.identifier).toBe('user-5');
  });

  test('while a message arrives loses nothing', async () => {
    const known = await makeContact(t, account, { identifier: 'user-7' });
    const own = await makeConversation(t, account, inbox, { sender: { sourceId: 'busy' } });
    const arrived = await Promise.all([...Array.from({ length: 8 }, () => ingest(t, account, inbox, inbound({ sourceId: 'busy' }))), identify(own.contactInboxId, { identifier: 'user-7' })]);
    expect(arrived).toHaveLength(9);
    const after = await show(own.id);
    expect(after).toMatchObject({ unread_count_exact: 9, meta: { sender: { id: known.id } } });
    const thread = (await call(t, account.admin, 'GET', `${own.url}/messages`)).body.payload as { sender: { id: number } }[];
    expect(new Set(thread.map((m) => m.sender.id))).toEqual(new Set([known.id]));
  });
});
