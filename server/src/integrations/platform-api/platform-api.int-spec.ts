import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { makeConversation } from '../../../test/factories-conversations.js';
import { makeInbox } from '../../../test/factories-inboxes.js';
import { makePlatformApp } from '../../../test/factories-machines.js';
import { makeAccount, makeMember, unique, type Person } from '../../../test/factories.js';
import { call, eventually } from '../../../test/http.js';
import { startTestApp, type TestApp, WITHOUT_SCHEDULE } from '../../../test/test-app.js';
import { EraseInboxes } from '../../conversations/erasure/erase-inboxes.job.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { EraseAccounts } from './erase-accounts.job.js';

let t: TestApp;
let app: Person;
let other: Person;
beforeAll(async () => {
  t = await startTestApp(WITHOUT_SCHEDULE);
  [app, other] = [await makePlatformApp(t), await makePlatformApp(t)];
});
afterAll(() => t.close());
const P = '/platform/api/v1';
const PASSWORD = 'a lantern over the quiet harbour';
const ask = (method: string, path: string, body?: unknown, who: Person | null = app) => call(t, who, method, P + path, body);
const account = async (): Promise<number> => (await ask('POST', '/accounts', { name: `Org ${unique()}` })).body.id;
const person = async (): Promise<{ id: number; email: string; access_token: string }> => (await ask('POST', '/users', { name: 'Ada', email: `ada-${unique()}@example.org`, password: PASSWORD })).body;

test('an app makes an account and a person, who signs in by a link', async () => {
  const made = await ask('POST', '/accounts', { name: 'Tafel', locale: 'de', limits: { agents: 5 }, custom_attributes: { plan: 'free' } });
  expect(made.body).toMatchObject({ name: 'Tafel', locale: 'de', status: 'active', limits: { agents: 5 }, custom_attributes: { plan: 'free' }, domain: null, features: {} });
  const ada = await person();
  expect(ada).toMatchObject({ name: 'Ada', accounts: [], access_token: expect.stringMatching(/^plt_/) });
  expect((await ask('POST', `/accounts/${made.body.id}/account_users`, { user_id: ada.id, role: 'agent' })).body).toEqual({ account_id: made.body.id, user_id: ada.id, role: 'agent' });
  expect((await ask('GET', `/accounts/${made.body.id}/account_users`)).body).toEqual([{ account_id: made.body.id, user_id: ada.id, role: 'agent' }]);
  expect((await call(t, null, 'GET', `/api/v1/accounts/${made.body.id}`, undefined, { api_access_token: ada.access_token })).body).toMatchObject({ name: 'Tafel' });

  const { url } = (await ask('GET', `/users/${ada.id}/login`)).body;
  const link = new URL(url);
  const signIn = { email: link.searchParams.get('email'), sso_auth_token: link.searchParams.get('sso_auth_token') };
  expect((await call(t, null, 'POST', '/auth/sign_in', { ...signIn, email: 'other@example.org' })).status).toBe(401);
  const signedIn = await call(t, null, 'POST', '/auth/sign_in', signIn);
  expect([signedIn.status, signedIn.body.data.email, signedIn.headers.get('access-token')]).toEqual([200, ada.email, expect.any(String)]);
  expect((await call(t, null, 'POST', '/auth/sign_in', signIn)).status).toBe(401);
  expect((await call(t, null, 'POST', '/auth/sign_in', { email: ada.email, password: PASSWORD })).status).toBe(200);
});

test('a token for somebody the app made works in their name; older ones end, and all of them with a new one of their own', async () => {
  const [id, ada] = [await account(), await person()];
  await ask('POST', `/accounts/${id}/account_users`, { user_id: ada.id, role: 'agent' });
  const works = async (token: string): Promise<number> => (await call(t, null, 'GET', '/api/v1/profile', undefined, { api_access_token: token })).status;
  const tokens: string[] = [];
  for (let n = 0; n < 6; n++) {
    const made = await ask('POST', `/users/${ada.id}/token`);
    expect([made.status, made.body]).toMatchObject([200, { access_token: expect.stringMatching(/^plt_/), expiry: null, user: { id: ada.id, access_token: made.body.access_token } }]);
    tokens.push(made.body.access_token as string);
  }
  expect(await Promise.all([ada.access_token, ...tokens].map(works))).toEqual([200, 401, 200, 200, 200, 200, 200]);
  const own = await call(t, null, 'POST', '/api/v1/profile/reset_access_token', {}, { api_access_token: ada.access_token });
  expect([own.status, await works(own.body.access_token as string), await works(tokens[5]!)]).toEqual([200, 200, 401]);
  expect((await ask('POST', `/users/${ada.id}/token`, undefined, other)).status).toBe(401);
});

