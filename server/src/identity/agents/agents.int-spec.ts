import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { makeAccount, makeMember, makePerson, PASSWORD, signIn, unique, type AccountWithAdmin, type Person } from '../../../test/factories.js';
import { call } from '../../../test/http.js';
import { startTestApp, type TestApp } from '../../../test/test-app.js';

let t: TestApp;
let account: AccountWithAdmin;
let agent: Person;
let path: string;
beforeAll(async () => { t = await startTestApp(); });
afterAll(() => t.close());
beforeEach(async () => {
  account = await makeAccount(t);
  agent = await makeMember(t, account.id);
  path = `/api/v1/accounts/${account.id}/agents`;
});

const query = async <T>(sql: string, params: unknown[]): Promise<T[]> => (await t.database.asOwner((client) => client.query(sql, params))).rows as T[];
const events = async (): Promise<{ type: string; payload: { user_id: number } }[]> =>
  query('SELECT type, payload FROM events WHERE account_id = $1 ORDER BY id', [account.id]);

describe('listing', () => {
  test('shows every member in the shape of an agent', async () => {
    const answer = await call(t, agent, 'GET', path);
    expect(answer.status).toBe(200);
    expect(answer.body).toHaveLength(2);
    expect(answer.body.find((a: { id: number }) => a.id === agent.id)).toEqual({
      id: agent.id, account_id: account.id, availability_status: expect.stringMatching(/^(on|off)line$/), auto_offline: true, confirmed: true, email: agent.email, provider: 'email',
      available_name: agent.name, name: agent.name, role: 'agent', thumbnail: '',
    });
    const seen = await call(t, account.admin, 'GET', path);
    expect(seen.body.find((a: { id: number }) => a.id === agent.id).mfa_enabled).toBe(true);
  });

  test('is for members alone', async () => {
    const stranger = (await makeAccount(t)).admin;
    expect((await call(t, stranger, 'GET', path)).status).toBe(401);
    expect((await call(t, null, 'GET', path)).status).toBe(401);
    expect((await call(t, agent, 'GET', '/api/v1/accounts/999999999/agents')).status).toBe(404);
    expect((await call(t, agent, 'GET', '/api/v1/accounts/none/agents')).status).toBe(404);
  });
});

