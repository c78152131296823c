import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { makeAccount, makeMember, makePerson, signIn, type AccountWithAdmin, type Person } from '../../test/factories.js';
import type { MadeInbox } from '../../test/factories-inboxes.js';
import { call, eventually } from '../../test/http.js';
import { onRedis } from '../../test/run-backend.js';
import { agentSocket, TestSocket } from '../../test/sockets.js';
import { startTestApp, type TestApp } from '../../test/test-app.js';
import { TestSubscribersModule } from '../../test/test-subscribers.js';
import { makeWebChat, openBrowser, type Browser } from '../../test/widget.js';
import { Events } from '../delivery/events.js';
import { accountId } from '../platform/database/account-id.js';
import { SystemWork, UnitOfWork } from '../platform/database/unit-of-work.js';
import { AccessWatch } from './access-watch.service.js';
import type { Audience } from './realtime-source.js';

interface Desk { inbox: MadeInbox; inboxId: number; contactId: number; contactInboxId: number; displayId: number }

/** A web chat with these members, and a visitor who has written. */
async function makeDesk(t: TestApp, account: AccountWithAdmin, ...members: Person[]): Promise<{ desk: Desk; browser: Browser }> {
  const inbox = await makeWebChat(t, account, {}, { members });
  const browser = await openBrowser(t, inbox);
  expect((await browser.call('POST', 'messages', { message: { content: 'Hello' } })).status).toBe(200);
  const [row] = await t.app.get(SystemWork).sql<{ contact_id: number; contact_inbox_id: number; display_id: number }>('SELECT contact_id, contact_inbox_id, display_id FROM conversations WHERE inbox_id = $1', [inbox.id]);
  await t.app.get(SystemWork).sql(`UPDATE contacts SET name = 'Ada Visitor' WHERE id = $1`, [row!.contact_id]);
  return { desk: { inbox, inboxId: inbox.id, contactId: row!.contact_id, contactInboxId: row!.contact_inbox_id, displayId: row!.display_id }, browser };
}

const open: TestSocket[] = [];
const kept = async (socket: Promise<TestSocket>): Promise<TestSocket> => { open.push(await socket); return socket; };
afterEach(() => { for (const socket of open.splice(0)) socket.close(); });

