import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { makeContact } from '../../../test/factories-contacts.js';
import { makeConversation, makeMessage } from '../../../test/factories-conversations.js';
import { makeAgentIn, makeInbox, type MadeInbox } from '../../../test/factories-inboxes.js';
import { makeAccount, type AccountWithAdmin } from '../../../test/factories.js';
import { call, eventually } from '../../../test/http.js';
import { startTestApp, type TestApp, WITHOUT_SCHEDULE } from '../../../test/test-app.js';
import { WebhookReceiver } from '../../../test/webhook-receiver.js';
import type { StoredEvent } from '../../delivery/event-types.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { FileAddresses } from '../../platform/storage/file-addresses.js';
import { makeWebChat, openBrowser } from '../../../test/widget.js';
import { SweepWebhooks } from './drain-webhook.job.js';
import { QueueWebhooks } from './queue-webhooks.subscriber.js';
import type { ToldEvent } from './webhook-payloads.service.js';

const HOUR = 3_600_000;
let t: TestApp;
let account: AccountWithAdmin;
let inbox: MadeInbox;
let receiver: WebhookReceiver;
beforeAll(async () => { t = await startTestApp({ ...WITHOUT_SCHEDULE, LOG_LEVEL: 'silent' }); });
beforeEach(async () => {
  receiver = await WebhookReceiver.start();
  account = await makeAccount(t);
  inbox = await makeInbox(t, account);
});
afterAll(() => t.close());

const path = (rest = ''): string => `/api/v1/accounts/${account.id}/webhooks${rest}`;
interface Hook { id: number; secret: string; url: string; disabled_at: number | null; waiting_count: number; failing_since: number | null; last_error: string | null; subscriptions: string[] }
async function makeHook(body: object = {}, to = receiver): Promise<Hook> {
  const made = await call(t, account.admin, 'POST', path(), { url: to.url, ...body });
  expect(made.status).toBe(200);
  to.secret = made.body.payload.webhook.secret;
  return made.body.payload.webhook;
}
const shown = async (id: number): Promise<Hook> => (await call(t, account.admin, 'GET', path())).body.payload.webhooks.find((w: Hook) => w.id === id);
const log = async (id: number, query = ''): Promise<any[]> => (await call(t, account.admin, 'GET', path(`/${id}/deliveries${query}`))).body.payload; // eslint-disable-line @typescript-eslint/no-explicit-any -- a test looks into any answer
const heard = (name: string, fits: (body: any) => boolean = () => true, of = receiver) => eventually(`${name} arrives`, () => of.received.find(({ body }) => body.event === name && fits(body))); // eslint-disable-line @typescript-eslint/no-explicit-any -- as above
const sweep = () => t.app.get(SweepWebhooks).run();

test('what happens is told in Chatwoot\'s words, signed', async () => {
  await makeHook();
  const conversation = await makeConversation(t, account, inbox, { content: 'Do you have bread?' });
  // Hooks tell how things are when they are written, so the next thing is done after this one was told.
  expect((await heard('conversation_created')).body).toMatchObject({
    id: conversation.id, inbox_id: inbox.id, status: 'open', account: { id: account.id, name: account.name }, channel: 'Channel::TestChat', can_reply: true,
    contact_inbox: { source_id: conversation.sourceId }, meta: { sender: { id: conversation.contactId, type: 'contact' }, hmac_verified: false }, labels: [], custom_attributes: {},
  });
  await makeMessage(t, conversation, account.admin, { content: 'Yes' });
  await call(t, account.admin, 'POST', `${conversation.url}/toggle_status`, { status: 'resolved' });
  expect((await heard('message_created', (b) => b.message_type === 'incoming')).body).toMatchObject({
    content: 'Do you have bread?', content_type: 'text', private: false, account: { id: account.id }, inbox: { id: inbox.id, name: inbox.name }, conversation: { id: conversation.id }, sender: { id: conversation.contactId, type: 'contact' },
  });
  expect((await heard('message_created', (b) => b.message_type === 'outgoing')).body).toMatchObject({ content: 'Yes', sender: { id: account.admin.id, email: account.admin.email, type: 'user' } });
  expect((await heard('conversation_status_changed')).body).toMatchObject({ status: 'resolved', changed_attributes: [{ status: { previous_value: 'open', current_value: 'resolved' } }] });
  await heard('conversation_updated');
  expect((await heard('contact_created')).body).toMatchObject({ id: conversation.contactId, account: { id: account.id }, blocked: false });
  expect(receiver.forged).toEqual([]);
  expect(receiver.received.every(({ body }) => body.message_type !== 'activity')).toBe(true);
  await receiver.stop();
});