describe('inviting', () => {
  test('several at once leaves out whom it cannot, with the reason', async () => {
    const [first, second] = [`first.${unique()}@example.org`, `second.${unique()}@example.org`];
    const answer = await call(t, account.admin, 'POST', `${path}/bulk_create`, { emails: [first, agent.email, second, first.toUpperCase()] });
    expect(answer.status).toBe(200);
    expect(answer.body.payload.map((a: { email: string; name: string; role: string; invitation_url?: string }) => [a.email, a.name, a.role, typeof a.invitation_url]))
      .toEqual([first, second].map((email) => [email, email.split('@')[0], 'agent', 'string']));
    expect(answer.body.skipped).toEqual([{ email: agent.email, message: 'Somebody with this address belongs to the account already.' }]);
    expect((await call(t, account.admin, 'GET', path)).body).toHaveLength(4);
    for (const emails of [[], 'x', ['nobody'], [null], Array(101).fill(first)]) expect((await call(t, account.admin, 'POST', `${path}/bulk_create`, { emails })).body.attributes?.[0]).toMatch(/^emails/);
    expect((await call(t, agent, 'POST', `${path}/bulk_create`, { emails: [first] })).status).toBe(401);
  });

  test('makes an unconfirmed person, and gives the link to the administrator where there is no mail', async () => {
    const email = `New.${unique()}@Example.org`;
    const answer = await call(t, account.admin, 'POST', path, { name: 'Nora Núñez', email, role: 'agent' });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ name: 'Nora Núñez', email: email.toLowerCase(), role: 'agent', confirmed: false });
    expect(answer.body.invitation_url).toMatch(new RegExp(`^${t.url}/app/invitation\\?token=[\\w-]{43}$`));
    expect(await events()).toContainEqual({ type: 'agent.created', payload: { user_id: answer.body.id } });
    const token = new URL(answer.body.invitation_url).searchParams.get('token')!;
    expect((await call(t, null, 'GET', `/auth/invitation?token=${token}`)).body).toEqual({ email: email.toLowerCase(), name: 'Nora Núñez', account_name: account.name, has_password: false });
    const weak = await call(t, null, 'POST', '/auth/invitation', { invitation_token: token, password: 'NoraNunez2026' });
    expect([weak.status, weak.body.attributes]).toEqual([422, ['password']]);
    const accepted = await call(t, null, 'POST', '/auth/invitation', { invitation_token: token, name: 'Nora N.', password: PASSWORD, session: 'cookie' });
    expect([accepted.status, accepted.body.data.name, accepted.body.data.confirmed]).toEqual([200, 'Nora N.', true]);
    expect(accepted.headers.get('set-cookie')).toMatch(/^porchlight_session=/);
    expect((await call(t, null, 'GET', `/auth/invitation?token=${token}`)).status).toBe(404);
    expect((await call(t, null, 'POST', '/auth/invitation', { invitation_token: token, password: PASSWORD })).body.attributes).toEqual(['invitation_token']);
    expect((await call(t, null, 'POST', '/auth/sign_in', { email, password: PASSWORD })).status).toBe(200);
  });

  test('an invitation expires after a week', async () => {
    const own = await startTestApp({}, t.database);
    const { body } = await call(own, account.admin, 'POST', path, { name: 'Late', email: `late-${unique()}@example.org`, role: 'agent' });
    const token = new URL(body.invitation_url).searchParams.get('token')!;
    own.clock.advance(7 * 86_400_000 + 1000);
    expect((await call(own, null, 'GET', `/auth/invitation?token=${token}`)).status).toBe(404);
    expect((await call(own, null, 'POST', '/auth/invitation', { invitation_token: token, password: PASSWORD })).status).toBe(422);
    await own.stop();
  });

  test('somebody of another account that the administrator also administers joins at once; links to them shown there end', async () => {
    const also = await makeAccount(t);
    await makeMember(t, also.id, 'administrator', account.admin);
    const known = await makeMember(t, also.id);
    const shown = await call(t, also.admin, 'POST', `/api/v1/accounts/${also.id}/agents/${known.id}/reset_password`);
    const answer = await call(t, account.admin, 'POST', path, { agent: { name: 'Other name', email: known.email, role: 'administrator' } });
    expect([answer.status, answer.body.id, answer.body.name, answer.body.role, answer.body.invitation_url]).toEqual([200, known.id, known.name, 'administrator', undefined]);
    const again = await call(t, account.admin, 'POST', path, { name: 'X', email: known.email, role: 'agent' });
    expect([again.status, again.body.attributes]).toEqual([422, ['email']]);
    const token = new URL(shown.body.reset_url).searchParams.get('token');
    expect((await call(t, null, 'PUT', '/auth/password', { reset_password_token: token, password: PASSWORD })).body.attributes).toEqual(['reset_password_token']);
  });

  test('somebody another account invited, or who is nobody\'s, cannot be added without mail: whoever was shown their link would come along', async () => {
    const email = `shared-${unique()}@example.org`;
    const other = await makeAccount(t);
    const { body } = await call(t, other.admin, 'POST', `/api/v1/accounts/${other.id}/agents`, { name: 'Shared', email, role: 'agent' });
    const refusal = async (address: string) => {
      const { status, body: answer } = await call(t, account.admin, 'POST', path, { name: 'Shared', email: address, role: 'agent' });
      expect([status, answer.attributes, answer.message]).toEqual([422, ['email'], expect.stringContaining('Set up mail first')]);
    };
    await refusal(email);
    const token = new URL(body.invitation_url).searchParams.get('token');
    const accepted = await call(t, null, 'POST', '/auth/invitation', { invitation_token: token, password: PASSWORD });
    expect(accepted.body.data.accounts.map((one: { id: number }) => one.id)).toEqual([other.id]);
    await refusal(email);
    await refusal((await makePerson(t)).email);
  });

  test('twenty equal invitations at once make one person', async () => {
    const body = { name: 'Once', email: `once-${unique()}@example.org`, role: 'agent' };
    const answers = await Promise.all(Array.from({ length: 20 }, () => call(t, account.admin, 'POST', path, body)));
    expect(answers.map((a) => a.status).sort()).toEqual([200, ...Array(19).fill(422)]);
    expect(await query('SELECT id FROM users WHERE email = $1', [body.email])).toHaveLength(1);
  });

  test.each([
    [{}, ['name', 'email']], [{ name: ' ', email: 'a@b.org' }, ['name']], [{ name: 'A', email: 'no address' }, ['email']], [{ name: 'A', email: 'a@b.org', role: 'owner' }, ['role']],
    [{ name: 'x'.repeat(256), email: 'a@b.org' }, ['name']], [{ name: 'a\u0000b', email: 'a@b.org' }, ['name']], [{ name: 'a\ud800', email: 'a@b.org' }, ['name']], [{ name: 1.5, email: {} }, ['name', 'email']],
    [{ name: '\u200b\u2060', email: 'a@b.org' }, ['name']], [{ name: 'a\u202eb', email: 'a@b.org' }, ['name']],
  ])('bad input %# is refused by field', async (body, attributes) => {
    const answer = await call(t, account.admin, 'POST', path, body);
    expect([answer.status, answer.body.attributes]).toEqual([422, attributes]);
    expect(await events()).toEqual([]);
  });
});

