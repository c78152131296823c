import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeAccount, type AccountWithAdmin } from '../../../test/factories.js';
import { makeContact } from '../../../test/factories-contacts.js';
import type { MadeInbox } from '../../../test/factories-inboxes.js';
import { call, eventually } from '../../../test/http.js';
import { startTestApp, type TestApp } from '../../../test/test-app.js';
import { makeWebChat, openBrowser, type Browser } from '../../../test/widget.js';
import type { StoredEvent } from '../../delivery/event-types.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { AutomaticMessagesSubscriber } from './automatic-messages.subscriber.js';

let t: TestApp;
let account: AccountWithAdmin;
beforeAll(async () => { t = await startTestApp(); account = await makeAccount(t); });
afterAll(() => t.close());

const CLOSED = { working_hours_enabled: true, working_hours: Array.from({ length: 7 }, (_, day_of_week) => ({ day_of_week, closed_all_day: true })), out_of_office_message: 'We are asleep' };
const QUIET = { enable_email_collect: false };
const say = (browser: Browser, content = 'hello', headers: Record<string, string> = {}) => browser.call('POST', 'messages', { message: { content } }, headers);
const thread = async (browser: Browser) => (await browser.call('GET', 'messages')).body.payload as { message_type: number; content: string; content_type: string; id: number }[];
const templates = async (browser: Browser) => (await thread(browser)).filter((m) => m.message_type === 3).map((m) => m.content);
const untilSaid = (browser: Browser, n: number) => eventually(`${n} template(s)`, async () => { const said = await templates(browser); return said.length >= n && said; });
/** The subscriber has finished with everything of this account: a later event of the same kind was handled. */
const handled = async (inbox: MadeInbox) => {
  const marker = await openBrowser(t, inbox);
  await say(marker, 'marker');
  await untilSaid(marker, 1);
};
const asAgent = (id: number) => call(t, account.admin, 'GET', `/api/v1/accounts/${account.id}/conversations/${id}`).then((a) => a.body);

describe('an inbox that greets', () => {
  test('answers the first message of a conversation, once, and whoever waits goes on waiting', async () => {
    const inbox = await makeWebChat(t, account, {}, { ...QUIET, greeting_enabled: true, greeting_message: 'Welcome to the **food bank**' });
    const browser = await openBrowser(t, inbox);
    const id = (await say(browser)).body.conversation_id;
    expect(await untilSaid(browser, 1)).toEqual(['Welcome to the **food bank**']);
    expect(await asAgent(id)).toMatchObject({ unread_count: 1, first_reply_created_at: 0, last_message_preview: 'Welcome to the food bank', last_message_sender: null });
    expect((await asAgent(id)).waiting_since).toBeGreaterThan(0);
    const [event] = await t.app.get(SystemWork).sql<StoredEvent<'conversation.created'>>(
      `SELECT e.* FROM events e JOIN conversations c ON c.id = e.conversation_id WHERE c.account_id = $1 AND c.display_id = $2 AND e.type = 'conversation.created'`, [account.id, id]);
    const subscriber = t.app.get(AutomaticMessagesSubscriber, { strict: false });
    await Promise.all([subscriber.handle(event!), subscriber.handle(event!), subscriber.handle(event!)]);
    await say(browser, 'more');
    await handled(inbox);
    expect(await templates(browser)).toHaveLength(1);
  });

  test('says nothing to a conversation that an agent begins', async () => {
    const inbox = await makeWebChat(t, account, {}, { ...QUIET, greeting_enabled: true, greeting_message: 'Welcome' });
    const contact = await makeContact(t, account);
    const made = await call(t, account.admin, 'POST', `/api/v1/accounts/${account.id}/conversations`, { inbox_id: inbox.id, contact_id: contact.id, message: { content: 'How are you?' } });
    expect(made.status).toBe(200);
    await handled(inbox);
    const messages = await call(t, account.admin, 'GET', `/api/v1/accounts/${account.id}/conversations/${made.body.id}/messages`);
    expect(messages.body.payload.filter((m: { message_type: number }) => m.message_type === 3)).toEqual([]);
  });
});