test('what passes is told also when the requests carry an Idempotency-Key, and nothing is asked on a connection that is somebody else\'s by then', async () => {
  const hook = await makeHook({ subscriptions: ['conversation_typing_on'] });
  const conversation = await makeConversation(t, account, inbox);
  const typing = (n: number) => call(t, account.admin, 'POST', `${conversation.url}/toggle_typing_status`, { typing_status: 'on', is_private: true }, { 'idempotency-key': `typing-${hook.id}-${n}` });
  expect((await Promise.all(Array.from({ length: 20 }, (_, n) => typing(n)))).map((answer) => answer.status)).toEqual(Array.from({ length: 20 }, () => 200));
  await eventually('all are told', () => receiver.received.length === 20);
});

test('what passes is told once, to those who asked for it and to the bot of an opened chat', async () => {
  const [hook, bot] = [await makeHook({ subscriptions: ['conversation_typing_on', 'conversation_typing_off', 'webwidget_triggered'] }), await WebhookReceiver.start()];
  expect(hook.subscriptions).toEqual(['conversation_typing_on', 'conversation_typing_off', 'webwidget_triggered']);
  const conversation = await makeConversation(t, account, inbox);
  for (const typing_status of ['on', 'off']) await call(t, account.admin, 'POST', `${conversation.url}/toggle_typing_status`, { typing_status, is_private: true });
  expect((await heard('conversation_typing_off')).body).toMatchObject({ account: { id: account.id }, conversation: { id: conversation.id, inbox_id: inbox.id }, user: { id: account.admin.id, type: 'user' }, is_private: true });
  expect(receiver.received.map(({ body }) => body.event)).toEqual(['conversation_typing_on', 'conversation_typing_off']);
  const chat = await makeWebChat(t, account);
  const made = await call(t, account.admin, 'POST', `/api/v1/accounts/${account.id}/agent_bots`, { name: 'Robin', outgoing_url: bot.url });
  bot.secret = made.body.secret;
  await call(t, account.admin, 'POST', `/api/v1/accounts/${account.id}/inboxes/${chat.id}/set_agent_bot`, { agent_bot: made.body.id });
  const browser = await openBrowser(t, chat);
  const opened = () => browser.call('POST', 'events', { name: 'webwidget.triggered', event_info: { referer: 'https://foodbank.example/help' } });
  await opened();
  const first = { inbox: { id: chat.id }, account: { id: account.id }, source_id: expect.any(String), contact: null, current_conversation: null, event_info: { referer: 'https://foodbank.example/help' } };
  expect([(await heard('webwidget_triggered')).body, (await heard('webwidget_triggered', undefined, bot)).body]).toMatchObject([first, first]);
  await browser.call('POST', 'messages', { message: { content: 'Hello' } });
  await opened();
  expect((await heard('webwidget_triggered', (b) => b.contact !== null)).body).toMatchObject({ id: expect.any(Number), contact: { id: expect.any(Number) }, current_conversation: { inbox_id: chat.id } });
  expect([...receiver.forged, ...bot.forged, ...await log(hook.id)]).toEqual([]);
  await Promise.all([receiver.stop(), bot.stop()]);
});

test('an address hears what it asked for, in order, and another account hears nothing', async () => {
  const stranger = await makeAccount(t);
  expect((await call(t, stranger.admin, 'POST', `/api/v1/accounts/${stranger.id}/webhooks`, { url: receiver.url })).status).toBe(200);
  const hook = await makeHook({ subscriptions: ['message_created'], name: 'Ledger' });
  const conversation = await makeConversation(t, account, inbox, { content: 'n0' });
  for (let n = 1; n <= 12; n++) await makeMessage(t, conversation, account.admin, { content: `n${n}` });
  await heard('message_created', (b) => b.content === 'n12');
  expect(receiver.received.map(({ body }) => body.content)).toEqual(Array.from({ length: 13 }, (_, n) => `n${n}`));
  expect(new Set(receiver.received.map((r) => r.delivery)).size).toBe(13);
  const entries = await eventually('all are in the log', async () => { const rows = await log(hook.id, '?state=delivered'); return rows.length === 13 && rows; });
  expect(entries[0]).toMatchObject({ event: 'message_created', state: 'delivered', attempts: 1, last_status: 200, last_error: null });
  await receiver.stop();
});

