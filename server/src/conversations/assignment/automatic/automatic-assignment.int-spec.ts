import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { makeAccount, type AccountWithAdmin, type Person } from '../../../../test/factories.js';
import { makeConversation, type MadeConversation } from '../../../../test/factories-conversations.js';
import { makeAgentIn, makeInbox, type MadeInbox } from '../../../../test/factories-inboxes.js';
import { call, eventually } from '../../../../test/http.js';
import { agentSocket, type TestSocket } from '../../../../test/sockets.js';
import { startTestApp, type TestApp, WITHOUT_SCHEDULE } from '../../../../test/test-app.js';
import { Presence } from '../../../realtime/presence.service.js';
import { HandOutWaiting } from './hand-out-waiting.job.js';

let t: TestApp;
let account: AccountWithAdmin;
let inbox: MadeInbox;
const sockets: TestSocket[] = [];
beforeAll(async () => {
  t = await startTestApp(WITHOUT_SCHEDULE);
});
afterAll(() => t.close());
beforeEach(async () => {
  for (const socket of sockets.splice(0)) socket.socket.disconnect();
  account = await makeAccount(t);
  inbox = await makeInbox(t, account, { type: 'api', enable_auto_assignment: true });
});

const online = async (person: Person): Promise<TestSocket> => {
  const socket = await agentSocket(t, person, account.id);
  sockets.push(socket);
  await eventually('seen', async () => (await t.app.get(Presence).statusOf(account.id, [person.id])).get(person.id) === 'online');
  return socket;
};
const open = (): Promise<MadeConversation> => makeConversation(t, account, inbox);
const shown = async (conversation: MadeConversation): Promise<{ assignee?: { id: number }; team?: { id: number } }> => (await call(t, account.admin, 'GET', conversation.url)).body.meta;
const takenBy = (conversation: MadeConversation): Promise<number> => eventually('somebody takes it', async () => (await shown(conversation)).assignee?.id ?? false);
const waiting = async (): Promise<number> => t.database.asOwner(async (client) => (await client.query('SELECT FROM waiting_assignments WHERE account_id = $1', [account.id])).rowCount!);
const setInbox = (changes: object) => call(t, account.admin, 'PATCH', `/api/v1/accounts/${account.id}/inboxes/${inbox.id}`, changes);
const handOut = (): Promise<void> => t.app.get(HandOutWaiting).run();
const count = (ids: number[], id: number): number => ids.filter((one) => one === id).length;

test('conversations go in turn to those who are there, also twelve at once, and say why', async () => {
  const [ada, bo, away] = [await makeAgentIn(t, account, inbox), await makeAgentIn(t, account, inbox), await makeAgentIn(t, account, inbox)];
  await Promise.all([online(ada), online(bo)]);
  const first = await open();
  const second = await open();
  expect([await takenBy(first), await takenBy(second)].sort()).toEqual([ada.id, bo.id].sort());
  const all = await Promise.all(Array.from({ length: 12 }, open));
  const takers = await Promise.all(all.map(takenBy));
  expect([count(takers, ada.id), count(takers, bo.id), count(takers, away.id)]).toEqual([6, 6, 0]);
  const { messages } = (await call(t, account.admin, 'GET', first.url)).body as { messages: { content: string }[] };
  expect(messages.at(-1)!.content).toMatch(/’s turn to take the conversation$/);
});

test('while nobody is there they wait, and the longest waiting goes to who comes first', async () => {
  const ada = await makeAgentIn(t, account, inbox);
  const [first, second] = [await open(), await open()];
  await eventually('both wait', async () => await waiting() === 2);
  await setInbox({ auto_assignment_config: { max_assignment_limit: 1 } });
  await online(ada);
  await handOut();
  expect((await shown(first)).assignee?.id).toBe(ada.id);
  expect((await shown(second)).assignee).toBeUndefined();
  // Somebody who is done has room for the next.
  await call(t, ada, 'POST', `${first.url}/toggle_status`, { status: 'resolved' });
  await handOut();
  expect((await shown(second)).assignee?.id).toBe(ada.id);
  expect(await waiting()).toBe(0);
});

