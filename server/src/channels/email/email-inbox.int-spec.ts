import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeAccount, type AccountWithAdmin } from '../../../test/factories.js';
import { makeAgentIn, makeInbox } from '../../../test/factories-inboxes.js';
import { call } from '../../../test/http.js';
import { startTestApp, type TestApp } from '../../../test/test-app.js';

let t: TestApp;
let account: AccountWithAdmin;
beforeAll(async () => {
  t = await startTestApp({ MAILER_INBOUND_EMAIL_DOMAIN: 'in.example.org', PUBLIC_URL: 'https://desk.example.org' });
  account = await makeAccount(t);
});
afterAll(() => t.close());

const url = (id: number): string => `/api/v1/accounts/${account.id}/inboxes/${id}`;
const channel = { email: 'Help@Example.org', imap_enabled: true, imap_address: 'mail.example.org', imap_login: 'help', imap_password: 'pass-word-1' };

test('an inbox tells its addresses, and never its passwords', async () => {
  const made = await makeInbox(t, account, { type: 'email', channel });
  expect(made).toMatchObject({
    channel_type: 'Channel::Email', email: 'help@example.org', imap_enabled: true, imap_port: 993, imap_enable_ssl: true, smtp_enabled: false, smtp_openssl_verify_mode: 'peer', secrets_set: ['imap_password'],
    forwarding_enabled: true, forward_to_email: expect.stringMatching(/^[0-9a-f]{32}@in\.example\.org$/), inbound_url: expect.stringMatching(/^https:\/\/desk\.example\.org\/hooks\/email\/[\w-]{20,}$/),
  });
  expect(JSON.stringify(made)).not.toContain('pass-word-1');
  const agent = await makeAgentIn(t, account, made);
  const seen = (await call<Record<string, unknown>>(t, agent, 'GET', url(made.id))).body;
  expect(seen).toMatchObject({ email: 'help@example.org' });
  for (const key of ['inbound_url', 'imap_login', 'secrets_set']) expect(seen).not.toHaveProperty(key);
});

test('a password stays until another is given, goes when it is emptied, and is stored sealed', async () => {
  const made = await makeInbox(t, account, { type: 'email', channel });
  const change = async (given: object): Promise<unknown> => (await call<{ secrets_set: string[] }>(t, account.admin, 'PATCH', url(made.id), { channel: given })).body.secrets_set;
  expect(await change({ imap_password: null, smtp_password: 'pass-word-2', imap_port: 143 })).toEqual(['imap_password', 'smtp_password']);
  const stored = JSON.stringify(await t.database.asOwner(async (client) => (await client.query('SELECT * FROM inboxes WHERE id = $1', [made.id])).rows));
  expect(stored).not.toMatch(/pass-word/);
  expect((await call(t, account.admin, 'POST', `${url(made.id)}/reset_secret`)).body).toMatchObject({ secrets_set: ['imap_password', 'smtp_password'] });
  expect(await change({ imap_password: '' })).toEqual(['smtp_password']);
});

test.each([
  [{ email: 'nobody' }, 'email'], [{ imap_port: 70_000 }, 'imap_port'], [{ imap_address: 'a b' }, 'imap_address'], [{ smtp_openssl_verify_mode: 'perhaps' }, 'smtp_openssl_verify_mode'],
])('%j is refused by name', async (given, attribute) => {
  const answer = await call(t, account.admin, 'POST', `/api/v1/accounts/${account.id}/inboxes`, { name: 'Mail', channel: { type: 'email', ...given } });
  expect([answer.status, answer.body]).toEqual([422, expect.objectContaining({ attributes: [attribute] })]);
});
