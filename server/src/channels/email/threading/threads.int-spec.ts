import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { dkimSign } from 'mailauth/lib/dkim/sign.js';
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { DnsServer } from '../../../../test/dns-server.js';
import { makeAccount, unique, type AccountWithAdmin, type Person } from '../../../../test/factories.js';
import { makeAgentIn, makeInbox } from '../../../../test/factories-inboxes.js';
import { makeConversation } from '../../../../test/factories-conversations.js';
import { call, eventually } from '../../../../test/http.js';
import { deliver, makeMailInbox, outcomeOf, receive, showConversation, writeMail, type MailInbox, type MailWritten } from '../../../../test/mails.js';
import { startTestApp, type TestApp } from '../../../../test/test-app.js';
import { accountId } from '../../../platform/database/account-id.js';
import { SystemWork, UnitOfWork } from '../../../platform/database/unit-of-work.js';
import { MailMessagesRepository } from '../mail-messages.repository.js';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const RECORD = `v=DKIM1; k=rsa; p=${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`;

let t: TestApp;
let dns: DnsServer;
let account: AccountWithAdmin;
let inbox: MailInbox;
let agent: Person;
beforeAll(async () => {
  dns = await DnsServer.start({});
  t = await startTestApp({ DNS_SERVERS: dns.address });
  account = await makeAccount(t);
  inbox = await makeMailInbox(t, account, { trusted_forwarders: ['group@lists.example'] });
  agent = await makeAgentIn(t, account, inbox);
});
afterAll(async () => {
  await t.close();
  await dns.stop();
});

const tokenOf = (conversationId: number): Promise<string> => t.app.get(UnitOfWork).run(accountId(account.id), (tx) => t.app.get(MailMessagesRepository).replyToken(tx, conversationId));
const participants = async (conversationId: number) => t.app.get(UnitOfWork).run(accountId(account.id), (tx) => t.app.get(MailMessagesRepository).participants(tx, conversationId));
const lastOf = async (id: number) => (await showConversation(t, account, id)).messages.at(-1)!;
/** Signed by its domain, whose key the name server publishes. */
async function signed(written: MailWritten, domain: string): Promise<string> {
  dns.add(`key._domainkey.${domain}`, RECORD);
  const raw = writeMail({ to: inbox.email, ...written });
  const { signatures } = await dkimSign(raw, { signatureData: [{ signingDomain: domain, selector: 'key', privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string }] });
  return signatures + raw;
}

