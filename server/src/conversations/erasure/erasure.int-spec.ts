import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeAccount, type AccountWithAdmin, type Person } from '../../../test/factories.js';
import { makeContact } from '../../../test/factories-contacts.js';
import { inbound, ingest, makeConversation, makeMessage, type MadeConversation } from '../../../test/factories-conversations.js';
import { makeAgentIn, makeInbox, type MadeInbox } from '../../../test/factories-inboxes.js';
import { call, eventually } from '../../../test/http.js';
import { startTestApp, type TestApp, WITHOUT_SCHEDULE } from '../../../test/test-app.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { EraseInboxes } from './erase-inboxes.job.js';

let t: TestApp;
let account: AccountWithAdmin;
let inbox: MadeInbox;
let agent: Person;
beforeAll(async () => {
  t = await startTestApp(WITHOUT_SCHEDULE);
  account = await makeAccount(t);
  inbox = await makeInbox(t, account);
  agent = await makeAgentIn(t, account, inbox);
});
afterAll(() => t.close());

const TABLES = ['messages', 'attachments', 'message_search', 'conversation_participants', 'conversation_reads', 'conversation_labels', 'drafts'];
const left = async (conversation: MadeConversation): Promise<Record<string, number>> => Object.fromEntries(await Promise.all(TABLES.map(async (table) =>
  [table, (await t.app.get(SystemWork).sql<{ n: number }>(`SELECT count(*) AS n FROM ${table} WHERE conversation_id = $1`, [conversation.conversationId]))[0]!.n])));
/** A conversation with a row in every table that hangs on it. */
const full = async (of = inbox): Promise<MadeConversation> => {
  const own = await makeConversation(t, account, of);
  const form = new FormData();
  form.append('attachments[]', new Blob(['x']), 'x.txt');
  await call(t, account.admin, 'POST', `${own.url}/messages`, form);
  await makeMessage(t, own, account.admin, { content: 'findable' });
  await call(t, account.admin, 'POST', `${own.url}/labels`, { labels: ['x'] });
  await call(t, account.admin, 'POST', `${own.url}/assignments`, { assignee_id: account.admin.id });
  await call(t, account.admin, 'POST', `${own.url}/update_last_seen`);
  await call(t, account.admin, 'PATCH', `${own.url}/draft_messages`, { draft: { content: 'later', private: false } });
  await eventually('every table has a row', async () => Object.values(await left(own)).every((n) => n > 0));
  return own;
};
const nothing = Object.fromEntries(TABLES.map((table) => [table, 0]));
const deleted = async (id: number) => eventually('told', async () => ((await call(t, account.admin, 'GET', `/api/v1/accounts/${account.id}/events?after=0`)).body.payload as
  { event: string; data: { id: number } }[]).find((e) => e.event === 'conversation.deleted' && e.data.id === id));

test('a conversation goes with everything in it, at an administrator\'s word', async () => {
  const [own, other] = [await full(), await makeConversation(t, account, inbox)];
  expect((await call(t, agent, 'DELETE', own.url)).status).toBe(401);
  const stranger = await makeAccount(t);
  expect((await call(t, stranger.admin, 'DELETE', `/api/v1/accounts/${stranger.id}/conversations/${own.id}`)).status).toBe(404);
  expect((await call(t, account.admin, 'DELETE', own.url)).status).toBe(200);
  expect((await call(t, account.admin, 'GET', own.url)).status).toBe(404);
  expect((await call(t, account.admin, 'DELETE', own.url)).status).toBe(404);
  expect(await left(own)).toEqual(nothing);
  expect((await call(t, account.admin, 'GET', other.url)).status).toBe(200);
  expect(await deleted(own.id)).toMatchObject({ data: { id: own.id, inbox_id: inbox.id, changes: {} } });
});

test('a repeated delivery of an erased message does not bring it back', async () => {
  const message = inbound();
  const made = await ingest(t, account, inbox, message);
  await call(t, account.admin, 'DELETE', `/api/v1/accounts/${account.id}/conversations/${made.conversationDisplayId}`);
  await expect(ingest(t, account, inbox, message)).rejects.toThrow(/erased/);
});

