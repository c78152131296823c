import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { makeAccount, makeMember, type AccountWithAdmin } from '../../../test/factories.js';
import { makeContact } from '../../../test/factories-contacts.js';
import { makeAgentIn, type MadeInbox } from '../../../test/factories-inboxes.js';
import { call } from '../../../test/http.js';
import { startTestApp, type TestApp } from '../../../test/test-app.js';
import { browserWith, makeWebChat, openBrowser, widgetPath } from '../../../test/widget.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { VisitorAuthenticator } from '../../realtime/visitor-authenticator.js';
import { VisitorTokens } from './visitor-tokens.service.js';

let t: TestApp;
let account: AccountWithAdmin;
beforeAll(async () => { t = await startTestApp(); account = await makeAccount(t); });
afterAll(() => t.close());

const contactsOf = async (id: number) => (await t.app.get(SystemWork).sql<{ n: number }>('SELECT count(*) AS n FROM contacts WHERE account_id = $1', [id]))[0]!.n;
const identities = async (inboxId: number) => (await t.app.get(SystemWork).sql<{ n: number }>('SELECT count(*) AS n FROM contact_inboxes WHERE inbox_id = $1', [inboxId]))[0]!.n;

describe('starting', () => {
  test('gives settings and a token, and stores nothing', async () => {
    const inbox = await makeWebChat(t, account, { welcome_title: 'Hello', widget_color: '#0f766e', pre_chat_form_enabled: true, reply_time: 'in_a_day' }, { greeting_enabled: true, greeting_message: 'Hi!' });
    const before = await contactsOf(account.id);
    const { status, body } = await call(t, null, 'POST', widgetPath(inbox, 'config'), { locale: 'ar' });
    expect(status).toBe(200);
    expect(body.website_channel_config).toMatchObject({
      website_token: inbox.website_token, website_name: inbox.name, welcome_title: 'Hello', widget_color: '#0f766e', pre_chat_form_enabled: true, reply_time: 'in_a_day', rtl: true, is_open: true, next_open_at: null,
      greeting_enabled: true, greeting_message: 'Hi!', enabled_features: ['attachments', 'emoji_picker', 'end_conversation'], timezone: 'UTC', utc_off_set: '+00:00', portal: null,
    });
    expect(body.website_channel_config.auth_token).toMatch(/^[\w-]+\.[\w-]+$/);
    expect(body.contact).toMatchObject({ id: null, name: null, email: null, has_email: false });
    expect(JSON.stringify(body)).not.toContain('hmac_token');
    expect([await contactsOf(account.id), await identities(inbox.id)]).toEqual([before, 0]);
  });

  test('says whether somebody is there by the office hours of the inbox', async () => {
    const closed = Array.from({ length: 7 }, (_, day_of_week) => ({ day_of_week, closed_all_day: true }));
    const inbox = await makeWebChat(t, account, {}, { working_hours_enabled: true, working_hours: closed, timezone: 'Asia/Kolkata', out_of_office_message: 'We are asleep' });
    const { body } = await call(t, null, 'POST', widgetPath(inbox, 'config'), {});
    expect(body.website_channel_config).toMatchObject({ is_open: false, next_open_at: null, utc_off_set: '+05:30', out_of_office_message: 'We are asleep' });
  });

  test('a browser keeps its token for a day, then gets a fresh one for the same identity', async () => {
    const inbox = await makeWebChat(t, account);
    const browser = await openBrowser(t, inbox);
    const again = async () => (await browser.call('POST', 'config', {})).body.website_channel_config.auth_token as string;
    expect(await again()).toBe(browser.token);
    t.clock.advance(25 * 3_600_000);
    const renewed = await again();
    expect(renewed).not.toBe(browser.token);
    const tokens = t.app.get(VisitorTokens);
    expect(tokens.read(renewed, inbox.id)!.sourceId).toBe(tokens.read(browser.token, inbox.id)!.sourceId);
    t.clock.advance(30 * 24 * 3_600_000);
    expect((await browser.call('POST', 'config', {})).status).toBe(401);
    t.clock.advance(-31 * 24 * 3_600_000 - 3_600_000);
  });

  test('is refused with a forged token, one of another inbox, and an unknown website token', async () => {
    const [inbox, other] = [await makeWebChat(t, account), await makeWebChat(t, account)];
    const browser = await openBrowser(t, other);
    const [payload, mac] = browser.token.split('.');
    const changed = Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(payload!, 'base64url').toString()), i: inbox.id })).toString('base64url');
    for (const token of [browser.token, `${changed}.${mac}`, `${payload}.`, 'x', 'x'.repeat(2000)]) {
      expect((await browserWith(t, inbox, token).call('POST', 'config', {})).status).toBe(401);
      expect((await browserWith(t, inbox, token).call('GET', 'contact')).status).toBe(401);
    }
    expect((await call(t, null, 'GET', widgetPath(inbox, 'contact'))).status).toBe(401);
    for (const token of ['nobody', '', '%00', 'a&website_token=b']) expect((await call(t, null, 'POST', `/api/v1/widget/config?website_token=${token}`, {})).status).toBe(404);
    expect((await call(t, null, 'POST', '/api/v1/widget/config', {})).status).toBe(404);
    const api = await call(t, account.admin, 'POST', `/api/v1/accounts/${account.id}/inboxes`, { name: 'other kind', channel: { type: 'test_chat' } });
    expect((await call(t, null, 'POST', `/api/v1/widget/config?website_token=${api.body.website_token}`, {})).status).toBe(404);
  });

  test('is refused with 429 when one network starts too many sessions, others are not', async () => {
    const inbox = await makeWebChat(t, account);
    const from = (address: string) => call(t, null, 'POST', widgetPath(inbox, 'config'), {}, { 'x-forwarded-for': address });
    const together = (n: number, first: number) => Promise.all(Array.from({ length: n }, (_, i) => from(`2001:db8:1:2::${(first + i).toString(16)}`)));
    const answers = [...await together(40, 0), ...await together(40, 40), ...await together(41, 80)];
    expect(answers.filter((a) => a.status === 200)).toHaveLength(120);
    const refused = answers.find((a) => a.status === 429)!;
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await from('2001:db8:1:3::1')).status).toBe(200);
  });
});

