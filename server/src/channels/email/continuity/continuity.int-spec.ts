import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeAccount, makeMember, type AccountWithAdmin } from '../../../../test/factories.js';
import { call, eventually } from '../../../../test/http.js';
import { makeMailInbox, receive, type MailInbox } from '../../../../test/mails.js';
import { SmtpReceiver } from '../../../../test/smtp-receiver.js';
import { startTestApp, type TestApp, WITHOUT_SCHEDULE } from '../../../../test/test-app.js';
import { makeWebChat, openBrowser, type Browser } from '../../../../test/widget.js';
import { SystemWork } from '../../../platform/database/unit-of-work.js';
import { SendUnread } from './send-unread.job.js';

let t: TestApp;
let server: SmtpReceiver;
let account: AccountWithAdmin;
let mail: MailInbox;
beforeAll(async () => {
  server = await SmtpReceiver.start();
  t = await startTestApp(WITHOUT_SCHEDULE);
  account = await makeAccount(t);
  mail = await makeMailInbox(t, account, { email: 'desk@example.org', smtp_enabled: true, smtp_address: '127.0.0.1', smtp_port: server.port, smtp_enable_starttls_auto: false, smtp_login: '', plus_addressing: true });
});
afterAll(async () => { await t.close(); await server.stop(); });

const sql = <T>(text: string, params: unknown[] = []): Promise<T[]> => t.app.get(SystemWork).sql<T>(text, params);
const path = (id: number, rest = 'messages'): string => `/api/v1/accounts/${account.id}/conversations/${id}/${rest}`;
const answer = (id: number, content: string) => call(t, account.admin, 'POST', path(id), { content });
const header = (raw: string, name: string): string => new RegExp(`^${name}: (.*)$`, 'im').exec(raw.replace(/\r\n[ \t]+/g, ' '))?.[1] ?? '';
/** A visitor with an address, and the number of their conversation. */
async function visitor(email: string, settings: object = {}): Promise<{ browser: Browser; id: number }> {
  const inbox = await makeWebChat(t, account, settings, { greeting_enabled: false, enable_email_collect: false, name: 'Food bank chat' });
  const browser = await openBrowser(t, inbox);
  const said = await browser.call('POST', 'messages', { message: { content: 'Are you open?' } });
  await browser.call('PATCH', 'contact', { email, name: 'Jo' });
  return { browser, id: said.body.conversation_id as number };
}
/** Two minutes later, as far as the mails are concerned. */
async function later(id: number): Promise<void> {
  await eventually('it is noted', async () => (await sql(`UPDATE mail_continuities k SET due_at = now() FROM conversations c WHERE c.id = k.conversation_id AND c.account_id = $1 AND c.display_id = $2 AND k.due_at IS NOT NULL RETURNING 1 AS n`, [account.id, id])).length > 0);
  await t.app.get(SendUnread, { strict: false }).run();
}
const mailsTo = (address: string) => server.mails.filter(({ to }) => to[0] === address);

test('what a visitor left unread comes in one mail, and their answer comes back into the chat', async () => {
  const { id } = await visitor('jo@example.com');
  await answer(id, 'Yes, until six.');
  await answer(id, 'Bring a bag.');
  await eventually('both are noted', async () => (await sql('SELECT FROM events WHERE dispatched_at IS NULL')).length === 0);
  await later(id);
  const [sent, ...more] = mailsTo('jo@example.com');
  expect(more).toEqual([]);
  expect([header(sent!.raw, 'subject'), header(sent!.raw, 'from')]).toEqual(['Message from Food bank chat', 'Food bank chat <desk@example.org>']);
  expect(sent!.raw).toMatch(/Yes, until six\.[\s\S]*Bring a bag\./);
  const replyTo = header(sent!.raw, 'reply-to').replace(/^.*<|>$/g, '');
  expect(replyTo).toMatch(/^desk\+[0-9a-f]{32}@example\.org$/);
  const back = await receive(t, mail, { from: 'Jo <jo@example.com>', to: replyTo, subject: 'Re: Message from Food bank chat', text: 'I will!\r\n' });
  expect(back.id).toBe(id);
  const thread = (await call(t, account.admin, 'GET', path(id))).body.payload.filter((m: { message_type: number }) => m.message_type < 2);
  expect(thread.map((m: { content: string; message_type: number }) => [m.message_type, m.content])).toEqual([[0, 'Are you open?'], [1, 'Yes, until six.'], [1, 'Bring a bag.'], [0, 'I will!']]);
  expect(new Set(thread.filter((m: { message_type: number }) => m.message_type === 0).map((m: { sender: { id: number } }) => m.sender.id)).size).toBe(1);
});

