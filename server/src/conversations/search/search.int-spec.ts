import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeConversation, makeMessage, type MadeConversation } from '../../../test/factories-conversations.js';
import { makeAgentIn, makeInbox } from '../../../test/factories-inboxes.js';
import { makeAccount, type AccountWithAdmin, type Person } from '../../../test/factories.js';
import { call, eventually } from '../../../test/http.js';
import { startTestApp, type TestApp } from '../../../test/test-app.js';

let t: TestApp;
let account: AccountWithAdmin;
let stranger: AccountWithAdmin;
let agent: Person;
let seen: MadeConversation;
let hidden: MadeConversation;

const path = (what: string, q: string, of = account): string => `/api/v1/accounts/${of.id}/search/${what}?q=${encodeURIComponent(q)}`;
const texts = async (who: Person, q: string, of = account): Promise<string[]> =>
  (await call(t, who, 'GET', path('messages', q, of))).body.payload.messages.map((m: { content: string }) => m.content);

beforeAll(async () => {
  t = await startTestApp();
  [account, stranger] = [await makeAccount(t), await makeAccount(t)];
  const [open, closed] = [await makeInbox(t, account), await makeInbox(t, account)];
  agent = await makeAgentIn(t, account, open);
  seen = await makeConversation(t, account, open, { content: 'We need baby food über the weekend', sender: { sourceId: 'grace', name: 'Grace Ñandú', email: 'grace@example.org' } });
  hidden = await makeConversation(t, account, closed, { content: 'Baby food for the twins, please', sender: { sourceId: 'tom', name: 'Tom Becker' } });
  await makeMessage(t, seen, account.admin, { content: 'secret shelf number', private: true });
  await makeConversation(t, stranger, await makeInbox(t, stranger), { content: 'baby food elsewhere' });
  await makeConversation(t, account, open, { content: '食料支援をお願いします' });
  await eventually('everything is indexed', async () => (await texts(account.admin, 'baby food')).length === 2 && (await texts(account.admin, '支援')).length === 1 && (await texts(account.admin, 'shelf')).length === 1);
});
afterAll(() => t.close());

test('finds messages by words, beginnings, without accents, and by pairs of characters', async () => {
  expect(await texts(agent, 'uber weekend')).toEqual(['We need baby food über the weekend']);
  expect(await texts(agent, 'WEEK')).toHaveLength(1);
  expect(await texts(agent, '食料')).toEqual(['食料支援をお願いします']);
  expect(await texts(agent, 'shelf')).toEqual(['secret shelf number']);
  for (const nothing of ['', '   ', `'`, '& | !', 'zzz', `'; DROP TABLE messages; --`]) expect(await texts(agent, nothing)).toEqual([]);
});

test('says where it matched, as data', async () => {
  const [hit] = (await call(t, agent, 'GET', path('messages', 'uber weekend'))).body.payload.messages;
  expect(hit.snippet).toEqual({ text: 'We need baby food über the weekend', highlights: [[18, 22], [27, 34]] });
});

test('agents find what is in their inboxes, accounts what is theirs', async () => {
  expect(await texts(agent, 'baby food')).toEqual(['We need baby food über the weekend']);
  expect(await texts(account.admin, 'twins')).toEqual(['Baby food for the twins, please']);
  expect(await texts(stranger.admin, 'baby', stranger)).toEqual(['baby food elsewhere']);
  expect((await call(t, agent, 'GET', path('messages', 'baby', stranger))).status).toBe(401);
});

test('finds conversations by person and number', async () => {
  const found = async (who: Person, q: string): Promise<number[]> => (await call(t, who, 'GET', path('conversations', q))).body.payload.conversations.map((c: { id: number }) => c.id);
  expect(await found(agent, 'nandu')).toEqual([seen.id]);
  expect(await found(agent, `#${seen.id}`)).toEqual([seen.id]);
  expect(await found(agent, 'becker')).toEqual([]);
  expect(await found(account.admin, 'becker')).toEqual([hidden.id]);
});

test('lists take a search too', async () => {
  const list = async (who: Person, query: string): Promise<{ ids: number[]; count: number }> => {
    const { data } = (await call(t, who, 'GET', `/api/v1/accounts/${account.id}/conversations?${query}`)).body;
    return { ids: data.payload.map((c: { id: number }) => c.id), count: data.meta.all_count };
  };
  expect(await list(account.admin, 'q=baby+food')).toEqual({ ids: [seen.id, hidden.id], count: 2 });
  expect(await list(agent, 'q=baby+food')).toEqual({ ids: [seen.id], count: 1 });
  expect(await list(agent, 'q=nandu')).toEqual({ ids: [seen.id], count: 1 });
  expect(await list(agent, 'q=zzz')).toEqual({ ids: [], count: 0 });
  const search = (who: Person, q: string) => call(t, who, 'GET', `/api/v1/accounts/${account.id}/conversations/search?q=${q}`);
  expect((await search(agent, 'baby')).body).toMatchObject({ meta: { all_count: 1 }, payload: [{ id: seen.id }] });
  expect((await search(agent, '')).body.attributes).toEqual(['q']);
  expect((await call(t, stranger.admin, 'GET', `/api/v1/accounts/${stranger.id}/conversations/search?q=twins`)).body.payload).toEqual([]);
});

test('finds people, and everything at once', async () => {
  const { body } = await call(t, agent, 'GET', path('contacts', 'grace@'));
  expect(body.payload.contacts.map((c: { name: string }) => c.name)).toEqual(['Grace Ñandú']);
  const all = (await call(t, agent, 'GET', `/api/v1/accounts/${account.id}/search?q=grace`)).body.payload;
  expect([all.contacts.length, all.conversations.length, all.messages.length]).toEqual([1, 1, 0]);
});

test('bad input is refused with its field', async () => {
  for (const q of ['x'.repeat(201), 'a\u0000b']) expect((await call(t, agent, 'GET', path('messages', q))).body.attributes).toEqual(['q']);
  expect((await call(t, agent, 'GET', `${path('messages', 'a')}&page=-1`)).status).toBe(422);
  expect((await call(t, null, 'GET', path('messages', 'a'))).status).toBe(401);
});