describe('sites', () => {
  test('a site that is not allowed gets a clear 403 and nothing is stored', async () => {
    const inbox = await makeWebChat(t, account, { allowed_domains: 'foodbank.example, *.foodbank.example' });
    const start = (headers: Record<string, string>, referer_url?: string) => call(t, null, 'POST', widgetPath(inbox, 'config'), { referer_url }, headers);
    for (const site of ['https://evil.example', 'https://foodbank.example.evil.net', 'null', 'https://xfoodbank.example']) {
      const refused = await start({ origin: site });
      expect([refused.status, refused.body.error]).toEqual([403, expect.stringContaining('not set up for this website')]);
    }
    expect((await start({}, 'https://evil.example/page')).status).toBe(403);
    expect((await start({ origin: t.url }, 'https://shop.foodbank.example/x?secret=1')).status).toBe(200);
    expect((await start({ origin: 'https://foodbank.example' })).status).toBe(200);
    const browser = await openBrowser(t, inbox);
    expect((await browser.call('PATCH', 'contact', { name: 'Eve' }, { origin: 'https://evil.example' })).status).toBe(403);
    expect(await identities(inbox.id)).toBe(0);
  });

  test('its page may be framed by them only, and by anybody when none is named', async () => {
    const [limited, open] = [await makeWebChat(t, account, { allowed_domains: 'foodbank.example,localhost:8080' }), await makeWebChat(t, account)];
    const policy = async (token: unknown) => (await call(t, null, 'GET', `/widget?website_token=${String(token)}`)).headers.get('content-security-policy');
    expect(await policy(limited.website_token)).toMatch(/default-src 'none'.*frame-ancestors 'self' foodbank\.example:\* localhost:8080$/);
    expect(await policy(open.website_token)).not.toContain('frame-ancestors');
  });

  test('an unknown chat has a small page in the language of the browser', async () => {
    const page = await call(t, null, 'GET', '/widget?website_token=nobody', undefined, { 'accept-language': 'ar-EG,ar;q=0.9' });
    expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
    expect(page.body).toContain('<html lang="ar" dir="rtl">');
    expect((await call(t, null, 'GET', '/widget')).status).toBe(404);
  });

  test('that show the chat are seen by those who set it up, without what follows the address', async () => {
    const inbox = await makeWebChat(t, account);
    const seen = async () => (await call(t, account.admin, 'GET', `/api/v1/accounts/${account.id}/inboxes/${inbox.id}`)).body;
    await call(t, null, 'POST', widgetPath(inbox, 'config'), { referer_url: `${t.url}/app/try` });
    expect((await seen()).widget_last_seen_at).toBeNull();
    const browser = await openBrowser(t, inbox, { referer_url: 'https://foodbank.example/help?mail=a@b.c#x' });
    expect(await seen()).toMatchObject({ widget_last_seen_url: 'https://foodbank.example/help', widget_last_seen_at: expect.any(Number) });
    expect((await browser.call('POST', 'events', { name: 'webwidget.triggered', event_info: { referer: 'https://foodbank.example/other' } })).status).toBe(204);
    expect((await seen()).widget_last_seen_url).toBe('https://foodbank.example/help');
    const events = await t.app.get(SystemWork).sql(`SELECT FROM events WHERE type = 'inbox.updated' AND payload->>'inbox_id' = $1`, [String(inbox.id)]);
    expect(events).toHaveLength(2);
  });
});

