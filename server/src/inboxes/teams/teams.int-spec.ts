import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeConversation } from '../../../test/factories-conversations.js';
import { makeAgentIn, makeInbox, type MadeInbox } from '../../../test/factories-inboxes.js';
import { makeAccount, makeMember, type AccountWithAdmin, type Person } from '../../../test/factories.js';
import { call, eventually } from '../../../test/http.js';
import { startTestApp, type TestApp } from '../../../test/test-app.js';

let t: TestApp;
let account: AccountWithAdmin;
let inbox: MadeInbox;
let agent: Person;
beforeAll(async () => {
  t = await startTestApp();
  account = await makeAccount(t);
  inbox = await makeInbox(t, account);
  agent = await makeAgentIn(t, account, inbox);
});
afterAll(() => t.close());

const url = (rest = '') => `/api/v1/accounts/${account.id}/teams${rest}`;
const makeTeam = async (name: string) => (await call(t, account.admin, 'POST', url(), { name })).body as { id: number; name: string };

test('who lets somebody join a team who is removed at the same moment is told so', async () => {
  const team = await makeTeam('short lived');
  const leaver = await makeMember(t, account.id);
  const joining = await t.database.asOwner(async (client) => {
    await client.query('BEGIN');
    await client.query('DELETE FROM account_users WHERE user_id = $1', [leaver.id]);
    const answer = call(t, account.admin, 'POST', url(`/${team.id}/team_members`), { user_ids: [leaver.id] });
    await eventually('the request waits', async () => (await client.query(`SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))`)).rowCount);
    await client.query('COMMIT');
    return answer;
  });
  expect([joining.status, joining.body.error]).toEqual([409, expect.stringContaining('deleted')]);
});

test('a team is made, shown, changed and removed', async () => {
  const made = await call(t, account.admin, 'POST', url(), { team: { name: 'Night Shift', description: 'After ten' } });
  expect(made.body).toEqual({ id: expect.any(Number), name: 'night shift', description: 'After ten', allow_auto_assign: true, account_id: account.id, is_member: false });
  expect((await call(t, account.admin, 'POST', url(), { name: 'NIGHT shift' })).body).toEqual({ message: 'Name has already been taken', attributes: ['name'] });
  expect((await call(t, account.admin, 'PATCH', url(`/${made.body.id}`), { allow_auto_assign: false, description: null })).body).toMatchObject({ name: 'night shift', allow_auto_assign: false, description: null });
  expect((await call(t, agent, 'GET', url(`/${made.body.id}`))).body.name).toBe('night shift');
  expect((await call(t, agent, 'DELETE', url(`/${made.body.id}`))).status).toBe(401);
  expect((await call(t, account.admin, 'DELETE', url(`/${made.body.id}`))).status).toBe(200);
  expect((await call(t, agent, 'GET', url(`/${made.body.id}`))).status).toBe(404);
});

test('members come, go and leave the account', async () => {
  const team = await makeTeam('members');
  const other = await makeMember(t, account.id);
  const ids = (answer: { body: { id: number }[] }) => answer.body.map((member) => member.id).sort();
  expect(ids(await call(t, account.admin, 'POST', url(`/${team.id}/team_members`), { user_ids: [agent.id] }))).toEqual([agent.id]);
  expect(ids(await call(t, account.admin, 'POST', url(`/${team.id}/team_members`), { user_ids: [agent.id, other.id] }))).toEqual([other.id]);
  expect((await call(t, agent, 'GET', url())).body.find((row: { id: number }) => row.id === team.id).is_member).toBe(true);
  expect(ids(await call(t, account.admin, 'PATCH', url(`/${team.id}/team_members`), { user_ids: [other.id] }))).toEqual([other.id]);
  const stranger = await makeAccount(t);
  expect((await call(t, account.admin, 'POST', url(`/${team.id}/team_members`), { user_ids: [stranger.admin.id] })).body.attributes).toEqual(['user_ids']);
  expect((await call(t, account.admin, 'DELETE', `/api/v1/accounts/${account.id}/agents/${other.id}`)).status).toBe(200);
  expect((await call(t, agent, 'GET', url(`/${team.id}/team_members`))).body).toEqual([]);
});

test('a conversation is given to a team, found by it, and forgets it when it is gone', async () => {
  const team = await makeTeam('intake');
  const own = await makeConversation(t, account, inbox);
  expect((await call(t, agent, 'POST', `${own.url}/assignments`, { team_id: team.id })).body).toEqual({ id: team.id, name: 'intake', description: null, allow_auto_assign: true });
  const shown = (await call(t, agent, 'GET', own.url)).body;
  expect(shown.meta.team).toMatchObject({ id: team.id, name: 'intake' });
  expect(shown.messages[0].content).toBe(`Assigned to team intake by ${agent.name}`);
  const list = (await call(t, agent, 'GET', `/api/v1/accounts/${account.id}/conversations?team_id=${team.id}`)).body.data;
  expect([list.meta.all_count, list.payload.map((c: { id: number }) => c.id)]).toEqual([1, [own.id]]);
  // A colleague goes before a team; the team may also stand in the query.
  expect((await call(t, agent, 'POST', `${own.url}/assignments`, { assignee_id: agent.id, team_id: team.id })).body.id).toBe(agent.id);
  expect((await call(t, agent, 'POST', `${own.url}/assignments?team_id=0`, {})).body).toBe(null);
  await call(t, agent, 'POST', `${own.url}/assignments?team_id=${team.id}`, {});
  const pushed = await eventually('team.changed', async () => {
    const { body } = await call(t, agent, 'GET', `/api/v1/accounts/${account.id}/events?after=0`);
    const found = (body.payload as { event: string; data: { id: number; changes: object } }[]).filter((event) => event.event === 'team.changed' && event.data.id === own.id);
    return found.length === 3 && found;
  });
  expect(pushed[2]!.data.changes).toEqual({ meta: { team: { id: team.id, name: 'intake', description: null, allow_auto_assign: true } } });
  await call(t, account.admin, 'DELETE', url(`/${team.id}`));
  expect((await call(t, agent, 'GET', own.url)).body.meta.team).toBeUndefined();
  await eventually('forgotten', async () => (await t.database.asOwner((client) => client.query('SELECT FROM conversations WHERE account_id = $1 AND team_id IS NOT NULL', [account.id]))).rows.length === 0);
});

test('not to a team of others, nor to one that is not there', async () => {
  const stranger = await makeAccount(t);
  const theirs = (await call(t, stranger.admin, 'POST', `/api/v1/accounts/${stranger.id}/teams`, { name: 'theirs' })).body;
  const own = await makeConversation(t, account, inbox);
  for (const team_id of [theirs.id, 2_000_000_000]) {
    expect((await call(t, agent, 'POST', `${own.url}/assignments`, { team_id })).body.attributes).toEqual(['team_id']);
    expect((await call(t, agent, 'POST', `/api/v1/accounts/${account.id}/conversations`, { inbox_id: inbox.id, contact_id: own.contactId, team_id })).body.attributes).toEqual(['team_id']);
  }
  expect((await call(t, agent, 'GET', `/api/v1/accounts/${account.id}/conversations?team_id=${theirs.id}`)).body.data.payload).toEqual([]);
});
