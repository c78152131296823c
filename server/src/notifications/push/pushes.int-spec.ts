import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeAccount, signIn, type AccountWithAdmin, type Person } from '../../../test/factories.js';
import { inbound, ingest, makeConversation, type MadeConversation } from '../../../test/factories-conversations.js';
import { makeAgentIn, makeInbox, type MadeInbox } from '../../../test/factories-inboxes.js';
import { call, eventually } from '../../../test/http.js';
import { siteKeyOf, startPushService, type PushService, type TestBrowser } from '../../../test/push-service.js';
import { startTestApp, type TestApp, WITHOUT_SCHEDULE } from '../../../test/test-app.js';
import type { StoredEvent } from '../../delivery/event-types.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { SweepPushes } from './drain-pushes.job.js';
import { QueuePushes } from './queue-pushes.subscriber.js';
import { makePushKeys } from './web-push.client.js';

let pushes: PushService;
let t: TestApp;
let account: AccountWithAdmin;
let inbox: MadeInbox;
let ana: Person;
let ben: Person;
let api: string;
beforeAll(async () => {
  pushes = await startPushService();
  t = await startTestApp({ ...WITHOUT_SCHEDULE, PUBLIC_URL: 'https://help.foodbank.example' });
  account = await makeAccount(t, 'Food bank');
  api = `/api/v1/accounts/${account.id}`;
  // Who has what is this test's to say.
  inbox = await makeInbox(t, account, { name: 'Front desk', enable_auto_assignment: false });
  ana = await makeAgentIn(t, account, inbox);
  ben = await makeAgentIn(t, account, inbox);
});
afterAll(async () => { await t.close(); await pushes.close(); });

interface Wire { id: number; notification_type: string; primary_actor: { id: number }; push_message_title: string; push_message_body: string }
const about = async (who: Person, conversation: MadeConversation): Promise<Wire[]> =>
  ((await call(t, who, 'GET', `${api}/notifications`)).body.data.payload as Wire[]).filter((one) => one.primary_actor.id === conversation.id);
const told = (who: Person, conversation: MadeConversation, kind: string) =>
  eventually(`${kind} is told`, async () => (await about(who, conversation)).find((one) => one.notification_type === kind));
const settings = (who: Person, change: object) => call(t, who, 'PUT', `${api}/notification_settings`, { notification_settings: change });
const subscriptions = '/api/v1/notification_subscriptions';
const siteKey = () => siteKeyOf(t, ana);
const subscribe = (who: Person, more?: object, key?: string) => pushes.subscribe(t, who, more, key);
const waiting = async (who: Person): Promise<number> => (await t.app.get(SystemWork).sql('SELECT FROM push_messages m JOIN notification_subscriptions s ON s.id = m.subscription_id WHERE s.user_id = $1', [who.id])).length;
const reached = (browser: TestBrowser, n: number) => eventually(`${n} messages reach the browser`, () => browser.told.length >= n);
const gives = async (to: Person): Promise<MadeConversation> => {
  const conversation = await makeConversation(t, account, inbox);
  await call(t, account.admin, 'POST', `${conversation.url}/assignments`, { assignee_id: to.id });
  return conversation;
};
/** Moves the time on and starts what is due by then, also what is only now noted as such. */
const later = async (milliseconds: number, then: () => Promise<unknown>): Promise<void> => {
  t.clock.advance(milliseconds);
  let isOver = false;
  const sweep = () => t.app.get(SweepPushes, { strict: false }).run();
  await sweep();
  await Promise.all([then().finally(() => { isOver = true; }), eventually('it is over', async () => { if (!isOver) await sweep(); return isOver; })]);
  t.clock.advance(-milliseconds);
};

