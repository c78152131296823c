import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeAccount, unique, type AccountWithAdmin } from '../../../../test/factories.js';
import { call, eventually } from '../../../../test/http.js';
import { hasImapServer, ImapServer } from '../../../../test/imap-server.js';
import { deliver, makeMailInbox, outcomeOf, writeMail, type MailInbox } from '../../../../test/mails.js';
import { startTestApp, type TestApp } from '../../../../test/test-app.js';
import { CONFIG, type Config } from '../../../platform/config/config.js';
import { SystemWork } from '../../../platform/database/unit-of-work.js';

const DAY = 86_400_000;

(hasImapServer ? describe : describe.skip)('a mailbox on a real server', () => {
  let t: TestApp;
  let account: AccountWithAdmin;
  let server: ImapServer;
  beforeAll(async () => {
    [t, server] = await Promise.all([startTestApp(), ImapServer.start()]);
    account = await makeAccount(t);
  }, 60_000);
  afterAll(async () => {
    await t?.close();
    await server?.stop();
  });

  const connect = (user: string, more: object = {}): Promise<MailInbox> => makeMailInbox(t, account, {
    email: `${user}@desk.example`, imap_enabled: true, imap_address: '127.0.0.1', imap_port: server.port, imap_enable_ssl: false, imap_login: user, imap_password: 'right-password', ...more,
  });
  const subjects = async (inbox: MailInbox): Promise<string[]> => (await t.app.get(SystemWork).sql<{ subject: string }>(
    'SELECT subject FROM mail_messages WHERE account_id = $1 AND inbox_id = $2 ORDER BY message_id', [account.id, inbox.id])).map((row) => row.subject);
  const arrived = (inbox: MailInbox, wanted: string[]): Promise<true | undefined> => eventually(`${wanted.join(', ')} to arrive`, async () => ((await subjects(inbox)).join() === wanted.join() ? true : undefined), 20_000);
  const health = async (inbox: MailInbox): Promise<{ fetching: { state: string; error: string | null; failures: number }; reading: { waiting: number } }> =>
    (await call<never>(t, account.admin, 'GET', `/api/v1/accounts/${account.id}/inboxes/${inbox.id}/mail_health`)).body;

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
    expect(Date.now() - told).toBeLessThan(15_000);
  });

  test('and a hook bring the same mail once', async () => {
    const user = `both${unique()}`;
    const inbox = await connect(user);
    const raw = writeMail({ subject: 'Twice' });
    server.deliver(user, `Return-Path: <vi@example.org>\r\nDelivered-To: ${user}@desk.example\r\n${raw}`);
    const hooked = await deliver(t, inbox, raw);
    await outcomeOf(t, hooked.id);
    await eventually('both copies to be worked on', async () => ((await t.app.get(SystemWork).sql<{ n: number }>('SELECT count(*)::int AS n FROM mail_raws WHERE inbox_id = $1 AND state <> 0', [inbox.id]))[0]!.n === 2 ? true : undefined), 20_000);
    expect(await subjects(inbox)).toEqual(['Twice']);
  });

  test('that is away for three days loses nothing and doubles nothing', async () => {
    const user = `away${unique()}`;
    const inbox = await connect(user);
    server.deliver(user, writeMail({ subject: 'Before' }));
    await arrived(inbox, ['Before']);
    await server.down();
    await eventually('the trouble to be seen', async () => (await health(inbox)).fetching.state === 'failing' || undefined, 20_000);
    expect((await health(inbox)).fetching.error).toMatch(/closed the connection|refused the connection/);
    for (const subject of ['Day one', 'Day two', 'Day three']) {
      server.deliver(user, writeMail({ subject }));
      t.clock.advance(DAY);
    }
    await server.up();
    t.clock.advance(60 * 60_000);
    await arrived(inbox, ['Before', 'Day one', 'Day two', 'Day three']);
    await eventually('the mailbox to be well again', async () => (await health(inbox)).fetching.state === 'connected' || undefined, 20_000);
  }, 60_000);

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
    t.clock.advance(60 * 60_000);
    await arrived(inbox, ['Old one', 'New one']);
    expect(await numbers()).not.toBe(before);
  }, 60_000);

  test('that does not let us in says so in words, and is read once the password is right', async () => {
    const user = `key${unique()}`;
    server.deliver(user, writeMail({ subject: 'Behind the door' }));
    const inbox = await connect(user, { imap_password: 'wrong' });
    const trouble = await eventually('the refusal to be seen', async () => ((await health(inbox)).fetching.error ? health(inbox) : undefined), 20_000);
    expect(trouble.fetching).toMatchObject({ state: 'failing', error: expect.stringMatching(/did not accept the name or the password/) });
    expect((await call(t, account.admin, 'PATCH', `/api/v1/accounts/${account.id}/inboxes/${inbox.id}`, { channel: { imap_password: 'right-password' } })).status).toBe(200);
    await arrived(inbox, ['Behind the door']);
  }, 60_000);

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
  }, 60_000);
});

if (!hasImapServer) test('no Dovecot is here, so mailboxes are not tested', () => { process.stdout.write('IMAP: no Dovecot (as root), skipped\n'); });