describe('an inbox that is closed', () => {
  test('says so, at most once a day, also to who comes back to a resolved conversation', async () => {
    const inbox = await makeWebChat(t, account, {}, { ...QUIET, ...CLOSED });
    const browser = await openBrowser(t, inbox);
    await say(browser);
    await untilSaid(browser, 1);
    await browser.call('GET', 'conversations/toggle_status');
    await say(browser, 'still me');
    await handled(inbox);
    expect(await templates(browser)).toEqual(['We are asleep']);
    t.clock.advance(24 * 3_600_000);
    await browser.call('GET', 'conversations/toggle_status');
    await say(browser, 'the next day');
    expect(await untilSaid(browser, 2)).toEqual(['We are asleep', 'We are asleep']);
    t.clock.advance(-24 * 3_600_000);
  });

  test('says nothing while it is open', async () => {
    const inbox = await makeWebChat(t, account, {}, { ...QUIET, greeting_enabled: true, greeting_message: 'Welcome', out_of_office_message: 'We are asleep' });
    const browser = await openBrowser(t, inbox);
    await say(browser);
    expect(await untilSaid(browser, 1)).toEqual(['Welcome']);
  });
});

test('who writes through a gateway is answered like everybody: greeted once, told once a day that nobody is there, and not while somebody answers', async () => {
  const api = `/api/v1/accounts/${account.id}`;
  const ask = async (path: string, body: object) => (await call(t, account.admin, 'POST', `${api}/${path}`, body)).body;
  const inbox = await ask('inboxes', { name: 'Messenger', channel: { type: 'api' }, greeting_enabled: true, greeting_message: 'Welcome', ...CLOSED });
  const contact = await makeContact(t, account);
  const [quiet, own] = [await ask('conversations', { inbox_id: inbox.id, contact_id: contact.id }), await ask('conversations', { inbox_id: inbox.id, contact_id: contact.id })];
  const said = async (id: number): Promise<string[]> => (await call(t, account.admin, 'GET', `${api}/conversations/${id}/messages`)).body.payload.filter((m: { message_type: number }) => m.message_type === 3).map((m: { content: string }) => m.content);
  await ask(`conversations/${quiet.id}/messages`, { content: 'We begin' });
  await ask(`conversations/${quiet.id}/messages`, { content: 'I answer', message_type: 'incoming' });
  for (const content of ['Hello', 'Anybody?']) await ask(`conversations/${own.id}/messages`, { content, message_type: 'incoming' });
  expect(await eventually('both are said', async () => { const all = await said(own.id); return all.length > 1 && all; })).toEqual(['Welcome', 'We are asleep']);
  const { rows } = await t.database.asOwner((client) => client.query(`SELECT e.* FROM events e JOIN conversations c ON c.id = e.conversation_id WHERE c.account_id = $1 AND e.type = 'message.created' AND c.display_id = ANY ($2) ORDER BY e.id`, [account.id, [quiet.id, own.id]]));
  for (const event of rows as StoredEvent<'message.created'>[]) await t.app.get(AutomaticMessagesSubscriber, { strict: false }).handle(event);
  expect([await said(quiet.id), await said(own.id)]).toEqual([[], ['Welcome', 'We are asleep']]);
});

describe('an inbox that collects addresses', () => {
  test('asks in the language of the browser, and the answer is the contact\'s', async () => {
    const inbox = await makeWebChat(t, account, {}, { ...CLOSED, out_of_office_message: null });
    const browser = await openBrowser(t, inbox);
    const id = (await say(browser, 'hola', { 'accept-language': 'es-MX' })).body.conversation_id;
    await untilSaid(browser, 1);
    const question = (await thread(browser)).find((m) => m.content_type === 'input_email')!;
    expect(question.content).toMatch(/^Deje su correo/);
    const answered = await browser.call('PATCH', `messages/${question.id}`, { contact: { email: 'New-Mail@Example.org' } });
    expect(answered.body.content_attributes).toEqual({ submitted_email: 'new-mail@example.org' });
    expect((await asAgent(id)).meta.sender.email).toBe('new-mail@example.org');
    expect((await browser.call('PATCH', `messages/${question.id}`, { contact: { email: 'nope' } })).body.attributes).toEqual(['contact.email']);
    expect((await browser.call('PATCH', `messages/${question.id}`, {})).status).toBe(422);
  });

  test('does not ask who has given one, nor while somebody is there', async () => {
    const open = await makeWebChat(t, account, {}, { greeting_enabled: true, greeting_message: 'Welcome' });
    const stranger = await openBrowser(t, open);
    await say(stranger);
    expect(await untilSaid(stranger, 1)).toEqual(['Welcome']);
    const inbox = await makeWebChat(t, account, {}, { ...CLOSED, out_of_office_message: null, greeting_enabled: true, greeting_message: 'Welcome' });
    const browser = await openBrowser(t, inbox);
    await browser.call('PATCH', 'contact', { email: 'known-mail@example.org' });
    await say(browser);
    expect(await untilSaid(browser, 1)).toEqual(['Welcome']);
  });
});