test('people are changed, joined twice, and removed', async () => {
  const [id, ada] = [await account(), await person()];
  expect((await ask('PATCH', `/users/${ada.id}`, { display_name: 'Countess', custom_attributes: { team: 'x' } })).body).toMatchObject({ display_name: 'Countess', custom_attributes: { team: 'x' } });
  await ask('POST', `/accounts/${id}/account_users`, { user_id: ada.id, role: 'agent' });
  expect((await ask('POST', `/accounts/${id}/account_users`, { user_id: ada.id, role: 'administrator' })).body).toMatchObject({ role: 'administrator' });
  expect((await ask('DELETE', `/accounts/${id}/account_users`, { user_id: ada.id })).status).toBe(200);
  expect((await ask('DELETE', `/accounts/${id}/account_users`, { user_id: ada.id })).status).toBe(200);
  // Who is named without a role joins as an agent, and keeps what they are; one may be named in the address too.
  expect((await ask('POST', `/accounts/${id}/account_users`, { user_id: ada.id })).body).toMatchObject({ role: 'agent' });
  await ask('POST', `/accounts/${id}/account_users`, { user_id: ada.id, role: 'administrator' });
  expect((await ask('POST', `/accounts/${id}/account_users`, { user_id: ada.id })).body).toMatchObject({ role: 'administrator' });
  expect((await ask('DELETE', `/accounts/${id}/account_users`)).status).toBe(422);
  expect((await ask('DELETE', `/accounts/${id}/account_users`, { user_id: (await makeAccount(t)).admin.id })).status).toBe(401);
  expect((await ask('DELETE', `/accounts/${id}/account_users?user_id=${ada.id}`)).status).toBe(200);
  expect((await ask('GET', `/accounts/${id}/account_users`)).body).toEqual([]);
  expect((await ask('PATCH', `/users/${ada.id}`, { custom_attributes: { plan: 'free' } })).body).toMatchObject({ custom_attributes: { team: 'x', plan: 'free' } });
  // An address that is known gives the person again to the app that made them, without their token.
  expect((await ask('POST', '/users', { name: 'Somebody', email: ada.email, password: PASSWORD })).body).toMatchObject({ id: ada.id, name: 'Ada', access_token: '', pubsub_token: expect.stringMatching(/./) });
  expect((await ask('DELETE', `/users/${ada.id}`)).status).toBe(200);
  expect((await ask('GET', `/users/${ada.id}`)).status).toBe(404);
});

test('the accounts of an app are listed, and no others', async () => {
  const mine = await makePlatformApp(t);
  const [first, second] = [await ask('POST', '/accounts', { name: 'First' }, mine), await ask('POST', '/accounts', { name: 'Second', status: 'suspended' }, mine)];
  await account();
  expect((await ask('GET', '/accounts', undefined, mine)).body).toEqual([first.body, second.body]);
  await ask('DELETE', `/accounts/${first.body.id}`, undefined, mine);
  expect((await ask('GET', '/accounts', undefined, mine)).body).toEqual([second.body]);
  expect((await ask('GET', '/accounts', undefined, null)).status).toBe(401);
});

test('what somebody had whom an app takes out, or away, is nobody\'s again, and colleagues hear of them', async () => {
  const id = await account();
  const [ada, bea] = [await person(), await person()];
  for (const { id: user } of [ada, bea]) await ask('POST', `/accounts/${id}/account_users`, { user_id: user, role: 'administrator' });
  const chief = await makeMember(t, id, 'administrator');
  const mine = { id, name: '', admin: chief };
  const inbox = await makeInbox(t, mine);
  const at = `/api/v1/accounts/${id}/conversations`;
  const held = async (by: { id: number }): Promise<number> => {
    const { id: displayId } = await makeConversation(t, mine, inbox);
    await call(t, chief, 'POST', `${at}/${displayId}/assignments`, { assignee_id: by.id });
    expect((await call(t, chief, 'GET', `${at}/${displayId}`)).body.meta.assignee).toMatchObject({ id: by.id });
    return displayId;
  };
  const [ofAda, ofBea] = [await held(ada), await held(bea)];
  const released = (displayId: number) => eventually('nobody has it', async () => (await call(t, chief, 'GET', `${at}/${displayId}`)).body.meta.assignee === undefined);
  await ask('PATCH', `/users/${ada.id}`, { name: 'Countess' });
  await ask('DELETE', `/accounts/${id}/account_users`, { user_id: ada.id });
  await ask('DELETE', `/users/${bea.id}`);
  await Promise.all([released(ofAda), released(ofBea)]);
  const { rows } = await t.database.asOwner((client) => client.query(`SELECT type, (payload->>'user_id')::int AS user_id FROM events WHERE account_id = $1 AND type LIKE 'agent.%' ORDER BY id`, [id]));
  expect(rows).toEqual([
    { type: 'agent.created', user_id: ada.id }, { type: 'agent.created', user_id: bea.id }, { type: 'agent.updated', user_id: ada.id }, { type: 'agent.deleted', user_id: ada.id }, { type: 'agent.deleted', user_id: bea.id },
  ]);
});

