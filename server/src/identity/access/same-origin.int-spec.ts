import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeAccount, signIn, type AccountWithAdmin, type Person } from '../../../test/factories.js';
import { call } from '../../../test/http.js';
import { startTestApp, type TestApp } from '../../../test/test-app.js';

let t: TestApp;
let account: AccountWithAdmin;
let browser: Person & { cookie: string };
beforeAll(async () => {
  t = await startTestApp();
  account = await makeAccount(t);
  browser = await signIn(t, account.admin);
});
afterAll(() => t.close());

describe('an unsafe request with the cookie', () => {
  const send = (headers: Record<string, string>) => call(t, null, 'PUT', '/api/v1/profile', { name: 'Changed' }, { cookie: browser.cookie, ...headers });
  const ours = { 'x-requested-with': 'porchlight' };

  test.each([
    ['no header', {}], ['another header', { 'x-requested-with': 'XMLHttpRequest' }], ['a foreign origin', { ...ours, origin: 'https://evil.example' }],
    ['a null origin', { ...ours, origin: 'null' }], ['a cross-site fetch', { ...ours, 'sec-fetch-site': 'cross-site' }], ['a same-site fetch', { ...ours, 'sec-fetch-site': 'same-site' }],
  ])('with %s is refused', async (_, headers) => {
    const answer = await send(headers as Record<string, string>);
    expect([answer.status, Object.keys(answer.body)]).toEqual([403, ['error']]);
  });

  test('with our header and from our origin passes', async () => {
    expect((await send({ ...ours })).status).toBe(200);
    expect((await send({ ...ours, origin: t.url, 'sec-fetch-site': 'same-origin' })).status).toBe(200);
  });

  test('a form of another site cannot do it, whatever it says it is', async () => {
    const answer = await fetch(`${t.url}/api/v1/profile/availability`, {
      method: 'POST', headers: { cookie: browser.cookie, origin: 'https://evil.example', 'content-type': 'application/x-www-form-urlencoded' }, body: `profile[account_id]=${account.id}&profile[availability]=busy`,
    });
    expect(answer.status).toBe(403);
  });
});

test('reading with the cookie needs no header, and an API token is not bound to our pages', async () => {
  expect((await call(t, null, 'GET', '/api/v1/profile', undefined, { cookie: browser.cookie })).status).toBe(200);
  expect((await call(t, account.admin, 'PUT', '/api/v1/profile', { name: 'By token' }, { origin: 'https://elsewhere.example' })).status).toBe(200);
});