test('a server that fails is asked again in order with growing pauses, and holds up nobody else', async () => {
  const other = await WebhookReceiver.start();
  const hook = await makeHook({ subscriptions: ['message_created'] });
  await makeHook({ subscriptions: ['message_created'] }, other);
  receiver.usual = { status: 503, body: 'down for repairs' };
  const conversation = await makeConversation(t, account, inbox, { content: 'one' });
  await makeMessage(t, conversation, account.admin, { content: 'two' });
  await heard('message_created', (b) => b.content === 'two', other);
  const failing = await eventually('it is seen to fail', async () => { const now = await shown(hook.id); return now.failing_since ? now : undefined; });
  expect(failing).toMatchObject({ last_error: 'The server answered 503.', waiting_count: 2, disabled_at: null });
  const contents = (): string[] => receiver.received.map(({ body }) => body.content as string);
  expect(new Set(contents())).toEqual(new Set(['one']));
  t.clock.advance(10_000);
  await sweep();
  await eventually('asked again, and that is noted', async () => (await log(hook.id)).at(-1).attempts === 2);
  receiver.usual = 'ok';
  t.clock.advance(60_000);
  await sweep();
  await heard('message_created', (b) => b.content === 'two');
  expect(contents()).toEqual([...Array.from({ length: receiver.received.length - 1 }, () => 'one'), 'two']);
  expect(new Set(receiver.received.slice(0, -1).map((r) => r.delivery)).size).toBe(1);
  expect(await eventually('it has recovered', async () => { const now = await shown(hook.id); return now.failing_since === null && now.waiting_count === 0 ? now : undefined; })).toMatchObject({ last_error: null });
  const first = (await log(hook.id)).at(-1);
  const detail = (await call(t, account.admin, 'GET', path(`/${hook.id}/deliveries/${first.id}`))).body.payload;
  expect(detail.tries.map((one: { status: number }) => one.status)).toEqual([503, 503, 200]);
  expect(detail.tries[0].answer).toBe('down for repairs');
  expect(JSON.parse(detail.body)).toMatchObject({ event: 'message_created', content: 'one' });
  await receiver.stop();
  await other.stop();
});

test('what is refused waits by itself and lets the next pass', async () => {
  const hook = await makeHook({ subscriptions: ['message_created'] });
  receiver.next({ status: 422, body: 'cannot read this' });
  const conversation = await makeConversation(t, account, inbox, { content: 'bad' });
  await makeMessage(t, conversation, account.admin, { content: 'good' });
  await heard('message_created', (b) => b.content === 'good');
  const waiting = await eventually('the refused one waits', async () => { const rows = await log(hook.id, '?state=waiting'); return rows.length === 1 && rows[0]; });
  expect(waiting).toMatchObject({ last_status: 422, last_error: 'The server answered 422.', attempts: 1 });
  t.clock.advance(10_000);
  await sweep();
  await eventually('it is taken', async () => (await log(hook.id, '?state=delivered')).length === 2);
  await receiver.stop();
});

