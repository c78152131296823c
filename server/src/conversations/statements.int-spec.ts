import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { requestStatements, statementsOf } from '../../test/count-statements.js';
import { makeAccount, type AccountWithAdmin, type Person } from '../../test/factories.js';
import { inbound, ingest, makeConversation } from '../../test/factories-conversations.js';
import { makeAgentIn, makeInbox, type MadeInbox } from '../../test/factories-inboxes.js';
import { call } from '../../test/http.js';
import { startTestApp, type TestApp } from '../../test/test-app.js';

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
