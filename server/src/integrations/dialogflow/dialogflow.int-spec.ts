import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DialogflowServer } from '../../../test/dialogflow-server.js';
import { inbound, ingest, makeConversation, type MadeConversation } from '../../../test/factories-conversations.js';
import { makeInbox, type MadeInbox } from '../../../test/factories-inboxes.js';
import { makeAccount, type AccountWithAdmin } from '../../../test/factories.js';
import { call, eventually } from '../../../test/http.js';
import { startTestApp, type TestApp } from '../../../test/test-app.js';
import { makeWebChat, openBrowser } from '../../../test/widget.js';
import { WebhookReceiver } from '../../../test/webhook-receiver.js';
import type { StoredEvent } from '../../delivery/event-types.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { AnswerByDialogflow } from './answer-by-dialogflow.subscriber.js';

let t: TestApp;
let google: DialogflowServer;
let account: AccountWithAdmin;
beforeAll(async () => {
  google = await DialogflowServer.start();
  t = await startTestApp({ ...google.settings, LOG_LEVEL: 'silent' });
  account = await makeAccount(t);
});
afterAll(async () => {
  await t.close();
  await google.stop();
});

const admin = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: object) => call(t, account.admin, method, `/api/v1/accounts/${account.id}/${path}`, body);
const says = (...fulfillmentMessages: object[]) => ({ body: { queryResult: { fulfillmentMessages } } });
const text = (...words: string[]) => ({ text: { text: words } });
async function connect(inbox: MadeInbox, settings: object = {}): Promise<number> {
  const made = await admin('POST', 'integrations/hooks', { app_id: 'dialogflow', inbox_id: inbox.id, settings: { project_id: 'harbour', credentials: google.credentials, ...settings } });
  expect(made.status).toBe(200);
  return made.body.id as number;
}
const hook = async (id: number) => (await admin('GET', 'integrations/apps')).body.payload.find((app: { id: string }) => app.id === 'dialogflow').hooks.find((one: { id: number }) => one.id === id);
const conversationOf = async (conversation: MadeConversation) => (await call(t, account.admin, 'GET', conversation.url)).body;
const untilStatus = (conversation: MadeConversation, status: string) => eventually(status, async () => (await conversationOf(conversation)).status === status);
const answersOf = async (conversation: MadeConversation) => ((await call(t, account.admin, 'GET', `${conversation.url}/messages`)).body.payload as { message_type: number; content: string }[]).filter((m) => m.message_type === 1);
const untilAnswered = (conversation: MadeConversation, n: number) => eventually(`${n} answer(s)`, async () => { const all = await answersOf(conversation); return all.length >= n && all; });

test('what is new is answered in its session and language until the bot hands over; once, and not after people took it', async () => {
  const inbox = await makeInbox(t, account);
  await connect(inbox, { region: 'europe-west1' });
  google.says = (said) => (said === 'A person please' ? says(text('One moment'), { payload: { action: 'handoff' } }) : says(text('', 'unused'), text(`You said: ${said}`), { payload: { content: 'Which day?', content_type: 'input_select', content_attributes: { items: [{ title: 'Tuesday', value: 'tue' }] } } }));
  const conversation = await makeConversation(t, account, inbox, { content: 'Are you open?', conversation: { additionalAttributes: { browser_language: 'pt_BR' } } });
  expect((await untilAnswered(conversation, 2)).map((m) => m.content)).toEqual(['You said: Are you open?', 'Which day?']);
  const { uuid, status, first_reply_created_at: replied } = await conversationOf(conversation);
  expect([status, replied]).toEqual(['pending', 0]);
  expect(google.asked).toEqual([{ path: `/v2/projects/harbour/locations/europe-west1/agent/sessions/${uuid}:detectIntent`, text: 'Are you open?', language: 'pt-BR' }]);

  const [event] = await t.app.get(SystemWork).sql<StoredEvent<'message.created'>>(
    `SELECT e.* FROM events e WHERE e.account_id = $1 AND e.type = 'message.created' AND (e.payload->>'message_id')::bigint = $2`, [account.id, conversation.messageId]);
  const subscriber = t.app.get(AnswerByDialogflow, { strict: false });
  await Promise.all([subscriber.handle(event!), subscriber.handle(event!)]);
  expect(await answersOf(conversation)).toHaveLength(2);

  await ingest(t, account, inbox, inbound({ sourceId: conversation.sourceId, content: 'A person please' }));
  await untilStatus(conversation, 'open');
  expect((await answersOf(conversation)).map((m) => m.content)).toContain('One moment');
  const asked = google.asked.length;
  const { messageId } = await ingest(t, account, inbox, inbound({ sourceId: conversation.sourceId, content: 'Are you there?' }));
  await subscriber.handle({ ...event!, payload: { message_id: messageId } });
  expect(google.asked).toHaveLength(asked);
});