describe('which conversation a mail belongs to', () => {
  const customer = (): string => `cust-${unique()}@example.org`;

  test.each<[string, (first: { id: string; token: string }) => MailWritten]>([
    ['the token in To', ({ token }) => ({ to: `Desk <reply+${token}@in.example>` })],
    ['the token in Cc, in capitals', ({ token }) => ({ headers: { Cc: `REPLY+${token.toUpperCase()}@IN.EXAMPLE` } })],
    ['the token where a server wrote whom it delivered to', ({ token }) => ({ headers: { 'Delivered-To': `help+${token}@desk.example` } })],
    ['In-Reply-To', ({ id }) => ({ headers: { 'In-Reply-To': `<${id}>` } })],
    ['In-Reply-To without brackets, folded', ({ id }) => ({ headers: { 'In-Reply-To': `\r\n ${id}` } })],
    ['References, when In-Reply-To is of somebody else', ({ id }) => ({ headers: { 'In-Reply-To': '<other@elsewhere.example>', References: `<${id}> <other@elsewhere.example>` } })],
    ['one of a hundred References', ({ id }) => ({ headers: { References: `<${id}> ${Array.from({ length: 100 }, (_, n) => `<n${n}@x.example>`).join('\r\n ')}` } })],
  ])('%s', async (_name, reply) => {
    const from = customer();
    const id = `first-${unique()}@example.org`;
    const first = await receive(t, inbox, { from, id });
    const answer = await receive(t, inbox, { from, subject: 'Re: Question', ...reply({ id, token: await tokenOf(first.conversationId) }) });
    expect(answer.conversationId).toBe(first.conversationId);
  });

  test('an id that a relay gave to our answer', async () => {
    const from = customer();
    const first = await receive(t, inbox, { from });
    // As Amazon SES tells it: the mail itself has a domain behind it.
    const alias = `${randomBytes(8).toString('hex')}-${randomUUID()}-000000`;
    await t.app.get(UnitOfWork).run(accountId(account.id), (tx) => t.app.get(MailMessagesRepository).addAlias(tx, { conversationId: first.conversationId, messageId: first.messageId, inboxId: inbox.id }, alias));
    for (const domain of ['email', 'eu-west-1']) expect((await receive(t, inbox, { from, headers: { 'In-Reply-To': `<${alias}@${domain}.amazonses.com>` } })).conversationId).toBe(first.conversationId);
  });

  test('what Chatwoot called a conversation that moved here', async () => {
    const from = customer();
    const first = await receive(t, inbox, { from });
    const { uuid } = (await t.app.get(SystemWork).sql<{ uuid: string }>('SELECT uuid FROM conversations WHERE id = $1', [first.conversationId]))[0]!;
    expect((await receive(t, inbox, { from, headers: { References: `<conversation/${uuid}/messages/77@old.example>` } })).conversationId).toBe(first.conversationId);
    expect((await receive(t, inbox, { from, to: `reply+${uuid}@in.example` })).conversationId).toBe(first.conversationId);
  });

  test('the one named first, where a mail names two', async () => {
    const from = customer();
    const [one, two] = [await receive(t, inbox, { from }), await receive(t, inbox, { from })].map((made) => made.conversationId) as [number, number];
    const uuidOf = async (id: number): Promise<string> => (await t.app.get(SystemWork).sql<{ uuid: string }>('SELECT uuid FROM conversations WHERE id = $1', [id]))[0]!.uuid;
    for (const nameOf of [tokenOf, uuidOf]) {
      for (const [first, second] of [[one, two], [two, one]] as const) {
        const mail = { from, to: `reply+${await nameOf(first)}@in.example`, headers: { Cc: `reply+${await nameOf(second)}@in.example` } };
        expect((await receive(t, inbox, mail)).conversationId).toBe(first);
      }
    }
  });

  test('the subject alone says nothing', async () => {
    const from = customer();
    const first = await receive(t, inbox, { from, subject: 'Bread' });
    expect((await receive(t, inbox, { from, subject: 'Re: Bread' })).conversationId).not.toBe(first.conversationId);
  });

  test('another account is out of reach, by token and by id', async () => {
    const id = `mine-${unique()}@example.org`;
    const first = await receive(t, inbox, { id });
    const stranger = await makeAccount(t);
    const theirs = await makeMailInbox(t, stranger);
    const crossed = await receive(t, theirs, { to: `reply+${await tokenOf(first.conversationId)}@in.example`, headers: { 'In-Reply-To': `<${id}>` } });
    expect(crossed.conversationId).not.toBe(first.conversationId);
  });

  test('a resolved one opens again; where every matter is new, a new one tells where it comes from', async () => {
    const from = customer();
    const id = `done-${unique()}@example.org`;
    const first = await receive(t, inbox, { from, id });
    await t.app.get(SystemWork).sql('UPDATE conversations SET status = 1 WHERE id = $1', [first.conversationId]);
    expect(await receive(t, inbox, { from, headers: { 'In-Reply-To': `<${id}>` } })).toMatchObject({ conversationId: first.conversationId });
    expect((await showConversation(t, account, first.id)).status).toBe('open');
    const strict = await makeMailInbox(t, account, {}, { allow_messages_after_resolved: false });
    const old = await receive(t, strict, { from, id: `strict-${id}` });
    await t.app.get(SystemWork).sql('UPDATE conversations SET status = 1 WHERE id = $1', [old.conversationId]);
    const next = await receive(t, strict, { from, headers: { 'In-Reply-To': `<strict-${id}>` } });
    expect(next.conversationId).not.toBe(old.conversationId);
    expect((await showConversation(t, account, next.id)).additional_attributes['continues']).toBe(old.id);
  });

  test('an answer by mail goes on in a chat', async () => {
    const chat = await makeInbox(t, account);
    const email = customer();
    const talk = await makeConversation(t, account, chat, { sender: { sourceId: unique(), name: 'Vi', email } });
    const answer = await receive(t, inbox, { from: email, to: `reply+${await tokenOf(talk.conversationId)}@in.example`, text: 'Still here' });
    expect(answer.conversationId).toBe(talk.conversationId);
    expect(await lastOf(talk.id)).toMatchObject({ content: 'Still here', message_type: 0, inbox_id: chat.id, sender: { email } });
  });
});

