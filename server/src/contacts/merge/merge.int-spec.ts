import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeAccount, unique, type AccountWithAdmin } from '../../../test/factories.js';
import { makeContact, type MadeContact } from '../../../test/factories-contacts.js';
import { makeConversation } from '../../../test/factories-conversations.js';
import { makeInbox, type MadeInbox } from '../../../test/factories-inboxes.js';
import { call, eventually, type Answer } from '../../../test/http.js';
import { agentSocket, TestSocket } from '../../../test/sockets.js';
import { startTestApp, type TestApp } from '../../../test/test-app.js';
import { makeWebChat, openBrowser } from '../../../test/widget.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { OF_A_CONTACT, ONE_OF_A_CONTACT } from './merge.repository.js';

let t: TestApp;
let account: AccountWithAdmin;
let inbox: MadeInbox;
let path: string;
beforeAll(async () => {
  t = await startTestApp();
  account = await makeAccount(t);
  inbox = await makeInbox(t, account);
  path = `/api/v1/accounts/${account.id}`;
});
afterAll(() => t.close());

const merge = (base: number, mergee: number, who = account.admin): Promise<Answer> => call(t, who, 'POST', `${path}/actions/contact_merge`, { base_contact_id: base, mergee_contact_id: mergee });
const get = (url: string): Promise<Answer> => call(t, account.admin, 'GET', `${path}/${url}`);
const writes = (contact: MadeContact) => makeConversation(t, account, inbox, { sender: { sourceId: `m-${unique()}`, email: contact.email! } });

test('of people merged in a circle at the same moment, while one of them is deleted, nobody is left half done', async () => {
  for (let round = 0; round < 3; round++) {
    const people = await Promise.all([1, 2, 3].map(() => makeContact(t, account)));
    await Promise.all(people.map(writes));
    const [a, b, c] = people.map((one) => one.id) as [number, number, number];
    const answers = await Promise.all([
      ...[[a, b], [b, a], [b, c], [c, b], [a, c], [c, a]].flatMap(([base, mergee]) => [merge(base!, mergee!), merge(base!, mergee!)]),
      call(t, account.admin, 'DELETE', `${path}/contacts/${[a, b, c][round]}`),
    ]);
    expect(answers.map((answer) => answer.status).filter((status) => status !== 200 && status !== 404)).toEqual([]);
  }
});

test('the one that stays has everything of both', async () => {
  const base = await makeContact(t, account, { name: 'Ada', custom_attributes: { plan: 'paid' } });
  const mergee = await makeContact(t, account, { name: 'A. L.', phone_number: '+4930777', identifier: `m-${unique()}`, custom_attributes: { plan: 'free', size: 'L' } });
  const [theirs, other] = [await writes(base), await writes(mergee)];
  await call(t, account.admin, 'POST', `${path}/contacts/${base.id}/labels`, { labels: ['vip'] });
  await call(t, account.admin, 'POST', `${path}/contacts/${mergee.id}/labels`, { labels: ['vip', 'tall'] });
  await call(t, account.admin, 'POST', `${path}/contacts/${mergee.id}/notes`, { content: 'Rings twice.' });

  await t.app.get(SystemWork).sql('INSERT INTO mail_picture_senders (account_id, contact_id) SELECT $1, unnest($2::bigint[])', [account.id, [base.id, mergee.id]]);

  const merged = await merge(base.id, mergee.id);
  expect([merged.status, merged.body]).toEqual([200, expect.objectContaining({ id: base.id, name: 'Ada', email: base.email, phone_number: '+4930777', custom_attributes: { plan: 'paid', size: 'L' } })]);
  expect((await get(`contacts/${mergee.id}`)).status).toBe(404);
  expect((await get(`contacts/${base.id}/conversations`)).body.payload.map((c: { id: number }) => c.id)).toEqual([other.id, theirs.id]);
  expect((await get(`conversations/${other.id}/messages`)).body.payload[0].sender.id).toBe(base.id);
  expect((await get(`contacts/${base.id}/labels`)).body.payload).toEqual(['tall', 'vip']);
  expect((await get(`contacts/${base.id}/notes`)).body).toMatchObject([{ content: 'Rings twice.', contact_id: base.id }]);
  expect((await get(`contacts/${base.id}`)).body.payload.contact_inboxes.map((i: { source_id: string }) => i.source_id)).toEqual([theirs.sourceId, other.sourceId]);
  const told = await eventually('told', async () => {
    const events = (await get('events?after=0')).body.payload as { event: string; data: { id: number } }[];
    return events.some((e) => e.event === 'contact.merged' && e.data.id === base.id) && events;
  });
  expect(told.some((e) => e.event === 'contact.deleted' && e.data.id === mergee.id)).toBe(true);
  expect(told.some((e) => e.event === 'contact.updated' && e.data.id === base.id)).toBe(true);
  expect(told.some((e) => e.event === 'conversation.updated' && e.data.id === other.id)).toBe(true);
});