describe('who the visitor is', () => {
  const hash = (inbox: MadeInbox, identifier: string) => createHmac('sha256', String(inbox.hmac_token)).update(identifier).digest('hex');

  test('what they say is kept; the first word makes a contact, in one browser one', async () => {
    const inbox = await makeWebChat(t, account);
    const browser = await openBrowser(t, inbox);
    expect((await browser.call('GET', 'contact')).body.id).toBeNull();
    const answers = await Promise.all(Array.from({ length: 20 }, () => browser.call('PATCH', 'contact', { name: 'Ana', email: 'ANA-w@example.org', phone_number: '+4915112345678', custom_attributes: { shoe: 38, plan: 'a' } })));
    expect(new Set(answers.map((a) => `${a.status}/${a.body.id}`)).size).toBe(1);
    expect(answers[0]!.body).toMatchObject({ name: 'Ana', email: 'ana-w@example.org', phone_number: '+4915112345678', has_name: true, widget_auth_token: null, custom_attributes: { shoe: 38, plan: 'a' } });
    expect(await identities(inbox.id)).toBe(1);
    expect((await browser.call('POST', 'contact/destroy_custom_attributes', { custom_attributes: ['plan'] })).body.custom_attributes).toEqual({ shoe: 38 });
    expect((await browser.call('POST', 'config', {})).body.contact).toMatchObject({ name: 'Ana', email: 'ana-w@example.org' });
  });

  test('with a proof they are who the site says; another person on the same computer starts anew', async () => {
    const inbox = await makeWebChat(t, account, { hmac_mandatory: true });
    const browser = await openBrowser(t, inbox);
    const alice = await browser.call('PATCH', 'contact/set_user', { identifier: 'alice', identifier_hash: hash(inbox, 'alice'), name: 'Alice', email: 'alice@example.org' });
    expect(alice.body).toMatchObject({ identifier: 'alice', hmac_verified: true, name: 'Alice', widget_auth_token: null });
    const bob = await browser.call('PATCH', 'contact/set_user', { identifier: 'bob', identifier_hash: hash(inbox, 'bob'), name: 'Bob' });
    expect(bob.body).toMatchObject({ identifier: 'bob', name: 'Bob', email: null });
    expect(bob.body.id).not.toBe(alice.body.id);
    expect((await browserWith(t, inbox, bob.body.widget_auth_token).call('GET', 'contact')).body.identifier).toBe('bob');
    expect((await browser.call('GET', 'contact')).body.identifier).toBe('alice');
  });

  test.each<[string, (inbox: MadeInbox) => object]>([
    ['a wrong proof', () => ({ identifier: 'alice', identifier_hash: '00'.repeat(32) })], ['no proof where one is demanded', () => ({ identifier: 'alice' })],
    ['the proof of somebody else', (inbox) => ({ identifier: 'alice', identifier_hash: hash(inbox, 'bob') })], ['rubbish as proof', () => ({ identifier: 'alice', identifier_hash: 'zz' })],
  ])('%s is refused and nothing is stored', async (_, body) => {
    const inbox = await makeWebChat(t, account, { hmac_mandatory: true });
    const browser = await openBrowser(t, inbox);
    for (const path of ['contact/set_user', 'contact']) {
      const refused = await browser.call('PATCH', path, body(inbox));
      expect([refused.status, refused.body]).toEqual([401, { error: 'HMAC failed: Invalid Identifier Hash Provided' }]);
    }
    expect(await identities(inbox.id)).toBe(0);
  });

  test('who merely claims an address learns nothing about its owner, and changes nothing of theirs', async () => {
    const inbox = await makeWebChat(t, account);
    const owner = await makeContact(t, account, { name: 'Real Owner', email: 'owner-w@example.org', phone_number: '+15550007777', custom_attributes: { case: 'secret' } });
    const stranger = await openBrowser(t, inbox);
    const claimed = await stranger.call('PATCH', 'contact', { email: 'owner-w@example.org', name: 'Mallory', phone_number: '+15550008888', custom_attributes: { case: 'mine', extra: 1 } });
    expect(claimed.status).toBe(200);
    for (const answer of [claimed.body, (await stranger.call('GET', 'contact')).body, (await stranger.call('POST', 'config', {})).body.contact]) {
      expect(JSON.stringify(answer)).not.toMatch(/Real Owner|15550007777|secret/);
    }
    await stranger.call('PATCH', 'contact', { name: 'Mallory again', email: 'mallory-w@example.org' });
    const after = await call(t, account.admin, 'GET', `/api/v1/accounts/${account.id}/contacts/${owner.id}`);
    expect(after.body.payload).toMatchObject({ name: 'Real Owner', email: 'owner-w@example.org', phone_number: '+15550007777', custom_attributes: { case: 'secret', extra: 1 } });
  });

  test.each<[object, string]>([
    [{ email: 'nope' }, 'email'], [{ phone_number: '12' }, 'phone_number'], [{ name: 'a\u0000b' }, 'name'], [{ name: '\ud800' }, 'name'], [{ name: 'x'.repeat(256) }, 'name'], [{ name: {} }, 'name'],
    [{ custom_attributes: 'x' }, 'custom_attributes'], [{ custom_attributes: { a: 'x'.repeat(60_000) } }, 'custom_attributes'], [{ identifier: 'x'.repeat(256) }, 'identifier'],
  ])('refuses a bad value (%#)', async (body, attribute) => {
    const browser = await openBrowser(t, await makeWebChat(t, account));
    for (const path of ['contact', ...(attribute === 'identifier' ? ['contact/set_user'] : [])]) {
      const refused = await browser.call('PATCH', path, body);
      expect([refused.status, refused.body.attributes]).toEqual([422, [attribute]]);
    }
  });

  test('set_user needs an identifier', async () => {
    const browser = await openBrowser(t, await makeWebChat(t, account));
    for (const body of [{}, { identifier: '' }, { identifier: null }]) expect((await browser.call('PATCH', 'contact/set_user', body)).body.attributes).toEqual(['identifier']);
  });
});

