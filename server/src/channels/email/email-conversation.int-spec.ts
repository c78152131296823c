import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeAccount, type AccountWithAdmin } from '../../../test/factories.js';
import { call, eventually } from '../../../test/http.js';
import { deliver, makeMailInbox, outcomeOf, receive, showConversation, type MailInbox } from '../../../test/mails.js';
import { SmtpReceiver, type TakenMail } from '../../../test/smtp-receiver.js';
import { startTestApp, type TestApp } from '../../../test/test-app.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';

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

const SAYS = { name: 'Says something', conditions: [{ attribute_key: 'status', filter_operator: 'equal_to', values: ['open'], query_operator: null }], actions: [{ action_name: 'send_message', action_params: ['A rule says this.'] }] };

test('who writes eight mails at once gets four automatic answers, however many are sent beside each other', async () => {
  const busy = await makeAccount(t);
  expect((await call(t, busy.admin, 'POST', `/api/v1/accounts/${busy.id}/automation_rules`, { ...SAYS, event_name: 'conversation_created' })).status).toBe(200);
  const inbox = await makeMailInbox(t, busy, { email: 'busy@example.org', smtp_enabled: true, smtp_address: '127.0.0.1', smtp_port: server.port, smtp_enable_starttls_auto: false, smtp_login: '' });
  // Whoever counts takes long enough for all the others to count too.
  await t.database.asOwner((client) => client.query(`CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.3); RETURN NEW; END $$;
    CREATE TRIGGER linger BEFORE INSERT ON mail_messages FOR EACH ROW WHEN (NEW.direction = 1) EXECUTE FUNCTION linger()`));
  try {
    const seen = await Promise.all(Array.from({ length: 8 }, (_, n) => receive(t, inbox, { from: 'eager@example.com', to: 'busy@example.org', subject: `Question ${n}`, text: 'Are you there?' })));
    expect(new Set(seen.map(({ id }) => id)).size).toBe(8);
    const states = () => t.app.get(SystemWork).sql<{ state: string; n: number }>(
      `SELECT CASE WHEN m.status = 3 THEN 'kept back' ELSE 'sent' END AS state, count(*)::int AS n FROM messages m WHERE m.account_id = $1 AND m.content = 'A rule says this.'
         AND NOT EXISTS (SELECT FROM outbound_messages o WHERE o.account_id = m.account_id AND o.message_id = m.id) GROUP BY 1 ORDER BY 1`, [busy.id]);
    await eventually('all are decided', async () => (await states()).reduce((sum, { n }) => sum + n, 0) === 8);
    expect([await states(), server.mails.filter((mail) => mail.to[0] === 'eager@example.com').length]).toEqual([[{ state: 'kept back', n: 4 }, { state: 'sent', n: 4 }], 4]);
  } finally {
    await t.database.asOwner((client) => client.query('DROP TRIGGER linger ON mail_messages; DROP FUNCTION linger'));
  }
});

describe('two installations that answer by themselves', () => {
  const CLOSED = { working_hours_enabled: true, working_hours: Array.from({ length: 7 }, (_, day) => ({ day_of_week: day, closed_all_day: true })), out_of_office_message: 'We are closed.' };
  /** A mail server on the way that leaves away what a program says about itself. */
  const stripped = (raw: string): string => raw.replace(/^(auto-submitted|x-auto-response-suppress|x-porchlight-loop|precedence):.*\r\n([ \t].*\r\n)*/gim, '');
  interface Side { at: TestApp; account: AccountWithAdmin; server: SmtpReceiver; inbox?: MailInbox; taken: number[] }
  const sides: Side[] = [];
  let way = (raw: string): string => raw;

  /** What one sends the other gets, as through a pipe of Postfix. */
  const carryTo = (n: number) => async (mail: TakenMail): Promise<void> => {
    const there = sides[n]!;
    if (mail.to[0]!.replace(/\+[^@]*@/, '@') !== there.inbox?.email) return;
    const { status, id } = await deliver(there.at, there.inbox, way(mail.raw));
    expect(status).toBe(200);
    there.taken.push(id);
  };
  /** How much has happened, once nothing is under way any more. */
  const rested = async ({ at }: Side): Promise<number | undefined> => {
    const [row] = await at.app.get(SystemWork).sql<{ open: number; events: number }>(
      `SELECT (SELECT count(*) FROM events WHERE dispatched_at IS NULL) + (SELECT count(*) FROM event_deliveries) + (SELECT count(*) FROM outbound_messages) + (SELECT count(*) FROM mail_raws WHERE state = 0) AS open,
         (SELECT count(*) FROM events) AS events`);
    return row!.open === 0 ? row!.events : undefined;
  };

  beforeAll(async () => {
    const second = await startTestApp();
    for (const [n, at] of [t, second].entries()) {
      sides.push({ at, account: n === 0 ? account : await makeAccount(at), server: await SmtpReceiver.start({}, carryTo(1 - n)), taken: [] });
      for (const event of ['conversation_created', 'message_created']) expect((await call(at, sides[n]!.account.admin, 'POST', `/api/v1/accounts/${sides[n]!.account.id}/automation_rules`, { ...SAYS, event_name: event })).status).toBe(200);
    }
  });
  afterAll(async () => { await sides[1]?.at.close(); await Promise.all(sides.map((side) => side.server.stop())); });

  // Greeting, notice of the closed office and two rules: four to one address in an hour. The other keeps silent when it sees that a program writes, and at four when it cannot see it.
  test.each([['as they are', (raw: string) => raw, [0, 4]], ['without a word of what they are', stripped, [4, 4]]] as const)('fall silent when their mails arrive %s, and lose nothing', async (name, passing, most) => {
    way = passing;
    for (const [n, side] of sides.entries()) {
      side.taken = [];
      side.inbox = await makeMailInbox(side.at, side.account, { email: `side${n}-${name.length}@${['example.org', 'example.net'][n]!}`, smtp_enabled: true, smtp_address: '127.0.0.1', smtp_port: side.server.port, smtp_enable_starttls_auto: false, smtp_login: '' },
        { greeting_enabled: true, greeting_message: 'Thank you, we have your mail.', ...CLOSED });
    }
    const [one, two] = sides as [Side, Side];
    await receive(one.at, one.inbox!, { from: two.inbox!.email, to: one.inbox!.email, subject: 'Hello', text: 'Hello' });
    await eventually('both to be silent', async () => {
      const before = await rested(one);
      return before !== undefined && await rested(two) !== undefined && await rested(one) === before;
    });
    expect(sides.map((side) => side.taken.length)).toEqual(most);
    for (const side of sides) for (const id of side.taken) expect(await outcomeOf(side.at, id)).toMatchObject({ state: 1, error: null, message_id: expect.any(Number) });
  });
});
