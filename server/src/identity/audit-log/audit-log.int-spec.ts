import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeConversation } from '../../../test/factories-conversations.js';
import { makeInbox } from '../../../test/factories-inboxes.js';
import { makeAccount, makeMember, type AccountWithAdmin, type Person } from '../../../test/factories.js';
import { call } from '../../../test/http.js';
import { startTestApp, type TestApp } from '../../../test/test-app.js';
import { accountId } from '../../platform/database/account-id.js';
import { SystemWork, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { hashPassword } from '../passwords/password-hash.js';
import type { AuditEntry, AuditLogPage } from './audit-log.dto.js';
import { ForgetAuditLog } from './forget-audit-log.job.js';

let t: TestApp;
let account: AccountWithAdmin;
let agent: Person;
beforeAll(async () => {
  t = await startTestApp();
  account = await makeAccount(t);
  agent = await makeMember(t, account.id);
});
afterAll(() => t.close());

const url = (path = ''): string => `/api/v1/accounts/${account.id}${path}`;
const page = async (query = ''): Promise<AuditLogPage> => (await call(t, account.admin, 'GET', url(`/audit_logs${query}`))).body;
const newest = async (query = ''): Promise<AuditEntry> => (await page(query)).audit_logs[0]!;
const ok = async (...request: Parameters<typeof call> extends [unknown, ...infer Rest] ? Rest : never) => {
  const answer = await call(t, ...request);
  expect(answer.status).toBe(200);
  return answer.body;
};

test('what an administrator changes is written down with before and after, and without secrets', async () => {
  const { payload: { webhook } } = await ok(account.admin, 'POST', url('/webhooks'), { url: 'https://hooks.example/audit', name: 'Ledger' });
  const made = await newest('?auditable_type=Webhook');
  expect(made).toMatchObject({
    action: 'create', auditable_id: webhook.id, auditable: { name: 'Ledger' }, associated_type: 'Account', associated_id: account.id, user_id: account.admin.id, user_type: 'User', username: account.admin.email,
    version: 1, comment: null, remote_address: '127.0.0.1', audited_changes: { url: 'https://hooks.example/audit', secret: '[hidden]' },
  });
  expect(made.request_uuid).toMatch(/^[0-9a-f-]{36}$/);
  await ok(account.admin, 'PATCH', url(`/webhooks/${webhook.id}`), { name: 'Books' });
  expect(await newest('?auditable_type=Webhook')).toMatchObject({ action: 'update', version: 2, audited_changes: { name: ['Ledger', 'Books'] } });
  await ok(account.admin, 'POST', url(`/webhooks/${webhook.id}/reset_secret`));
  expect((await newest('?auditable_type=Webhook')).audited_changes).toEqual({ secret: ['[hidden]', '[hidden]'] });
  await ok(account.admin, 'DELETE', url(`/webhooks/${webhook.id}`));
  expect(await newest('?auditable_type=Webhook')).toMatchObject({ action: 'destroy', auditable: { name: 'Books' } });
});

test('each kind of act leaves its line', async () => {
  const inbox = await makeInbox(t, account);
  const conversation = await makeConversation(t, account, inbox);
  const acts: [string, string, () => Promise<unknown>][] = [
    ['Account', 'update', () => ok(account.admin, 'PATCH', url(), { name: 'Harbour', audit_log_days: 90 })],
    ['AccountUser', 'create', () => ok(account.admin, 'POST', url('/agents'), { name: 'Ben', email: 'ben@audit.example', role: 'agent' })],
    ['AccountUser', 'update', () => ok(account.admin, 'PATCH', url(`/agents/${agent.id}`), { role: 'administrator' })],
    ['Label', 'create', () => ok(account.admin, 'POST', url('/labels'), { title: 'food' })],
    ['Team', 'create', () => ok(account.admin, 'POST', url('/teams'), { name: 'deliveries' })],
    ['InboxMember', 'create', () => ok(account.admin, 'POST', url('/inbox_members'), { inbox_id: inbox.id, user_ids: [agent.id] })],
    ['Inbox', 'update', () => ok(account.admin, 'PATCH', url(`/inboxes/${inbox.id}`), { name: 'Counter' })],
    ['AgentBot', 'create', () => ok(account.admin, 'POST', url('/agent_bots'), { name: 'Robin' })],
    ['AccessToken', 'create', () => ok(account.admin, 'POST', url('/scoped_tokens'), { name: 'Sheet', scopes: ['contacts:read'] })],
    ['Conversation', 'destroy', () => ok(account.admin, 'DELETE', conversation.url)],
    ['Inbox', 'destroy', () => ok(account.admin, 'DELETE', url(`/inboxes/${inbox.id}`))],
    ['AccountUser', 'destroy', () => ok(account.admin, 'DELETE', url(`/agents/${agent.id}`))],
  ];
  for (const [type, action, act] of acts) {
    const before = (await page(`?auditable_type=${type}&action=${action}`)).total_entries;
    await act();
    const after = await page(`?auditable_type=${type}&action=${action}`);
    expect([type, action, after.total_entries - before, after.audit_logs[0]!.user_id]).toEqual([type, action, 1, account.admin.id]);
  }
  expect(JSON.stringify((await page('?auditable_type=AccessToken')).audit_logs)).not.toContain('\\\\x');
});

test('signing in and out, and a changed password, are written down in each account of the person', async () => {
  const other = await makeAccount(t);
  const person = await makeMember(t, account.id);
  await makeMember(t, other.id, 'agent', person);
  const password = 'lantern over the harbour';
  const digest = await hashPassword(password);
  await t.database.asOwner(async (client) => {
    await client.query('UPDATE user_credentials SET password_digest = $2 WHERE user_id = $1', [person.id, digest]);
    await client.query('UPDATE users SET mfa_enabled_at = NULL WHERE id = $1', [person.id]);
  });
  const signed = await fetch(`${t.url}/auth/sign_in`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ email: person.email, password }) });
  const session = { ...person, headers: Object.fromEntries(['access-token', 'client', 'uid'].map((name) => [name, signed.headers.get(name)!])) };
  await ok(session, 'PUT', '/api/v1/profile', { profile: { current_password: password, password: 'meadow kettle willow 52', password_confirmation: 'meadow kettle willow 52' } });
  await call(t, session, 'DELETE', '/auth/sign_out');
  const ofOther = (await call(t, other.admin, 'GET', `/api/v1/accounts/${other.id}/audit_logs`)).body as AuditLogPage;
  expect(ofOther.audit_logs.map(({ action, user_id, auditable_id }) => [action, user_id, auditable_id])).toEqual(['sign_out', 'update', 'sign_in'].map((action) => [action, person.id, person.id]));
  expect(ofOther.audit_logs[1]!.audited_changes).toEqual({ password_digest: ['[hidden]', '[hidden]'] });
});

