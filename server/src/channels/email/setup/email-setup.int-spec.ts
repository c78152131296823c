import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createServer as createHttp, type Server as HttpServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { makeAccount, type AccountWithAdmin } from '../../../../test/factories.js';
import { makeAgentIn } from '../../../../test/factories-inboxes.js';
import { call, eventually } from '../../../../test/http.js';
import { deliver, makeMailInbox, receive, type MailInbox } from '../../../../test/mails.js';
import { SmtpReceiver } from '../../../../test/smtp-receiver.js';
import { startTestApp, type TestApp } from '../../../../test/test-app.js';
import { SystemWork } from '../../../platform/database/unit-of-work.js';
import { readAutoconfig } from './find-provider.service.js';

/** A few words of IMAP: lets in who has the password, and tells others what a test wants. */
class ImapDoor {
  refusal = 'NO [AUTHENTICATIONFAILED] Invalid credentials';
  private readonly sockets = new Set<Socket>();
  private constructor(readonly server: Server) {}

  static async start(): Promise<ImapDoor> {
    const door = new ImapDoor(createServer((socket) => door.talk(socket)));
    await new Promise<void>((resolve) => { door.server.listen(0, '127.0.0.1', resolve); });
    return door;
  }

  get port(): number {
    return (this.server.address() as { port: number }).port;
  }

  private talk(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => undefined);
    socket.write('* OK ready\r\n');
    socket.on('data', (data: Buffer) => {
      for (const line of data.toString().split('\r\n').filter(Boolean)) {
        const [tag, command = ''] = line.split(' ');
        const answer = { CAPABILITY: '* CAPABILITY IMAP4rev1\r\n', SELECT: '* 0 EXISTS\r\n* OK [UIDVALIDITY 1] ok\r\n', EXAMINE: '* 0 EXISTS\r\n* OK [UIDVALIDITY 1] ok\r\n' }[command.toUpperCase()] ?? '';
        const refused = command.toUpperCase() === 'LOGIN' && !line.includes('"right"') && !line.endsWith(' right');
        socket.write(`${answer}${tag} ${refused ? this.refusal : 'OK done'}\r\n`);
      }
    });
  }

  stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    return new Promise((resolve) => { this.server.close(() => resolve()); });
  }
}

let t: TestApp;
let account: AccountWithAdmin;
let smtp: SmtpReceiver;
let imap: ImapDoor;
let google: HttpServer;
let inbox: MailInbox;
const asked: URLSearchParams[] = [];
let mailbox = 'help@example.org';
beforeAll(async () => {
  smtp = await SmtpReceiver.start();
  imap = await ImapDoor.start();
  google = createHttp((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => { body += part.toString(); });
    request.on('end', () => {
      const fields = new URLSearchParams(body);
      asked.push(fields);
      const isRefresh = fields.get('grant_type') === 'refresh_token';
      const claims = Buffer.from(JSON.stringify({ email: mailbox })).toString('base64url');
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ access_token: isRefresh ? 'right-token' : 'first-token', expires_in: 3600, ...(!isRefresh && { refresh_token: 'long-lived', id_token: `x.${claims}.x` }) }));
    });
  });
  await new Promise<void>((resolve) => { google.listen(0, '127.0.0.1', resolve); });
  t = await startTestApp({
    PUBLIC_URL: 'https://desk.example.org', GOOGLE_OAUTH_CLIENT_ID: 'client', GOOGLE_OAUTH_CLIENT_SECRET: 'secret', GOOGLE_OAUTH_URL: `http://127.0.0.1:${(google.address() as { port: number }).port}`, DNS_SERVERS: '127.0.0.1:9',
  });
  account = await makeAccount(t);
  inbox = await makeMailInbox(t, account, { email: 'help@example.org', smtp_enabled: true, smtp_address: '127.0.0.1', smtp_port: smtp.port, smtp_enable_starttls_auto: false, smtp_login: '' });
});
afterAll(async () => {
  await t.close();
  await Promise.all([smtp.stop(), imap.stop(), new Promise((resolve) => { google.close(resolve); })]);
});

const path = (rest: string): string => `/api/v1/accounts/${account.id}/${rest}`;
const ask = (method: string, rest: string, body?: object) => call(t, account.admin, method, path(rest), body);