describe('who is there', () => {
  test('shows members who are online, without their addresses', async () => {
    const inbox = await makeWebChat(t, account);
    const agent = await makeAgentIn(t, account, inbox);
    await makeMember(t, account.id);
    await t.app.get(SystemWork).sql('UPDATE account_users SET auto_offline = false WHERE user_id = $1', [agent.id]);
    const browser = await openBrowser(t, inbox);
    const { body } = await browser.call('GET', 'inbox_members');
    expect(body.payload).toEqual([{ id: agent.id, name: agent.name, available_name: agent.name, avatar_url: '', thumbnail: '', availability_status: 'online', type: 'user' }]);
    await t.app.get(SystemWork).sql('UPDATE account_users SET availability = 2 WHERE user_id = $1', [agent.id]);
    expect((await browser.call('GET', 'inbox_members')).body.payload).toEqual([]);
    expect((await browser.call('GET', 'campaigns')).body).toEqual([]);
  });
});

describe('sockets of visitors', () => {
  test('are let in with a good token once something of theirs is stored', async () => {
    const inbox = await makeWebChat(t, account);
    const door = t.app.get(VisitorAuthenticator, { strict: false });
    const browser = await openBrowser(t, inbox);
    const knock = (token: string) => door.authenticate({ website_token: String(inbox.website_token), token });
    expect(await knock(browser.token)).toBeNull();
    const contact = await browser.call('PATCH', 'contact', { name: 'Ana' });
    expect(await knock(browser.token)).toEqual({ accountId: account.id, inboxId: inbox.id, contactId: contact.body.id, contactInboxId: expect.any(Number) });
    expect(await knock(`${browser.token}x`)).toBeNull();
    expect(await door.authenticate({ website_token: 'nobody', token: browser.token })).toBeNull();
  });
});

test('another account cannot see, and an unknown person cannot change, an inbox through its website token', async () => {
  const inbox = await makeWebChat(t, account);
  const stranger = await makeAccount(t);
  expect((await call(t, stranger.admin, 'GET', `/api/v1/accounts/${stranger.id}/inboxes/${inbox.id}`)).status).toBe(404);
  const agent = await makeAgentIn(t, account, inbox);
  const shown = (await call(t, agent, 'GET', `/api/v1/accounts/${account.id}/inboxes/${inbox.id}`)).body;
  expect(shown).toMatchObject({ channel_type: 'Channel::WebWidget', website_token: inbox.website_token, web_widget_script: expect.stringContaining(`data-website-token="${inbox.website_token}"`) });
  expect(shown).not.toHaveProperty('hmac_token');
});
