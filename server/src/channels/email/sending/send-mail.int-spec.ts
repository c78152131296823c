import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { makeAccount, type AccountWithAdmin, type Person } from '../../../../test/factories.js';
import { makeContact } from '../../../../test/factories-contacts.js';
import { makeConversation, type MadeConversation } from '../../../../test/factories-conversations.js';
import { makeAgentIn, makeInbox, type MadeInbox } from '../../../../test/factories-inboxes.js';
import { call, eventually } from '../../../../test/http.js';
import { SmtpReceiver, type TakenMail } from '../../../../test/smtp-receiver.js';
import { startTestApp, type TestApp } from '../../../../test/test-app.js';
import { StatusPort } from '../../contract/ports.js';
import { SystemWork } from '../../../platform/database/unit-of-work.js';
import { TakeMailReport } from '../reports/take-mail-report.service.js';

const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
let t: TestApp;
let server: SmtpReceiver;
let account: AccountWithAdmin;
let inbox: MadeInbox;
let agent: Person;
beforeAll(async () => {
  server = await SmtpReceiver.start();
  t = await startTestApp();
  account = await makeAccount(t);
  inbox = await makeInbox(t, account, {
    type: 'email', name: 'Food bank', channel: {
      email: 'help@example.org', smtp_enabled: true, smtp_address: '127.0.0.1', smtp_port: server.port, smtp_enable_starttls_auto: false, smtp_login: '', signature: 'Food bank, {{agent.name}}', plus_addressing: true,
    },
  });
  agent = await makeAgentIn(t, account, inbox);
});
afterAll(async () => { await t.close(); await server.stop(); });
afterEach(() => { server.mails.length = 0; });

const sql = <T>(text: string, params: unknown[] = []): Promise<T[]> => t.app.get(SystemWork).sql<T>(text, params);
const dueNow = (id: number): Promise<unknown> => sql('UPDATE outbound_messages SET due_at = now() WHERE message_id = $1', [id]);
let people = 0;
/** Somebody wrote a mail, and here is the conversation. */
async function writtenBy(name = 'Jo', content = 'When do you open?'): Promise<MadeConversation & { email: string }> {
  people += 1;
  const email = `jo${people}@example.com`;
  const made = await makeConversation(t, account, inbox, {
    content, sender: { sourceId: email, email, name }, sourceId: `first-${people}@example.com`, conversation: { additionalAttributes: { mail_subject: 'Opening hours' } },
  });
  await sql(
    `INSERT INTO mail_messages (account_id, conversation_id, message_id, inbox_id, direction, mailed_at, rfc_message_id, subject, from_address, from_name, reference_ids, text_body)
     VALUES ($1, $2, $3, $4, 0, '2026-11-21T08:00:00Z', $5, 'Opening hours', $6, $7, '{zero@example.com}', $8)`,
    [account.id, made.conversationId, made.messageId, inbox.id, `first-${people}@example.com`, email, name, content]);
  return { ...made, email };
}
const say = async (to: MadeConversation, body: object | FormData): Promise<{ id: number }> => {
  const made = await call<{ id: number }>(t, agent, 'POST', `${to.url}/messages`, body);
  expect([made.status, made.body]).toEqual([200, expect.objectContaining({ id: expect.any(Number) })]);
  return made.body;
};
const delivery = async (of: MadeConversation, id: number): Promise<{ state: string; error: string | null; attempt: number }> =>
  (await call(t, agent, 'GET', `${of.url}/messages`)).body.payload.find((m: { id: number }) => m.id === id).delivery;
const becomes = (of: MadeConversation, id: number, state: string) => eventually(`message ${id} is ${state}`, async () => { const now = await delivery(of, id); return now.state === state && now; });
const header = (mail: TakenMail, name: string): string | undefined => new RegExp(`^${name}: (.*)$`, 'im').exec(mail.raw.replace(/\r\n[ \t]+/g, ' '))?.[1];
const body = (mail: TakenMail): string => mail.raw.replace(/=\r\n/g, '').replace(/=3D/g, '=').replace(/\r\n/g, '\n');