test('a contact goes with all their conversations', async () => {
  const contact = await makeContact(t, account);
  const [one, two] = [await makeConversation(t, account, inbox, { sender: { sourceId: 'c-1', email: contact.email! } }), await makeConversation(t, account, inbox, { sender: { sourceId: 'c-2', email: contact.email! } })];
  expect([one.contactId, two.contactId]).toEqual([contact.id, contact.id]);
  const path = `/api/v1/accounts/${account.id}/contacts/${contact.id}`;
  expect((await call(t, agent, 'GET', `${path}/conversations`)).body.payload.map((c: { id: number }) => c.id)).toEqual([two.id, one.id]);
  expect((await call(t, agent, 'DELETE', path)).status).toBe(401);
  expect((await call(t, account.admin, 'DELETE', path)).status).toBe(200);
  for (const url of [path, one.url, two.url, `${path}/conversations`]) expect((await call(t, account.admin, 'GET', url)).status).toBe(404);
  expect(await left(one)).toEqual(nothing);
  expect((await call(t, account.admin, 'DELETE', path)).status).toBe(404);
});

test('a contact can be told all that is kept about them, and then nothing of it is left, in conversations of others either', async () => {
  const contact = await makeContact(t, account, { name: 'Marker Name', custom_attributes: { plan: 'marker-plan' } });
  const own = await makeConversation(t, account, inbox, { sender: { sourceId: 'gdpr-1', email: contact.email! }, content: 'marker-words' });
  const form = new FormData();
  form.append('content', 'marker-answer');
  form.append('attachments[]', new Blob(['marker-file']), 'marker.txt');
  await call(t, account.admin, 'POST', `${own.url}/messages`, form);
  await makeMessage(t, own, account.admin, { content: 'marker-internal', private: true });
  const choices = [{ title: 'marker-choice', value: 1 }, { title: 'marker-other', value: 2 }];
  await makeMessage(t, own, account.admin, { content: 'Which?', content_type: 'input_select', content_attributes: { items: choices, submitted_values: [choices[0]] } });
  const theirs = await makeConversation(t, account, inbox, { content: 'their-own-words' });
  await t.app.get(SystemWork).sql(`INSERT INTO messages (account_id, conversation_id, inbox_id, sender_id, sender_type, message_type, content) VALUES ($1, $2, $3, $4, 1, 0, 'marker-elsewhere')`,
    [account.id, theirs.conversationId, inbox.id, contact.id]);
  await t.app.get(SystemWork).sql(`INSERT INTO mail_participants (account_id, conversation_id, contact_id, address, role) VALUES ($1, $2, $3, $4, 2)`, [account.id, theirs.conversationId, contact.id, contact.email]);
  const path = `/api/v1/accounts/${account.id}/contacts/${contact.id}`;
  await call(t, account.admin, 'POST', `${path}/notes`, { content: 'marker-note' });
  await call(t, account.admin, 'POST', `${path}/labels`, { labels: ['told-label'] });

  await t.app.get(SystemWork).sql(
    `INSERT INTO csat_surveys (account_id, conversation_id, message_id, inbox_id, sent_at, updated_at, answered_at, rating, feedback_message)
     SELECT account_id, conversation_id, max(id), inbox_id, now(), now(), now(), 4, 'marker-feedback' FROM messages WHERE account_id = $1 AND conversation_id = $2 GROUP BY 1, 2, 4`, [account.id, own.conversationId]);
  expect((await call(t, agent, 'GET', `${path}/personal_data`)).status).toBe(401);
  const told = await call(t, account.admin, 'GET', `${path}/personal_data`);
  expect(told.headers.get('content-disposition')).toContain('attachment');
  const text = JSON.stringify(told.body);
  for (const marker of ['Marker Name', contact.email!, 'marker-plan', 'marker-words', 'marker-answer', 'marker.txt', 'marker-elsewhere', 'told-label']) expect(text).toContain(marker);
  for (const other of ['marker-internal', 'marker-note', 'their-own-words']) expect(text).not.toContain(other);
  expect(told.body.conversations[0].messages).toContainEqual(expect.objectContaining({ content: 'Which?\n\n- marker-choice\n- marker-other', answer: '→ marker-choice' }));
  expect(told.body.ratings).toEqual([{ conversation_id: own.id, asked_at: expect.any(String), answered_at: expect.any(String), rating: 4, feedback: 'marker-feedback' }]);
  // Telling is written down itself, and told the next time; who did it is not said.
  expect(told.body.log).toEqual([{ at: expect.any(String), action: 'export' }]);
  expect(text).not.toContain(account.admin.email);
  expect(told.body.withheld).toEqual(['internal notes']);
  expect(told.body.conversations.map((c: { id: number; is_of_somebody_else: boolean }) => [c.id, c.is_of_somebody_else])).toEqual([[own.id, false], [theirs.id, true]]);
  const [file] = told.body.conversations[0].messages[1].attachments;
  expect(await (await fetch(t.url + new URL(file.url, t.url).pathname)).text()).toBe('marker-file');
  const all = JSON.stringify((await call(t, account.admin, 'GET', `${path}/personal_data?internal_notes=true`)).body);
  for (const marker of ['marker-internal', 'marker-note']) expect(all).toContain(marker);

  expect((await call(t, account.admin, 'DELETE', path)).status).toBe(200);
  expect((await call(t, account.admin, 'GET', `${theirs.url}/messages`)).body.payload.map((m: { content: string }) => m.content)).toEqual(['their-own-words', 'This message was deleted']);
  const { rows } = await t.database.asOwner((client) => client.query(`SELECT c.table_name FROM information_schema.columns c JOIN information_schema.tables b USING (table_schema, table_name)
    WHERE c.table_schema = 'public' AND c.column_name = 'account_id' AND b.table_type = 'BASE TABLE' AND c.table_name NOT IN ('idempotency_keys', 'events', 'labels')`));
  for (const { table_name: table } of rows as { table_name: string }[]) {
    const left = await t.app.get(SystemWork).sql(`SELECT FROM ${table} r WHERE account_id = $1 AND (r::text LIKE '%marker-%' OR r::text LIKE '%Marker Name%' OR r::text LIKE '%' || $2 || '%')`, [account.id, contact.email]);
    expect([table, left.length]).toEqual([table, 0]);
  }
});