test('a choice in the chat is answered, and the bot may resolve', async () => {
  const inbox = await makeWebChat(t, account, {}, { enable_email_collect: false });
  await connect(inbox);
  google.says = (said) => (said === 'tue' ? says({ payload: { action: 'resolve' } }) : says({ payload: { content: 'Which day?', content_type: 'input_select', content_attributes: { items: [{ title: 'Tuesday', value: 'tue' }] } } }));
  const browser = await openBrowser(t, inbox);
  const { conversation_id: id } = (await browser.call('POST', 'messages', { message: { content: 'x'.repeat(300) } })).body;
  const question = await eventually('asked', async () => ((await browser.call('GET', 'messages')).body.payload as { id: number; content_type: string }[]).find((m) => m.content_type === 'input_select'));
  expect(google.asked.at(-1)!.text).toHaveLength(256);
  expect((await browser.call('PATCH', `messages/${question.id}`, { message: { submitted_values: [{ title: 'Tuesday', value: 'tue' }] } })).status).toBe(200);
  await eventually('resolved', async () => (await admin('GET', `conversations/${id}`)).body.status === 'resolved');
});

test('a token that ended early is asked for anew; a Google that fails leaves it to people', async () => {
  const inbox = await makeInbox(t, account);
  await connect(inbox);
  google.withdraw();
  google.says = () => says(text('Here I am'));
  expect(await untilAnswered(await makeConversation(t, account, inbox), 1)).toMatchObject([{ content: 'Here I am' }]);
  google.says = () => ({ status: 503, body: {} });
  const waiting = await makeConversation(t, account, inbox, { content: 'Anybody?' });
  await eventually('asked', () => google.asked.at(-1)?.text === 'Anybody?');
  t.clock.advance(21_000);
  await untilStatus(waiting, 'open');
  t.clock.advance(-21_000);
  const link = { title: 'Map', description: 'Where we are', actions: [{ type: 'link', text: 'Open', uri: 'javascript:alert(1)' }] };
  // Refused, no answer at all, longer than a message may be, what no message here can hold.
  for (const useless of [{ status: 400, body: { error: { status: 'INVALID_ARGUMENT' } } }, { body: {} }, says(text('x'.repeat(20_000))), says({ payload: { content: 'Where?', content_type: 'cards', content_attributes: { items: [link] } } })]) {
    google.says = () => useless;
    await untilStatus(await makeConversation(t, account, inbox), 'open');
  }
  google.says = () => says(...Array.from({ length: 12 }, (_, n) => text(`Part ${n + 1}`)));
  const long = await makeConversation(t, account, inbox);
  await untilStatus(long, 'open');
  expect((await answersOf(long)).map((m) => m.content)).toEqual(Array.from({ length: 10 }, (_, n) => `Part ${n + 1}`));
  const asked = google.asked.length;
  await untilStatus(await makeConversation(t, account, inbox, { content: '', contentAttributes: { location: 'here' } }), 'open');
  expect(google.asked).toHaveLength(asked);
});