describe('an answer', () => {
  test('goes to who wrote, in their thread, with signature and what they said', async () => {
    const conversation = await writtenBy();
    const { id } = await say(conversation, { content: 'At **nine**.' });
    expect(await becomes(conversation, id, 'sent')).toEqual({ state: 'sent', error: null, attempt: 1 });
    const [mail] = server.mails as [TakenMail];
    const [row] = await sql<{ uuid: string; token: string }>('SELECT c.uuid, k.token FROM conversations c JOIN mail_reply_tokens k ON k.conversation_id = c.id WHERE c.id = $1', [conversation.conversationId]);
    expect([mail.from, mail.to]).toEqual(['help@example.org', [conversation.email]]);
    expect(header(mail, 'from')).toBe(`${agent.name} from Food bank <help@example.org>`);
    expect(header(mail, 'reply-to')).toBe(`Food bank <help+${row!.token}@example.org>`);
    expect(header(mail, 'subject')).toBe('Re: Opening hours');
    expect(header(mail, 'message-id')).toBe(`<conversation/${row!.uuid}/messages/${id}@example.org>`);
    expect(header(mail, 'in-reply-to')).toBe(`<first-${people}@example.com>`);
    expect(header(mail, 'references')).toBe(`<account/${account.id}/conversation/${row!.uuid}@example.org> <zero@example.com> <first-${people}@example.com>`);
    expect(header(mail, 'auto-submitted')).toBeUndefined();
    expect(body(mail)).toContain(`At **nine**.\n\n-- \nFood bank, ${agent.name}\n\nOn 21 Nov 2026, 08:00 UTC, Jo <${conversation.email}> wrote:\n\n> When do you open?`);
    expect(body(mail)).toContain('<p>At <strong>nine</strong>.</p>');
    expect(await sql('SELECT direction, rfc_message_id FROM mail_messages WHERE message_id = $1', [id])).toEqual([{ direction: 1, rfc_message_id: `conversation/${row!.uuid}/messages/${id}@example.org` }]);
  });

  test('tells in words what there is to choose from', async () => {
    const conversation = await writtenBy();
    const { id } = await say(conversation, { content: 'Which day?', content_type: 'input_select', content_attributes: { items: [{ title: 'Monday', value: 1 }, { title: 'Friday', value: 5 }] } });
    await becomes(conversation, id, 'sent');
    expect(body(server.mails[0]!)).toContain('Which day?\n\n- Monday\n- Friday');
    expect(body(server.mails[0]!)).toMatch(/<ul>\s*<li>Monday<\/li>/);
  });

  test('shows its picture where the text has it, carries its files, and the thread shows the picture too', async () => {
    const conversation = await writtenBy();
    const form = new FormData();
    form.set('content', 'Here: ![the plan](cid:my%20plan.png)');
    form.append('attachments[]', new Blob([PNG], { type: 'image/png' }), 'my plan.png');
    form.append('attachments[]', new Blob(['a,b'], { type: 'text/csv' }), 'list.csv');
    const { id } = await say(conversation, form);
    await becomes(conversation, id, 'sent');
    const text = body(server.mails[0]!);
    const [, contentId] = /<img src="cid:(file-[^"]+)"/.exec(text)!;
    expect(text).toContain(`Content-ID: <${contentId}>`);
    expect(server.mails[0]!.raw.replace(/\r\n/g, '')).toContain(PNG.toString('base64'));
    expect(text).toMatch(/Content-Disposition: attachment; filename=list.csv/);
    const shown = (await call(t, agent, 'GET', `${conversation.url}/messages`)).body.payload.find((m: { id: number }) => m.id === id);
    const [, address] = /<img src="([^"]+)" alt="the plan"/.exec(shown.content_html)!;
    expect(await (await fetch(new URL(address!.replaceAll('&amp;', '&'), t.url))).arrayBuffer()).toEqual(new Uint8Array(PNG).buffer);
  });

  test('reaches others too, as chosen; Bcc stays unseen and nobody is written to twice', async () => {
    const conversation = await writtenBy();
    const { id } = await say(conversation, { content: 'To all of you', to_emails: `${conversation.email}, Second@Example.com`, cc_emails: ['cc@example.com', 'help@example.org', 'second@example.com'], bcc_emails: 'hidden@example.com' });
    await becomes(conversation, id, 'sent');
    const [mail] = server.mails as [TakenMail];
    expect(mail.to).toEqual([conversation.email, 'second@example.com', 'cc@example.com', 'hidden@example.com']);
    expect([header(mail, 'to'), header(mail, 'cc'), header(mail, 'bcc')]).toEqual([`Jo <${conversation.email}>, second@example.com`, 'cc@example.com', undefined]);
    expect((await call(t, agent, 'POST', `${conversation.url}/messages`, { content: 'x', cc_emails: 'not an address' })).body.attributes).toEqual(['cc_emails.0']);
  });

  test('passes a mail on, with its text and what its header said, as a thread of its own', async () => {
    const conversation = await writtenBy('Jo', 'Please ask the landlord');
    const { id } = await say(conversation, { content: 'Can you help?', to_emails: 'landlord@example.com', forwarded_message_id: conversation.messageId });
    await becomes(conversation, id, 'sent');
    const [mail] = server.mails as [TakenMail];
    expect([mail.to, header(mail, 'subject'), header(mail, 'in-reply-to')]).toEqual([['landlord@example.com'], 'Fwd: Opening hours', undefined]);
    expect(body(mail)).toContain(`---------- Forwarded message ---------\nFrom: Jo <${conversation.email}>\nDate: 21 Nov 2026, 08:00 UTC\nSubject: Opening hours\nTo: \n\nPlease ask the landlord`);
  });

  test('a conversation from our side begins with its own subject and no Re:', async () => {
    const contact = await makeContact(t, account, { name: 'Ann' });
    const made = await call(t, agent, 'POST', `/api/v1/accounts/${account.id}/conversations`, {
      inbox_id: inbox.id, contact_id: contact.id, additional_attributes: { mail_subject: 'Your parcel' }, message: { content: 'It is here.', cc_emails: ['cc@example.com'] },
    });
    const mail = await eventually('the mail', () => server.mails.find(({ to }) => to[0] === contact.email));
    expect([header(mail, 'subject'), header(mail, 'in-reply-to'), mail.to]).toEqual(['Your parcel', undefined, [contact.email, 'cc@example.com']]);
    expect(made.body.meta.sender.id).toBe(contact.id);
    const nobody = await makeContact(t, account, { email: null });
    expect((await call(t, agent, 'POST', `/api/v1/accounts/${account.id}/conversations`, { inbox_id: inbox.id, contact_id: nobody.id, message: { content: 'x' } })).body.attributes).toEqual(['contact_id']);
  });
});

