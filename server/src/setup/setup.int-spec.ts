import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { generateSync } from 'otplib';
import { makeAccount, makeMember, PASSWORD, signIn } from '../../test/factories.js';
import { makeContact } from '../../test/factories-contacts.js';
import { makeConversation } from '../../test/factories-conversations.js';
import { makeInbox } from '../../test/factories-inboxes.js';
import { call } from '../../test/http.js';
import { answerOf, codeOf, FIRST_ACCOUNT } from '../../test/setup-commands.js';
import { startTestApp, type TestApp } from '../../test/test-app.js';
import { clearDatabase } from '../../test/test-database.js';
import { CONFIG, type Config } from '../platform/config/config.js';
import { runCommand, type CommandOutcome } from './run-command.js';

let t: TestApp;
beforeAll(async () => { t = await startTestApp(); });
afterEach(() => clearDatabase(t.database));
afterAll(() => t.close());

const run = (...argv: string[]): Promise<CommandOutcome> => runCommand(argv, () => t.app.get<Config>(CONFIG), false, t.clock);
const first = FIRST_ACCOUNT;
const json = (...argv: string[]) => answerOf(t, ...argv);
const freshCode = (secret: string): string => codeOf(t, secret);

describe('the first account', () => {
  test('needs nobody\'s leave and is ready for programs and people', async () => {
    const { code, answer } = await json(...first);
    expect(code).toBe(0);
    expect(Object.keys(answer)).toEqual(['account_id', 'user_id', 'email', 'totp_secret', 'recovery_codes', 'api_access_token']);
    expect(answer.email).toBe('ada@example.org');
    expect(answer.recovery_codes).toHaveLength(10);
    const agents = await call(t, null, 'GET', `/api/v1/accounts/${answer.account_id}/agents`, undefined, { api_access_token: answer.api_access_token });
    expect(agents.body).toMatchObject([{ id: answer.user_id, name: 'Ada Lovelace', role: 'administrator', confirmed: true, mfa_enabled: true }]);
    const half = await call(t, null, 'POST', '/auth/sign_in', { email: 'ada@example.org', password: PASSWORD });
    expect(half.status).toBe(206);
    const otp_code = generateSync({ secret: answer.totp_secret, epoch: Math.floor(t.clock.now() / 1000) });
    expect((await call(t, null, 'POST', '/auth/sign_in', { mfa_token: half.body.mfa_token, otp_code })).status).toBe(200);
  });

  test('for people it is told in lines', async () => {
    const { stdout, code } = await run(...first);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Account \d+ "Food bank" is ready/);
    expect(stdout).toMatch(/API token +plt_/);
  });

  test('is one, also when asked for twice at once', async () => {
    const answers = await Promise.all([json(...first), json(...first.map((a) => a.replace('Ada@', 'Eve@')))]);
    expect(answers.map((a) => a.code).sort()).toEqual([0, 1]);
  });

  test.each([
    [['--admin-password', 'short'], /at least 12/], [['--admin-password', 'AdaLovelace1815'], /easy to guess/], [['--admin-email', 'nobody'], /^--admin-email is not an email address\.$/], [['--name', ' '], /^--name cannot be empty\.$/],
  ])('%j is refused in one line', async (options, message) => {
    const { code, answer } = await json(...first, ...options);
    expect([code, Object.keys(answer)]).toEqual([1, ['error']]);
    expect(answer.error).toMatch(message);
    const plain = await run(...first, ...options);
    expect([plain.code, plain.stdout, plain.stderr]).toEqual([1, '', `${answer.error}\n`]);
  });

  test('what is missing is named', async () => {
    expect((await json('create-account', '--name', 'X')).answer).toEqual({ error: '--admin-name is missing.' });
    expect((await json('create-account', '--name')).answer).toEqual({ error: '--name needs a value.' });
    expect((await json('make-coffee')).answer.error).toMatch(/no command make-coffee/);
    expect((await json('create-account', 'stray')).answer.error).toMatch(/"stray"/);
  });
});