describe('finding the servers of an address', () => {
  test('a provider everybody knows, with the way in that it offers', async () => {
    expect((await ask('POST', 'email_setup/discover', { email: 'Help.Desk@gmail.com' })).body).toEqual({
      how: 'known', name: 'Google', imap: { host: 'imap.gmail.com', port: 993, ssl: true }, smtp: { host: 'smtp.gmail.com', port: 465, ssl: true }, oauth: 'google', oauth_only: false,
      app_password_url: 'https://myaccount.google.com/apppasswords', switch_on_url: null,
    });
    expect((await ask('POST', 'email_setup/discover', { email: 'a@outlook.com' })).body).toMatchObject({ oauth: null, oauth_only: true });
    expect((await ask('POST', 'email_setup/discover', { email: 'nobody' })).body.attributes).toEqual(['email']);
  });

  test('a domain that publishes nothing is guessed', async () => {
    expect((await ask('POST', 'email_setup/discover', { email: 'help@nothing.invalid' })).body).toMatchObject({ how: 'guessed', name: null, imap: { host: 'mail.nothing.invalid' } });
  });

  test('what a domain publishes is read; what is not encrypted is passed over', () => {
    const server = (direction: string, type: string, socket: string, host: string, port: number) => `<${direction}Server type="${type}"><hostname>${host}</hostname><port>${port}</port><socketType>${socket}</socketType></${direction}Server>`;
    expect(readAutoconfig(server('incoming', 'imap', 'plain', 'bad.x', 143) + server('incoming', 'pop3', 'SSL', 'pop.x', 995) + server('incoming', 'imap', 'SSL', 'Imap.X.org', 993) + server('outgoing', 'smtp', 'STARTTLS', 'smtp.x.org', 587)))
      .toEqual({ imap: { host: 'imap.x.org', port: 993, ssl: true }, smtp: { host: 'smtp.x.org', port: 587, ssl: false } });
    expect(readAutoconfig('<html>not found</html>')).toBeUndefined();
  });
});

describe('trying a mailbox', () => {
  const settings = (more: object = {}) => ({
    email: 'help@example.org', imap_address: '127.0.0.1', imap_port: imap.port, imap_enable_ssl: false, imap_login: 'help', imap_password: 'right', smtp_address: '127.0.0.1', smtp_port: smtp.port,
    smtp_enable_ssl_tls: false, smtp_enable_starttls_auto: false, smtp_login: '', ...more,
  });
  const check = async (more: object = {}) => (await ask('POST', 'email_setup/check', settings(more))).body;

  test('both ways work', async () => {
    expect(await check()).toEqual({ imap: { ok: true, problem: null, said: null }, smtp: { ok: true, problem: null, said: null } });
  });

  test.each([
    ['a wrong password', 'NO [AUTHENTICATIONFAILED] Invalid credentials', 'password'],
    ['a password that only people may use', 'NO [ALERT] Application-specific password required: https://support.google.com', 'app_password'],
    ['IMAP that is switched off', 'NO [ALERT] Your account is not enabled for IMAP use', 'switched_off'],
    ['a server that is busy', 'NO [UNAVAILABLE] Too many connections, try again', 'busy'],
    ['passwords that are not taken at all', 'NO AUTHENTICATE failed: BasicAuthBlocked', 'oauth_only'],
  ])('%s is told from the others', async (_name, refusal, problem) => {
    imap.refusal = refusal;
    expect((await check({ imap_password: 'wrong', smtp: false }))).toMatchObject({ imap: { ok: false, problem, said: expect.any(String) }, smtp: null });
  });

  test('servers that are not there, not safe or not allowed', async () => {
    const gone = await SmtpReceiver.start();
    await gone.stop();
    expect(await check({ imap_port: gone.port, smtp_port: gone.port })).toMatchObject({ imap: { problem: 'unreachable', said: null }, smtp: { problem: 'unreachable', said: null } });
    expect(await check({ imap_address: 'no-such.invalid', imap_port: 993, smtp_address: '10.0.0.1', smtp_port: 587 })).toMatchObject({ imap: { problem: 'not_found' }, smtp: { problem: 'address' } });
    expect(await check({ imap: false, smtp_enable_starttls_auto: true })).toMatchObject({ imap: null, smtp: { problem: 'tls', said: null } });
  });

  test('a stored password does not go to another server', async () => {
    const stored = await makeMailInbox(t, account, settings({ email: 'kept@example.org' }));
    imap.refusal = 'NO [AUTHENTICATIONFAILED] Invalid credentials';
    const again = settings({ imap_password: null, inbox_id: stored.id, smtp: false });
    expect((await ask('POST', 'email_setup/check', again)).body.imap).toMatchObject({ ok: true });
    expect((await ask('POST', 'email_setup/check', { ...again, imap_address: 'localhost' })).body.imap).toMatchObject({ ok: false });
  });

  test('is for administrators', async () => {
    const agent = await makeAgentIn(t, account, inbox);
    for (const [method, rest] of [['POST', 'email_setup/check'], ['GET', `inboxes/${inbox.id}/test_mail/x`], ['GET', 'mail_held_addresses']]) expect((await call(t, agent, method!, path(rest!), method === 'POST' ? settings() : undefined)).status).toBe(401);
  });
});

