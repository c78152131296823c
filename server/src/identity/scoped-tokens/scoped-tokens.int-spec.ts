import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeInbox } from '../../../test/factories-inboxes.js';
import { makeAccount, makeMember, type AccountWithAdmin, type Person } from '../../../test/factories.js';
import { call } from '../../../test/http.js';
import { agentSocket } from '../../../test/sockets.js';
import { startTestApp, type TestApp } from '../../../test/test-app.js';

const DAY = 86_400_000;
let t: TestApp;
let account: AccountWithAdmin;
let agent: Person;
beforeAll(async () => {
  t = await startTestApp();
  account = await makeAccount(t);
  agent = await makeMember(t, account.id);
});
afterAll(() => t.close());

const url = (path = ''): string => `/api/v1/accounts/${account.id}${path}`;
const make = (who: Person, body: object) => call(t, who, 'POST', url('/scoped_tokens'), { name: 'Sheet', ...body });
const holderOf = (owner: Person, token: string): Person => ({ ...owner, token, headers: { api_access_token: token } });

test('a token is shown once, opens its part of the account, and is stored as a hash', async () => {
  const made = await make(account.admin, { scopes: ['contacts:write', 'reports:read'], expires_in_days: 30 });
  expect(made.body).toMatchObject({ name: 'Sheet', scopes: ['contacts:write', 'reports:read'], is_expired: false, last_used_at: null, user: { id: account.admin.id } });
  const program = holderOf(account.admin, made.body.token);
  expect((await call(t, program, 'POST', url('/contacts'), { name: 'Ana', email: 'ana@tokens.example' })).status).toBe(200);
  // Writing includes reading, and a filter only looks.
  expect((await call(t, program, 'GET', url('/contacts'))).status).toBe(200);
  const refused = await call(t, program, 'GET', url('/conversations'));
  expect([refused.status, refused.body.error_code, refused.body.scope]).toEqual([403, 'insufficient_scope', 'conversations:read']);
  expect((await call(t, program, 'POST', url('/scoped_tokens'), { name: 'More', scopes: ['settings:write'] })).status).toBe(403);
  expect((await call(t, program, 'POST', '/api/v1/profile/reset_access_token')).status).toBe(403);
  const other = await makeAccount(t);
  await makeMember(t, other.id, 'administrator', account.admin);
  expect((await call(t, program, 'GET', `/api/v1/accounts/${other.id}/contacts`)).status).toBe(401);
  // Whose it is, it may ask; what would open more is left out.
  const profile = (await call(t, program, 'GET', '/api/v1/profile')).body;
  expect([profile.id, profile.pubsub_token, profile.accounts.map((a: { id: number }) => a.id)]).toEqual([account.admin.id, '', [account.id]]);
  await expect(agentSocket(t, program, account.id)).rejects.toThrow();
  const [shown] = (await call(t, account.admin, 'GET', url('/scoped_tokens'))).body.payload;
  expect(shown).toMatchObject({ id: made.body.id, hint: made.body.token.slice(-4) });
  expect(shown.last_used_at).not.toBeNull();
  expect(JSON.stringify(shown)).not.toContain(made.body.token);
  const { rows } = await t.database.asOwner((client) => client.query('SELECT to_jsonb(s)::text AS row FROM scoped_tokens s'));
  expect(rows[0].row).not.toContain(made.body.token);
});

test('bulk actions want the scope of what they change', async () => {
  const ids = [(await call(t, account.admin, 'POST', url('/contacts'), { name: 'Bulk' })).body.payload.contact.id as number];
  const asked: [string, object][] = [['/bulk_actions', { type: 'Contact', ids, action_name: 'delete' }], ['/contacts/bulk_labels', { ids, add: ['vip'] }], ['/bulk_actions', { type: 'Conversation', ids: [1], fields: { status: 'open' } }]];
  const answersTo = async (scope: string) => {
    const program = holderOf(account.admin, (await make(account.admin, { scopes: [scope] })).body.token);
    return Promise.all(asked.map(async ([path, body]) => (await call(t, program, 'POST', url(path), body)).status));
  };
  expect([await answersTo('contacts:read'), await answersTo('conversations:write')]).toEqual([[403, 403, 403], [403, 403, 200]]);
  expect((await call(t, account.admin, 'GET', url(`/contacts/${ids[0]}`))).body.payload.labels).toEqual([]);
  expect(await answersTo('contacts:write')).toEqual([200, expect.any(Number), 403]);
});

test('a token shows no secrets, whatever it may read', async () => {
  const inbox = await makeInbox(t, account);
  const bot = (await call(t, account.admin, 'POST', url('/agent_bots'), { name: 'Robin' })).body;
  await call(t, account.admin, 'POST', url('/webhooks'), { url: 'https://hooks.example/tokens' });
  const program = holderOf(account.admin, (await make(account.admin, { scopes: ['settings:write', 'conversations:write'] })).body.token);
  const seen = [await call(t, program, 'GET', url(`/inboxes/${inbox.id}`)), await call(t, program, 'GET', url('/agent_bots')), await call(t, program, 'GET', url('/webhooks'))];
  expect(seen.map(({ status }) => status)).toEqual([200, 200, 200]);
  const text = JSON.stringify(seen.map(({ body }) => body));
  expect(text).not.toContain(bot.access_token);
  expect(text).not.toContain('whsec_');
});

test('it ends when its time is over, when it is ended, and when its owner goes', async () => {
  const [short, ended, left] = await Promise.all([
    make(agent, { scopes: ['conversations:read'], expires_in_days: 1 }), make(agent, { scopes: ['conversations:read'] }), make(agent, { scopes: ['conversations:read'] }),
  ]);
  const works = async (made: { body: { token: string } }) => (await call(t, holderOf(agent, made.body.token), 'GET', url('/conversations'))).status;
  expect([await works(short), await works(ended), await works(left)]).toEqual([200, 200, 200]);
  t.clock.advance(DAY + 1_000);
  expect(await works(short)).toBe(401);
  const list = async (who: Person) => (await call(t, who, 'GET', url('/scoped_tokens'))).body.payload as { id: number; is_expired: boolean; user: { id: number } }[];
  expect((await list(agent)).every(({ user }) => user.id === agent.id)).toBe(true);
  expect((await list(agent)).find(({ id }) => id === short.body.id)?.is_expired).toBe(true);
  // Administrators see everybody's and end any; others do not even find them.
  const foreign = (await list(account.admin)).find(({ user }) => user.id === account.admin.id)!;
  expect((await call(t, agent, 'DELETE', url(`/scoped_tokens/${foreign.id}`))).status).toBe(404);
  expect((await call(t, account.admin, 'DELETE', url(`/scoped_tokens/${ended.body.id}`))).status).toBe(200);
  expect(await works(ended)).toBe(401);
  expect((await call(t, account.admin, 'DELETE', url(`/agents/${agent.id}`))).status).toBe(200);
  expect(await works(left)).toBe(401);
});

test.each([[{ scopes: [] }, 'scopes'], [{ scopes: ['everything'] }, 'scopes.0'], [{ scopes: ['contacts:read'], name: '' }, 'name'], [{ scopes: ['contacts:read'], expires_in_days: 0 }, 'expires_in_days']])('%j is refused by field', async (body, field) => {
  const answer = await make(account.admin, body);
  expect([answer.status, answer.body.attributes]).toEqual([422, [field]]);
});
