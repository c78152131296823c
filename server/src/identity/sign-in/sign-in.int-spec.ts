import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { givePassword, makeAccount, makeMember, PASSWORD, signIn, unique, type Person } from '../../../test/factories.js';
import { call } from '../../../test/http.js';
import { processorTime } from '../../../test/processor-time.js';
import { startTestApp, type TestApp } from '../../../test/test-app.js';

let t: TestApp;
let agent: Person;
beforeAll(async () => {
  t = await startTestApp();
  const account = await makeAccount(t);
  agent = await makeMember(t, account.id);
  await givePassword(t, agent);
});
afterAll(() => t.close());

/** Requests from an address of their own, so that the tests do not use up each other's tries. */
let addresses = 0;
const from = (address = `198.51.100.${++addresses}`) => ({ 'x-forwarded-for': address });
const cookieOf = (headers: Headers): string => headers.getSetCookie()[0]!;

describe('sign-in with headers', () => {
  test('gives headers that keep working without rotating, and no cookie', async () => {
    const answer = await call(t, null, 'POST', '/auth/sign_in', { email: agent.email.toUpperCase(), password: PASSWORD }, from());
    expect(answer.status).toBe(200);
    expect(answer.body.data).toMatchObject({ id: agent.id, email: agent.email, uid: agent.email, access_token: '', role: 'agent', mfa_enabled: false, mfa_setup_required: false });
    expect(answer.headers.get('set-cookie')).toBeNull();
    const headers = Object.fromEntries(['access-token', 'client', 'uid'].map((name) => [name, answer.headers.get(name)!]));
    expect(Number(answer.headers.get('expiry'))).toBeGreaterThan(t.clock.now() / 1000 + 50 * 86_400);
    for (const extra of [{}, { authorization: 'Bearer nonsense' }] as Record<string, string>[]) {
      const profile = await call(t, null, 'GET', '/api/v1/profile', undefined, { ...headers, ...extra });
      expect(profile.status).toBe(200);
      expect(profile.headers.get('access-token')).toBeNull();
    }
    expect((await call(t, null, 'GET', '/auth/validate_token', undefined, headers)).body.payload).toMatchObject({ success: true, data: { id: agent.id } });
    for (const wrong of [{ client: 'x' }, { uid: 'other@example.org' }, { 'access-token': 'x' }] as Record<string, string>[]) {
      const refused = await call(t, null, 'GET', '/api/v1/profile', undefined, { ...headers, ...wrong });
      expect([refused.status, refused.body]).toEqual([401, { errors: ['You need to sign in or sign up before continuing.'] }]);
    }
    expect((await call(t, null, 'DELETE', '/auth/sign_out', undefined, headers)).status).toBe(200);
    expect((await call(t, null, 'GET', '/api/v1/profile', undefined, headers)).status).toBe(401);
  });

  test('a header session ends after two months', async () => {
    const own = await startTestApp({}, t.database);
    const answer = await call(own, null, 'POST', '/auth/sign_in', { email: agent.email, password: PASSWORD }, from());
    const headers = Object.fromEntries(['access-token', 'client', 'uid'].map((name) => [name, answer.headers.get(name)!]));
    own.clock.advance(59 * 86_400_000);
    expect((await call(own, null, 'GET', '/api/v1/profile', undefined, headers)).status).toBe(200);
    own.clock.advance(2 * 86_400_000);
    expect((await call(own, null, 'GET', '/api/v1/profile', undefined, headers)).status).toBe(401);
    await own.stop();
  });
});