test('a visitor of the other goes on where they were, as the one that stays', async () => {
  const chat = await makeWebChat(t, account);
  const browser = await openBrowser(t, chat);
  await browser.call('POST', 'messages', { message: { content: 'First' } });
  const [conversation] = (await get(`conversations?inbox_id=${chat.id}`)).body.data.payload;
  const base = await makeContact(t, account);
  const isHere = async (id: number): Promise<boolean> => (await get(`contacts/${id}`)).body.payload.availability_status === 'online';
  const [guest, admin] = [await TestSocket.open(t.url, '/visitor', { website_token: chat.website_token, token: browser.token }), await agentSocket(t, account.admin, account.id)];
  await eventually('the visitor is here', () => isHere(conversation.meta.sender.id));
  expect(await isHere(base.id)).toBe(false);
  expect((await merge(base.id, conversation.meta.sender.id)).status).toBe(200);
  // At once: nobody has to reload the page.
  expect(await isHere(base.id)).toBe(true);
  expect((await admin.hears('presence.update', ({ data }) => base.id in data.contacts)).data.contacts).not.toHaveProperty(String(conversation.meta.sender.id));
  await guest.say('typing', { on: true });
  expect((await admin.hears('conversation.typing_on')).data).toMatchObject({ conversation_id: conversation.id, user: { id: base.id, name: base.name } });
  for (const socket of [guest, admin]) socket.close();
  await eventually('the visitor has gone', async () => !await isHere(base.id));
  expect((await browser.call('POST', 'messages', { message: { content: 'Second' } })).status).toBe(200);
  expect((await browser.call('GET', 'messages')).body.payload.map((m: { content: string }) => m.content)).toEqual(expect.arrayContaining(['First', 'Second']));
  const all = (await get(`conversations?inbox_id=${chat.id}`)).body.data.payload;
  expect(all.map((c: { id: number; meta: { sender: { id: number } } }) => [c.id, c.meta.sender.id])).toEqual([[conversation.id, base.id]]);
  // Merging is our claim that they are one person, not the visitor's proof of it.
  expect((await browser.call('GET', 'contact')).body).toMatchObject({ id: base.id, email: null });
});

test('of many equal wishes at once one is done, and the opposite wish does not cross it', async () => {
  const [a, b] = [await makeContact(t, account), await makeContact(t, account)];
  await Promise.all([writes(a), writes(b)]);
  const answers = await Promise.all([...Array.from({ length: 5 }, () => merge(a.id, b.id)), ...Array.from({ length: 5 }, () => merge(b.id, a.id))]);
  expect(answers.filter((x) => x.status === 200)).toHaveLength(1);
  expect(answers.filter((x) => x.status === 404)).toHaveLength(9);
  const left = answers.find((x) => x.status === 200)!.body.id as number;
  expect((await get(`contacts/${left}/conversations`)).body.payload).toHaveLength(2);
});

test('what makes no sense is refused, and nothing is half done', async () => {
  const own = await makeContact(t, account);
  const stranger = await makeAccount(t);
  const foreign = await makeContact(t, stranger);
  expect((await merge(own.id, own.id)).body.attributes).toEqual(['mergee_contact_id']);
  for (const [base, mergee] of [[own.id, foreign.id], [foreign.id, own.id], [own.id, 999_999_999]] as const) expect((await merge(base, mergee)).status).toBe(404);
  expect((await merge(own.id, foreign.id, stranger.admin)).status).toBe(401);
  for (const body of [{}, { base_contact_id: own.id }, { base_contact_id: 'x', mergee_contact_id: own.id }, { base_contact_id: own.id, mergee_contact_id: [1] }]) {
    expect((await call(t, account.admin, 'POST', `${path}/actions/contact_merge`, body)).status).toBe(422);
  }
  expect((await get(`contacts/${own.id}`)).body.payload.email).toBe(own.email);
});

test('every table that names a contact is known', async () => {
  const { rows } = await t.database.asOwner((client) => client.query(
    `SELECT c.table_name FROM information_schema.columns c JOIN information_schema.tables b USING (table_schema, table_name)
     WHERE c.table_schema = 'public' AND c.column_name = 'contact_id' AND b.table_type = 'BASE TABLE' ORDER BY 1`));
  // The database makes these from the contact itself.
  expect(rows.map((row) => row.table_name as string)).toEqual(['contact_attributes', ...OF_A_CONTACT, ...ONE_OF_A_CONTACT].sort());
});
