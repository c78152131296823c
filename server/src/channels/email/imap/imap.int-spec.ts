import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeAccount, unique, type AccountWithAdmin } from '../../../../test/factories.js';
import { call, eventually } from '../../../../test/http.js';
import { hasImapServer, ImapServer } from '../../../../test/imap-server.js';
import { OauthProvider } from '../../../../test/oauth-provider.js';
import { SmtpReceiver } from '../../../../test/smtp-receiver.js';
import { deliver, makeMailInbox, outcomeOf, writeMail, type MailInbox } from '../../../../test/mails.js';
import { startTestApp, type TestApp } from '../../../../test/test-app.js';
import { CONFIG, type Config } from '../../../platform/config/config.js';
import { SystemWork } from '../../../platform/database/unit-of-work.js';

const DAY = 86_400_000;

(hasImapServer ? describe : describe.skip)('a mailbox on a real server', () => {
  let t: TestApp;
  let account: AccountWithAdmin;
  let server: ImapServer;
  let provider: OauthProvider;
  beforeAll(async () => {
    provider = await OauthProvider.start();
    [t, server] = await Promise.all([startTestApp(provider.settings), ImapServer.start(`${provider.url}/introspect`)]);
    provider.now = () => t.clock.now();
    account = await makeAccount(t);
  });
  afterAll(async () => {
    await t?.close();
    await server?.stop();
    await provider?.stop();
  });

  const connect = (user: string, more: object = {}): Promise<MailInbox> => makeMailInbox(t, account, {
    email: `${user}@desk.example`, imap_enabled: true, imap_address: '127.0.0.1', imap_port: server.port, imap_enable_ssl: false, imap_login: user, imap_password: 'right-password', ...more,
  });
  const subjects = async (inbox: MailInbox): Promise<string[]> => (await t.app.get(SystemWork).sql<{ subject: string }>(
    'SELECT subject FROM mail_messages WHERE account_id = $1 AND inbox_id = $2 AND direction = 0 ORDER BY message_id', [account.id, inbox.id])).map((row) => row.subject);
  const arrived = (inbox: MailInbox, wanted: string[]): Promise<true | undefined> => eventually(`${wanted.join(', ')} to arrive`, async () => ((await subjects(inbox)).join() === wanted.join() ? true : undefined));
  const health = async (inbox: MailInbox): Promise<{ permission_ended_at: number | null; sending: { error: string | null }; fetching: { state: string; error: string | null; failures: number }; reading: { waiting: number } }> =>
    (await call<never>(t, account.admin, 'GET', `/api/v1/accounts/${account.id}/inboxes/${inbox.id}/mail_health`)).body;

  const lookNow = async (inbox: MailInbox): Promise<void> => { expect((await call(t, account.admin, 'POST', `/api/v1/accounts/${account.id}/inboxes/${inbox.id}/mail_health/retry`)).status).toBeLessThan(300); };

  test('is read from the days before, then as mail arrives, over one connection; nothing in it is changed', async () => {
    const user = `ann${unique()}`;
    for (const subject of ['First', 'Second']) server.deliver(user, writeMail({ subject }));
    const inbox = await connect(user);
    await arrived(inbox, ['First', 'Second']);
    await eventually('the mailbox to be connected', async () => (await health(inbox)).fetching.state === 'connected' || undefined);
    const told = Date.now();
    server.deliver(user, writeMail({ subject: 'Third' }));
    await arrived(inbox, ['First', 'Second', 'Third']);
    // Told by the server, not found by looking once a minute.
    expect(Date.now() - told).toBeLessThan(30_000);
  });

  test('and a hook bring the same mail once', async () => {
    const user = `both${unique()}`;
    const inbox = await connect(user);
    const raw = writeMail({ subject: 'Twice' });
    server.deliver(user, `Return-Path: <vi@example.org>\r\nDelivered-To: ${user}@desk.example\r\n${raw}`);
    const hooked = await deliver(t, inbox, raw);
    await outcomeOf(t, hooked.id);
    await eventually('both copies to be worked on', async () => ((await t.app.get(SystemWork).sql<{ n: number }>('SELECT count(*)::int AS n FROM mail_raws WHERE inbox_id = $1 AND state <> 0', [inbox.id]))[0]!.n === 2 ? true : undefined));
    expect(await subjects(inbox)).toEqual(['Twice']);
  });

  test('that is away for three days loses nothing and doubles nothing', async () => {
    const user = `away${unique()}`;
    const inbox = await connect(user);
    server.deliver(user, writeMail({ subject: 'Before' }));
    await arrived(inbox, ['Before']);
    await server.down();
    await eventually('the trouble to be seen', async () => (await health(inbox)).fetching.state === 'failing' || undefined);
    expect((await health(inbox)).fetching.error).toMatch(/closed the connection|refused the connection/);
    for (const subject of ['Day one', 'Day two', 'Day three']) {
      server.deliver(user, writeMail({ subject }));
      t.clock.advance(DAY);
    }
    await server.up();
    await lookNow(inbox);
    await arrived(inbox, ['Before', 'Day one', 'Day two', 'Day three']);
    await eventually('the mailbox to be well again', async () => (await health(inbox)).fetching.state === 'connected' || undefined);
  });

  test('whose server counts anew is read again without doubling', async () => {
    const user = `anew${unique()}`;
    const inbox = await connect(user);
    server.deliver(user, writeMail({ subject: 'Old one' }));
    await arrived(inbox, ['Old one']);
    const numbers = async (): Promise<number> => (await t.app.get(SystemWork).sql<{ uid_validity: number }>('SELECT uid_validity FROM mail_folders WHERE inbox_id = $1', [inbox.id]))[0]!.uid_validity;
    const before = await numbers();
    await server.down();
    server.forgetNumbers(user);
    server.deliver(user, writeMail({ subject: 'New one' }));
    await server.up();
    await lookNow(inbox);
    await arrived(inbox, ['Old one', 'New one']);
    expect(await numbers()).not.toBe(before);
  });

  test('that does not let us in says so in words, and is read once the password is right', async () => {
    const user = `key${unique()}`;
    server.deliver(user, writeMail({ subject: 'Behind the door' }));
    const inbox = await connect(user, { imap_password: 'wrong' });
    const trouble = await eventually('the refusal to be seen', async () => ((await health(inbox)).fetching.error ? health(inbox) : undefined));
    expect(trouble.fetching).toMatchObject({ state: 'failing', error: expect.stringMatching(/did not accept the name or the password/), problem: 'password', said: expect.any(String) });
    expect((await call(t, account.admin, 'PATCH', `/api/v1/accounts/${account.id}/inboxes/${inbox.id}`, { channel: { imap_password: 'right-password' } })).status).toBe(200);
    await arrived(inbox, ['Behind the door']);
  });

  describe.each([['google', 'xoauth2 oauthbearer'], ['microsoft', 'xoauth2']] as const)('at %s, by %s', (company, ways) => {
    let own: ImapServer;
    let smtp: SmtpReceiver;
    beforeAll(async () => {
      own = company === 'google' ? server : await ImapServer.start(`${provider.url}/introspect`, ways);
      smtp = await SmtpReceiver.start({
        authOptional: false, allowInsecureAuth: true, authMethods: ['XOAUTH2'],
        onAuth: ({ username, accessToken }, _session, done) => (provider.ownerOf(accessToken!) === username ? done(null, { user: username }) : done(null, { data: { status: '401', schemes: 'bearer mac' } } as never)),
      });
    });
    afterAll(async () => {
      await smtp.stop();
      if (own !== server) await own.stop();
    });

    test('tokens that end are renewed without anybody noticing; a permission that is taken back is asked for again, and nothing is missed', async () => {
      const mailbox = `desk${unique()}@desk.example`;
      const grants = (): number[] => provider.asked.filter((one) => one.company === company).map((one) => one.answer);
      own.deliver(mailbox, writeMail({ subject: 'One' }));
      const inbox = await makeMailInbox(t, account, {
        email: mailbox, provider: company, oauth_refresh_token: provider.permit(mailbox, company), imap_enabled: true, imap_address: '127.0.0.1', imap_port: own.port, imap_enable_ssl: false, imap_authentication: 'xoauth2',
        smtp_enabled: true, smtp_address: '127.0.0.1', smtp_port: smtp.port, smtp_enable_starttls_auto: false, smtp_authentication: 'xoauth2',
      });
      await arrived(inbox, ['One']);
      const [row] = await t.app.get(SystemWork).sql<{ display_id: number }>('SELECT c.display_id FROM conversations c WHERE c.account_id = $1 AND c.inbox_id = $2', [account.id, inbox.id]);
      const messages = `/api/v1/accounts/${account.id}/conversations/${row!.display_id}/messages`;
      const say = async (content: string): Promise<number> => (await call(t, account.admin, 'POST', messages, { content })).body.id as number;
      const delivery = async (id: number): Promise<{ state: string; error: string | null; attempt: number }> => (await call(t, account.admin, 'GET', messages)).body.payload.find((one: { id: number }) => one.id === id).delivery;
      const sent = (id: number): Promise<unknown> => eventually('the message to be sent', async () => (await delivery(id)).state === 'sent');
      /** The server ends every connection, and mail arrives before anybody is back. */
      const broken = async (subject: string): Promise<void> => {
        await own.down();
        smtp.hangUp();
        own.deliver(mailbox, writeMail({ subject }));
        await eventually('the trouble to be seen', async () => (await health(inbox)).fetching.state === 'failing');
        await own.up();
        await lookNow(inbox);
      };

      await sent(await say('with the token of fetching'));
      expect(grants()).toEqual([200]);
      // Its hour is over, and with it the connection.
      t.clock.advance(2 * 60 * 60_000);
      await broken('Two');
      await arrived(inbox, ['One', 'Two']);
      expect(grants()).toEqual([200, 200]);
      // Ended before its time, as when a password changes: we think it good, the servers do not.
      provider.endAccess(mailbox);
      const first = await say('with a token that ended');
      await sent(first);
      expect((await delivery(first)).attempt).toBe(1);
      provider.endAccess(mailbox);
      provider.busy = 1;
      await broken('Three');
      await eventually('the provider to be busy', async () => /could not be asked|gave no token/.test((await health(inbox)).fetching.error ?? '') || undefined);
      expect((await health(inbox)).permission_ended_at).toBeNull();
      await lookNow(inbox);
      await arrived(inbox, ['One', 'Two', 'Three']);
      expect(grants()).toEqual([200, 200, 200, 503, 200]);

      provider.withdraw(mailbox);
      provider.endAccess(mailbox);
      await broken('Four');
      const trouble = await eventually('the end of the permission to be seen', async () => { const now = await health(inbox); return now.permission_ended_at !== null && now; });
      expect(trouble.fetching).toMatchObject({ state: 'failing', error: 'The permission has ended. Connect the mailbox again in the settings of the inbox.' });
      const waiting = await say('once it is connected again');
      await eventually('the message to wait', async () => (await health(inbox)).sending.error === trouble.fetching.error);
      expect(await delivery(waiting)).toMatchObject({ state: 'queued', error: trouble.fetching.error });

      expect((await call(t, account.admin, 'PATCH', `/api/v1/accounts/${account.id}/inboxes/${inbox.id}`, { channel: { oauth_refresh_token: provider.permit(mailbox, company) } })).status).toBe(200);
      await arrived(inbox, ['One', 'Two', 'Three', 'Four']);
      await t.app.get(SystemWork).sql('UPDATE outbound_messages SET due_at = now() WHERE message_id = $1', [waiting]);
      await sent(waiting);
      expect(await health(inbox)).toMatchObject({ permission_ended_at: null, sending: { error: null } });
      expect(smtp.mails.map(({ user, raw }) => [user, /(with|once) .+/.exec(raw)?.[0]])).toEqual([[mailbox, 'with the token of fetching'], [mailbox, 'with a token that ended'], [mailbox, 'once it is connected again']]);
    });
  });

  test('of two processes one reads it, and the other when that one is gone', async () => {
    const user = `pair${unique()}`;
    const inbox = await connect(user);
    server.deliver(user, writeMail({ subject: 'One' }));
    await arrived(inbox, ['One']);
    const other = await startTestApp({ DATA_DIR: t.app.get<Config>(CONFIG).DATA_DIR }, t.database);
    const holder = async (): Promise<string | null> => (await t.app.get(SystemWork).sql<{ lease_holder: string | null }>('SELECT lease_holder FROM mail_inbox_health WHERE inbox_id = $1', [inbox.id]))[0]!.lease_holder;
    const first = await holder();
    expect(first).not.toBeNull();
    server.deliver(user, writeMail({ subject: 'Two' }));
    await arrived(inbox, ['One', 'Two']);
    expect(await holder()).toBe(first);
    await other.stop();
  });
});

if (!hasImapServer) test('no Dovecot is here, so mailboxes are not tested', () => { process.stdout.write('IMAP: no Dovecot (as root), skipped\n'); });
