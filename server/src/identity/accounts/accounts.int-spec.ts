import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeAccount, makeMember, type AccountWithAdmin, type Person } from '../../../test/factories.js';
import { call } from '../../../test/http.js';
import { startTestApp, type TestApp } from '../../../test/test-app.js';

let t: TestApp;
let account: AccountWithAdmin;
let agent: Person;
beforeAll(async () => {
  t = await startTestApp();
  account = await makeAccount(t, 'Tafel');
  agent = await makeMember(t, account.id);
});
afterAll(() => t.close());

test('a member sees the account', async () => {
  const answer = await call(t, agent, 'GET', `/api/v1/accounts/${account.id}`);
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({ id: account.id, name: 'Tafel', locale: 'en', timezone: 'UTC', domain: null, support_email: null, status: 'active', settings: {}, latest_chatwoot_version: null });
  expect(new Date(answer.body.created_at).getTime()).not.toBeNaN();
});

test('its cache keys change with what they stand for', async () => {
  const url = `/api/v1/accounts/${account.id}`;
  const keys = async () => (await call(t, agent, 'GET', `${url}/cache_keys`)).body.cache_keys as Record<string, string>;
  const before = await keys();
  expect((await call(t, agent, 'GET', url)).body.cache_keys).toEqual(before);
  const label = await call(t, account.admin, 'POST', `${url}/labels`, { title: 'parcels' });
  const made = await keys();
  expect([made['label'] === before['label'], made['inbox'], made['team']]).toEqual([false, before['inbox'], before['team']]);
  await call(t, account.admin, 'DELETE', `${url}/labels/${label.body.id}`);
  expect((await keys())['label']).not.toBe(made['label']);
});

test('foreign and unknown accounts are 404 alike', async () => {
  const foreign = await makeAccount(t);
  for (const id of [foreign.id, 999_999_999, 'x']) expect((await call(t, agent, 'GET', `/api/v1/accounts/${id}`)).status).toBe(404);
  expect((await call(t, null, 'GET', `/api/v1/accounts/${account.id}`)).status).toBe(401);
});

test('an administrator changes it; what is not given stays', async () => {
  const patch = (body: object) => call(t, account.admin, 'PATCH', `/api/v1/accounts/${account.id}`, body);
  const first = await patch({ account: { name: 'Die Tafel', timezone: 'Europe/Berlin', locale: 'de', support_email: 'Help@Tafel.example', auto_resolve_after: 60, industry: 'food' } });
  expect(first.body).toMatchObject({ name: 'Die Tafel', timezone: 'Europe/Berlin', locale: 'de', support_email: 'help@tafel.example', settings: { auto_resolve_after: 60 }, custom_attributes: { industry: 'food' } });
  const second = await patch({ auto_resolve_after: null, auto_resolve_message: 'Bye', support_email: '' });
  expect(second.body).toMatchObject({ name: 'Die Tafel', settings: { auto_resolve_message: 'Bye' }, support_email: null, custom_attributes: { industry: 'food' } });
  const { rows } = await t.database.asOwner((client) => client.query(`SELECT actor_id FROM events WHERE account_id = $1 AND type = 'account.updated'`, [account.id]));
  expect(rows).toEqual([{ actor_id: account.admin.id }, { actor_id: account.admin.id }]);
});

test.each([
  [{ name: '' }, 'name'], [{ name: 'x'.repeat(256) }, 'name'], [{ timezone: 'Mars/Olympus' }, 'timezone'], [{ locale: 'english' }, 'locale'], [{ locale: 'zz' }, 'locale'], [{ support_email: 'nobody' }, 'support_email'],
  [{ domain: 'not a domain' }, 'domain'], [{ auto_resolve_after: 'soon' }, 'auto_resolve_after'], [{ auto_resolve_message: 'a\u0000' }, 'auto_resolve_message'],
])('bad input %j is refused', async (body, attribute) => {
  const answer = await call(t, account.admin, 'PATCH', `/api/v1/accounts/${account.id}`, body);
  expect([answer.status, answer.body.attributes]).toEqual([422, [attribute]]);
});

test('agents and strangers do not change it', async () => {
  const stranger = (await makeAccount(t)).admin;
  for (const who of [agent, stranger, null]) expect((await call(t, who, 'PATCH', `/api/v1/accounts/${account.id}`, { name: 'Mine' })).status).toBe(401);
});
