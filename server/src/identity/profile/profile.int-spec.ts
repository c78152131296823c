import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { givePassword, makeAccount, makeMember, PASSWORD, signIn, unique, type AccountWithAdmin, type Person } from '../../../test/factories.js';
import { call, eventually } from '../../../test/http.js';
import { startTestApp, type TestApp } from '../../../test/test-app.js';

const NEW_PASSWORD = 'umbrellas dance in the fountain';

let t: TestApp;
let account: AccountWithAdmin;
let agent: Person;
let browser: Person & { sessionId: number };
beforeAll(async () => {
  t = await startTestApp();
  account = await makeAccount(t);
});
afterAll(() => t.close());
beforeEach(async () => {
  agent = await makeMember(t, account.id);
  browser = await signIn(t, agent);
});

const profile = (method: string, rest = '', body?: unknown, who: Person | null = browser) => call(t, who, method, `/api/v1/profile${rest}`, body);

describe('showing', () => {
  test('has the shape phones know, and ours', async () => {
    const { status, body } = await profile('GET');
    expect(status).toBe(200);
    expect(body).toEqual({
      id: agent.id, access_token: '', account_id: account.id, name: agent.name, available_name: agent.name, display_name: null, avatar_url: '', confirmed: true, email: agent.email,
      message_signature: null, inviter_id: null, provider: 'email', pubsub_token: expect.stringMatching(/^[\w-]+\.[\w-]+$/), role: 'agent', ui_settings: {}, uid: agent.email, type: null,
      accounts: [{
        id: account.id, name: account.name, status: 'active', active_at: null, role: 'agent', permissions: ['agent'], availability: 'online',
        availability_status: expect.stringMatching(/^(on|off)line$/), auto_offline: true,
      }],
      locale: null, timezone: null, mfa_enabled: true, mfa_setup_required: false,
    });
  });
});

describe('changing', () => {
  test('flat and wrapped, and tells the accounts', async () => {
    const wrapped = await profile('PUT', '', { profile: { name: 'Zoë', display_name: 'Zo', message_signature: '<b>Zoë</b>', locale: 'de', timezone: 'Europe/Berlin', ui_settings: { a: [1, { b: null }] } } });
    expect(wrapped.body).toMatchObject({ name: 'Zoë', available_name: 'Zo', message_signature: '<b>Zoë</b>', locale: 'de', timezone: 'Europe/Berlin', ui_settings: { a: [1, { b: null }] } });
    expect((await profile('PUT', '', { display_name: '' })).body).toMatchObject({ name: 'Zoë', display_name: null, available_name: 'Zoë' });
    const { rows } = await t.database.asOwner((client) => client.query(`SELECT payload FROM events WHERE account_id = $1 AND type = 'agent.updated' AND actor_id = $2`, [account.id, agent.id]));
    expect(rows).toEqual([{ payload: { user_id: agent.id } }, { payload: { user_id: agent.id } }]);
    expect((await profile('PUT', '', { profile: { phone_number: '+491511234567' } })).body.custom_attributes).toEqual({ phone_number: '+491511234567' });
  });

  test.each([
    [{ name: '' }, 'name'], [{ name: '\u200b' }, 'name'], [{ name: 'a\u0000' }, 'name'], [{ message_signature: 'x'.repeat(5001) }, 'message_signature'], [{ locale: '<script>' }, 'locale'], [{ timezone: 'Nowhere' }, 'timezone'],
    [{ email: 'nope' }, 'email'], [{ ui_settings: 'text' }, 'ui_settings'], [{ ui_settings: { x: 'y'.repeat(60_000) } }, 'ui_settings'], [{ name: { a: 1 } }, 'name'],
  ])('bad input %# is refused', async (body, attribute) => {
    const answer = await profile('PUT', '', { profile: body });
    expect([answer.status, answer.body.attributes]).toEqual([422, [attribute]]);
  });

  test('nothing at all is refused', async () => {
    const answer = await profile('PUT', '', {});
    expect([answer.status, typeof answer.body.error]).toEqual([422, 'string']);
  });

  test('another address wants the password and must be free', async () => {
    await givePassword(t, agent);
    const email = `moved-${unique()}@example.org`;
    expect((await profile('PUT', '', { email })).status).toBe(422);
    expect((await profile('PUT', '', { email, current_password: 'wrong one' })).status).toBe(422);
    const taken = await profile('PUT', '', { email: account.admin.email, current_password: PASSWORD });
    expect([taken.status, taken.body.attributes]).toEqual([422, ['email']]);
    expect((await profile('PUT', '', { email, current_password: PASSWORD })).body).toMatchObject({ email, uid: email });
    expect((await profile('PUT', '', { email })).status).toBe(200);
  });

  test('a new password wants the current one, must be good, and ends the other sessions', async () => {
    await givePassword(t, agent);
    const other = await signIn(t, agent);
    const put = (body: object) => profile('PUT', '', { profile: body });
    const wrong = await put({ current_password: 'wrong one', password: NEW_PASSWORD, password_confirmation: NEW_PASSWORD });
    expect([wrong.status, wrong.body]).toEqual([422, { error: 'The current password is not right.', attributes: ['current_password'], error_code: 'password_wrong' }]);
    expect((await put({ password: NEW_PASSWORD })).status).toBe(422);
    expect((await put({ current_password: PASSWORD, password: 'password1234' })).body.attributes).toEqual(['password']);
    expect((await put({ current_password: PASSWORD, password: NEW_PASSWORD, password_confirmation: PASSWORD })).body.attributes).toEqual(['password_confirmation']);
    const before = (await profile('GET')).body.pubsub_token as string;
    const changed = await put({ current_password: PASSWORD, password: NEW_PASSWORD, password_confirmation: NEW_PASSWORD });
    expect([changed.status, changed.body.pubsub_token]).toEqual([200, expect.not.stringMatching(before)]);
    expect((await profile('GET', '', undefined, other)).status).toBe(401);
    // This browser goes on with a cookie of its own; a copy of the old one is worth nothing, as is what was shown to it.
    expect((await profile('GET')).status).toBe(401);
    const [cookie] = changed.headers.getSetCookie().filter((line) => line.startsWith('porchlight_session=')).map((line) => line.split(';')[0]!);
    expect((await profile('GET', '', undefined, { ...browser, headers: { cookie: cookie! } })).body).toMatchObject({ id: agent.id, pubsub_token: changed.body.pubsub_token });
    // Programs go on, unless they are ended too.
    expect((await profile('GET', '', undefined, agent)).status).toBe(200);
    expect((await call(t, null, 'POST', '/auth/sign_in', { email: agent.email, password: NEW_PASSWORD })).status).toBe(200);
    expect((await call(t, null, 'POST', '/auth/sign_in', { email: agent.email, password: PASSWORD })).status).toBe(401);
  });

  test('a new password ends the access tokens too when that is wished', async () => {
    await givePassword(t, agent);
    const scoped = (await call(t, agent, 'POST', `/api/v1/accounts/${account.id}/scoped_tokens`, { name: 'Part', scopes: ['contacts:read'] })).body.token as string;
    expect((await profile('PUT', '', { profile: { current_password: PASSWORD, password: NEW_PASSWORD, end_tokens: true } })).status).toBe(200);
    for (const token of [agent.token, scoped]) expect((await profile('GET', '', undefined, { ...agent, headers: { api_access_token: token } })).status).toBe(401);
  });

  test('guessing the current password is stopped after five tries', async () => {
    await givePassword(t, agent);
    for (let n = 0; n < 5; n++) expect((await profile('PUT', '', { current_password: 'wrong one', password: NEW_PASSWORD })).status).toBe(422);
    expect((await profile('PUT', '', { current_password: PASSWORD, password: NEW_PASSWORD })).status).toBe(429);
  });
});