test('a test mail comes back, shows that words after a plus work, and is no conversation', async () => {
  const sent = (await ask('POST', `inboxes/${inbox.id}/test_mail`)).body;
  expect(sent).toMatchObject({ sent: true, problem: null });
  const [plain, plus] = smtp.mails.slice(-2);
  expect([plain!.to, plus!.to]).toEqual([['help@example.org'], ['help+test@example.org']]);
  const state = async () => (await ask('GET', `inboxes/${inbox.id}/test_mail/${sent.id}`)).body;
  expect(await state()).toEqual({ arrived: false, plus: false });
  await deliver(t, inbox, plain!.raw);
  await eventually('the first is there', async () => (await state()).arrived);
  await deliver(t, inbox, plus!.raw);
  await eventually('the second too', async () => (await state()).plus);
  expect((await ask('GET', `conversations?inbox_id=${inbox.id}&status=all`)).body.data.payload).toEqual([]);
  expect((await ask('GET', `inboxes/${inbox.id}/test_mail/nonsense`)).status).toBe(404);
});

test('held addresses are shown and released', async () => {
  const made = await receive(t, inbox, { from: 'jo@example.com', to: 'help@example.org' });
  smtp.next({ at: 'recipient', code: 550, text: '5.1.1 No such user' });
  await ask('POST', `conversations/${made.id}/messages`, { content: 'hello' });
  const held = await eventually('it is held', async () => (await ask('GET', 'mail_held_addresses')).body.payload[0]);
  expect(held).toMatchObject({ address: 'jo@example.com', reason: 'hard_bounce', detail: '5.1.1 No such user', conversation_id: made.id });
  expect((await ask('DELETE', 'mail_held_addresses/jo@example.com')).status).toBe(200);
  expect((await ask('DELETE', 'mail_held_addresses/jo@example.com')).status).toBe(404);
  await ask('POST', `conversations/${made.id}/messages`, { content: 'hello again' });
  await eventually('it goes', () => smtp.mails.some((mail) => mail.to[0] === 'jo@example.com'));
});

describe('connecting without a password', () => {
  const begin = async () => new URL((await ask('POST', 'google/authorization', { inbox_id: inbox.id })).body.url);
  const comeBack = (state: string) => call(t, null, 'GET', `/google/callback?code=abc&state=${encodeURIComponent(state)}`);

  test('the provider\'s page, the token, and mail goes out with it', async () => {
    await t.app.get(SystemWork).sql(`INSERT INTO mail_inbox_health (account_id, inbox_id, next_try_at) VALUES ($1, $2, now() + interval '1 year') ON CONFLICT (account_id, inbox_id) DO UPDATE SET next_try_at = excluded.next_try_at`, [account.id, inbox.id]);
    const url = await begin();
    expect(Object.fromEntries(url.searchParams)).toMatchObject({ client_id: 'client', redirect_uri: 'https://desk.example.org/google/callback', response_type: 'code', login_hint: 'help@example.org', access_type: 'offline' });
    const back = await comeBack(url.searchParams.get('state')!);
    expect([back.status, back.headers.get('location')]).toEqual([302, `/app/accounts/${account.id}/settings/inboxes/${inbox.id}/email?connect=done`]);
    expect((await ask('GET', `inboxes/${inbox.id}`)).body).toMatchObject({ provider: 'google', imap_enabled: true, imap_authentication: 'xoauth2', smtp_address: 'smtp.gmail.com', secrets_set: ['oauth_refresh_token'] });
    // Nobody sits out the pause that an old permission earned.
    await eventually('the pause to end', async () => (await t.app.get(SystemWork).sql('SELECT FROM mail_inbox_health WHERE inbox_id = $1 AND coalesce(next_try_at, now()) < now() + interval \'1 day\'', [inbox.id])).length === 1);
    const secured = await SmtpReceiver.start({ authOptional: false, allowInsecureAuth: true, authMethods: ['XOAUTH2'] });
    await ask('PATCH', `inboxes/${inbox.id}`, { channel: { smtp_address: '127.0.0.1', smtp_port: secured.port, smtp_enable_ssl_tls: false, smtp_enable_starttls_auto: false } });
    expect((await ask('POST', `inboxes/${inbox.id}/test_mail`)).body).toMatchObject({ sent: true });
    expect(new Set(asked.map((fields) => `${fields.get('grant_type')} ${fields.get('refresh_token')}`))).toEqual(new Set(['authorization_code null', 'refresh_token long-lived']));
    expect(secured.mails[0]!.user).toBe('help@example.org');
    await secured.stop();
  });

  test('another mailbox, a forged or an old state, an unknown provider', async () => {
    mailbox = 'other@example.org';
    expect((await comeBack((await begin()).searchParams.get('state')!)).headers.get('location')).toMatch(/connect=other_mailbox$/);
    expect((await comeBack('forged')).status).toBe(404);
    const state = (await begin()).searchParams.get('state')!;
    t.clock.advance(16 * 60_000);
    expect((await comeBack(state)).status).toBe(404);
    t.clock.advance(-16 * 60_000);
    expect((await ask('POST', 'yahoo/authorization', { inbox_id: inbox.id })).status).toBe(404);
    expect((await ask('POST', 'microsoft/authorization', { inbox_id: inbox.id })).status).toBe(422);
  });
});
