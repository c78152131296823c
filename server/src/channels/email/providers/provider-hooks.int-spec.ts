import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createHmac, createSign, generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { makeAccount, unique, type AccountWithAdmin } from '../../../../test/factories.js';
import { call, eventually } from '../../../../test/http.js';
import { makeMailInbox, outcomeOf, receive, showConversation, writeMail, type MailInbox, type ShownConversation } from '../../../../test/mails.js';
import { selfSigned } from '../../../../test/self-signed.js';
import { SmtpReceiver } from '../../../../test/smtp-receiver.js';
import { startTestApp, type TestApp } from '../../../../test/test-app.js';
import { accountId } from '../../../platform/database/account-id.js';
import { SystemWork, UnitOfWork } from '../../../platform/database/unit-of-work.js';
import { MailMessagesRepository } from '../mail-messages.repository.js';

/* Each provider as its documents describe it: the form it posts in, and how it proves that it is itself. */

const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:mail';
const sns = generateKeyPairSync('rsa', { modulusLength: 2048 });
const sendgrid = generateKeyPairSync('ec', { namedCurve: 'P-256' });

let t: TestApp;
let account: AccountWithAdmin;
let inbox: MailInbox;
let amazon: Server;
let amazonUrl: string;
const confirmed: string[] = [];
beforeAll(async () => {
  amazon = createServer((request, response) => {
    if (request.url === '/cert.pem') return response.end(selfSigned(sns, 'sns.test'));
    confirmed.push(request.url ?? '');
    return response.end('<ConfirmSubscriptionResponse/>');
  });
  await new Promise<void>((resolve) => { amazon.listen(0, '127.0.0.1', () => resolve()); });
  amazonUrl = `http://127.0.0.1:${(amazon.address() as AddressInfo).port}`;
  t = await startTestApp({ SNS_URL: amazonUrl });
  account = await makeAccount(t);
  inbox = await makeMailInbox(t, account, {
    postmark_credentials: 'hook:secret', mailgun_signing_key: 'key-1', sendgrid_verification_key: sendgrid.publicKey.export({ type: 'spki', format: 'der' }).toString('base64'), ses_topic_arn: TOPIC,
  });
});
afterAll(async () => {
  await t.close();
  await new Promise((resolve) => { amazon.close(resolve); });
});

const post = async (path: string, body: string | FormData | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}): Promise<number> =>
  (await fetch(`${t.url}${new URL(inbox.inbound_url).pathname}/${path}`, { method: 'POST', body, headers })).status;
const count = async (): Promise<number> => (await t.app.get(SystemWork).sql<{ n: number }>('SELECT count(*)::int AS n FROM mail_raws WHERE inbox_id = $1', [inbox.id]))[0]!.n;
/** The conversation that the newest mail became. */
async function newest(source: string): Promise<ShownConversation> {
  const row = await eventually(`a mail by ${source}`, async () => (await t.app.get(SystemWork).sql<{ id: number }>('SELECT id FROM mail_raws WHERE inbox_id = $1 AND source = $2 ORDER BY id DESC LIMIT 1', [inbox.id, source]))[0]);
  const outcome = await outcomeOf(t, row.id);
  expect(outcome).toMatchObject({ state: 1 });
  return showConversation(t, account, outcome.display_id!);
}
const seconds = (): string => String(Math.floor(t.clock.now() / 1000));

