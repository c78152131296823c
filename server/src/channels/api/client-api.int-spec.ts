import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { makeInbox, type MadeInbox } from '../../../test/factories-inboxes.js';
import { makeAccount, unique, type AccountWithAdmin } from '../../../test/factories.js';
import { call } from '../../../test/http.js';
import { startTestApp, type TestApp } from '../../../test/test-app.js';

let t: TestApp;
let account: AccountWithAdmin;
let inbox: MadeInbox;
beforeAll(async () => {
  t = await startTestApp();
  account = await makeAccount(t);
  inbox = await makeInbox(t, account, { type: 'api' });
});
afterAll(() => t.close());

const at = (path = '', of = inbox): string => `/public/api/v1/inboxes/${of.inbox_identifier}${path}`;
const ask = (method: string, path: string, body?: unknown) => call(t, null, method, path, body);
const contact = async (body: object = {}): Promise<{ source_id: string; id: number }> => {
  const made = await ask('POST', at('/contacts'), { name: 'Vi', email: `vi-${unique()}@example.org`, ...body });
  expect(made.status).toBe(200);
  return made.body;
};

test('what somebody does is counted by who they are: others behind the same gateway are not held up', async () => {
  // All of it in one minute.
  t.clock.advance(60_000 - (t.clock.now() % 60_000));
  const [loud, calm] = [await contact(), await contact()];
  const open = ({ source_id: id }: { source_id: string }) => call(t, null, 'POST', at(`/contacts/${id}/conversations`), {}, { 'x-forwarded-for': '203.0.113.9' });
  const answers = await Promise.all(Array.from({ length: 11 }, () => open(loud)));
  expect(answers.filter((answer) => answer.status === 429)).toHaveLength(1);
  expect((await open(calm)).status).toBe(200);
  const { id } = answers.find((answer) => answer.status === 200)!.body;
  const answer = () => call(t, null, 'PATCH', at(`/contacts/${loud.source_id}/conversations/${id}/messages/1`), { submitted_values: [{ value: 'x' }] }, { 'x-forwarded-for': '203.0.113.9' });
  expect((await Promise.all(Array.from({ length: 61 }, answer))).filter(({ status }) => status === 429)).toHaveLength(1);
});

