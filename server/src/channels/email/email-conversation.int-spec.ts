import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeAccount, type AccountWithAdmin } from '../../../test/factories.js';
import { call, eventually } from '../../../test/http.js';
import { deliver, makeMailInbox, outcomeOf, receive, showConversation, type MailInbox } from '../../../test/mails.js';
import { SmtpReceiver, type TakenMail } from '../../../test/smtp-receiver.js';
import { startTestApp, type TestApp } from '../../../test/test-app.js';

const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
let t: TestApp;
let server: SmtpReceiver;
let account: AccountWithAdmin;
beforeAll(async () => {
  server = await SmtpReceiver.start();
  t = await startTestApp();
  account = await makeAccount(t);
});
afterAll(async () => { await t.close(); await server.stop(); });

/** An inbox that sends to our server and receives over the door. */
const inboxAt = (email: string, extra: object = {}): Promise<MailInbox> => makeMailInbox(t, account, {
  email, smtp_enabled: true, smtp_address: '127.0.0.1', smtp_port: server.port, smtp_enable_starttls_auto: false, smtp_login: '', plus_addressing: true,
}, extra);
const header = (raw: string, name: string): string => new RegExp(`^${name}: (.*)$`, 'im').exec(raw.replace(/\r\n[ \t]+/g, ' '))?.[1] ?? '';

test('a mail, an answer with a picture, and Outlook\'s reply to it are one conversation', async () => {
  const inbox = await inboxAt('desk@example.org');
  const first = await receive(t, inbox, { from: 'Jo <jo@example.com>', to: 'desk@example.org', subject: 'Opening hours', text: 'When do you open?\r\n' });
  const url = `/api/v1/accounts/${account.id}/conversations/${first.id}/messages`;
  const form = new FormData();
  form.set('content', 'At nine, here: ![](cid:plan.png)');
  form.append('attachments[]', new Blob([PNG], { type: 'image/png' }), 'plan.png');
  const answer = await call(t, account.admin, 'POST', url, form);
  expect(answer.status).toBe(200);
  const sent = await eventually('the answer', () => server.mails.find((mail) => mail.to[0] === 'jo@example.com'));
  // Outlook on iOS keeps neither References nor our id when a relay rewrote it: only the address is left.
  const outlook = await receive(t, inbox, {
    from: 'Jo <jo@example.com>', to: header(sent.raw, 'reply-to').replace(/^.*<|>$/g, ''), subject: 'RE: Opening hours',
    text: `Thank you!\r\n\r\n________________________________\r\nFrom: ${header(sent.raw, 'from')}\r\nSent: Saturday, November 21, 2026 9:00 AM\r\nTo: Jo <jo@example.com>\r\nSubject: Re: Opening hours\r\n\r\nAt nine, here:\r\n`,
    headers: { 'In-Reply-To': '<rewritten@eu-west-1.amazonses.com>', 'Thread-Index': header(sent.raw, 'thread-index') },
  });
  expect(outlook.id).toBe(first.id);
  const shown = await showConversation(t, account, first.id);
  const said = (await call(t, account.admin, 'GET', url)).body.payload.filter((m: { message_type: number }) => m.message_type < 2).map((m: { content: string }) => m.content);
  expect(said).toEqual(['When do you open?', 'At nine, here: ![](cid:plan.png)', 'Thank you!']);
  expect(shown.status).toBe('open');
});

test('two inboxes with automatic answers do not keep each other busy', async () => {
  const settings = { greeting_enabled: true, greeting_message: 'Thank you, we have your mail.', working_hours_enabled: true, working_hours: Array.from({ length: 7 }, (_, day) => ({ day_of_week: day, closed_all_day: true })), out_of_office_message: 'We are closed.' };
  const one = await inboxAt('one@example.org', settings);
  const two = await inboxAt('two@example.net', settings);
  const boxes: Record<string, MailInbox> = { 'one@example.org': one, 'two@example.net': two };
  let carried = 0;
  const carry = async (mail: TakenMail): Promise<void> => {
    const box = boxes[mail.to[0]!.replace(/\+[^@]*@/, '@')];
    if (!box) return;
    carried += 1;
    await outcomeOf(t, (await deliver(t, box, mail.raw)).id);
  };
  // A person's mail with a forged sender: the answer of the one goes to the other.
  await receive(t, one, { from: 'two@example.net', to: 'one@example.org', subject: 'Hello', text: 'Hello\r\n' });
  let seen = 0;
  const rounds: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    // Both have said all they have to say by themselves once they have answered somebody who wrote later.
    for (const [n, box] of [one, two].entries()) {
      const person = `person-${round}-${n}@example.com`;
      await receive(t, box, { from: person, text: 'Hello\r\n' });
      await eventually(`an automatic answer to ${person}`, () => server.mails.filter((mail) => mail.to[0] === person).length === 2, 20_000);
    }
    const fresh = server.mails.slice(seen);
    seen = server.mails.length;
    for (const mail of fresh) await carry(mail);
    rounds.push(carried);
  }
  expect(rounds[2]).toBe(rounds[1]);
  expect(carried).toBeLessThanOrEqual(2);
});