describe('Postmark', () => {
  const mail = (): object => ({
    From: 'vi@example.org', FromFull: { Email: 'vi@example.org', Name: 'Vi' }, To: inbox.email, OriginalRecipient: inbox.email, Subject: 'Café', MessageID: 'postmark-own-id', Date: 'Tue, 3 Mar 2026 10:00:00 +0000', TextBody: 'Hello', HtmlBody: '<p>Hello <img src="cid:dot"></p>',
    Headers: [{ Name: 'Message-ID', Value: `<${unique()}@example.org>` }, { Name: 'X-Spam-Status', Value: 'No' }],
    Attachments: [{ Name: 'dot.png', Content: 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', ContentType: 'image/png', ContentLength: 70, ContentID: 'dot' }],
  });
  const json = { 'content-type': 'application/json', authorization: `Basic ${Buffer.from('hook:secret').toString('base64')}` };

  test('a mail with a picture', async () => {
    expect(await post('postmark', JSON.stringify(mail()), json)).toBe(200);
    const shown = await newest('postmark');
    expect(shown).toMatchObject({ additional_attributes: { mail_subject: 'Café' }, meta: { sender: { email: 'vi@example.org' } } });
    expect(shown.messages[0]!.attachments.map((file) => file.file_name)).toEqual(['dot.png']);
  });

  test('is not believed without its password, and not understood as anything else', async () => {
    const before = await count();
    expect(await post('postmark', JSON.stringify(mail()), { ...json, authorization: 'Basic d3Jvbmc6d3Jvbmc=' })).toBe(401);
    expect(await post('postmark', '{', json)).toBe(422);
    expect(await count()).toBe(before);
  });
});

describe('Mailgun', () => {
  function form(fields: Record<string, string>, { key = 'key-1', token = unique().padStart(50, 'a'), timestamp = seconds() } = {}): FormData {
    const data = new FormData();
    const signature = createHmac('sha256', key).update(timestamp + token).digest('hex');
    for (const [name, value] of Object.entries({ ...fields, timestamp, token, signature })) data.append(name, value);
    return data;
  }
  const fields = (): Record<string, string> => ({
    recipient: inbox.email, sender: 'vi@example.org', from: 'Vi <vi@example.org>', subject: 'Grüße', 'body-plain': 'Hello from Mailgun', 'body-html': '<p>Hello from Mailgun</p>',
    'message-headers': JSON.stringify([['From', 'Vi <vi@example.org>'], ['To', inbox.email], ['Subject', 'Grüße'], ['Message-Id', `<${unique()}@example.org>`], ['Content-Type', 'multipart/mixed']]), 'attachment-count': '1',
  });

  test('a parsed mail with a file, once', async () => {
    const token = unique().padStart(50, 'b');
    const given = fields();
    const data = form(given, { token });
    data.append('attachment-1', new Blob(['notes'], { type: 'text/plain' }), 'notes.txt');
    expect(await post('mailgun', data)).toBe(200);
    const shown = await newest('mailgun');
    expect(shown).toMatchObject({ additional_attributes: { mail_subject: 'Grüße' } });
    expect(shown.messages[0]).toMatchObject({ content: 'Hello from Mailgun', attachments: [{ file_name: 'notes.txt' }] });
    const before = await count();
    // The same token may not carry another mail.
    expect(await post('mailgun', form({ ...given, 'body-plain': 'Forged' }, { token }))).toBe(200);
    expect(await count()).toBe(before);
  });

  test('a whole mail', async () => {
    expect(await post('mailgun/mime', form({ recipient: inbox.email, sender: 'vi@example.org', 'body-mime': writeMail({ subject: 'Whole' }) }))).toBe(200);
    expect(await newest('mailgun')).toMatchObject({ additional_attributes: { mail_subject: 'Whole' } });
  });

  test.each([['another key', { key: 'wrong' }], ['an old time', { timestamp: '1700000000' }]])('%s is not believed', async (_name, wrong) => {
    expect(await post('mailgun', form(fields(), wrong))).toBe(401);
  });
});

describe('SendGrid', () => {
  const body = (fields: Record<string, string>): Buffer => Buffer.concat([
    ...Object.entries(fields).map(([name, value]) => Buffer.from(`--xYz\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`, 'latin1')), Buffer.from('--xYz--\r\n'),
  ]);
  const send = (bytes: Buffer, signed: Buffer = bytes, at = seconds()): Promise<number> => post('sendgrid', new Uint8Array(bytes), {
    'content-type': 'multipart/form-data; boundary=xYz', 'x-twilio-email-event-webhook-timestamp': at,
    'x-twilio-email-event-webhook-signature': createSign('sha256').update(at).update(signed).sign(sendgrid.privateKey, 'base64'),
  });
  const parsed = (): Record<string, string> => ({
    headers: `From: Vi <vi@example.org>\nTo: ${inbox.email}\nSubject: Parsed\nMessage-ID: <${unique()}@example.org>\n`, from: 'Vi <vi@example.org>', to: inbox.email, text: 'Caf\xe9', html: '', charsets: JSON.stringify({ text: 'iso-8859-1' }),
    envelope: JSON.stringify({ to: [inbox.email], from: 'vi@example.org' }), SPF: 'pass', sender_ip: '192.0.2.7', attachments: '0',
  });

  test('a parsed mail in its own charset, and a whole one', async () => {
    expect(await send(body(parsed()))).toBe(200);
    expect((await newest('sendgrid')).messages[0]).toMatchObject({ content: 'Café', content_attributes: { email: { authentication: { spf: 'pass' } } } });
    expect(await send(body({ email: writeMail({ subject: 'Raw' }), envelope: '{}' }))).toBe(200);
    expect(await newest('sendgrid')).toMatchObject({ additional_attributes: { mail_subject: 'Raw' } });
  });

  test('another body than the signed one, or an old one, is not believed', async () => {
    const bytes = body(parsed());
    expect(await send(bytes, Buffer.from('other'))).toBe(401);
    expect(await send(bytes, bytes, '1700000000')).toBe(401);
  });
});

describe('Amazon SES', () => {
  function notice(fields: Record<string, string>, { version = '2', cert = `${amazonUrl}/cert.pem` } = {}): string {
    const all: Record<string, string> = { MessageId: unique(), TopicArn: TOPIC, Timestamp: new Date(t.clock.now()).toISOString(), ...fields };
    const names = all['Type'] === 'Notification' ? ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'] : ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
    const signed = names.filter((name) => all[name] !== undefined).map((name) => `${name}\n${all[name]}\n`).join('');
    return JSON.stringify({ ...all, SignatureVersion: version, Signature: createSign(version === '2' ? 'sha256' : 'sha1').update(signed).sign(sns.privateKey, 'base64'), SigningCertURL: cert });
  }
  const received = (content: string, encoding = 'UTF8', spam = 'PASS'): string => JSON.stringify({
    notificationType: 'Received', mail: { messageId: 'ses-1', source: 'vi@example.org' }, content,
    receipt: { recipients: [inbox.email], spamVerdict: { status: spam }, virusVerdict: { status: 'PASS' }, spfVerdict: { status: 'PASS' }, dkimVerdict: { status: 'PASS' }, dmarcVerdict: { status: 'PASS' }, action: { type: 'SNS', topicArn: TOPIC, encoding } },
  });
  const text = { 'content-type': 'text/plain; charset=UTF-8' };

  test('the subscription is confirmed', async () => {
    expect(await post('ses', notice({ Type: 'SubscriptionConfirmation', Message: 'You have chosen to subscribe', Token: 'tok', SubscribeURL: `${amazonUrl}/?Action=ConfirmSubscription` }), text)).toBe(200);
    expect(confirmed).toEqual(['/?Action=ConfirmSubscription']);
  });

  test('a mail with Amazon\'s verdicts, in either encoding and signature', async () => {
    expect(await post('ses', notice({ Type: 'Notification', Message: received(writeMail({ subject: 'Plain' })) }), text)).toBe(200);
    expect((await newest('ses')).messages[0]).toMatchObject({ content_attributes: { email: { subject: 'Plain', authentication: { dmarc: 'pass', aligned: true } } } });
    expect(await post('ses', notice({ Type: 'Notification', Message: received(Buffer.from(writeMail({ subject: 'Base64' })).toString('base64'), 'BASE64', 'FAIL') }, { version: '1' }), text)).toBe(200);
    expect(await newest('ses')).toMatchObject({ status: 'resolved', additional_attributes: { mail_subject: 'Base64', spam: 'verdict' } });
  });

  test('what became of a mail that went through SES, by the id that SES gave it', async () => {
    const arrived = await receive(t, inbox, { from: 'jo@example.com' });
    const server = await SmtpReceiver.start();
    await call(t, account.admin, 'PATCH', `/api/v1/accounts/${account.id}/inboxes/${inbox.id}`, { channel: { smtp_enabled: true, smtp_address: '127.0.0.1', smtp_port: server.port, smtp_enable_starttls_auto: false, smtp_login: '' } });
    const messages = `/api/v1/accounts/${account.id}/conversations/${arrived.id}/messages`;
    const { id } = (await call<{ id: number }>(t, account.admin, 'POST', messages, { content: 'Here you are.' })).body;
    const state = async () => (await call(t, account.admin, 'GET', messages)).body.payload.find((one: { id: number }) => one.id === id).delivery;
    await eventually('the answer to go', async () => (await state()).state === 'sent');
    await server.stop();
    const given = `0100018c1f5e2a77-${randomUUID()}-000000`;
    await t.app.get(UnitOfWork).run(accountId(account.id), (tx) => t.app.get(MailMessagesRepository).addAlias(tx, { conversationId: arrived.conversationId, messageId: id, inboxId: inbox.id }, given));
    const tell = (message: object) => post('ses', notice({ Type: 'Notification', Message: JSON.stringify({ mail: { messageId: given }, ...message }) }), text);
    expect(await tell({ eventType: 'DeliveryDelay', deliveryDelay: { delayType: 'MailboxFull', delayedRecipients: [{ emailAddress: 'jo@example.com', status: '4.4.7', diagnosticCode: 'smtp; 450 try again' }] } })).toBe(200);
    await eventually('the delay to be said', async () => /Delayed/.test((await state()).error ?? ''));
    expect(await tell({ notificationType: 'Bounce', bounce: { bounceType: 'Permanent', bouncedRecipients: [{ emailAddress: 'jo@example.com', action: 'failed', status: '5.1.1', diagnosticCode: 'smtp; 550 5.1.1 user unknown' }] } })).toBe(200);
    expect(await eventually('it to fail', async () => { const now = await state(); return now.state === 'failed' && now; })).toMatchObject({ error: expect.stringContaining('user unknown') });
    expect((await call(t, account.admin, 'GET', `/api/v1/accounts/${account.id}/mail_held_addresses`)).body.payload).toMatchObject([{ address: 'jo@example.com', reason: 'hard_bounce' }]);
  });

  test('the same notice again is one mail', async () => {
    const again = notice({ Type: 'Notification', Message: received(writeMail({ subject: 'Again' })) });
    const before = await count();
    expect([await post('ses', again, text), await post('ses', again, text)]).toEqual([200, 200]);
    expect(await count()).toBe(before + 1);
  });

  test('forged notices, other topics, certificates from elsewhere, and notices without the mail', async () => {
    const good = notice({ Type: 'Notification', Message: received(writeMail()) });
    expect(await post('ses', good.replace('Received', 'received'), text)).toBe(401);
    expect(await post('ses', notice({ Type: 'Notification', TopicArn: `${TOPIC}-other`, Message: received(writeMail()) }), text)).toBe(401);
    expect(await post('ses', notice({ Type: 'Notification', Message: received(writeMail()) }, { cert: 'https://sns.eu-west-1.amazonaws.com.evil.example/cert.pem' }), text)).toBe(401);
    expect(await post('ses', notice({ Type: 'Notification', Message: JSON.stringify({ notificationType: 'Received', receipt: {} }) }), text)).toBe(422);
  });
});

test.each(['postmark', 'mailgun', 'sendgrid', 'ses'])('%s: an unknown door is not there', async (provider) => {
  expect((await fetch(`${t.url}/hooks/email/none/${provider}`, { method: 'POST', body: 'x' })).status).toBe(404);
});