describe('afterwards every command wants an administrator\'s code', () => {
  let secret: string;
  let codes: string[];
  let accountId: number;
  beforeEach(async () => {
    const { answer } = await json(...first);
    ({ totp_secret: secret, recovery_codes: codes, account_id: accountId } = answer);
  });
  const as = (otp = freshCode(secret)) => ['--as', 'ada@example.org', '--otp', otp];
  const commands: string[][] = [
    ['create-account', '--name', 'Second', '--admin-name', 'Bo', '--admin-email', 'bo@example.org', '--admin-password', PASSWORD], ['list-accounts'],
    ['add-administrator', '--account-id', '1', '--email', 'bo@example.org'], ['reset-mfa', '--email', 'ada@example.org'], ['reset-password', '--email', 'ada@example.org'],
    ['erase-contact', '--account-id', '1', '--contact-id', '1'],
  ];

  test.each(commands.map((command) => [command[0]!, command] as const))('%s without one, with a wrong one, a stranger\'s or an agent\'s is refused', async (_, command) => {
    expect((await json(...command)).answer).toEqual({ error: '--as is missing.' });
    expect((await json(...command, '--as', 'ada@example.org')).answer).toEqual({ error: '--otp is missing.' });
    expect((await json(...command, ...as('000000'))).answer.error).toMatch(/not right/);
    const agent = await makeMember(t, accountId);
    expect((await json(...command, '--as', agent.email, '--otp', '123456')).answer.error).toMatch(/not an administrator/);
    expect((await json(...command, '--as', 'nobody@example.org', '--otp', '123456')).answer.error).toMatch(/not an administrator/);
    const bare = (await makeAccount(t)).admin;
    await t.database.asOwner((client) => client.query('UPDATE users SET mfa_enabled_at = NULL WHERE id = $1', [bare.id]));
    expect((await json(...command, '--as', bare.email, '--otp', '123456')).answer.error).toMatch(/no two-factor/);
  });

  test('a code works once, a recovery code too', async () => {
    const otp = as();
    expect((await json('list-accounts', ...otp)).answer.accounts).toMatchObject([{ account_id: accountId, name: 'Food bank', people: 1 }]);
    expect((await json('list-accounts', ...otp)).answer.error).toMatch(/used before/);
    const recovery = ['--as', 'ada@example.org', '--recovery-code', codes[0]!];
    expect((await json('list-accounts', ...recovery)).code).toBe(0);
    expect((await json('list-accounts', ...recovery)).code).toBe(1);
  });

  test('create-account makes a further account', async () => {
    const { code, answer } = await json(...commands[0]!, ...as());
    expect([code, answer.email]).toEqual([0, 'bo@example.org']);
    expect(answer.account_id).not.toBe(accountId);
    expect((await json(...commands[0]!, ...as())).answer.error).toMatch(/belongs to somebody already/);
  });

  test('add-administrator invites somebody new and promotes somebody known', async () => {
    const { answer } = await json('add-administrator', '--account-id', String(accountId), '--email', 'Bo@Example.org', '--name', 'Bo', ...as());
    expect(answer).toMatchObject({ account_id: accountId, email: 'bo@example.org', invitation_url: expect.stringMatching(/\/app\/invitation\?token=/) });
    const token = new URL(answer.invitation_url).searchParams.get('token')!;
    expect((await call(t, null, 'GET', `/auth/invitation?token=${token}`)).body).toEqual({ email: 'bo@example.org', name: 'Bo', account_name: 'Food bank', has_password: false });
    const agent = await makeMember(t, accountId);
    expect((await json('add-administrator', '--account-id', String(accountId), '--email', agent.email, ...as())).answer.invitation_url).toBeNull();
    expect((await call(t, agent, 'PATCH', `/api/v1/accounts/${accountId}`, { name: 'Renamed' })).status).toBe(200);
    expect((await json('add-administrator', '--account-id', '999999', '--email', agent.email, ...as())).answer.error).toMatch(/no account 999999/);
  });

  test('the first administrator runs the installation and can hand that over, but not leave it to nobody', async () => {
    const bo = (await makeAccount(t)).admin;
    const may = async (): Promise<boolean> => (await call(t, bo, 'GET', '/api/v1/system')).status === 200;
    expect(await may()).toBe(false);
    expect((await json('remove-super-administrator', '--email', 'ada@example.org', ...as())).answer.error).toMatch(/is the last one/);
    expect((await json('add-super-administrator', '--email', bo.email, ...as())).answer).toMatchObject({ email: bo.email, super_administrator: true });
    expect(await may()).toBe(true);
    expect((await json('remove-super-administrator', '--email', bo.email, ...as())).answer).toMatchObject({ super_administrator: false });
    expect(await may()).toBe(false);
    const agent = await makeMember(t, accountId);
    expect((await json('add-super-administrator', '--email', agent.email, ...as())).answer.error).toMatch(/not an administrator of any account/);
  });

  test('erase-contact takes a person and all they wrote, by number or address, from the account that is named, and the log says who did it', async () => {
    const other = await makeAccount(t);
    const { id: account, admin } = other;
    const inbox = await makeInbox(t, other);
    const [byNumber, byAddress, kept] = [await makeContact(t, other), await makeContact(t, other), await makeContact(t, other)];
    const conversation = await makeConversation(t, other, inbox, { sender: { sourceId: 'c-1', email: byNumber.email! } });
    const erase = async (...who: string[]) => (await json('erase-contact', '--account-id', String(account), ...who, ...as())).answer;
    const refused = await json('erase-contact', '--account-id', String(accountId), '--contact-id', String(byNumber.id), ...as());
    expect([refused.code, refused.answer]).toEqual([1, { error: `This account has no contact ${byNumber.id}.` }]);
    expect((await erase('--email', 'nobody')).error).toMatch(/^--email is not/);
    expect(await erase('--contact-id', String(byNumber.id))).toEqual({ account_id: account, contact_id: byNumber.id, conversations: 1 });
    expect(await erase('--email', byAddress.email!.toUpperCase())).toEqual({ account_id: account, contact_id: byAddress.id, conversations: 0 });
    expect((await erase('--email', byAddress.email!)).error).toMatch(/has no contact/);
    const status = async (path: string): Promise<number> => (await call(t, admin, 'GET', path)).status;
    const of = (contact: { id: number }): string => `/api/v1/accounts/${account}/contacts/${contact.id}`;
    expect([await status(of(byNumber)), await status(conversation.url), await status(of(byAddress)), await status(of(kept))]).toEqual([404, 404, 404, 200]);
    const logged = await t.database.asOwner(async (client) => (await client.query(`SELECT username, auditable_id FROM audit_logs WHERE account_id = $1 AND auditable_type = 'Contact' AND action = 'destroy' ORDER BY id`, [account])).rows);
    expect(logged).toEqual([byNumber, byAddress].map(({ id }) => ({ username: 'ada@example.org', auditable_id: id })));
  });

  test('reset-password makes a link that works', async () => {
    const { answer } = await json('reset-password', '--email', 'ada@example.org', ...as());
    const token = new URL(answer.reset_url).searchParams.get('token');
    expect((await call(t, null, 'PUT', '/auth/password', { reset_password_token: token, password: 'umbrellas dance in the fountain' })).status).toBe(200);
    expect((await json('reset-password', '--email', 'nobody@example.org', ...as())).answer.error).toMatch(/Nobody has/);
  });

  test('reset-mfa takes the second factor and the sessions', async () => {
    const other = (await makeAccount(t)).admin;
    const browser = await signIn(t, other);
    expect((await json('reset-mfa', '--email', other.email, ...as())).answer).toEqual({ user_id: other.id, email: other.email, mfa_enabled: false });
    expect((await call(t, browser, 'GET', '/api/v1/profile')).status).toBe(401);
    expect((await call(t, other, 'GET', '/api/v1/profile')).body.mfa_setup_required).toBe(true);
  });
});

test.each([[['list-accounts', '--frobnicate', '1'], 'list-accounts does not know --frobnicate. "help" lists what it takes.'], [['doctor', '--json=false'], '--json takes no value.']])('%j is not understood', async (argv, error) => {
  const outcome = await runCommand([...argv, '--json'], () => { throw new Error('no settings'); }, false);
  expect([outcome.code, JSON.parse(outcome.stdout)]).toEqual([1, { error }]);
});

test('help needs no database and names every command', async () => {
  const outcome = await runCommand(['help'], () => { throw new Error('no settings'); }, false);
  expect([outcome.code, outcome.stderr]).toEqual([0, '']);
  for (const name of ['create-account', 'add-administrator', 'list-accounts', 'reset-password', 'reset-mfa', 'rotate-keys']) expect(outcome.stdout).toContain(name);
});

test('a database out of reach is one clear line', async () => {
  const config = { ...t.app.get<Config>(CONFIG), DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' };
  const outcome = await runCommand(['list-accounts', '--json'], () => config, false);
  expect(outcome.code).toBe(1);
  expect(JSON.parse(outcome.stdout)).toEqual({ error: 'The database cannot be reached. Is it running, and is DATABASE_URL right?' });
});