test('an app reaches what it made and nothing else', async () => {
  const [id, ada] = [await account(), await person()];
  const foreign = await makeAccount(t);
  for (const path of [`/accounts/${id}`, `/accounts/${id}/account_users`, `/users/${ada.id}`, `/users/${ada.id}/login`]) expect([path, (await ask('GET', path, undefined, other)).status]).toEqual([path, 401]);
  for (const [method, path] of [['PATCH', `/accounts/${foreign.id}`], ['DELETE', `/accounts/${foreign.id}`], ['DELETE', `/users/${foreign.admin.id}`]]) expect((await ask(method!, path!, {})).status).toBe(401);
  expect((await ask('POST', `/accounts/${id}/account_users`, { user_id: foreign.admin.id, role: 'agent' })).status).toBe(401);
  expect((await ask('POST', '/agent_bots', { name: 'Spy', account_id: foreign.id })).status).toBe(401);
  for (const who of [null, foreign.admin]) expect((await ask('POST', '/accounts', { name: 'x' }, who)).status).toBe(401);
  // Its token opens nothing but the platform.
  expect((await call(t, app, 'GET', `/api/v1/accounts/${id}`)).status).toBe(401);
});

test('somebody who was there before is named, may be added to an account of the app, and stays their own', async () => {
  const foreign = await makeAccount(t);
  const { id: herId, email } = (await call(t, foreign.admin, 'GET', '/api/v1/profile')).body;
  const named = await ask('POST', '/users', { name: 'Taken', email, password: PASSWORD, custom_attributes: { plan: 'mine' } });
  expect([named.status, named.body]).toMatchObject([200, { id: herId, email, access_token: '', pubsub_token: '', account_id: null, role: null, accounts: [], type: null, message_signature: null, ui_settings: {} }]);
  expect(named.body.custom_attributes).toBeUndefined();
  // Asking again, by this app or another, changes nothing.
  expect((await ask('POST', '/users', { name: 'Taken', email })).body).toEqual(named.body);
  const id = await account();
  const refused = async (): Promise<void> => {
    const chain: [string, string, unknown?][] = [['GET', ''], ['PATCH', '', { email: `mine-${unique()}@example.org` }], ['PATCH', '', { password: PASSWORD }], ['GET', '/login'], ['DELETE', '']];
    for (const [method, rest, body] of chain) expect([method, rest, (await ask(method, `/users/${herId}${rest}`, body)).status]).toEqual([method, rest, 401]);
  };
  await refused();
  expect((await ask('POST', `/accounts/${id}/account_users`, { user_id: herId, role: 'agent' }, other)).status).toBe(401);
  expect((await ask('POST', `/accounts/${id}/account_users`, { user_id: herId, role: 'agent' })).body).toMatchObject({ user_id: herId, role: 'agent' });
  await refused();
  expect((await call(t, null, 'POST', '/auth/sign_in', { email, password: PASSWORD })).status).toBe(401);
  expect((await call(t, foreign.admin, 'GET', '/api/v1/profile')).body).toMatchObject({ id: herId, email, name: expect.not.stringMatching('Taken') });
});