test('who has read it, has no address, or belongs to an inbox that does not, gets no mail; nobody gets the same twice', async () => {
  const reader = await visitor('reader@example.com');
  await answer(reader.id, 'Read in the chat');
  await reader.browser.call('POST', 'conversations/update_last_seen');
  await later(reader.id);
  expect(mailsTo('reader@example.com')).toEqual([]);
  const off = await visitor('off@example.com', { continuity_via_email: false });
  await answer(off.id, 'Only in the chat');
  const twice = await visitor('twice@example.com');
  await answer(twice.id, 'first');
  await later(twice.id);
  await answer(twice.id, 'second');
  await later(twice.id);
  expect(mailsTo('twice@example.com').map(({ raw }) => [raw.includes('first'), raw.includes('second')])).toEqual([[true, false], [false, true]]);
  expect(mailsTo('off@example.com')).toEqual([]);
});

test('a server that is busy is tried again; a lost confirmation is not', async () => {
  const { id } = await visitor('busy@example.com');
  server.next({ at: 'recipient', code: 450, text: '4.2.0 busy' });
  await answer(id, 'patience');
  await later(id);
  expect(mailsTo('busy@example.com')).toEqual([]);
  await later(id);
  expect(mailsTo('busy@example.com')).toHaveLength(1);
  server.next('take it and drop');
  await answer(id, 'once');
  await later(id);
  expect(await sql('SELECT FROM mail_continuities k JOIN conversations c ON c.id = k.conversation_id WHERE k.due_at IS NOT NULL AND c.account_id = $1 AND c.display_id = $2', [account.id, id])).toEqual([]);
  expect(mailsTo('busy@example.com')).toHaveLength(2);
});

test('a visitor has the conversation sent to their own address and to no other', async () => {
  const { browser } = await visitor('keeper@example.com');
  expect((await browser.call('POST', 'config')).body).toMatchObject({ website_channel_config: { transcript_available: true } });
  expect((await browser.call('POST', 'conversations/transcript', { email: 'victim@example.com' })).status).toBe(200);
  expect(mailsTo('keeper@example.com')[0]!.raw).toContain('Are you open?');
  expect(mailsTo('victim@example.com')).toEqual([]);
  const nameless = await openBrowser(t, await makeWebChat(t, account, {}, { greeting_enabled: false, enable_email_collect: false }));
  expect((await nameless.call('POST', 'conversations/transcript')).status).toBe(404);
  await nameless.call('POST', 'messages', { message: { content: 'Hi' } });
  expect((await nameless.call('POST', 'conversations/transcript')).status).toBe(422);
});

test('a transcript goes to whoever is named, without notes, and not without end', async () => {
  const { id } = await visitor('talker@example.com');
  await answer(id, 'We are open.');
  await call(t, account.admin, 'POST', path(id), { content: 'between us', private: true });
  const items = [{ title: 'Bread', value: 'b' }, { title: 'Milk', value: 'm' }];
  const asked = await call(t, account.admin, 'POST', path(id), { content: 'Which?', content_type: 'input_select', content_attributes: { items, submitted_values: [items[1]] } });
  expect(asked.status).toBe(200);
  const send = (email: string, who = account.admin) => call(t, who, 'POST', path(id, 'transcript'), { email });
  expect((await send('elsewhere@example.com')).status).toBe(200);
  const [sent] = mailsTo('elsewhere@example.com');
  expect(sent!.raw).toMatch(/Are you open\?[\s\S]*We are open\.[\s\S]*Which\?\s+- Bread\s+- Milk\s+(→|=E2=86=92) Milk/);
  expect(sent!.raw).not.toContain('between us');
  expect(header(sent!.raw, 'reply-to')).toBe('Food bank chat <desk@example.org>');
  expect((await send('no address')).body.attributes).toEqual(['email']);
  expect((await send('elsewhere@example.com', await makeMember(t, account.id))).status).toBe(404);
  for (let n = 0; n < 4; n += 1) await send('elsewhere@example.com');
  expect((await send('elsewhere@example.com')).status).toBe(429);
});