test('beside a bot of ours and a rule that answers all that is said, each answers what was written once, and none the others', async () => {
  const inbox = await makeInbox(t, account);
  await connect(inbox);
  google.says = (said) => says(text(`Google: ${said}`));
  const receiver = await WebhookReceiver.start();
  const bot = (await admin('POST', 'agent_bots', { name: 'Robin', outgoing_url: receiver.url })).body as { id: number; access_token: string };
  expect((await admin('POST', `inboxes/${inbox.id}/set_agent_bot`, { agent_bot: bot.id })).status).toBe(200);
  const rule = await admin('POST', 'automation_rules', {
    name: 'Noted', event_name: 'message_created', conditions: [{ attribute_key: 'inbox_id', filter_operator: 'equal_to', values: [inbox.id], query_operator: null }], actions: [{ action_name: 'send_message', action_params: ['Noted'] }],
  });
  expect(rule.status).toBe(200);
  const conversation = await makeConversation(t, account, inbox, { content: 'One' });
  // Like Chatwoot's, a rule without a word of whose message it waits for hears the programs too; what it says itself is heard by nobody.
  for (const [n, said] of ['One', 'Two'].entries()) {
    if (n > 0) await ingest(t, account, inbox, inbound({ sourceId: conversation.sourceId, content: said }));
    await eventually('the bot hears it', () => receiver.received.find(({ body }) => body.event === 'message_created' && body.message_type === 'incoming' && body.content === said));
    expect((await call(t, null, 'POST', `${conversation.url}/messages`, { content: `Robin: ${said}` }, { api_access_token: bot.access_token })).status).toBe(200);
    await untilAnswered(conversation, 5 * (n + 1));
  }
  expect((await answersOf(conversation)).map((m) => m.content).sort()).toEqual(['Google: One', 'Google: Two', ...Array<string>(6).fill('Noted'), 'Robin: One', 'Robin: Two']);
  expect(google.asked.slice(-2).map((asked) => asked.text)).toEqual(['One', 'Two']);
  expect((await conversationOf(conversation)).status).toBe('pending');
  await admin('DELETE', `automation_rules/${rule.body.id}`);
  await receiver.stop();
});

test('a key that Google refuses switches the connection off, says why, and people have the conversation', async () => {
  const inbox = await makeInbox(t, account);
  const other = await DialogflowServer.start();
  const id = await connect(inbox, { credentials: { ...google.credentials, private_key: other.credentials['private_key'] } });
  await other.stop();
  await untilStatus(await makeConversation(t, account, inbox), 'open');
  expect(await hook(id)).toMatchObject({ status: false, stopped_because: expect.stringContaining('invalid_grant') });
  expect(await conversationOf(await makeConversation(t, account, inbox))).toMatchObject({ status: 'open' });
  expect((await admin('PATCH', `integrations/hooks/${id}`, { settings: { project_id: 'harbour', credentials: google.credentials }, status: true })).body).toMatchObject({ status: true, stopped_because: null });
  google.says = () => says(text('At last'));
  const answered = await makeConversation(t, account, inbox);
  expect(await untilAnswered(answered, 1)).toMatchObject([{ content: 'At last' }]);
  google.says = () => ({ status: 503, body: {} });
  const waiting = await makeConversation(t, account, inbox, { content: 'Still there?' });
  await eventually('asked', () => google.asked.at(-1)?.text === 'Still there?');
  expect((await admin('DELETE', `integrations/hooks/${id}`)).status).toBe(200);
  for (const left of [waiting, answered]) await untilStatus(left, 'open');
  expect(await conversationOf(await makeConversation(t, account, inbox))).toMatchObject({ status: 'open' });
});

test('a region cannot lead elsewhere, and unreadable keys are said', async () => {
  const inbox = await makeInbox(t, account);
  for (const region of ['evil.example/', 'a@b', '-', 'europe-west1.evil']) {
    expect((await admin('POST', 'integrations/hooks', { app_id: 'dialogflow', inbox_id: inbox.id, settings: { project_id: 'x', region, credentials: google.credentials } })).body.attributes).toEqual(['settings']);
  }
  const id = await connect(inbox, { credentials: { client_email: 'x', private_key: 'no key' } });
  await untilStatus(await makeConversation(t, account, inbox), 'open');
  expect((await hook(id)).stopped_because).toMatch(/private key/);
});