describe('in whose name it is shown', () => {
  test('who is unknown joins visibly, under their own name', async () => {
    const first = await receive(t, inbox, { from: 'Customer <cu@example.org>' });
    const answer = await receive(t, inbox, { from: 'Mallory <mallory@evil.example>', to: `reply+${await tokenOf(first.conversationId)}@in.example`, text: 'Please send the money elsewhere', headers: { Cc: 'friend@evil.example' } });
    expect(answer.conversationId).toBe(first.conversationId);
    expect(await lastOf(first.id)).toMatchObject({ sender: { name: 'Mallory', email: 'mallory@evil.example' }, content_attributes: { email: { new_participant: true } } });
    expect((await showConversation(t, account, first.id)).meta.sender.email).toBe('cu@example.org');
    expect(await participants(first.conversationId)).toMatchObject([{ address: 'cu@example.org', role: 0 }, { address: 'mallory@evil.example', role: 2 }]);
  });

  test('who was in Cc is known already', async () => {
    const first = await receive(t, inbox, { headers: { Cc: 'Bo <bo@example.net>' } });
    await receive(t, inbox, { from: 'Bo <bo@example.net>', to: `reply+${await tokenOf(first.conversationId)}@in.example` });
    const shown = await lastOf(first.id);
    expect(shown.sender.email).toBe('bo@example.net');
    expect(shown.content_attributes.email['new_participant']).toBeUndefined();
  });

  test.each([['proved', true], ['not proved', false]])('one of ours whose mail is %s', async (_name, proved) => {
    const first = await receive(t, inbox, { from: `cust-${unique()}@example.org` });
    const domain = agent.email.split('@')[1]!;
    dns.add(`_dmarc.${domain}`, 'v=DMARC1; p=none');
    const written = { from: `Agent <${agent.email}>`, to: `reply+${await tokenOf(first.conversationId)}@in.example`, text: 'We are open until six.' };
    await receive(t, inbox, proved ? await signed(written, domain) : writeMail(written));
    const shown = await lastOf(first.id);
    if (proved) {
      expect(shown).toMatchObject({ message_type: 1, sender: { type: 'user', id: agent.id }, content_attributes: { email: { by_mail: true, authentication: { dkim: 'pass', aligned: true } } } });
      expect(await showConversation(t, account, first.id)).toMatchObject({ unread_count: 0 });
    } else {
      expect(shown).toMatchObject({ message_type: 0, sender: { type: 'contact' }, content_attributes: { email: { claims_colleague: true, authentication: { aligned: false } } } });
    }
  });

  test('a signature of another domain proves nothing', async () => {
    const first = await receive(t, inbox, { from: `cust-${unique()}@example.org` });
    await receive(t, inbox, await signed({ from: `Agent <${agent.email}>`, to: `reply+${await tokenOf(first.conversationId)}@in.example` }, 'evil.example'));
    expect(await lastOf(first.id)).toMatchObject({ message_type: 0, content_attributes: { email: { claims_colleague: true } } });
  });

  test('nor does a second From, nor a header that claims to be a verdict', async () => {
    const first = await receive(t, inbox, { from: `cust-${unique()}@example.org` });
    await receive(t, inbox, { from: `Agent <${agent.email}>`, to: `reply+${await tokenOf(first.conversationId)}@in.example`, headers: { from: 'x@evil.example', 'Authentication-Results': `mx.google.com; dmarc=pass header.from=${agent.email.split('@')[1]}` } });
    expect(await lastOf(first.id)).toMatchObject({ message_type: 0, content_attributes: { email: { claims_colleague: true, oddities: ['two_from'] } } });
  });

  test('nor does a signature for one of several in From', async () => {
    const domain = agent.email.split('@')[1]!;
    const first = await receive(t, inbox, { from: `cust-${unique()}@example.org` });
    await receive(t, inbox, await signed({ from: `Team: ${agent.email}, x@${domain};`, to: `reply+${await tokenOf(first.conversationId)}@in.example` }, domain));
    expect(await lastOf(first.id)).toMatchObject({ message_type: 0, content_attributes: { email: { claims_colleague: true, authentication: { aligned: false } } } });
  });

  test.each<[string, MailWritten, object]>([
    ['whom it may be answered to', { from: 'Kitchen team:;', headers: { 'Reply-To': 'Ana <ana-of-kitchen@example.org>' } }, { name: 'Ana', email: 'ana-of-kitchen@example.org' }],
    ['the name of the group alone', { from: 'Kitchen team:;' }, { name: 'Kitchen team', email: null }], ['nobody', { from: 'undisclosed-recipients:;' }, { name: 'Unknown sender', email: null }],
  ])('an empty group in From leaves %s', async (_who, written, sender) => {
    const made = await receive(t, inbox, { ...written, to: 'undisclosed-recipients:;', headers: { ...written.headers, Cc: 'Friends: bo@example.net;' } });
    expect(await showConversation(t, account, made.id)).toMatchObject({ meta: { sender } });
    expect((await participants(made.conversationId)).map(({ address }) => address)).toContain('bo@example.net');
  });

  test('one of ours who is no member of the inbox', async () => {
    const other = await makeAgentIn(t, account);
    const first = await receive(t, inbox, { from: `cust-${unique()}@example.org` });
    const domain = other.email.split('@')[1]!;
    await receive(t, inbox, await signed({ from: other.email, to: `reply+${await tokenOf(first.conversationId)}@in.example` }, domain));
    expect(await lastOf(first.id)).toMatchObject({ message_type: 0 });
  });

  test('mail that its own domain disowns is kept and wakes nobody', async () => {
    dns.add('strict.example', 'v=spf1 ip4:192.0.2.1 -all');
    dns.add('_dmarc.strict.example', 'v=DMARC1; p=reject');
    const forged = await receive(t, inbox, { from: 'boss@strict.example' }, { 'x-client-address': '198.51.100.9', 'x-envelope-from': 'boss@strict.example', 'x-client-helo': 'evil.example' });
    expect(await showConversation(t, account, forged.id)).toMatchObject({ status: 'resolved', unread_count: 0, additional_attributes: { spam: 'not_authentic' } });
    const real = await receive(t, inbox, { from: 'boss@strict.example' }, { 'x-client-address': '192.0.2.1', 'x-envelope-from': 'boss@strict.example', 'x-client-helo': 'mx.strict.example' });
    expect(await lastOf(real.id)).toMatchObject({ content_attributes: { email: { authentication: { spf: 'pass', dmarc: 'pass', aligned: true } } } });
    expect((await showConversation(t, account, real.id)).status).toBe('open');
  });

  test('a mail that one of ours passes on is that of who wrote it, if it is really ours', async () => {
    const domain = agent.email.split('@')[1]!;
    const written = (): MailWritten => ({ from: agent.email, subject: 'Fwd: Broken heater', text: 'Please look.\r\n\r\n---------- Forwarded message ---------\r\nFrom: Old Client <old@client.example>\r\nDate: Mon, Mar 2, 2026\r\nSubject: Broken heater\r\nTo: me\r\n\r\nIt is cold here.\r\n' });
    const trusted = await receive(t, inbox, await signed(written(), domain));
    expect(await showConversation(t, account, trusted.id)).toMatchObject({ meta: { sender: { email: 'old@client.example', name: 'Old Client' } }, additional_attributes: { mail_subject: 'Broken heater' } });
    expect(await lastOf(trusted.id)).toMatchObject({ content: 'It is cold here.', content_attributes: { email: { forwarded_by: agent.email } } });
    const untrusted = await receive(t, inbox, written());
    expect((await showConversation(t, account, untrusted.id)).meta.sender.email).toBe(agent.email);
  });

  test('a group that is trusted speaks for who wrote to it; another does not', async () => {
    const headers = { 'X-Original-Sender': 'real@person.example' };
    const known = await receive(t, inbox, { from: '"Real via Group" <group@lists.example>', headers });
    expect((await showConversation(t, account, known.id)).meta.sender.email).toBe('real@person.example');
    const unknown = await receive(t, inbox, { from: 'other@lists.example', headers });
    expect((await showConversation(t, account, unknown.id)).meta.sender.email).toBe('other@lists.example');
  });
});