test('an app brings somebody, opens a conversation, writes and reads', async () => {
  expect((await ask('GET', at())).body).toMatchObject({ identifier: inbox.inbox_identifier, name: inbox.name, identity_validation_enabled: false, csat_survey_enabled: false, working_hours_enabled: false });
  const vi = await contact();
  expect(vi).toMatchObject({ name: 'Vi', source_id: expect.any(String), pubsub_token: expect.any(String), phone_number: null });
  expect((await ask('GET', at(`/contacts/${vi.source_id}`))).body).toEqual(vi);
  const changed = await ask('PATCH', at(`/contacts/${vi.source_id}`), { name: 'Viola', custom_attributes: { plan: 'free' } });
  expect(changed.body).toMatchObject({ id: vi.id, name: 'Viola', custom_attributes: { plan: 'free' }, account_id: account.id });
  expect(changed.body.pubsub_token).toBeUndefined();

  const form = new FormData();
  form.append('avatar', new Blob([Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')], { type: 'image/gif' }), 'vi.gif');
  expect((await ask('PATCH', at(`/contacts/${vi.source_id}`), form)).body).toMatchObject({ id: vi.id, name: 'Viola' });
  const seen = await call(t, account.admin, 'GET', `/api/v1/accounts/${account.id}/contacts/${vi.id}`);
  expect((await fetch(seen.body.payload.thumbnail)).status).toBe(200);

  const own = at(`/contacts/${vi.source_id}/conversations`);
  const conversation = (await ask('POST', own, { custom_attributes: { order: '7' } })).body;
  expect(conversation).toMatchObject({ status: 'open', inbox_id: inbox.id, messages: [], custom_attributes: { order: '7' }, contact: { id: vi.id, name: 'Viola' } });
  const url = `${own}/${conversation.id}`;
  const echo = `e-${unique()}`;
  const sent = await ask('POST', `${url}/messages`, { content: 'Is it ready?', echo_id: echo });
  expect(sent.body).toMatchObject({ content: 'Is it ready?', message_type: 0, conversation_id: conversation.id, echo_id: echo });
  expect((await ask('POST', `${url}/messages`, { content: 'Is it ready?', echo_id: echo })).body.id).toBe(sent.body.id);
  const desk = `/api/v1/accounts/${account.id}/conversations/${conversation.id}`;
  await call(t, account.admin, 'POST', `${desk}/messages`, { content: 'Tomorrow' });
  await call(t, account.admin, 'POST', `${desk}/messages`, { content: 'secret', private: true });
  expect((await ask('GET', `${url}/messages`)).body.map((m: { content: string }) => m.content)).toEqual(['Is it ready?', 'Tomorrow']);
  expect((await ask('POST', `${url}/update_last_seen`)).status).toBe(200);
  expect((await ask('POST', `${url}/toggle_typing`, { typing_status: 'on' })).status).toBe(200);
  expect((await ask('POST', `${url}/toggle_typing`)).status).toBe(422);
  expect((await ask('POST', `${url}/toggle_status`)).body).toMatchObject({ status: 'resolved' });
  expect((await ask('POST', `${url}/toggle_status`)).body).toMatchObject({ status: 'resolved' });
  expect((await ask('GET', own)).body).toMatchObject([{ id: conversation.id, status: 'resolved' }]);
  // Writing again opens it again.
  await ask('POST', `${url}/messages`, { content: 'One more thing' });
  expect((await ask('GET', url)).body).toMatchObject({ status: 'open', contact_last_seen_at: expect.any(Number) });
});

test('a question is answered where it was asked', async () => {
  const vi = await contact();
  const own = at(`/contacts/${vi.source_id}/conversations`);
  const { id } = (await ask('POST', own)).body;
  const asked = await call(t, account.admin, 'POST', `/api/v1/accounts/${account.id}/conversations/${id}/messages`, { content: 'Which?', content_type: 'input_select', content_attributes: { items: [{ title: 'A', value: 'a' }] } });
  const answer = (submitted_values: unknown) => ask('PATCH', `${own}/${id}/messages/${asked.body.id}`, { submitted_values });
  expect((await answer([{ title: 'B', value: 'b' }])).body.attributes).toEqual(['submitted_values']);
  const answered = await answer([{ value: 'a' }]);
  expect(answered.body.content_attributes).toMatchObject({ submitted_values: [{ title: 'A', value: 'a' }] });
});

test('an identifier is proven where the inbox demands it', async () => {
  const strict = await makeInbox(t, account, { type: 'api', channel: { hmac_mandatory: true } });
  const who = `user-${unique()}`;
  const hash = createHmac('sha256', String(strict.hmac_token)).update(who).digest('hex');
  const refused = { error: 'HMAC failed: Invalid Identifier Hash Provided' };
  for (const identifier_hash of [undefined, '', 'ff', hash.replace(/./g, '0')]) {
    const answer = await ask('POST', at('/contacts', strict), { identifier: who, identifier_hash });
    expect([answer.status, answer.body]).toEqual([401, refused]);
  }
  const first = await ask('POST', at('/contacts', strict), { identifier: who, identifier_hash: hash, name: 'Proven' });
  expect(first.body).toMatchObject({ name: 'Proven' });
  // The same person from another device is the same contact, and reads and writes what they wrote elsewhere.
  const second = await ask('POST', at('/contacts', strict), { identifier: who, identifier_hash: hash });
  expect(second.body).toMatchObject({ id: first.body.id, name: 'Proven' });
  const [there, here] = [first, second].map((device) => at(`/contacts/${device.body.source_id}`, strict));
  const { id } = (await ask('POST', `${there}/conversations`)).body;
  expect((await ask('GET', `${here}/conversations`)).body.map((c: { id: number }) => c.id)).toEqual([id]);
  expect((await ask('POST', `${here}/conversations/${id}/messages`, { content: 'From the other one' })).status).toBe(200);
  expect((await ask('GET', `${there}/conversations/${id}/messages`)).body).toMatchObject([{ content: 'From the other one' }]);
  // Without a proof nobody is made or changed, and an address that an agent gave somebody says nothing of them.
  expect((await ask('POST', at('/contacts', strict), { name: 'Nobody', email: `nobody-${unique()}@example.org` })).body).toEqual(refused);
  expect((await ask('PATCH', here!, { name: 'Changed' })).body).toEqual(refused);
  expect((await ask('PATCH', here!, { name: 'Changed', identifier: who, identifier_hash: hash })).body).toMatchObject({ name: 'Changed' });
  const given = (await call(t, account.admin, 'POST', `/api/v1/accounts/${account.id}/contacts/${first.body.id}/contact_inboxes`, { inbox_id: strict.id })).body;
  expect(await Promise.all([here!, at(`/contacts/${given.source_id}`, strict), `${at(`/contacts/${given.source_id}`, strict)}?identifier=${who}&identifier_hash=${hash}`].map(async (path) => (await ask('GET', path)).status))).toEqual([200, 401, 200]);
  expect((await ask('GET', `${at(`/contacts/${given.source_id}`, strict)}/conversations`)).body).toEqual([]);
});

test('an inbox may want a new conversation for every matter, or a single one for ever', async () => {
  const patch = (body: object) => call(t, account.admin, 'PATCH', `/api/v1/accounts/${account.id}/inboxes/${own.id}`, body);
  const own = await makeInbox(t, account, { type: 'api', allow_messages_after_resolved: false });
  const vi = at(`/contacts/${(await ask('POST', at('/contacts', own), { name: 'Vi' })).body.source_id}/conversations`, own);
  const { id } = (await ask('POST', vi)).body;
  const say = async (content: string): Promise<number> => (await ask('POST', `${vi}/${id}/messages`, { content })).body.conversation_id;
  expect(await say('While it is open')).toBe(id);
  await ask('POST', `${vi}/${id}/toggle_status`);
  const next = await say('Something else');
  expect([next === id, await say('And on')]).toEqual([false, next]);
  expect((await ask('GET', vi)).body).toMatchObject([{ id: next, status: 'open', messages: [{ content: 'Something else' }, { content: 'And on' }] }, { id, status: 'resolved' }]);
  await patch({ allow_messages_after_resolved: true });
  expect(await say('That again')).toBe(id);
  await patch({ lock_to_single_conversation: true });
  expect((await Promise.all([ask('POST', vi), ask('POST', vi)])).map(({ body }) => body.id)).toEqual([next, next]);
  const bo = at(`/contacts/${(await ask('POST', at('/contacts', own), { name: 'Bo' })).body.source_id}/conversations`, own);
  expect(new Set((await Promise.all([ask('POST', bo), ask('POST', bo)])).map(({ body }) => body.id)).size).toBe(1);
});

test('after the hours that the inbox gives nobody can be answered until they write again', async () => {
  const own = await makeInbox(t, account, { type: 'api', channel: { additional_attributes: { agent_reply_time_window: '2' } } });
  const vi = at(`/contacts/${(await ask('POST', at('/contacts', own), { name: 'Vi' })).body.source_id}/conversations`, own);
  const { id } = (await ask('POST', vi)).body;
  const url = `/api/v1/accounts/${account.id}/conversations/${id}`;
  const canReply = async (): Promise<boolean> => (await call(t, account.admin, 'GET', url)).body.can_reply;
  expect(await canReply()).toBe(false);
  const write = () => ask('POST', `${vi}/${id}/messages`, { content: 'Hello?' });
  await write();
  expect(await canReply()).toBe(true);
  t.clock.advance(2 * 3_600_000);
  expect(await canReply()).toBe(false);
  expect((await call(t, account.admin, 'GET', `/api/v1/accounts/${account.id}/conversations?inbox_id=${own.id}`)).body.data.payload).toMatchObject([{ id, can_reply: false }]);
  // Chatwoot takes it all the same: what goes is the other side's to say.
  expect((await call(t, account.admin, 'POST', `${url}/messages`, { content: 'Late' })).status).toBe(200);
  await call(t, account.admin, 'PATCH', `/api/v1/accounts/${account.id}/inboxes/${own.id}`, { channel: { additional_attributes: { agent_reply_time_window: '' } } });
  expect(await canReply()).toBe(true);
});

test('claiming an address gives nothing away about whose it is', async () => {
  const email = `owner-${unique()}@example.org`;
  await call(t, account.admin, 'POST', `/api/v1/accounts/${account.id}/contacts`, { name: 'The Owner', email, phone_number: '+4930123456' });
  const claimed = await ask('POST', at('/contacts'), { email });
  expect(claimed.body).toMatchObject({ name: '', email: null, phone_number: null });
});

test('other inboxes, people and conversations are not found', async () => {
  const [vi, bo] = [await contact(), await contact()];
  const { id } = (await ask('POST', at(`/contacts/${vi.source_id}/conversations`))).body;
  for (const path of ['/public/api/v1/inboxes/nobody', at('/contacts/nobody'), at(`/contacts/${bo.source_id}/conversations/${id}`), at(`/contacts/${bo.source_id}/conversations/${id}/messages`), at(`/contacts/${vi.source_id}/conversations/x`)]) {
    expect([path, (await ask('GET', path)).status]).toEqual([path, 404]);
  }
  const chat = await makeInbox(t, account, { type: 'web_widget', channel: { website_url: 'https://foodbank.example' } });
  expect((await ask('GET', `/public/api/v1/inboxes/${chat.website_token}`)).status).toBe(404);
  expect((await ask('POST', at(`/contacts/${vi.source_id}/conversations/${id}/messages`), { content: ' ' })).body).toMatchObject({ attributes: ['content'] });
});

test('pages of any site may call it; the rest of the API not', async () => {
  const preflight = await call(t, null, 'OPTIONS', at('/contacts'), undefined, { origin: 'https://app.example', 'access-control-request-method': 'POST' });
  expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
  expect((await call(t, null, 'GET', '/api/v1/profile', undefined, { origin: 'https://app.example' })).headers.get('access-control-allow-origin')).toBeNull();
});