describe('sign-in with a cookie', () => {
  const comeIn = (headers = {}) => call(t, null, 'POST', '/auth/sign_in', { email: agent.email, password: PASSWORD, session: 'cookie' }, { ...from(), ...headers });

  test('sets a cookie scripts cannot read, and no headers', async () => {
    const answer = await comeIn();
    expect(answer.status).toBe(200);
    expect(cookieOf(answer.headers)).toMatch(/^porchlight_session=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/);
    expect(answer.headers.get('access-token')).toBeNull();
    const stored = await t.database.asOwner((client) => client.query('SELECT token_hash FROM sessions'));
    expect(JSON.stringify(stored.rows)).not.toContain(cookieOf(answer.headers).split(/[=;]/)[1]);
  });

  test('binds the cookie to the host on TLS', async () => {
    const secure = await startTestApp({ PUBLIC_URL: 'https://help.example.org' }, t.database);
    const answer = await call(secure, null, 'POST', '/auth/sign_in', { email: agent.email, password: PASSWORD, session: 'cookie' }, from());
    expect(cookieOf(answer.headers)).toMatch(/^__Host-porchlight_session=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
    const secret = cookieOf(answer.headers).split(/[=;]/)[1]!;
    expect((await call(secure, null, 'GET', '/api/v1/profile', undefined, { cookie: `__Host-porchlight_session=${secret}` })).status).toBe(200);
    expect((await call(secure, null, 'GET', '/api/v1/profile', undefined, { cookie: `porchlight_session=${secret}` })).status).toBe(401);
    await secure.stop();
  });

  test('signing in anew gives the old session up', async () => {
    const cookie = cookieOf((await comeIn()).headers).split(';')[0]!;
    expect((await call(t, null, 'GET', '/api/v1/profile', undefined, { cookie })).status).toBe(200);
    await comeIn({ cookie });
    expect((await call(t, null, 'GET', '/api/v1/profile', undefined, { cookie })).status).toBe(401);
  });

  test('another site cannot sign a browser in', async () => {
    expect((await comeIn({ origin: 'https://evil.example' })).status).toBe(403);
    expect((await comeIn({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await comeIn({ origin: t.url, 'sec-fetch-site': 'same-origin' })).status).toBe(200);
  });

  test('signing out ends the session on the server and clears the cookie', async () => {
    const person = await signIn(t, agent);
    const out = await call(t, person, 'DELETE', '/auth/sign_out');
    expect(out.status).toBe(200);
    expect(cookieOf(out.headers)).toMatch(/^porchlight_session=;.*Expires=Thu, 01 Jan 1970/);
    expect((await call(t, person, 'GET', '/api/v1/profile')).status).toBe(401);
  });

  test('ends after eight idle hours, slides while used, and never outlives thirty days', async () => {
    const own = await startTestApp({}, t.database);
    const [idle, busy] = [await signIn(own, agent), await signIn(own, agent)];
    own.clock.advance(7 * 3_600_000);
    expect((await call(own, busy, 'GET', '/api/v1/profile')).status).toBe(200);
    own.clock.advance(2 * 3_600_000);
    expect((await call(own, idle, 'GET', '/api/v1/profile')).status).toBe(401);
    for (let hours = 9; hours < 30 * 24; hours += 7) {
      expect((await call(own, busy, 'GET', '/api/v1/profile')).status).toBe(200);
      own.clock.advance(7 * 3_600_000);
    }
    expect((await call(own, busy, 'GET', '/api/v1/profile')).status).toBe(401);
    await own.stop();
  });
});

describe('wrong credentials', () => {
  test('unknown address and wrong password look the same and take the same time', async () => {
    const work = async (email: string) => {
      const start = processorTime();
      const answer = await call(t, null, 'POST', '/auth/sign_in', { email, password: 'not the password' }, from());
      return { answer, ms: processorTime() - start };
    };
    const unknown = await work(`nobody-${unique()}@example.org`);
    const wrong = await work(agent.email);
    expect(unknown.answer.status).toBe(401);
    expect(unknown.answer.body).toEqual({ success: false, errors: ['Invalid login credentials. Please try again.'] });
    expect(wrong.answer.body).toEqual(unknown.answer.body);
    // Comparing is some 200 ms of work with a password of the product's; an answer without it would be a few.
    expect(unknown.ms).toBeGreaterThan(60);
  });

  test('somebody without a password yet cannot sign in', async () => {
    const invited = await makeMember(t, (await makeAccount(t)).id);
    expect((await call(t, null, 'POST', '/auth/sign_in', { email: invited.email, password: PASSWORD }, from())).status).toBe(401);
  });

  test.each([
    [{}, ['email', 'password']], [{ email: 'a@b.org' }, ['password']], [{ email: [], password: 'x' }, ['email']], [{ email: 'a@b.org', password: 'x'.repeat(10_000) }, ['password']],
    [{ email: 'a@b.org', password: 'a\u0000b' }, ['password']], [{ mfa_token: 'x' }, ['otp_code']], [{ email: 'a@b.org', password: 'x', session: 'forever' }, ['session']],
  ])('bad input %# is refused by field', async (body, attributes) => {
    const answer = await call(t, null, 'POST', '/auth/sign_in', body, from());
    expect(answer.status).toBe(422);
    expect(answer.body.attributes).toEqual(attributes);
  });

  test('five wrong passwords stop a person at one address for a quarter of an hour; elsewhere they only slow, and not at all where the person has been', async () => {
    const own = await startTestApp({}, t.database);
    const [victim, other] = [await makeMember(own, (await makeAccount(own)).id), agent];
    await givePassword(own, victim);
    const attempt = (email: string, password: string, address = '203.0.113.5', more = {}) =>
      call(own, null, 'POST', '/auth/sign_in', { email, password, session: 'cookie' }, { ...from(address), ...more });
    const welcome = await attempt(victim.email, PASSWORD, '203.0.113.1');
    const device = welcome.headers.getSetCookie().find((cookie) => cookie.startsWith('porchlight_device='))!;
    expect(device).toMatch(/; Path=\/auth; HttpOnly; SameSite=Lax$/);
    for (let n = 0; n < 5; n++) expect((await attempt(victim.email, 'wrong')).status).toBe(401);
    const refused = await attempt(victim.email, PASSWORD);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(800);
    expect((await attempt(other.email, PASSWORD)).status).toBe(200);
    // Strangers go on from other addresses for a while: the pauses between tries grow, to a minute and no longer.
    expect((await attempt(victim.email, 'wrong', '203.0.113.6')).status).toBe(401);
    own.clock.advance(1001);
    await own.database.asOwner((client) => client.query(`UPDATE throttles SET hits = 40 WHERE key LIKE 'sign-in-person:%'`));
    expect((await attempt(victim.email, 'wrong', '203.0.113.7')).status).toBe(401);
    const paused = await attempt(victim.email, PASSWORD, '203.0.113.8');
    expect(paused.status).toBe(429);
    expect(Number(paused.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    expect(Number(paused.headers.get('retry-after'))).toBeGreaterThan(2);
    for (const [address, more, status] of [
      ['203.0.113.9', { cookie: device.split(';')[0]! }, 200], ['203.0.113.1', {}, 200], ['203.0.113.5', { cookie: device.split(';')[0]! }, 429],
    ] as const) {
      expect((await attempt(victim.email, PASSWORD, address, more)).status).toBe(status);
    }
    own.clock.advance(15 * 60_000 + 1000);
    expect((await attempt(victim.email, PASSWORD)).status).toBe(200);
    await own.stop();
  });

  test('ten wrong tries stop an address; a neighbour of its IPv6 network too, another network not', async () => {
    const attempt = (address: string, email = `nobody-${unique()}@example.org`, password = 'wrong') => call(t, null, 'POST', '/auth/sign_in', { email, password }, from(address));
    // Two at once: each hashes, and on a busy machine ten of that would make everything else wait.
    for (let n = 0; n < 10; n += 2) expect((await Promise.all([attempt('2001:db8:1:1::1'), attempt('2001:db8:1:1::1')])).map((answer) => answer.status)).toEqual([401, 401]);
    expect((await attempt('2001:db8:1:1:ffff::2')).status).toBe(429);
    expect((await attempt('2001:db8:1:2::1')).status).toBe(401);
  });
});
