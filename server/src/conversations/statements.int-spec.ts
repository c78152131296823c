import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { requestStatements, statementsOf } from '../../test/count-statements.js';
import { makeAccount, type AccountWithAdmin, type Person } from '../../test/factories.js';
import { inbound, ingest, makeConversation, makeMessage } from '../../test/factories-conversations.js';
import { makeAgentIn, makeInbox, type MadeInbox } from '../../test/factories-inboxes.js';
import { call } from '../../test/http.js';
import { startTestApp, type TestApp } from '../../test/test-app.js';
import { makeWebChat, openBrowser } from '../../test/widget.js';
import { SystemWork } from '../platform/database/unit-of-work.js';

let t: TestApp;
let account: AccountWithAdmin;
let inbox: MadeInbox;
let agent: Person;
beforeAll(async () => {
  // Without relay and jobs, so that every statement is the request's own.
  t = await startTestApp({ PROCESS_ROLES: 'api' });
  account = await makeAccount(t);
  inbox = await makeInbox(t, account, { type: 'test_worker' });
  agent = await makeAgentIn(t, account, inbox);
  for (let i = 0; i < 30; i++) await makeConversation(t, account, inbox);
});
afterAll(() => t.close());

const cost = async (method: string, path: string, body?: object, who = agent): Promise<number> => {
  let status = 0;
  const statements = await requestStatements(async () => { status = (await call(t, who, method, `/api/v1/accounts/${account.id}/${path}`, body)).status; });
  expect(status).toBe(200);
  return statements.length;
};

test('a page of the list: inboxes, page, counts, messages', async () => {
  expect(await cost('GET', 'conversations')).toBe(4);
  expect(await cost('GET', 'conversations?status=all&sort_by=waiting_since', undefined, account.admin)).toBe(4);
});
test('the numbers on the tabs: inboxes, counts', async () => expect(await cost('GET', 'conversations/meta')).toBe(2));
test('a thread: conversation, messages', async () => expect(await cost('GET', 'conversations/1/messages')).toBe(2));
test('a conversation: itself, messages', async () => expect(await cost('GET', 'conversations/1')).toBe(2));
test('a reply', async () => expect(await cost('POST', 'conversations/1/messages', { content: 'counted', echo_id: 'e-1' })).toBe(6));
test('a note', async () => expect(await cost('POST', 'conversations/1/messages', { content: 'counted', private: true })).toBe(5));

test('a message from outside', async () => {
  const message = inbound({ sender: { sourceId: 'counted', email: 'counted@example.org' } });
  expect((await statementsOf(() => ingest(t, account, inbox, message))).length).toBe(12);
  expect((await statementsOf(() => ingest(t, account, inbox, { ...message, externalId: 'counted-2' }))).length).toBe(7);
});

describe('no more for thirty rows than for one', () => {
  let one: AccountWithAdmin;
  beforeAll(async () => {
    one = await makeAccount(t);
    await makeConversation(t, one, await makeInbox(t, one, { type: 'test_worker' }), { content: 'Where is the parcel?' });
    const [first] = await Promise.all([makeConversation(t, account, inbox, { content: 'Where is the parcel?' }), ...Array.from({ length: 29 }, () => makeConversation(t, account, inbox, { content: 'Where is the parcel?' }))]);
    for (let i = 0; i < 30; i++) await makeMessage(t, first, account.admin);
    for (const { id, admin } of [one, account]) {
      await t.app.get(SystemWork).sql('INSERT INTO notifications (account_id, user_id, conversation_id, kind, created_at, last_activity_at) SELECT $1, $2, id, 1, now(), now() FROM conversations WHERE account_id = $1', [id, admin.id]);
      await t.app.get(SystemWork).sql(`UPDATE contacts SET email = id || '@example.org' WHERE account_id = $1`, [id]);
    }
  });
  const counted = async (of: AccountWithAdmin, method: string, path: string, body?: object): Promise<number> => {
    let status = 0;
    const statements = await requestStatements(async () => { status = (await call(t, of.admin, method, `/api/v1/accounts/${of.id}/${path}`, body)).status; });
    expect(status).toBe(200);
    return statements.length;
  };
  const open = { payload: [{ attribute_key: 'status', filter_operator: 'equal_to', values: ['open'], query_operator: null }] };
  const called = { payload: [{ attribute_key: 'name', filter_operator: 'contains', values: ['visitor'], query_operator: null }] };

  test.each([
    ['the list of conversations', 'GET', 'conversations', undefined], ['a filter of conversations', 'POST', 'conversations/filter', open], ['the list of contacts', 'GET', 'contacts', undefined],
    ['a search for contacts', 'GET', 'contacts/search?q=visitor', undefined], ['a filter of contacts', 'POST', 'contacts/filter', called], ['a search in messages', 'GET', 'search/messages?q=parcel', undefined],
    ['a search for conversations', 'GET', 'conversations?q=visitor', undefined], ['notifications', 'GET', 'notifications', undefined], ['older messages', 'GET', 'conversations/1/messages?before=2000000000', undefined],
    ['the numbers on the tabs', 'GET', 'conversations/meta', undefined],
  ])('%s', async (_name, method, path, body) => {
    const [few, many] = [await counted(one, method, path, body), await counted(account, method, path, body)];
    // A page that is not full may ask once more whether there are others.
    expect([many <= few, many > 0, few <= 8]).toEqual([true, true, true]);
  });

  test('what a visitor writes, the first time and later, by the chat and by a program', async () => {
    const costs = async (write: () => Promise<unknown>): Promise<number> => (await requestStatements(write)).length;
    const chat = await makeWebChat(t, account);
    const browser = await openBrowser(t, chat);
    const says = () => costs(async () => expect((await browser.call('POST', 'messages', { message: { content: 'Hello' } })).status).toBe(200));
    const first = await says();
    const later = [await says(), await says(), await says()];
    expect([new Set(later).size, later[0]! <= first, first <= 17]).toEqual([1, true, true]);
    expect(later[0]).toBeLessThanOrEqual(14);

    const api = await makeInbox(t, account, { type: 'api' });
    const at = `/public/api/v1/inboxes/${api.inbox_identifier}/contacts`;
    const { source_id: source } = (await call(t, null, 'POST', at, { name: 'Ada' })).body;
    const { id } = (await call(t, null, 'POST', `${at}/${source}/conversations`, {})).body;
    const posts = () => costs(async () => expect((await call(t, null, 'POST', `${at}/${source}/conversations/${id}/messages`, { content: 'Hello' })).status).toBe(200));
    await posts();
    const posted = [await posts(), await posts(), await posts()];
    expect([new Set(posted).size, posted[0]! <= 13, posted[0]! > 0]).toEqual([1, true, true]);
  });
});
