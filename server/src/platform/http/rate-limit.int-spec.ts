import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { call } from '../../../test/http.js';
import { onRedis } from '../../../test/run-backend.js';
import { startTestApp, type TestApp } from '../../../test/test-app.js';

let t: TestApp;
beforeAll(async () => { t = await startTestApp({ REQUESTS_PER_MINUTE: '20' }); });
afterAll(() => t.close());
// All of a test happens in one minute.
beforeEach(() => { t.clock.advance(60_000 - (t.clock.now() % 60_000)); });

const ask = (address: string, path = '/api/v1/profile') => call(t, null, 'GET', path, undefined, { 'x-forwarded-for': address });

test('an address that asks too often waits for the minute to end; others do not', async () => {
  for (let n = 0; n < 20; n++) {
    const { status, headers } = await ask('198.51.100.9');
    expect([status, headers.get('ratelimit-limit'), headers.get('ratelimit-remaining')]).toEqual([401, '20', String(19 - n)]);
  }
  const refused = await ask('198.51.100.9');
  expect([refused.status, refused.body]).toEqual([429, { error: 'Too many requests. Please wait a moment.' }]);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect([refused.headers.get('ratelimit-remaining'), refused.headers.get('ratelimit-reset')]).toEqual(['0', refused.headers.get('retry-after')]);
  expect((await ask('198.51.100.10')).status).toBe(401);
  // A forged entry before the one our proxy wrote changes nothing.
  expect((await ask('203.0.113.77, 198.51.100.9')).status).toBe(429);
  expect((await ask('198.51.100.9', '/health')).status).toBe(200);
  t.clock.advance(60_000);
  expect((await ask('198.51.100.9')).status).toBe(401);
});

test('another spelling of a path counts as the same, and is kept as little; files and pages have a wider count, hooks none', async () => {
  const spelled = await call(t, null, 'GET', '/%61pi/v1/profile', undefined, { 'x-forwarded-for': '198.51.100.30', 'x-forwarded-proto': 'https' });
  const said = ['ratelimit-limit', 'ratelimit-remaining', 'cache-control', 'strict-transport-security'].map((name) => spelled.headers.get(name));
  expect([spelled.status, ...said]).toEqual([401, '20', '19', 'no-store', 'max-age=31536000']);
  expect((await ask('198.51.100.30')).headers.get('ratelimit-remaining')).toBe('18');
  expect((await ask('198.51.100.30', '/files/forged/x.png')).headers.get('ratelimit-remaining')).toBe('99');
  expect((await ask('198.51.100.30', '/hooks/email/nobody')).headers.get('ratelimit-limit')).toBeNull();
});

test('a path that is none is answered in the same shape as everything else', async () => {
  const { status, body } = await ask('198.51.100.31', '/api/%ff');
  expect([status, Object.keys(body as object)]).toEqual([400, ['error']]);
});

test('neighbours in one IPv6 network count together', async () => {
  for (let n = 0; n < 20; n++) await ask(`2001:db8:7:7::${n + 1}`);
  expect((await ask('2001:db8:7:7:8::1')).status).toBe(429);
  expect((await ask('2001:db8:7:8::1')).status).toBe(401);
});

(onRedis ? test : test.skip)('two processes count together', async () => {
  const other = await startTestApp({ REQUESTS_PER_MINUTE: '20' }, t.database);
  other.clock.advance(t.clock.now() - other.clock.now());
  try {
    for (let n = 0; n < 20; n++) await call(n % 2 ? t : other, null, 'GET', '/api/v1/profile', undefined, { 'x-forwarded-for': '198.51.100.20' });
    // A Redis that answers late is not waited for, and each alone has counted ten: so a few more tries tell whether they count together.
    const isRefused = async (by: TestApp): Promise<boolean> => {
      for (let n = 0; n < 8; n++) if ((await call(by, null, 'GET', '/api/v1/profile', undefined, { 'x-forwarded-for': '198.51.100.20' })).status === 429) return true;
      return false;
    };
    for (const process of [t, other]) expect(await isRefused(process)).toBe(true);
  } finally {
    await other.stop();
  }
});

test('this machine is not counted', async () => {
  for (let n = 0; n < 25; n++) expect((await call(t, null, 'GET', '/api/v1/profile')).status).toBe(401);
});