describe('sockets', () => {
  let t: TestApp;
  let other: TestApp | undefined;
  let account: AccountWithAdmin;
  let agent: Person;
  let outsider: Person;
  let desk: Desk;
  let browser: Browser;
  beforeAll(async () => {
    t = await startTestApp({}, undefined, [TestSubscribersModule]);
    if (onRedis) other = await startTestApp({}, t.database, [TestSubscribersModule]);
    account = await makeAccount(t);
    agent = await makeMember(t, account.id);
    outsider = await makeMember(t, account.id);
    ({ desk, browser } = await makeDesk(t, account, agent));
  });
  afterAll(async () => { await other?.stop(); await t.close(); });

  let n = 0;
  const push = async (audience: Audience, broken?: boolean): Promise<number> => {
    const number = ++n;
    await t.app.get(UnitOfWork).run(accountId(account.id), (tx) => t.app.get(Events).append(tx, { type: 'test.pushed', payload: { n: number, audience, broken } }));
    return number;
  };
  const visitor = (): Promise<TestSocket> => kept(TestSocket.open(t.url, '/visitor', { website_token: desk.inbox.website_token, token: browser.token }));
  const numbers = (socket: TestSocket): number[] => socket.of('test.pushed').map((f) => f.data.n as number);

  test('frames reach their audience and nobody else, in order and numbered', async () => {
    // With Redis, those who listen are on another process than the one that may lead the relay.
    const where = other ?? t;
    const [admin, member, stranger, guest] = [await kept(agentSocket(where, account.admin, account.id)), await kept(agentSocket(where, agent, account.id)), await kept(agentSocket(t, outsider, account.id)), await visitor()];
    const foreign = await makeAccount(t);
    const elsewhere = await kept(agentSocket(t, foreign.admin, foreign.id));
    const inbox = await push({ to: 'inbox', inboxId: desk.inboxId });
    const person = await push({ to: 'user', userId: outsider.id });
    const toVisitor = await push({ to: 'visitor', contactInboxId: desk.contactInboxId });
    const all = await push({ to: 'account' });
    await Promise.all([admin, member, stranger].map((s) => s.hears('test.pushed', (f) => f.data.n === all)));
    await guest.hears('test.pushed', (f) => f.data.n === toVisitor);
    expect(numbers(admin)).toEqual([inbox, all]);
    expect(numbers(member)).toEqual([inbox, all]);
    expect(numbers(stranger)).toEqual([person, all]);
    expect(numbers(guest)).toEqual([toVisitor]);
    expect(numbers(elsewhere)).toEqual([]);
    expect(guest.of('test.pushed')[0]).not.toHaveProperty('seq');
    const seqs = admin.of('test.pushed').map((f) => f.seq!);
    expect(seqs[1]).toBe(seqs[0]! + 3);
  });

  test('an event that cannot be presented sends everybody back to catch up, and holds up nothing', async () => {
    const socket = await kept(agentSocket(other ?? t, account.admin, account.id));
    const seen = await push({ to: 'account' });
    await socket.hears('test.pushed', (f) => f.data.n === seen);
    await push({ to: 'account' }, true);
    await eventually('connected again', () => socket.syncs.length === 2);
    const after = await push({ to: 'account' });
    await socket.hears('test.pushed', (f) => f.data.n === after);
    expect(socket.syncs[1]!).toBeGreaterThan(socket.of('test.pushed')[0]!.seq!);
  });

  test('who may not connect does not', async () => {
    const refused = (auth: object, options = {}): Promise<unknown> => TestSocket.open(t.url, '/agent', auth, options).then(() => 'connected', (error: Error) => error.message);
    const foreign = await makeAccount(t);
    const lonely = await makePerson(t);
    expect(await refused({ account_id: account.id })).toBe('unauthorized');
    expect(await refused({ account_id: account.id, api_access_token: 'nonsense' })).toBe('unauthorized');
    expect(await refused({ account_id: account.id, api_access_token: foreign.admin.token })).toBe('unauthorized');
    expect(await refused({ account_id: 999_999, api_access_token: agent.token })).toBe('unauthorized');
    expect(await refused({ account_id: 'x', api_access_token: agent.token })).toBe('unauthorized');
    expect(await refused({ account_id: account.id, api_access_token: lonely.token })).toBe('unauthorized');
    expect(await refused({ account_id: account.id, access_token: 'x', client: 'y', uid: 'a\u0000b' })).toBe('unauthorized');
    // Where nobody is admitted, nobody stays.
    expect(await TestSocket.open(t.url, '/', { api_access_token: agent.token }).then(() => 'connected', (e: Error) => e.message)).toBe('unauthorized');
    expect(await refused({ account_id: account.id, api_access_token: agent.token }, { extraHeaders: { origin: 'https://evil.example' } })).toMatch(/websocket error/);
    expect(await TestSocket.open(t.url, '/visitor', { website_token: desk.inbox.website_token, token: `${browser.token}x` }).then(() => 'connected', (e: Error) => e.message)).toBe('unauthorized');
    expect(await TestSocket.open(t.url, '/visitor', {}).then(() => 'connected', (e: Error) => e.message)).toBe('unauthorized');
  });

  test('the dashboard connects with its cookie, from its own origin, by polling too', async () => {
    const session = await signIn(t, agent);
    const socket = await kept(TestSocket.open(t.url, '/agent', { account_id: account.id }, { transports: ['polling'], extraHeaders: { cookie: session.cookie, origin: t.url } }));
    const number = await push({ to: 'account' });
    await socket.hears('test.pushed', (f) => f.data.n === number);
  });

  test('a session that ends takes its socket with it, within five seconds', async () => {
    const session = await signIn(t, agent);
    const socket = await kept(TestSocket.open(t.url, '/agent', { account_id: account.id }, { reconnection: false, extraHeaders: { cookie: session.cookie, origin: t.url } }));
    await t.app.get(SystemWork).sql('DELETE FROM sessions WHERE id = $1', [session.sessionId]);
    let isLate = false;
    // And as much more as a busy machine takes to answer a few times.
    void pause(5_000).then(async () => { for (let n = 0; n < 5; n += 1) await call(t, agent, 'GET', '/api/v1/profile'); isLate = true; });
    await eventually('the socket is closed', () => socket.revoked && socket.socket.disconnected);
    expect(isLate).toBe(false);
  });

  test('membership changes reach open sockets', async () => {
    const person = await makeMember(t, account.id);
    const socket = await kept(agentSocket(other ?? t, person, account.id, { reconnection: false }));
    // It also does so by itself.
    const look = (): Promise<void> => (other ?? t).app.get(AccessWatch).checkNow();
    const system = t.app.get(SystemWork);
    await system.sql('INSERT INTO inbox_members (account_id, inbox_id, user_id) VALUES ($1, $2, $3)', [account.id, desk.inboxId, person.id]);
    await look();
    await eventually('hears of the inbox', async () => { const p = await push({ to: 'inbox', inboxId: desk.inboxId }); return numbers(socket).some((x) => x <= p); });
    await system.sql('DELETE FROM inbox_members WHERE account_id = $1 AND user_id = $2', [account.id, person.id]);
    await look();
    await eventually('hears no more of it', async () => {
      const inbox = await push({ to: 'inbox', inboxId: desk.inboxId });
      const everybody = await push({ to: 'account' });
      await socket.hears('test.pushed', (f) => f.data.n === everybody);
      return !numbers(socket).includes(inbox);
    });
    await system.sql('DELETE FROM account_users WHERE account_id = $1 AND user_id = $2', [account.id, person.id]);
    await look();
    await eventually('the socket is closed', () => socket.revoked && socket.socket.disconnected);
  });

  test('after a gap, catch-up gives what was pushed, and only what the member may see', async () => {
    const live = await kept(agentSocket(t, agent, account.id));
    const seen = live.syncs[0]!;
    for (let i = 0; i < 5; i += 1) {
      await push({ to: 'inbox', inboxId: desk.inboxId });
      await push({ to: 'user', userId: account.admin.id });
    }
    const last = await push({ to: 'account' });
    await live.hears('test.pushed', (f) => f.data.n === last);
    const path = `/api/v1/accounts/${account.id}/events?after=${seen}`;
    const missed = await call(t, agent, 'GET', path);
    expect(missed.status).toBe(200);
    expect(missed.body.payload).toEqual(live.of('test.pushed').map(({ seq, event, data }) => ({ seq, event, data })));
    expect(missed.body.meta).toEqual({ last_seq: seen + 11, complete: true });
    const stranger = await call(t, outsider, 'GET', path);
    expect(stranger.body.payload.map((f: { data: { n: number } }) => f.data.n)).toEqual([last]);
    const page = await call(t, agent, 'GET', `${path}&limit=2`);
    expect(page.body.payload).toEqual(missed.body.payload.slice(0, 2));
    expect(page.body.meta).toEqual({ last_seq: page.body.payload[1].seq, complete: false });
    expect((await call(t, agent, 'GET', `/api/v1/accounts/${account.id}/events?after=${seen + 11}`)).body).toEqual({ payload: [], meta: { last_seq: seen + 11, complete: true } });
    expect((await call(t, agent, 'GET', `/api/v1/accounts/${account.id}/events?after=abc`)).status).toBe(422);
    expect((await call(t, agent, 'GET', `${path}&limit=0`)).body.attributes).toEqual(['limit']);
  });

  test('the log reaches back seven days, and not beyond its own end', async () => {
    const { id, admin } = await makeAccount(t);
    const socket = await kept(agentSocket(t, admin, id));
    for (let i = 0; i < 3; i += 1) await t.app.get(UnitOfWork).run(accountId(id), (tx) => t.app.get(Events).append(tx, { type: 'test.pushed', payload: { n: 10_000 + i, audience: { to: 'account' } } }));
    await socket.hears('test.pushed', (f) => f.data.n === 10_002);
    await t.database.asOwner((client) => client.query(`SET ROLE porchlight_system; UPDATE events SET created_at = now() - interval '8 days' WHERE account_id = ${id} AND seq <= 2`));
    expect((await call(t, admin, 'GET', `/api/v1/accounts/${id}/events?after=1`)).status).toBe(410);
    expect((await call(t, admin, 'GET', `/api/v1/accounts/${id}/events?after=2`)).body.payload).toHaveLength(1);
    expect((await call(t, admin, 'GET', `/api/v1/accounts/${id}/events?after=4`)).status).toBe(410);
    expect((await call(t, agent, 'GET', `/api/v1/accounts/${id}/events?after=2`)).status).toBe(401);
  });

  test('typing is shown to those who may see the conversation, and a note never to the visitor', async () => {
    const [admin, member, stranger, guest] = [await kept(agentSocket(other ?? t, account.admin, account.id)), await kept(agentSocket(t, agent, account.id)), await kept(agentSocket(t, outsider, account.id)), await visitor()];
    expect(await member.say('typing', { conversation_id: desk.displayId, on: true, is_private: true })).toEqual({});
    expect((await admin.hears('conversation.typing_on')).data).toMatchObject({ conversation_id: desk.displayId, is_private: true, user: { id: agent.id, type: 'user' } });
    await member.say('typing', { conversation_id: desk.displayId, on: true });
    expect((await guest.hears('conversation.typing_on')).data).toMatchObject({ user: { id: agent.id } });
    await member.say('typing', { conversation_id: desk.displayId, on: false });
    await guest.hears('conversation.typing_off');
    await guest.say('typing', { on: true });
    expect((await admin.hears('conversation.typing_on', (f) => f.data.user.type === 'contact')).data).toMatchObject({ conversation_id: desk.displayId, user: { id: desk.contactId, name: 'Ada Visitor' } });
    await stranger.say('typing', { conversation_id: desk.displayId, on: true });
    const marker = await push({ to: 'account' });
    await Promise.all([admin, stranger].map((s) => s.hears('test.pushed', (f) => f.data.n === marker)));
    expect(stranger.of('conversation.typing_on')).toEqual([]);
    expect(admin.of('conversation.typing_on').filter((f) => f.data.user.id === outsider.id)).toEqual([]);
    expect(guest.of('conversation.typing_on')).toHaveLength(1);
  });

  test('agents see who looks at the same conversation', async () => {
    const [admin, member, stranger] = [await kept(agentSocket(other ?? t, account.admin, account.id)), await kept(agentSocket(t, agent, account.id)), await kept(agentSocket(t, outsider, account.id))];
    await member.say('viewing', { conversation_id: desk.displayId });
    await admin.hears('conversation.viewing', (f) => f.data.users.some((u: { id: number }) => u.id === agent.id));
    await admin.say('viewing', { conversation_id: desk.displayId });
    await member.hears('conversation.viewing', (f) => f.data.users.length === 2);
    member.close();
    await eventually('only one is left', () => admin.of('conversation.viewing').at(-1)?.data.users.length === 1);
    expect(stranger.of('conversation.viewing')).toEqual([]);
  });

  test('presence is shown to colleagues and visitors, across processes, and ends', async () => {
    const [admin, guest] = [await kept(agentSocket(other ?? t, account.admin, account.id)), await visitor()];
    await admin.hears('presence.update', (f) => f.data.contacts[desk.contactId] === 'online');
    const here = await call(t, outsider, 'GET', `/api/v1/accounts/${account.id}/contacts/active`);
    expect([here.body.meta, here.body.payload.map((c: { id: number; availability_status: string }) => [c.id, c.availability_status])]).toEqual([{ count: 1, current_page: 1, next_cursor: null }, [[desk.contactId, 'online']]]);
    const member = await kept(agentSocket(t, agent, account.id));
    await admin.hears('presence.update', (f) => f.data.users[agent.id] === 'online');
    await guest.hears('presence.update', (f) => f.data.agents.some((a: { id: number }) => a.id === agent.id));
    expect(guest.of('presence.update').every((f) => !f.data.agents.some((a: { id: number }) => a.id === account.admin.id))).toBe(true);
    await member.say('presence', { availability: 'busy' });
    await admin.hears('presence.update', (f) => f.data.users[agent.id] === 'busy');
    await eventually('visitors see nobody', () => guest.of('presence.update').at(-1)?.data.agents.length === 0);
    await member.say('presence', { availability: 'online' });
    await admin.hears('presence.update', (f) => f.data.users[agent.id] === 'online');
    member.close();
    await eventually('the agent is offline', () => admin.of('presence.update').at(-1)?.data.users[agent.id] === undefined);
  });

  test('bad events get an error, unknown ones end the connection, floods are dropped', async () => {
    const socket = await kept(agentSocket(t, agent, account.id, { reconnection: false }));
    expect((await socket.say('typing', { conversation_id: 'x', on: true })).error).toMatch(/conversation_id/);
    expect((await socket.say('viewing', null)).error).toMatch(/viewing/);
    const answers = await Promise.all(Array.from({ length: 80 }, () => socket.say('presence', {})));
    expect(answers.some((a) => a.error === 'Too many events.')).toBe(true);
    await eventually('calm again', async () => (await socket.say('presence', {})).error === undefined);
    socket.socket.emit('join', 'a1:admins');
    await eventually('closed', () => socket.socket.disconnected);
  });
});