describe('when it does not go', () => {
  test('greylisting waits and then arrives once, under the same Message-ID', async () => {
    const conversation = await writtenBy();
    server.next({ at: 'recipient', code: 450, text: '4.2.0 Greylisted' });
    const { id } = await say(conversation, { content: 'patience' });
    expect(await becomes(conversation, id, 'queued')).toMatchObject({ state: 'queued' });
    await eventually('the reason', async () => (await delivery(conversation, id)).error === 'The mail server did not take the recipient: 4.2.0 Greylisted');
    await dueNow(id);
    expect(await becomes(conversation, id, 'sent')).toEqual({ state: 'sent', error: null, attempt: 2 });
    expect(server.mails).toHaveLength(1);
  });

  test('a refusal says why, and a mailbox that does not exist is held until somebody releases it', async () => {
    const conversation = await writtenBy();
    server.next({ at: 'recipient', code: 550, text: '5.1.1 No such user' });
    const first = await say(conversation, { content: 'hello?' });
    expect(await becomes(conversation, first.id, 'failed')).toMatchObject({ error: 'The mail server did not take the recipient: 5.1.1 No such user' });
    const second = await say(conversation, { content: 'hello again' });
    expect((await becomes(conversation, second.id, 'failed')).error).toMatch(/^Nothing is sent to jo\d+@example.com: 5\.1\.1 No such user\. Release/);
    expect(server.mails).toEqual([]);
  });

  test('who was left out gets it again, and nobody else does', async () => {
    const conversation = await writtenBy();
    server.next({ at: 'recipient', code: 450, text: '4.2.2 Mailbox full', only: 'cc@example.com' });
    const { id } = await say(conversation, { content: 'for both', to_emails: conversation.email, cc_emails: 'cc@example.com' });
    expect((await becomes(conversation, id, 'sent')).error).toBe('Not taken for cc@example.com: 4.2.2 Mailbox full');
    expect((await call(t, agent, 'GET', `${conversation.url}/messages/${id}/mail`)).body.refused).toEqual([{ address: 'cc@example.com', reason: '4.2.2 Mailbox full' }]);
    expect((await call(t, agent, 'POST', `${conversation.url}/messages/${id}/retry`)).status).toBe(200);
    await eventually('it went again', () => server.mails.length === 2);
    expect(server.mails.map(({ to }) => to)).toEqual([[conversation.email], ['cc@example.com']]);
    expect(server.mails.map((mail) => [header(mail, 'message-id'), header(mail, 'to'), header(mail, 'cc')])).toEqual(Array(2).fill([header(server.mails[0]!, 'message-id'), `Jo <${conversation.email}>`, 'cc@example.com']));
    expect(await becomes(conversation, id, 'sent')).toMatchObject({ error: null });
    expect((await call(t, agent, 'POST', `${conversation.url}/messages/${id}/retry`)).status).toBe(422);
  });

  test('a confirmation that is lost leaves the decision to the agent: never twice by itself', async () => {
    const conversation = await writtenBy();
    server.next('take it and drop');
    const { id } = await say(conversation, { content: 'did you get it' });
    expect(await becomes(conversation, id, 'uncertain')).toMatchObject({ attempt: 1, error: expect.stringContaining('before the server confirmed it') });
    expect(server.mails).toHaveLength(1);
    expect((await call(t, agent, 'POST', `${conversation.url}/messages/${id}/retry`)).status).toBe(200);
    await becomes(conversation, id, 'sent');
    const ids = server.mails.map((mail) => header(mail, 'message-id'));
    expect([ids.length, new Set(ids).size]).toEqual([2, 1]);
  });

  test('a server that cannot be reached shows in the health of the inbox, and so does that it works again', async () => {
    const gone = await SmtpReceiver.start();
    await gone.stop();
    const broken = await makeInbox(t, account, { type: 'email', channel: { email: 'other@example.org', smtp_enabled: true, smtp_address: '127.0.0.1', smtp_port: gone.port, smtp_enable_starttls_auto: false, smtp_login: '' } });
    const conversation = await makeConversation(t, account, broken, { sender: { sourceId: 'x@example.com', email: 'x@example.com', name: 'X' } });
    const made = await call(t, account.admin, 'POST', `${conversation.url}/messages`, { content: 'hello' });
    const health = () => sql<{ send_error: string | null; send_problem: string | null; send_failures: number }>('SELECT send_error, send_problem, send_failures FROM mail_inbox_health WHERE inbox_id = $1', [broken.id]);
    await eventually('the health says so', async () => (await health())[0]?.send_error === 'The server refused the connection.');
    expect((await health())[0]!.send_problem).toBe('unreachable');
    await call(t, account.admin, 'PATCH', `/api/v1/accounts/${account.id}/inboxes/${broken.id}`, { channel: { smtp_port: server.port } });
    await dueNow(made.body.id);
    await eventually('the health is good again', async () => (await health())[0]?.send_error === null);
  });
});