test('a contact\'s conversations are shown to who sees their inboxes', async () => {
  const hidden = await makeInbox(t, account);
  const contact = await makeContact(t, account);
  await makeConversation(t, account, hidden, { sender: { sourceId: 'h', email: contact.email! } });
  const path = `/api/v1/accounts/${account.id}/contacts/${contact.id}/conversations`;
  expect((await call(t, agent, 'GET', path)).body.payload).toEqual([]);
  expect((await call(t, account.admin, 'GET', path)).body.payload).toHaveLength(1);
  const stranger = await makeAccount(t);
  expect((await call(t, stranger.admin, 'GET', `/api/v1/accounts/${stranger.id}/contacts/${contact.id}/conversations`)).status).toBe(404);
});

test('a deleted inbox is emptied in the background, and its people stay', async () => {
  const gone = await makeInbox(t, account, { members: [agent] });
  const own = await full(gone);
  const kept = await makeConversation(t, account, inbox);
  expect((await call(t, account.admin, 'DELETE', `/api/v1/accounts/${account.id}/inboxes/${gone.id}`)).status).toBe(200);
  expect((await call(t, account.admin, 'GET', own.url)).status).toBe(404);
  await t.app.get(EraseInboxes).run();
  expect(await left(own)).toEqual(nothing);
  expect(await t.app.get(SystemWork).sql('SELECT FROM inboxes WHERE id = $1 UNION ALL SELECT FROM contact_inboxes WHERE inbox_id = $1 UNION ALL SELECT FROM receipts WHERE inbox_id = $1', [gone.id])).toEqual([]);
  expect((await call(t, account.admin, 'GET', `/api/v1/accounts/${account.id}/contacts/${own.contactId}`)).status).toBe(200);
  expect((await call(t, account.admin, 'GET', kept.url)).status).toBe(200);
});