test('a browser is told once, sealed for it and signed by us; what was written only where that is wanted', async () => {
  const person = await signIn(t, await makeAgentIn(t, account, inbox));
  expect(new Set(await Promise.all([siteKey(), siteKey(), siteKey()])).size).toBe(1);
  const [plain, open] = [await subscribe(person), await subscribe(person, { shows_text: true })];
  const conversation = await gives(person);
  await Promise.all([reached(plain, 1), reached(open, 1)]);
  const shown = await told(person, conversation, 'conversation_assignment');
  const name = (shown.primary_actor as unknown as { meta: { sender: { name: string } } }).meta.sender.name;
  expect(plain.told[0]).toMatchObject({
    payload: { id: shown.id, title: shown.push_message_title, body: name, path: `/app/accounts/${account.id}/conversations/${conversation.id}`, tag: `conversation-${account.id}-${conversation.id}`, lang: 'en', dir: 'ltr' },
    subject: 'https://help.foodbank.example', headers: { urgency: 'high', ttl: expect.stringMatching(/^86[34]\d\d$/) },
  });
  expect(open.told[0]!.payload['body']).toBe(shown.push_message_body);
  expect(plain.told[0]!.headers['topic']).not.toBe(open.told[0]!.headers['topic']);

  const events = await t.app.get(SystemWork).sql<StoredEvent<'notification.created'>>(`SELECT * FROM events WHERE account_id = $1 AND type = 'notification.created' AND conversation_id = $2`, [account.id, conversation.conversationId]);
  const queue = t.app.get(QueuePushes, { strict: false });
  await Promise.all([queue.handle(events.at(-1)!), queue.handle(events.at(-1)!)]);
  await later(60_000, async () => expect(await waiting(person)).toBe(0));
  expect([plain.told.length, open.told.length]).toEqual([1, 1]);

  await settings(person, { selected_push_flags: ['push_assigned_conversation_new_message'], selected_in_app_flags: ['in_app_conversation_assignment'] });
  const other = await gives(person);
  await told(person, other, 'conversation_assignment');
  await ingest(t, account, inbox, inbound({ sourceId: other.sourceId, content: 'Only pushed' }));
  await reached(open, 2);
  expect(open.told.at(-1)!.payload).toMatchObject({ title: expect.stringContaining('new message'), body: expect.stringMatching(/: Only pushed$/) });
  const listed = (await call(t, person, 'GET', subscriptions)).body.payload;
  expect(listed).toEqual([expect.objectContaining({ id: open.id, shows_text: true }), expect.objectContaining({ id: plain.id, shows_text: false, identifier: plain.endpoint, browser_name: 'Chrome', platform_name: 'Linux', told_at: expect.any(Number) })]);
  expect(pushes.faults).toEqual([]);
});

test('a service that fails is tried again, in its own time; one message for what happened meanwhile', async () => {
  const person = await signIn(t, await makeAgentIn(t, account, inbox));
  await settings(person, { selected_push_flags: ['push_conversation_assignment', 'push_assigned_conversation_new_message'] });
  const [busy, broken, silent] = [await subscribe(person), await subscribe(person), await subscribe(person)];
  pushes.answer(busy, { status: 429, headers: { 'retry-after': '600' } });
  pushes.answer(broken, { status: 500 }, { status: 503 });
  pushes.answer(silent, { status: 201, drop: true });
  const conversation = await gives(person);
  await Promise.all([busy, broken, silent].map((browser) => reached(browser, 1)));
  await eventually('all is put off', async () => (await t.app.get(SystemWork).sql('SELECT FROM push_messages m JOIN notification_subscriptions s ON s.id = m.subscription_id WHERE s.user_id = $1 AND claimed_at IS NULL AND attempts = 1', [person.id])).length === 3);
  await later(7_000, () => Promise.all([reached(broken, 2), reached(silent, 2)]));
  // Whoever asked for ten minutes is left alone by everything, and then told of what is the newest.
  await ingest(t, account, inbox, inbound({ sourceId: conversation.sourceId, content: 'Newer' }));
  await reached(silent, 3);
  expect(busy.told).toHaveLength(1);
  await later(620_000, () => Promise.all([reached(busy, 2), reached(broken, 3), eventually('all are told', async () => await waiting(person) === 0)]));
  expect(busy.told[1]!.payload['title']).toContain('new message');
  expect(new Set(silent.told.map(({ headers }) => headers['topic'])).size).toBe(1);
  expect(silent.told.map(({ payload }) => payload['id']).slice(0, 2)).toEqual([silent.told[0]!.payload['id'], silent.told[0]!.payload['id']]);
  expect([busy, broken, silent].map(({ told: all }) => all.at(-1)!.accepted)).toEqual([true, true, true]);
  expect(pushes.faults).toEqual([]);
});