test('nothing asked for, nothing written: reading, refused requests and jobs leave no line', async () => {
  const before = (await page()).total_entries;
  await call(t, account.admin, 'GET', url('/webhooks'));
  await call(t, account.admin, 'POST', url('/labels'), { title: 'not a label!' });
  await t.app.get(SystemWork).run((tx) => tx.sql('UPDATE accounts SET domain = $2 WHERE id = $1', [account.id, 'harbour.example']));
  expect((await page()).total_entries).toBe(before);
});

test('nobody alters it; administrators alone read it, filter it and take it away as CSV', async () => {
  for (const statement of [`UPDATE audit_logs SET username = 'x'`, 'DELETE FROM audit_logs', `INSERT INTO audit_logs (account_id, action, auditable_type) VALUES (${account.id}, 'create', 'Inbox')`]) {
    await expect(t.app.get(UnitOfWork).run(accountId(account.id), (tx) => tx.sql(statement))).rejects.toThrow(/permission denied/);
    await expect(t.app.get(SystemWork).sql(statement)).rejects.toThrow(/permission denied/);
  }
  expect((await call(t, await makeMember(t, account.id), 'GET', url('/audit_logs'))).status).toBe(401);
  const all = await page();
  expect([all.per_page, all.current_page, all.audit_logs.length <= 25]).toEqual([25, 1, true]);
  expect((await page('?since=4000000000')).total_entries).toBe(0);
  expect((await page(`?user_id=${account.admin.id}&until=4000000000`)).total_entries).toBeGreaterThan(5);
  const csv = await fetch(`${t.url}${url('/audit_logs/download?auditable_type=Webhook')}`, { headers: account.admin.headers });
  expect(csv.headers.get('content-type')).toContain('text/csv');
  const text = await csv.text();
  expect(text.split('\r\n')[0]).toBe('at,who,who_type,ip,action,what,id,name,changes,request');
  expect(text).toContain(',Ledger,');
  expect(await newest()).toMatchObject({ action: 'export', auditable_type: 'AuditLog', audited_changes: { auditable_type: 'Webhook' } });
});

test('it is kept as long as the account says, at least a month', async () => {
  expect((await call(t, account.admin, 'PATCH', url(), { audit_log_days: 7 })).body.attributes).toEqual(['audit_log_days']);
  await ok(account.admin, 'PATCH', url(), { audit_log_days: 30 });
  const before = (await page()).total_entries;
  t.clock.advance(29 * 86_400_000);
  await t.app.get(ForgetAuditLog).run();
  expect((await page()).total_entries).toBe(before);
  t.clock.advance(2 * 86_400_000);
  await t.app.get(ForgetAuditLog).run();
  expect((await page()).total_entries).toBe(0);
});