describe('a picture', () => {
  const form = (bytes: Buffer, type = 'image/png') => {
    const data = new FormData();
    data.append('profile[avatar]', new Blob([new Uint8Array(bytes)], { type }), 'me.png');
    data.append('profile[display_name]', 'With face');
    return data;
  };

  test('is taken with other fields, re-encoded small, and removed again', async () => {
    const png = await sharp({ create: { width: 900, height: 700, channels: 3, background: '#b45309' } }).png().toBuffer();
    const { status, body } = await profile('PUT', '', form(png));
    expect([status, body.display_name]).toEqual([200, 'With face']);
    const picture = await fetch(t.url + new URL(body.avatar_url, t.url).pathname);
    expect(picture.status).toBe(200);
    const meta = await sharp(Buffer.from(await picture.arrayBuffer())).metadata();
    expect([meta.format, Math.max(meta.width, meta.height) <= 512]).toEqual(['webp', true]);
    const colleagues = await call(t, account.admin, 'GET', `/api/v1/accounts/${account.id}/agents`);
    expect(colleagues.body.find((a: { id: number }) => a.id === agent.id).thumbnail).toBe(t.url + body.avatar_url);
    expect((await profile('DELETE', '/avatar')).body.avatar_url).toBe('');
    const address = t.url + new URL(body.avatar_url, t.url).pathname;
    await eventually('the picture is gone', async () => (await fetch(address)).status === 404);
  });

  test('that is none is refused, an SVG too', async () => {
    for (const bytes of ['not a picture', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>']) {
      const answer = await profile('PUT', '', form(Buffer.from(bytes)));
      expect([answer.status, answer.body.attributes]).toEqual([422, ['avatar']]);
    }
    expect((await profile('PUT', '', { avatar: 'text' })).status).toBe(422);
  });
});

describe('availability and active account', () => {
  test('are set per account', async () => {
    const busy = await profile('POST', '/availability', { profile: { account_id: account.id, availability: 'busy' } });
    expect(busy.body.accounts[0].availability).toBe('busy');
    const second = await makeAccount(t);
    await makeMember(t, second.id, 'agent', agent);
    expect((await profile('PUT', '/set_active_account', { profile: { account_id: second.id } })).status).toBe(200);
    expect((await profile('GET')).body.account_id).toBe(second.id);
  });

  test('who does not go offline by themself is seen as they chose', async () => {
    const seen = async () => (await call(t, agent, 'GET', `/api/v1/accounts/${account.id}/agents`)).body.find((a: { id: number }) => a.id === agent.id);
    await profile('POST', '/availability', { profile: { account_id: account.id, availability: 'busy' } });
    expect(await seen()).toMatchObject({ auto_offline: true, availability_status: 'offline' });
    const kept = await profile('POST', '/auto_offline', { profile: { account_id: account.id, auto_offline: false } });
    expect([kept.status, kept.body.accounts.find((a: { id: number }) => a.id === account.id)]).toMatchObject([200, { auto_offline: false, availability_status: 'busy' }]);
    expect(await seen()).toMatchObject({ auto_offline: false, availability_status: 'busy' });
    expect((await profile('POST', '/auto_offline', { account_id: account.id, auto_offline: 'true' })).body.accounts.find((a: { id: number }) => a.id === account.id).availability_status).toBe('offline');
    expect((await profile('POST', '/auto_offline', { account_id: account.id, auto_offline: 'maybe' })).body.attributes).toEqual(['auto_offline']);
  });

  test('the account one works in is the one to come back to', async () => {
    expect((await call(t, agent, 'POST', `/api/v1/accounts/${account.id}/update_active_at`)).status).toBe(200);
    expect((await profile('GET')).body.account_id).toBe(account.id);
    expect((await call(t, agent, 'POST', `/api/v1/accounts/${(await makeAccount(t)).id}/update_active_at`)).status).toBe(404);
  });

  test('of somebody else\'s account are not found', async () => {
    const foreign = await makeAccount(t);
    expect((await profile('POST', '/availability', { account_id: foreign.id, availability: 'busy' })).status).toBe(404);
    expect((await profile('POST', '/auto_offline', { account_id: foreign.id, auto_offline: false })).status).toBe(404);
    expect((await profile('PUT', '/set_active_account', { account_id: foreign.id })).status).toBe(404);
    expect((await profile('POST', '/availability', { account_id: account.id, availability: 'away' })).body.attributes).toEqual(['availability']);
    expect((await profile('PUT', '/set_active_account', { account_id: 'x' })).body.attributes).toEqual(['account_id']);
  });
});

describe('sessions', () => {
  test('are listed with their devices, the current one marked', async () => {
    const { body } = await profile('GET', '/sessions');
    expect(body.payload).toEqual([{
      id: browser.sessionId, current: true, browser_name: 'Chrome', platform_name: 'Linux', ip_address: '127.0.0.1', created_at: expect.any(Number), last_activity_at: expect.any(Number),
    }]);
  });

  test('one is ended, or all others', async () => {
    const [second, third, fourth] = [await signIn(t, agent), await signIn(t, agent), await signIn(t, agent)];
    expect((await profile('DELETE', `/sessions/${second.sessionId}`)).status).toBe(200);
    expect((await profile('GET', '', undefined, second)).status).toBe(401);
    expect((await profile('DELETE', '/sessions')).status).toBe(200);
    for (const ended of [third, fourth]) expect((await profile('GET', '', undefined, ended)).status).toBe(401);
    expect((await profile('GET', '/sessions')).body.payload).toHaveLength(1);
  });

  test('of other people are not found and not ended', async () => {
    const other = await signIn(t, account.admin);
    for (const id of [other.sessionId, 999_999_999, 'x']) expect((await profile('DELETE', `/sessions/${id}`)).status).toBe(404);
    expect((await profile('GET', '', undefined, other)).status).toBe(200);
  });
});

describe('the API token', () => {
  test('is shown once, stored hashed, and replaces the old one', async () => {
    const first = (await profile('POST', '/reset_access_token')).body.access_token as string;
    expect(first).toMatch(/^plt_[\w-]{32}$/);
    const by = (token: string) => call(t, null, 'GET', '/api/v1/profile', undefined, { api_access_token: token });
    expect((await by(first)).body).toMatchObject({ id: agent.id, access_token: '' });
    const second = (await profile('POST', '/reset_access_token')).body.access_token as string;
    const refused = await by(first);
    expect([refused.status, refused.body]).toEqual([401, { error: 'Invalid Access Token' }]);
    expect((await by(second)).status).toBe(200);
    const { rows } = await t.database.asOwner((client) => client.query('SELECT * FROM api_tokens WHERE owner_id = $1', [agent.id]));
    expect(JSON.stringify(rows)).not.toContain(second);
  });
});

test.each([
  ['GET', ''], ['PUT', ''], ['DELETE', '/avatar'], ['POST', '/availability'], ['PUT', '/set_active_account'], ['POST', '/reset_access_token'], ['GET', '/sessions'], ['DELETE', '/sessions'], ['DELETE', '/sessions/1'],
])('%s %s wants somebody signed in', async (method, rest) => {
  expect((await profile(method, rest, method === 'GET' ? undefined : {}, null)).status).toBe(401);
});
