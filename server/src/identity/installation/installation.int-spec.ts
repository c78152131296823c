import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { makeAccount, PASSWORD } from '../../../test/factories.js';
import { call } from '../../../test/http.js';
import { startTestApp, type TestApp } from '../../../test/test-app.js';
import { clearDatabase } from '../../../test/test-database.js';
import { Installations } from './installation.service.js';

let t: TestApp;
beforeAll(async () => { t = await startTestApp(); });
afterEach(() => clearDatabase(t.database));
afterAll(() => t.close());

const renew = () => t.app.get(Installations).setupLink();
const tokenOf = (link: string | undefined): string => new URL(link!).searchParams.get('token')!;
const form = (setup_token: string, more = {}) => ({ setup_token, account_name: 'Food bank', name: 'Ada', email: 'Ada@Example.org', password: PASSWORD, ...more });
const post = (body: object, headers = {}) => call(t, null, 'POST', '/api/v1/installation', body, headers);
const count = async (table: string): Promise<number> => (await t.database.asOwner((client) => client.query(`SELECT count(*)::int AS n FROM ${table}`))).rows[0].n as number;

test('the link of a fresh installation creates the first administrator, signed in, and works once', async () => {
  expect((await call(t, null, 'GET', '/api/v1/installation')).body).toEqual({ needs_setup: true, version: expect.any(String), mail_configured: false });
  const link = await renew();
  expect(link).toMatch(/^http:\/\/localhost:0\/app\/setup\?token=[\w-]{43}$/);
  const answer = await post(form(tokenOf(link)));
  expect([answer.status, answer.body.data.email, answer.body.data.role, answer.body.data.mfa_setup_required]).toEqual([200, 'ada@example.org', 'administrator', true]);
  const cookie = answer.headers.get('set-cookie')!.split(';')[0]!;
  expect((await call(t, null, 'GET', '/api/v1/profile', undefined, { cookie })).status).toBe(200);
  expect((await call(t, null, 'GET', '/api/v1/installation')).body.needs_setup).toBe(false);
  expect((await post(form(tokenOf(link), { email: 'eve@example.org' }))).status).toBe(422);
  expect(await renew()).toBeUndefined();
});

test('eight equal posts make one account', async () => {
  const token = tokenOf(await renew());
  const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => post(form(token, { email: `ada${n % 2}@example.org` }))));
  expect(answers.map((a) => a.status).sort()).toEqual([200, ...Array(7).fill(422)]);
  expect([await count('accounts'), await count('users')]).toEqual([1, 1]);
});

test('each start has its own link, the older one still works for its day', async () => {
  const [first, second] = [await renew(), await renew()];
  expect(first).not.toBe(second);
  t.clock.advance(24 * 3_600_000 + 1000);
  expect((await post(form(tokenOf(second)))).body.attributes).toEqual(['setup_token']);
  expect((await post(form(tokenOf(await renew())))).status).toBe(200);
});

test('no link, no use of one, and no other site, once somebody exists or at all', async () => {
  const link = await renew();
  expect((await post(form(tokenOf(link)), { origin: 'https://evil.example' })).status).toBe(403);
  await makeAccount(t);
  expect((await post(form(tokenOf(link)))).status).toBe(422);
  expect(await renew()).toBeUndefined();
});

test.each([
  [{ setup_token: undefined }, 'setup_token'], [{ setup_token: 'made-up' }, 'setup_token'], [{ account_name: ' ' }, 'account_name'], [{ name: undefined }, 'name'], [{ email: 'x' }, 'email'],
  [{ password: 'short' }, 'password'], [{ password: 'foodbank2026' }, 'password'], [{ password: 'x'.repeat(10_000) }, 'password'], [{ name: 'a\u0000b' }, 'name'],
])('bad input %j is refused and nothing is made', async (more, attribute) => {
  const answer = await post(form(tokenOf(await renew()), more));
  expect([answer.status, answer.body.attributes]).toEqual([422, [attribute]]);
  expect(await count('accounts')).toBe(0);
});