describe('changing', () => {
  test('role and availability', async () => {
    const answer = await call(t, account.admin, 'PATCH', `${path}/${agent.id}`, { role: 'administrator', availability: 'busy', auto_offline: false });
    expect([answer.status, answer.body.role, answer.body.availability_status, answer.body.auto_offline]).toEqual([200, 'administrator', 'busy', false]);
    expect(await events()).toEqual([{ type: 'agent.updated', payload: { user_id: agent.id } }]);
    expect((await call(t, agent, 'PATCH', `${path}/${account.admin.id}`, { role: 'agent' })).status).toBe(200);
    expect((await call(t, account.admin, 'PATCH', `${path}/${agent.id}`, { role: 'agent' })).status).toBe(401);
  });

  test('the last administrator stays one, also when two demote each other at once', async () => {
    const alone = await call(t, account.admin, 'PATCH', `${path}/${account.admin.id}`, { role: 'agent' });
    expect([alone.status, alone.body.attributes]).toEqual([422, ['role']]);
    const second = await makeMember(t, account.id, 'administrator');
    const both = await Promise.all([
      call(t, account.admin, 'PATCH', `${path}/${second.id}`, { role: 'agent' }), call(t, second, 'PATCH', `${path}/${account.admin.id}`, { role: 'agent' }),
    ]);
    expect(both.filter((a) => a.status === 200)).toHaveLength(1);
  });

  test('bad input', async () => {
    expect((await call(t, account.admin, 'PATCH', `${path}/${agent.id}`, { role: 'king' })).body.attributes).toEqual(['role']);
    expect((await call(t, account.admin, 'PATCH', `${path}/x`, { role: 'agent' })).status).toBe(404);
  });
});