test('ends when the browser is gone, its person signs out, ends the session or takes it off the list; what is read is not told', async () => {
  const person = await makeAgentIn(t, account, inbox);
  const [here, there] = [await signIn(t, person), await signIn(t, person)];
  const [gone, stays, ended, removed] = [await subscribe(here), await subscribe(here), await subscribe(there), await subscribe(here)];
  const misled = await subscribe(here, {}, makePushKeys().publicKey);
  const ids = async () => (await call(t, here, 'GET', subscriptions)).body.payload.map((one: { id: number }) => one.id);
  pushes.forget(gone);
  expect((await call(t, there, 'DELETE', `/api/v1/profile/sessions/${there.sessionId}`)).status).toBe(200);
  expect((await call(t, ben, 'DELETE', `${subscriptions}/${removed.id}`)).status).toBe(404);
  expect((await call(t, here, 'DELETE', `${subscriptions}/${removed.id}`)).status).toBe(200);
  await gives(here);
  await eventually('the browser that is gone is forgotten, and nothing waits', async () => !(await ids()).includes(gone.id) && await waiting(here) === 0);
  expect([await ids(), stays.told.length, ended.told.length, removed.told.length, misled.told.length]).toEqual([[misled.id, stays.id], 1, 0, 0, 0]);
  // What our key does not open for us is given up, and the device stays.
  expect(pushes.faults.splice(0)).toEqual(['is not signed with the key of the subscription']);

  pushes.answer(stays, { status: 500 });
  const conversation = await gives(here);
  await reached(stays, 2);
  await eventually('it is put off', async () => (await t.app.get(SystemWork).sql('SELECT FROM push_messages WHERE subscription_id = $1 AND claimed_at IS NULL', [stays.id])).length === 1);
  await call(t, here, 'POST', `${conversation.url}/update_last_seen`);
  await eventually('she has read it', async () => (await about(here, conversation)).length === 0);
  await later(60_000, () => eventually('nothing waits', async () => await waiting(here) === 0));
  expect(stays.told).toHaveLength(2);

  expect((await call(t, here, 'DELETE', '/auth/sign_out')).status).toBe(200);
  expect(await t.app.get(SystemWork).sql('SELECT FROM notification_subscriptions WHERE user_id = $1', [person.id])).toEqual([]);
});

test('addresses that lead inside and keys that open nothing are refused', async () => {
  const { endpoint, p256dh, auth } = pushes.browser(await siteKey());
  const put = (subscription_attributes: object) => call(t, ana, 'POST', subscriptions, { subscription_type: 'browser_push', subscription_attributes });
  const offCurve = Buffer.concat([Buffer.from([4]), Buffer.alloc(64, 1)]).toString('base64url');
  for (const wrong of [{ endpoint: 'https://10.0.0.1/push', p256dh, auth }, { endpoint: 'http://example.org/push', p256dh, auth }, { endpoint }, { endpoint, p256dh, auth: 'short' }, { endpoint, p256dh: offCurve, auth }, { endpoint, keys: null }]) {
    expect([(await put(wrong)).status, (await put(wrong)).body.attributes]).toEqual([422, ['subscription_attributes']]);
  }
  // As Chatwoot's dashboard sends it.
  expect((await put({ endpoint, p256dh: Buffer.from(p256dh, 'base64url').toString('base64').replaceAll('+', '-').replaceAll('/', '_'), auth: `${auth}==` })).status).toBe(200);
});

test('devices are kept as phones send them, and forgotten by their token', async () => {
  const phone = { deviceName: 'Phone', devicePlatform: 'android', push_token: 'token-1', device_id: `device-${ana.id}` };
  const kept = await call(t, ana, 'POST', '/api/v1/notification_subscriptions', { subscription_type: 'fcm', subscription_attributes: phone });
  expect(kept.body).toMatchObject({ user_id: ana.id, subscription_type: 'fcm', identifier: phone.device_id, subscription_attributes: phone });
  expect((await call(t, ana, 'POST', '/api/v1/notification_subscriptions', { subscription_type: 'fcm', subscription_attributes: { ...phone, push_token: 'token-2' } })).body.id).toBe(kept.body.id);
  const isForgottenBy = async (who: Person): Promise<boolean> => (await call(t, who, 'DELETE', '/api/v1/notification_subscriptions', { push_token: 'token-2' })).status === 200 && !(await call(t, ana, 'GET', '/api/v1/notification_subscriptions')).body.payload.some((one: { id: number }) => one.id === kept.body.id);
  expect([await isForgottenBy(ben), await isForgottenBy(ana), await isForgottenBy(ana)]).toEqual([false, true, true]);
  for (const body of [{}, { subscription_type: 'pigeon', subscription_attributes: {} }, { subscription_type: 'fcm', subscription_attributes: {} }, { subscription_type: 'fcm', subscription_attributes: { device_id: 'a\u0000' } }, { subscription_type: 'fcm', subscription_attributes: { device_id: 'ä'.repeat(1001) } }]) {
    expect((await call(t, ana, 'POST', '/api/v1/notification_subscriptions', body)).status).toBe(422);
  }
});