test('after three days of failure an address is switched off visibly; switched on, it hears what waits', async () => {
  const hook = await makeHook({ subscriptions: ['message_created'] });
  receiver.usual = { status: 500 };
  const conversation = await makeConversation(t, account, inbox, { content: 'long ago' });
  for (let n = 1; n <= 4; n++) {
    await eventually(`try ${n} is noted`, async () => (await log(hook.id)).at(-1)?.attempts === n);
    t.clock.advance(25 * HOUR);
    await sweep();
  }
  const off = await eventually('it is off', async () => { const now = await shown(hook.id); return now.disabled_at ? now : undefined; });
  expect(off.waiting_count).toBe(0);
  await makeMessage(t, conversation, account.admin, { content: 'unheard' });
  receiver.usual = 'ok';
  expect((await call(t, account.admin, 'POST', path(`/${hook.id}/enable`))).body.payload.webhook).toMatchObject({ disabled_at: null, failing_since: null });
  await makeMessage(t, conversation, account.admin, { content: 'again' });
  await heard('message_created', (b) => b.content === 'again');
  // Anything may be told once more by hand.
  const lost = (await log(hook.id)).at(-1);
  expect(lost).toMatchObject({ state: 'given_up' });
  const replayed = await call(t, account.admin, 'POST', path(`/${hook.id}/deliveries/${lost.id}/replay`));
  expect(replayed.body.payload).toMatchObject({ state: 'waiting', delivery: lost.delivery });
  await eventually('told once more', async () => (await log(hook.id, '?state=delivered')).some(({ delivery }: { delivery: string }) => delivery === lost.delivery));
  expect(receiver.received.filter((r) => r.delivery === lost.delivery).length).toBeGreaterThan(4);
  await t.database.asOwner((client) => client.query('UPDATE webhook_deliveries SET state = 2 WHERE webhook_id = $1', [hook.id]));
  const renewed = (await call(t, account.admin, 'POST', path(`/${hook.id}/reset_secret`))).body.payload.webhook.secret;
  expect(renewed).not.toBe(hook.secret);
  receiver.secret = renewed;
  const before = receiver.received.length;
  const all = await call(t, account.admin, 'POST', path(`/${hook.id}/deliveries/replay`));
  expect(all.body.payload.replayed).toBeGreaterThanOrEqual(2);
  await eventually('all are told once more', () => receiver.received.length === before + all.body.payload.replayed);
  expect((await call(t, account.admin, 'POST', path(`/${hook.id}/deliveries/replay`))).body).toEqual({ payload: { replayed: 0 } });
  await receiver.stop();
});

test('files are named anew for every try, so that they are there when it arrives', async () => {
  const hook = await makeHook({ subscriptions: ['message_created'] });
  const conversation = await makeConversation(t, account, inbox);
  await heard('message_created');
  receiver.next({ status: 503 });
  const form = new FormData();
  const foreign = t.app.get(FileAddresses).url({ accountId: account.id + 1, storageKey: 'theirs', contentType: 'text/plain', fileName: 'theirs.txt' });
  form.append('content_attributes', JSON.stringify({ their_url: foreign }));
  form.append('attachments[]', new Blob(['a leaflet'], { type: 'text/plain' }), 'leaf let.txt');
  await call(t, account.admin, 'POST', `${conversation.url}/messages`, form);
  await eventually('it failed', async () => (await shown(hook.id)).failing_since !== null);
  t.clock.advance(60 * HOUR);
  await sweep();
  const [before, after] = await eventually('told', () => receiver.received.length === 3 && receiver.received.slice(1));
  const file = (address: string) => fetch(address.replace('http://localhost:0', t.url));
  expect([before!.body.attachments[0].data_url, after!.body.attachments[0].data_url]).toEqual(Array.from({ length: 2 }, () => expect.stringMatching(/^http:\/\/localhost:0\/files\/[^/]+\/leaf%20let\.txt$/)));
  expect((await file(before!.body.attachments[0].data_url)).status).toBe(410);
  expect(await (await file(after!.body.attachments[0].data_url)).text()).toBe('a leaflet');
  // What another account's people may see is not ours to make good again.
  expect(after!.body.content_attributes.their_url).toBe(`http://localhost:0${foreign}`);
  expect((await file(after!.body.conversation.messages[0].attachments[0].data_url)).status).toBe(200);
  expect(receiver.forged).toEqual([]);
  await receiver.stop();
});