describe('guards', () => {
  test.each<[string, MailWritten, { automatic: string }]>([
    ['a vacation note', { headers: { 'Auto-Submitted': 'auto-replied (vacation)' } }, { automatic: 'automatic' }],
    ['a list', { headers: { 'List-Id': '<news.example.org>' } }, { automatic: 'bulk' }],
    ['Precedence: bulk', { headers: { Precedence: 'bulk' } }, { automatic: 'bulk' }],
    ['a subject that only looks like one', { subject: 'Abwesenheitsnotiz' }, { automatic: 'no' }],
    ['somebody who wants no answer', { from: 'noreply@shop.example' }, { automatic: 'no' }],
  ])('%s is taken and not answered', async (_name, written, { automatic }) => {
    const greeter = await makeMailInbox(t, account, {}, { greeting_enabled: true, greeting_message: 'Welcome' });
    const made = await receive(t, greeter, { from: `auto-${unique()}@example.org`, ...written });
    const person = await receive(t, greeter, { from: `person-${unique()}@example.org` });
    // The next one is greeted, so the first had its time.
    await expectGreeting(person.id);
    const shown = await showConversation(t, account, made.id);
    expect(shown.messages).toHaveLength(1);
    expect(shown.messages[0]).toMatchObject({ content_attributes: { email: { automatic } } });
  });

  const expectGreeting = async (id: number): Promise<void> => {
    await eventually('the greeting', async () => ((await showConversation(t, account, id)).messages.some((m) => m.message_type === 3) ? true : undefined));
  };

  test('our own mail that comes back is no conversation', async () => {
    const looped = await deliver(t, inbox, writeMail({ to: inbox.email, headers: { 'X-Porchlight-Loop': inbox.email } }));
    expect(await outcomeOf(t, looped.id)).toMatchObject({ state: 3, error: 'This is a mail of ours that came back.' });
    const other = await deliver(t, inbox, writeMail({ to: inbox.email, headers: { 'X-Porchlight-Loop': 'help@another-porchlight.example' } }));
    expect(await outcomeOf(t, other.id)).toMatchObject({ state: 1 });
  });

  describe('a flood', () => {
    const statuses = async (inboxId: number) => (await t.app.get(SystemWork).sql<{ status: number; n: number }>('SELECT status, count(*)::int AS n FROM conversations WHERE inbox_id = $1 GROUP BY status ORDER BY status', [inboxId]));
    const floodOf = async (inboxId: number) => (await call<{ flood: object | null }>(t, account.admin, 'GET', `/api/v1/accounts/${account.id}/inboxes/${inboxId}/mail_health`)).body.flood;

    test('of one sender is kept, wakes nobody after a while, and is told to the administrators; later they are heard again', async () => {
      const from = `bomb-${unique()}@example.org`;
      const quiet = await makeMailInbox(t, account, {}, { greeting_enabled: true, greeting_message: 'Hello' });
      const given = await Promise.all(Array.from({ length: 45 }, () => deliver(t, quiet, writeMail({ to: quiet.email, from }))));
      await Promise.all(given.map(({ id }) => outcomeOf(t, id)));
      expect(await statuses(quiet.id)).toEqual([{ status: 0, n: 40 }, { status: 1, n: 5 }]);
      expect(await floodOf(quiet.id)).toMatchObject({ mails: 5, sender: from });
      t.clock.advance(11 * 60_000);
      expect((await showConversation(t, account, (await receive(t, quiet, { from })).id)).status).toBe('open');
      t.clock.advance(25 * 3_600_000);
      expect(await floodOf(quiet.id)).toBeNull();
    });

    test('of many senders into one inbox too; who is in a conversation with us is heard all the same', async () => {
      const quiet = await makeMailInbox(t, account);
      const id = `before-${unique()}@example.org`;
      const before = await receive(t, quiet, { from: `known-${unique()}@example.org`, id });
      const { email } = (await showConversation(t, account, before.id)).meta.sender;
      // As many as are heard, without sending each.
      await t.app.get(UnitOfWork).run(accountId(account.id), (tx) => tx.sql(
        `INSERT INTO mail_raws (account_id, inbox_id, state, size, source, sha256, storage_key, arrived_at) SELECT $1, $2, 1, 1, 'http', 'flood-' || n, 'flood/' || n, $3 FROM generate_series(1, 400) n`, [account.id, quiet.id, t.clock.date()]));
      const stranger = await receive(t, quiet, { from: `stranger-${unique()}@example.org` });
      expect(await showConversation(t, account, stranger.id)).toMatchObject({ status: 'resolved', unread_count: 0, additional_attributes: { flood: 'inbox' } });
      expect(await floodOf(quiet.id)).toMatchObject({ mails: 1, sender: null });
      const answer = await receive(t, quiet, { from: email, headers: { 'In-Reply-To': `<${id}>` } });
      expect(await showConversation(t, account, answer.id)).toMatchObject({ id: before.id, status: 'open', unread_count: 2 });
    });
  });

  test.each(['spammer@bad.example', 'bad.example'])('%s on the block list is spam', async (pattern) => {
    const made = await call(t, account.admin, 'POST', `/api/v1/accounts/${account.id}/mail_blocks`, { pattern });
    expect(made.status).toBe(200);
    const mail = await receive(t, inbox, { from: 'spammer@bad.example' });
    expect(await showConversation(t, account, mail.id)).toMatchObject({ status: 'resolved', unread_count: 0, additional_attributes: { spam: 'blocked' } });
    expect((await call(t, account.admin, 'DELETE', `/api/v1/accounts/${account.id}/mail_blocks/${encodeURIComponent(pattern)}`)).status).toBe(200);
    expect((await showConversation(t, account, (await receive(t, inbox, { from: 'spammer@bad.example' })).id)).status).toBe('open');
  });

  test('the mail server\'s verdict is respected', async () => {
    const mail = await receive(t, inbox, { headers: { 'X-Spam-Flag': 'YES' } });
    expect(await showConversation(t, account, mail.id)).toMatchObject({ status: 'resolved', additional_attributes: { spam: 'verdict' } });
  });
});