test('what somebody took, resolved, or unassigned on purpose is left alone', async () => {
  const ada = await makeAgentIn(t, account, inbox);
  const [taken, resolved] = [await open(), await open()];
  await eventually('both wait', async () => await waiting() === 2);
  await call(t, account.admin, 'POST', `${taken.url}/assignments`, { assignee_id: account.admin.id });
  await call(t, account.admin, 'POST', `${resolved.url}/toggle_status`, { status: 'resolved' });
  await online(ada);
  await handOut();
  expect((await shown(taken)).assignee?.id).toBe(account.admin.id);
  expect((await shown(resolved)).assignee).toBeUndefined();
  await call(t, account.admin, 'POST', `${taken.url}/assignments`, { assignee_id: null });
  await handOut();
  expect((await shown(taken)).assignee).toBeUndefined();
  // Reopened, it wants somebody.
  await call(t, account.admin, 'POST', `${resolved.url}/toggle_status`, { status: 'open' });
  expect(await takenBy(resolved)).toBe(ada.id);
});

test('switched off, only a team that takes turns finds somebody, and only one of its own', async () => {
  const [ada, bo] = [await makeAgentIn(t, account, inbox), await makeAgentIn(t, account, inbox)];
  await Promise.all([online(ada), online(bo)]);
  await setInbox({ enable_auto_assignment: false });
  const team = async (members: Person[], allow_auto_assign: boolean): Promise<number> => {
    const { id } = (await call(t, account.admin, 'POST', `/api/v1/accounts/${account.id}/teams`, { name: `team ${members.length}${allow_auto_assign}`, allow_auto_assign })).body;
    await call(t, account.admin, 'POST', `/api/v1/accounts/${account.id}/teams/${id}/team_members`, { user_ids: members.map((person) => person.id) });
    return id;
  };
  const conversation = await open();
  await call(t, account.admin, 'POST', `${conversation.url}/assignments`, { team_id: await team([bo], false) });
  await call(t, account.admin, 'POST', `${conversation.url}/assignments`, { team_id: await team([bo], true) });
  expect(await takenBy(conversation)).toBe(bo.id);
  expect(await waiting()).toBe(0);
});

test('who leaves the inbox or the account leaves nothing behind', async () => {
  const [ada, bo, cy] = [await makeAgentIn(t, account, inbox), await makeAgentIn(t, account, inbox), await makeAgentIn(t, account, inbox)];
  const [first, second] = [await open(), await open()];
  await call(t, account.admin, 'POST', `${first.url}/assignments`, { assignee_id: bo.id });
  await call(t, account.admin, 'POST', `${second.url}/assignments`, { assignee_id: cy.id });
  await call(t, account.admin, 'DELETE', `/api/v1/accounts/${account.id}/inbox_members`, { inbox_id: inbox.id, user_ids: [bo.id] });
  await eventually('it is nobody\'s', async () => (await shown(first)).assignee === undefined);
  await online(ada);
  expect((await call(t, account.admin, 'DELETE', `/api/v1/accounts/${account.id}/agents/${cy.id}`)).status).toBe(200);
  expect(await takenBy(second)).toBe(ada.id);
  await handOut();
  expect((await shown(first)).assignee?.id).toBe(ada.id);
});

test('a limit is a number of at least one', async () => {
  for (const most of [0, -1, 1.5, 'many', {}, [1]]) expect((await setInbox({ auto_assignment_config: { max_assignment_limit: most } })).body.attributes).toEqual(['auto_assignment_config.max_assignment_limit']);
  expect((await setInbox({ auto_assignment_config: { max_assignment_limit: '3' } })).body.auto_assignment_config).toEqual({ max_assignment_limit: 3 });
  expect((await setInbox({ auto_assignment_config: { max_assignment_limit: null } })).status).toBe(200);
});