test('what changed is told as it was and as it is', async () => {
  await makeHook({ subscriptions: ['conversation_updated', 'conversation_status_changed', 'contact_updated', 'message_updated'] });
  const conversation = await makeConversation(t, account, inbox, { content: 'Is there room?' });
  const contactPath = `/api/v1/accounts/${account.id}/contacts/${conversation.contactId}`;
  const change = async (method: 'POST' | 'PATCH' | 'DELETE', url: string, body?: object): Promise<void> => { expect((await call(t, account.admin, method, url, body)).status).toBe(200); };
  const told = (name: string, key: string, at = 0) => eventually(`${name} of ${key}`, () => receiver.received
    .filter(({ body }) => body.event === name).flatMap(({ body }) => body.changed_attributes as Record<string, unknown>[]).filter((one) => key in one).map((one) => one[key])[at]);
  await change('POST', `${conversation.url}/toggle_priority`, { priority: 'low' });
  await change('POST', `${conversation.url}/toggle_priority`, { priority: 'urgent' });
  await change('POST', `${conversation.url}/labels`, { labels: ['beds'] });
  await change('POST', `${conversation.url}/labels`, { labels: ['beds', 'night'] });
  await change('POST', `${conversation.url}/custom_attributes`, { custom_attributes: { nights: 2 } });
  const wake = new Date(Math.ceil((t.clock.now() + HOUR) / 1000) * 1000);
  await change('POST', `${conversation.url}/toggle_status`, { status: 'snoozed', snoozed_until: wake.getTime() / 1000 });
  await change('PATCH', contactPath, { name: 'Ada B.', custom_attributes: { plan: 'gold' } });
  await change('PATCH', contactPath, { name: 'Ada B.' });
  await change('POST', `${contactPath}/labels`, { labels: ['guest'] });
  const message = await makeMessage(t, conversation, account.admin, { content: 'Yes, two beds' });
  await change('DELETE', `${conversation.url}/messages/${message.id}`);

  expect(await told('conversation_updated', 'priority')).toEqual({ previous_value: null, current_value: 'low' });
  expect(await told('conversation_updated', 'priority', 1)).toEqual({ previous_value: 'low', current_value: 'urgent' });
  expect(await told('conversation_updated', 'label_list', 1)).toEqual({ previous_value: ['beds'], current_value: ['beds', 'night'] });
  expect(await told('conversation_updated', 'custom_attributes')).toEqual({ previous_value: {}, current_value: { nights: 2 } });
  expect(await told('conversation_status_changed', 'snoozed_until')).toEqual({ previous_value: null, current_value: wake.toISOString() });
  expect(await told('conversation_updated', 'status')).toEqual({ previous_value: 'open', current_value: 'snoozed' });
  expect(await told('contact_updated', 'name')).toMatchObject({ current_value: 'Ada B.' });
  expect(await told('contact_updated', 'custom_attributes')).toEqual({ previous_value: {}, current_value: { plan: 'gold' } });
  expect(await told('contact_updated', 'label_list')).toEqual({ previous_value: [], current_value: ['guest'] });
  expect(await told('message_updated', 'content_attributes')).toEqual({ previous_value: {}, current_value: { deleted: true } });
  // What was written again as it was is no news.
  expect(receiver.received.filter(({ body }) => body.event === 'contact_updated')).toHaveLength(2);
  // Deleted words are not told once more; what was on its way before they were deleted may have had them.
  const deletion = receiver.received.find(({ body }) => body.event === 'message_updated' && body.content_attributes?.deleted);
  expect(JSON.stringify(deletion)).not.toContain('two beds');

  const kept = async (): Promise<string> => JSON.stringify((await t.database.asOwner((client) => client.query(`SELECT payload->'changes' AS c FROM events WHERE account_id = $1 AND payload ? 'changes'`, [account.id]))).rows);
  expect(await kept()).toContain('Ada B.');
  await change('DELETE', contactPath);
  expect(await kept()).not.toMatch(/Ada|gold|nights/);
  await receiver.stop();
});