test('bots for one account or for all', async () => {
  const id = await account();
  const own = await ask('POST', '/agent_bots', { name: 'Own', account_id: id, outgoing_url: 'https://bots.example/own' });
  expect(own.body).toMatchObject({ name: 'Own', account_id: id, access_token: expect.stringMatching(/^plb_/) });
  const shared = await ask('POST', '/agent_bots', { name: 'Shared' });
  expect(shared.body.account_id).toBeNull();
  expect((await ask('GET', '/agent_bots')).body.map((b: { name: string }) => b.name)).toEqual(['Own', 'Shared']);
  expect((await ask('PATCH', `/agent_bots/${shared.body.id}`, { description: 'Helps' })).body).toMatchObject({ description: 'Helps' });
  expect((await ask('PATCH', `/agent_bots/${own.body.id}`, { name: 'Own', account_id: id })).body).toMatchObject({ account_id: id });
  expect((await ask('PATCH', `/agent_bots/${own.body.id}`, { account_id: await account() })).body).toMatchObject({ attributes: ['account_id'] });
  const anybody = await makeAccount(t);
  const seen = (await call(t, anybody.admin, 'GET', `/api/v1/accounts/${anybody.id}/agent_bots`)).body;
  expect(seen).toMatchObject([{ id: shared.body.id, system_bot: true }]);
  expect(seen[0].access_token).toBeUndefined();
  expect((await call(t, anybody.admin, 'PATCH', `/api/v1/accounts/${anybody.id}/agent_bots/${shared.body.id}`, { name: 'Mine' })).status).toBe(404);
  const face = new FormData();
  face.append('avatar', new Blob([Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')], { type: 'image/gif' }), 'shared.gif');
  expect((await ask('PATCH', `/agent_bots/${shared.body.id}`, face)).body).toMatchObject({ description: 'Helps' });
  const shown = (await call(t, anybody.admin, 'GET', `/api/v1/accounts/${anybody.id}/agent_bots/${shared.body.id}`)).body.thumbnail;
  expect((await fetch(shown)).status).toBe(200);
  expect((await ask('GET', `/agent_bots/${shared.body.id}`, undefined, other)).status).toBe(401);
  expect((await ask('DELETE', `/agent_bots/${shared.body.id}`)).status).toBe(200);
});

test('a deleted account is closed at once and erased soon', async () => {
  const [id, ada] = [await account(), await person()];
  await ask('POST', `/accounts/${id}/account_users`, { user_id: ada.id, role: 'agent' });
  await ask('POST', '/agent_bots', { name: 'Bot', account_id: id, outgoing_url: 'https://bots.example/x' });
  expect((await ask('DELETE', `/accounts/${id}`)).status).toBe(200);
  expect((await call(t, null, 'GET', `/api/v1/accounts/${id}`, undefined, { api_access_token: ada.access_token })).status).toBe(404);
  expect((await ask('GET', `/accounts/${id}`)).status).toBe(404);
  await t.app.get(EraseAccounts).run();
  const { rows } = await t.database.asOwner((client) => client.query(
    'SELECT (SELECT count(*)::int FROM accounts WHERE id = $1) AS accounts, (SELECT count(*)::int FROM account_users WHERE account_id = $1) AS members, (SELECT count(*)::int FROM agent_bots WHERE account_id = $1) AS bots', [id]));
  expect(rows).toEqual([{ accounts: 0, members: 0, bots: 0 }]);
});

test('no file of a deleted account is left', async () => {
  const id = await account();
  const chief = await makeMember(t, id, 'administrator');
  const inbox = await makeInbox(t, { id, name: '', admin: chief });
  const conversation = await makeConversation(t, { id, name: '', admin: chief }, inbox);
  const at = `/api/v1/accounts/${id}`;
  const gif = () => new Blob([Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')], { type: 'image/gif' });
  const send = async (method: string, path: string, field: string): Promise<void> => {
    const form = new FormData();
    form.append(field, gif(), 'dot.gif');
    form.append('name', 'Somebody');
    form.append('content', 'Look');
    expect([path, (await call(t, chief, method, at + path, form)).status]).toEqual([path, 200]);
  };
  await send('POST', '/contacts', 'avatar');
  await send('PATCH', `/inboxes/${inbox.id}`, 'avatar');
  await send('POST', '/agent_bots', 'avatar');
  await send('POST', `/conversations/${conversation.id}/messages`, 'attachments[]');
  const folder = join(t.app.get<Config>(CONFIG).DATA_DIR, 'files', String(id));
  const files = async (): Promise<string[]> => (await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => [])).filter((entry) => entry.isFile()).map((entry) => entry.name);
  expect((await files()).length).toBeGreaterThanOrEqual(4);
  await ask('DELETE', `/accounts/${id}`);
  for (const job of [EraseAccounts, EraseInboxes, EraseAccounts]) await t.app.get<{ run(): Promise<void> }>(job).run();
  expect(await files()).toEqual([]);
  const { rows } = await t.database.asOwner((client) => client.query('SELECT id FROM accounts WHERE id = $1', [id]));
  expect(rows).toEqual([]);
});