describe('what mail servers report later', () => {
  const take = (of: MadeConversation, id: number, recipients: object[], externalId: string, kind = 'bounce') => sql<{ rfc_message_id: string }>('SELECT rfc_message_id FROM mail_messages WHERE message_id = $1', [id])
    .then(([row]) => t.app.get(TakeMailReport, { strict: false }).take({ accountId: account.id, id: inbox.id }, { kind, aboutIds: ['unknown@x', row!.rfc_message_id], recipients } as never, externalId));

  test('a delay is said, a bounce fails the message with its reason, once and never back', async () => {
    const conversation = await writtenBy();
    const { id } = await say(conversation, { content: 'hello' });
    await becomes(conversation, id, 'sent');
    const one = { address: conversation.email, action: 'delayed', status: '4.4.1', diagnostic: 'timed out' };
    expect(await take(conversation, id, [one], 'r1')).toEqual({ conversationId: conversation.conversationId, messageId: id });
    expect(await delivery(conversation, id)).toMatchObject({ state: 'sent', error: `Delayed; the mail servers go on trying. ${conversation.email}: timed out (4.4.1)` });
    await take(conversation, id, [{ ...one, action: 'failed', status: '5.1.1', diagnostic: 'User unknown' }], 'r2');
    expect(await delivery(conversation, id)).toMatchObject({ state: 'failed', error: `Could not be delivered. ${conversation.email}: User unknown (5.1.1)` });
    await take(conversation, id, [one], 'r3');
    expect(await delivery(conversation, id)).toMatchObject({ state: 'failed' });
    expect(await sql('SELECT reason FROM mail_held_addresses WHERE address = $1', [conversation.email])).toEqual([{ reason: 'hard_bounce' }]);
  });

  test('a report about no mail of this inbox changes nothing; the same news twice is one', async () => {
    const conversation = await writtenBy();
    const { id } = await say(conversation, { content: 'hello' });
    await becomes(conversation, id, 'sent');
    expect(await t.app.get(TakeMailReport, { strict: false }).take({ accountId: account.id, id: inbox.id }, { kind: 'bounce', aboutIds: ['nobody@knows'], recipients: [] }, 'r9')).toBeUndefined();
    const news = { kind: 'message_status' as const, externalId: 'same', messageId: id, status: 'delivered' as const };
    const port = t.app.get(StatusPort);
    const inboxRef = { accountId: account.id, id: inbox.id };
    expect(await Promise.all([1, 2, 3].map(() => port.report(inboxRef, conversation.conversationId, news)))).toEqual(expect.arrayContaining([true, false, false]));
    expect(await port.report({ ...inboxRef, id: inbox.id + 1 }, conversation.conversationId, { ...news, externalId: 'other', status: 'read' })).toBe(false);
    expect(await delivery(conversation, id)).toMatchObject({ state: 'delivered' });
  });
});
