import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { givePassword, makeAccount, makeMember, signIn, type AccountWithAdmin, type Person } from '../../../test/factories.js';
import { call } from '../../../test/http.js';
import { startTestApp, type TestApp } from '../../../test/test-app.js';
import { KeepIdentityTables } from '../keep-identity-tables.job.js';
import { SessionRevocations, type Revocation } from '../sessions/session-revocations.js';
import { Authenticator } from './authenticator.service.js';

let t: TestApp;
let account: AccountWithAdmin;
let agent: Person;
let authenticator: Authenticator;
beforeAll(async () => {
  t = await startTestApp();
  account = await makeAccount(t);
  agent = await makeMember(t, account.id);
  authenticator = t.app.get(Authenticator);
});
afterAll(() => t.close());

describe('a socket\'s handshake', () => {
  test('is proven by cookie or token, and by nothing else', async () => {
    const browser = await signIn(t, agent);
    expect(await authenticator.authenticateHandshake({ cookieHeader: `other=1; ${browser.cookie}` }))
      .toEqual({ kind: 'user', userId: agent.id, proof: 'cookie', sessionId: browser.sessionId, provedAt: expect.any(Date), mfaSetupRequired: false });
    expect(await authenticator.authenticateHandshake({ auth: { api_access_token: agent.token } })).toMatchObject({ userId: agent.id, proof: 'api_access_token', tokenId: expect.any(Number) });
    await expect(authenticator.authenticateHandshake({ auth: { api_access_token: 'wrong' } })).rejects.toThrow('Invalid Access Token');
    for (const nothing of [{}, { cookieHeader: 'porchlight_session=x' }, { cookieHeader: 'garbage' }, { auth: { access_token: 'x', client: 'y', uid: agent.email } }, { auth: { api_access_token: { $ne: 1 } } }]) {
      expect(await authenticator.authenticateHandshake(nothing)).toBeUndefined();
    }
  });

  test('is proven by session headers', async () => {
    const person = await makeMember(t, account.id);
    await givePassword(t, person);
    const { headers } = await call(t, null, 'POST', '/auth/sign_in', { email: person.email, password: 'lantern over the quiet harbour' });
    const auth = { access_token: headers.get('access-token'), client: headers.get('client'), uid: headers.get('uid') };
    expect(await authenticator.authenticateHandshake({ auth })).toMatchObject({ userId: person.id, proof: 'session_headers' });
    expect(await authenticator.authenticateHandshake({ auth: { ...auth, client: 'other' } })).toBeUndefined();
  });
});

describe('while sockets are open', () => {
  test('an API token is read in both spellings of its header', async () => {
    for (const name of ['api_access_token', 'api-access-token']) {
      expect(await call(t, null, 'GET', '/api/v1/profile', undefined, { [name]: account.admin.token })).toMatchObject({ status: 200, body: { email: account.admin.email } });
      expect((await call(t, null, 'GET', '/api/v1/profile', undefined, { [name]: 'wrong' })).status).toBe(401);
    }
  });

  test('revoked sessions, replaced tokens and changed roles are told at once and found by asking', async () => {
    const person = await makeMember(t, account.id);
    const [kept, ended] = [await signIn(t, person), await signIn(t, person)];
    const told: Revocation[] = [];
    const stop = t.app.get(SessionRevocations).onRevoked((revocation) => told.push(revocation));
    await call(t, kept, 'DELETE', `/api/v1/profile/sessions/${ended.sessionId}`);
    expect(await authenticator.stillValid([kept.sessionId, ended.sessionId, 999_999_999])).toEqual(new Set([kept.sessionId]));
    const { tokenId } = (await authenticator.authenticateHandshake({ auth: { api_access_token: (await call(t, kept, 'POST', '/api/v1/profile/reset_access_token')).body.access_token } }))!;
    expect(await authenticator.tokensStillValid([tokenId!])).toEqual(new Set([tokenId]));
    await call(t, kept, 'POST', '/api/v1/profile/reset_access_token');
    expect(await authenticator.tokensStillValid([tokenId!])).toEqual(new Set());
    await call(t, account.admin, 'PATCH', `/api/v1/accounts/${account.id}/agents/${person.id}`, { role: 'administrator' });
    expect((await authenticator.membershipsOf([person.id])).get(person.id)).toEqual(new Map([[account.id, 'administrator']]));
    await call(t, account.admin, 'DELETE', `/api/v1/accounts/${account.id}/agents/${person.id}`);
    expect((await authenticator.membershipsOf([person.id])).get(person.id)).toEqual(new Map());
    stop();
    expect(told).toEqual([{ sessionIds: [ended.sessionId], userIds: [] }, { sessionIds: [], userIds: [person.id] }, { sessionIds: [], userIds: [person.id] }]);
  });

  test('an administrator without a second factor has no rights on sockets either', async () => {
    const person = await makeMember(t, account.id, 'administrator');
    await givePassword(t, person);
    expect((await authenticator.membershipsOf([person.id, agent.id]))).toEqual(new Map([[person.id, new Map()], [agent.id, new Map([[account.id, 'agent']])]]));
  });

  test('an idle session ends', async () => {
    const own = await startTestApp({ SESSION_IDLE_MINUTES: '15' }, t.database);
    const browser = await signIn(own, agent);
    own.clock.advance(14 * 60_000);
    expect((await own.app.get(Authenticator).stillValid([browser.sessionId])).size).toBe(1);
    own.clock.advance(2 * 60_000);
    expect((await own.app.get(Authenticator).stillValid([browser.sessionId])).size).toBe(0);
    await own.stop();
  });
});

test('a suspended account lets nobody in', async () => {
  const suspended = await makeAccount(t);
  await t.database.asOwner((client) => client.query('UPDATE accounts SET status = 1 WHERE id = $1', [suspended.id]));
  expect((await call(t, suspended.admin, 'GET', `/api/v1/accounts/${suspended.id}/agents`)).status).toBe(401);
});

test('a request with a session costs one statement for the session, and its use is noted once a minute', async () => {
  const browser = await signIn(t, agent);
  const used = async () => (await t.database.asOwner((client) => client.query('SELECT last_used_at FROM sessions WHERE id = $1', [browser.sessionId]))).rows[0].last_used_at.getTime() as number;
  const before = await used();
  await call(t, browser, 'GET', '/api/v1/profile');
  expect(await used()).toBe(before);
  t.clock.advance(61_000);
  await call(t, browser, 'GET', '/api/v1/profile');
  expect(await used()).toBeGreaterThan(before + 60_000);
});

test('what is over is swept', async () => {
  const own = await startTestApp({}, t.database);
  const browser = await signIn(own, agent);
  own.clock.advance(61 * 86_400_000);
  await own.app.get(KeepIdentityTables).run();
  const { rows } = await t.database.asOwner((client) => client.query('SELECT (SELECT count(*) FROM sessions WHERE id = $1)::int AS sessions, (SELECT count(*) FROM throttles)::int AS throttles', [browser.sessionId]));
  expect(rows).toEqual([{ sessions: 0, throttles: 0 }]);
  await own.stop();
});