test('what is told late tells of what happened then, not of what came after', async () => {
  const conversation = await makeConversation(t, account, inbox, { content: 'First' });
  await makeMessage(t, conversation, account.admin, { content: 'Second' });
  await makeMessage(t, conversation, account.admin, { content: 'Third' });
  const change = async (what: string, body: object): Promise<void> => { expect((await call(t, account.admin, 'POST', `${conversation.url}/${what}`, body)).status).toBe(200); };
  const wake = new Date(Math.ceil((t.clock.now() + HOUR) / 1000) * 1000);
  await change('toggle_status', { status: 'snoozed', snoozed_until: wake.getTime() / 1000 });
  for (const status of ['resolved', 'open']) await change('toggle_status', { status });
  for (const priority of ['low', 'urgent']) await change('toggle_priority', { priority });
  for (const labels of [['beds'], ['beds', 'night'], []]) await change('labels', { labels });
  await makeMessage(t, conversation, account.admin, { content: 'Only among us', private: true });
  const happened = await eventually('all is handed on', async () => {
    const events = await t.app.get(SystemWork).sql<StoredEvent<ToldEvent> & { dispatched_at: Date | null }>('SELECT * FROM events WHERE account_id = $1 AND conversation_id = $2 ORDER BY id', [account.id, conversation.conversationId]);
    return events.every((event) => event.dispatched_at) && events;
  });
  // A hook that is new was told nothing of it; it is handed on once more, as after an outage.
  await makeHook({ subscriptions: ['message_created', 'conversation_status_changed', 'conversation_updated'] });
  for (const event of happened.filter(({ type }) => ['message.created', 'conversation.status_changed', 'conversation.updated'].includes(type))) await t.app.get(QueueWebhooks, { strict: false }).handle(event);
  await heard('message_created', (b) => b.content === 'Only among us');
  const told = (name: string) => receiver.received.flatMap(({ body }) => (body.event === name ? [body] : []));
  expect(told('conversation_status_changed').map(({ status, snoozed_until }) => [status, snoozed_until])).toEqual([['snoozed', wake.toISOString()], ['resolved', null], ['open', null]]);
  const lateAs = (key: string, shown: string) => told('conversation_updated').filter((b) => b.changed_attributes.some((one: object) => key in one)).map((b) => b[shown]);
  expect([lateAs('priority', 'priority'), lateAs('label_list', 'labels')]).toEqual([['low', 'urgent'], [['beds'], ['beds', 'night'], []]]);
  const shows = (body: any): string[] => body.messages.map((one: { content: string }) => one.content); // eslint-disable-line @typescript-eslint/no-explicit-any -- as above
  expect(told('message_created').map((body) => [body.content, shows(body.conversation)])).toEqual([...['First', 'Second', 'Third'].map((words) => [words, [words]]), ['Only among us', ['Third']]]);
  // Neither what is said among agents nor the lines that tell what was done.
  expect(new Set(told('conversation_status_changed').flatMap(shows))).toEqual(new Set(['Third']));
  await receiver.stop();
});

test('what is asked for wrongly is refused by field', async () => {
  const hook = await makeHook();
  const refused = async (body: object, field: string): Promise<void> => {
    const answer = await call(t, account.admin, 'POST', path(), body);
    expect([answer.status, answer.body.attributes]).toEqual([422, [field]]);
  };
  await refused({ url: receiver.url }, 'url');
  await refused({ url: 'https://10.0.0.7/hook' }, 'url');
  await refused({ url: 'ftp://example.org' }, 'url');
  await refused({}, 'url');
  await refused({ url: 'https://example.org/', subscriptions: ['everything'] }, 'subscriptions.0');
  await refused({ url: 'https://example.org/', inbox_id: (await makeInbox(t, await makeAccount(t))).id }, 'inbox_id');
  expect((await call(t, account.admin, 'PATCH', path(`/${hook.id}`), { webhook: { name: 'Books', subscriptions: ['contact_created'] } })).body.payload.webhook)
    .toMatchObject({ id: hook.id, name: 'Books', subscriptions: ['contact_created'] });
  expect((await call(t, await makeAgentIn(t, account), 'GET', path())).status).toBe(401);
  expect((await call(t, account.admin, 'DELETE', path(`/${hook.id}`))).status).toBe(200);
  expect((await call(t, account.admin, 'GET', path(`/${hook.id}/deliveries`))).status).toBe(404);
  await receiver.stop();
});

test('an erased person is erased from the log too', async () => {
  const hook = await makeHook({ subscriptions: ['contact_created'] });
  const contact = await makeContact(t, account);
  await eventually('told', async () => (await log(hook.id, '?state=delivered')).length === 1);
  expect((await call(t, account.admin, 'DELETE', `/api/v1/accounts/${account.id}/contacts/${contact.id}`)).status).toBe(200);
  expect(await log(hook.id)).toEqual([]);
  await receiver.stop();
});