describe('removing', () => {
  test('takes the membership, and the person when it was the last', async () => {
    const other = await makeAccount(t);
    await makeMember(t, other.id, 'agent', agent);
    const browser = await signIn(t, agent);
    const [inbox] = await query<{ id: number }>(`INSERT INTO inboxes (account_id, channel_type, name, public_token) VALUES ($1, 'api', 'I', $2) RETURNING id`, [account.id, unique()]);
    await query('INSERT INTO inbox_members (account_id, user_id, inbox_id) VALUES ($1, $2, $3)', [account.id, agent.id, inbox!.id]);
    expect((await call(t, account.admin, 'DELETE', `${path}/${agent.id}`)).status).toBe(200);
    expect((await call(t, browser, 'GET', path)).status).toBe(401);
    expect((await call(t, browser, 'GET', `/api/v1/accounts/${other.id}/agents`)).status).toBe(200);
    expect(await events()).toEqual([{ type: 'agent.deleted', payload: { user_id: agent.id } }]);
    expect((await call(t, other.admin, 'DELETE', `/api/v1/accounts/${other.id}/agents/${agent.id}`)).status).toBe(200);
    expect((await call(t, browser, 'GET', '/api/v1/profile')).status).toBe(401);
    expect((await call(t, agent, 'GET', '/api/v1/profile')).status).toBe(401);
    expect(await query('SELECT FROM users WHERE id = $1', [agent.id])).toHaveLength(0);
    expect(await query('SELECT FROM api_tokens WHERE owner_id = $1', [agent.id])).toHaveLength(0);
  });

  test('not the last administrator', async () => {
    expect((await call(t, account.admin, 'DELETE', `${path}/${account.admin.id}`)).status).toBe(422);
  });
});

describe('a new password for somebody', () => {
  test('the link sets it once and ends their sessions', async () => {
    const browser = await signIn(t, agent);
    const { status, body } = await call(t, account.admin, 'POST', `${path}/${agent.id}/reset_password`);
    expect(status).toBe(200);
    const url = new URL(body.reset_url);
    expect(url.pathname).toBe('/app/password/reset');
    const set = (password: string, more = {}) => call(t, null, 'PUT', '/auth/password', { reset_password_token: url.searchParams.get('token'), password, ...more });
    expect((await set('short')).body.attributes).toEqual(['password']);
    expect((await set(PASSWORD, { password_confirmation: 'something else entirely' })).body.attributes).toEqual(['password_confirmation']);
    expect((await set(PASSWORD, { password_confirmation: PASSWORD })).status).toBe(200);
    expect((await call(t, browser, 'GET', '/api/v1/profile')).status).toBe(401);
    expect((await set(PASSWORD)).body.attributes).toEqual(['reset_password_token']);
  });

  test('no link to somebody who belongs to an account the administrator does not administer', async () => {
    await makeMember(t, (await makeAccount(t)).id, 'agent', agent);
    const answer = await call(t, account.admin, 'POST', `${path}/${agent.id}/reset_password`);
    expect([answer.status, answer.body.reset_url]).toEqual([422, undefined]);
  });
});

describe('without the right', () => {
  test.each([['POST', ''], ['PATCH', '/1'], ['DELETE', '/1'], ['POST', '/1/reset_password']])('%s %s is refused to agents and strangers', async (method, rest) => {
    const stranger = (await makeAccount(t)).admin;
    const body = { name: 'A', email: 'a@b.org', role: 'agent' };
    expect((await call(t, agent, method, path + rest, body)).body).toEqual({ error: 'You are not authorized to do this action' });
    expect((await call(t, stranger, method, path + rest, body)).status).toBe(401);
    expect((await call(t, null, method, path + rest, body)).status).toBe(401);
  });

  test.each(['PATCH', 'DELETE', 'POST'])('%s of somebody of another account is 404', async (method) => {
    const foreign = await makeMember(t, (await makeAccount(t)).id);
    const rest = method === 'POST' ? '/reset_password' : '';
    for (const id of [foreign.id, 999_999_999]) expect((await call(t, account.admin, method, `${path}/${id}${rest}`, { role: 'agent' })).status).toBe(404);
    expect(await query('SELECT FROM account_users WHERE user_id = $1', [foreign.id])).toHaveLength(1);
  });
});
