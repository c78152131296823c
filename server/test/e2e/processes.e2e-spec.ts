import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../scripts/lib/ports.mjs';
import { SystemWork } from '../../src/platform/database/unit-of-work.js';
import { ChildServer } from '../child-server.js';
import type { MadeInbox } from '../factories-inboxes.js';
import { givePassword, makeAccount, makeMember, makePerson, signIn, type AccountWithAdmin, type Person } from '../factories.js';
import { call, eventually } from '../http.js';
import { Nginx, nginxAvailable } from '../nginx.js';
import { agentSocket, TestSocket } from '../sockets.js';
import { FollowingAgent, KeptConnection, SteadyPoster } from '../steady-clients.js';
import { startTestApp, type TestApp } from '../test-app.js';
import { LEDGER_TABLE } from '../test-subscribers.js';
import { makeWebChat, openBrowser, type Browser } from '../widget.js';

/* Two web and two worker processes on one PostgreSQL and one Redis, behind an nginx that knows nothing of sessions. */

const redisUrl = process.env['TEST_REDIS_URL'];

(redisUrl && nginxAvailable ? describe : describe.skip)('several processes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-shared-'));
  const settings = {
    REDIS_URL: redisUrl!, REDIS_PREFIX: `processes-${randomBytes(4).toString('hex')}`, DATA_DIR: folder, TRUST_PROXY: 'loopback', DRAIN_NOTICE_SECONDS: '1', LOG_LEVEL: 'error',
  };
  const ports: Record<string, number> = {};
  const running: Record<string, ChildServer> = {};
  let t: TestApp;
  let nginx: Nginx;
  let behind: Pick<TestApp, 'url'>;
  let account: AccountWithAdmin;
  let inbox: MadeInbox;
  let ada: Person;
  let ben: Person;
  let visitor: Browser;
  let conversation: number;
  const sockets: TestSocket[] = [];
  const kept = (socket: TestSocket): TestSocket => { sockets.push(socket); return socket; };

  const up = async (name: string): Promise<void> => {
    const roles = name.startsWith('web') ? 'api,realtime' : 'worker,scheduler';
    running[name] = await ChildServer.start(t.database.url, { ...settings, PROCESS_ROLES: roles, PORT: String(ports[name]) });
  };
  const at = (name: string): TestApp => ({ url: running[name]!.url }) as TestApp;
  const path = (rest: string): string => `/api/v1/accounts/${account.id}/conversations/${conversation}/${rest}`;

  beforeAll(async () => {
    t = await startTestApp({ ...settings, PROCESS_ROLES: 'api' });
    await t.database.asOwner((client) => client.query(LEDGER_TABLE));
    account = await makeAccount(t);
    [ada, ben] = [await makeMember(t, account.id), await makeMember(t, account.id)];
    inbox = await makeWebChat(t, account, {}, { members: [ada, ben] });
    visitor = await openBrowser(t, inbox);
    expect((await visitor.call('POST', 'messages', { message: { content: 'Is anybody there?' } })).status).toBe(200);
    const [row] = await t.app.get(SystemWork).sql<{ display_id: number }>('SELECT display_id FROM conversations WHERE inbox_id = $1', [inbox.id]);
    conversation = row!.display_id;
    for (const name of ['web1', 'web2', 'worker1', 'worker2']) ports[name] = await freePort();
    await Promise.all(Object.keys(ports).map(up));
    nginx = await Nginx.start([ports['web1']!, ports['web2']!]);
    behind = { url: nginx.url };
  });

  afterAll(async () => {
    for (const socket of sockets) socket.close();
    await Promise.all(Object.values(running).map((child) => child.kill()));
    await nginx?.stop();
    await t?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const visitorSocket = async (url: string, options = {}): Promise<TestSocket> => kept(await TestSocket.open(url, '/visitor', { website_token: inbox.website_token, token: visitor.token }, options));

  test('people on different processes see each other, what they write, type and look at', async () => {
    const [a, b] = [kept(await agentSocket(at('web1'), ada, account.id)), kept(await agentSocket(at('web2'), ben, account.id))];
    const v = await visitorSocket(at('web2').url);
    await a.hears('presence.update', ({ data }) => data.users[ada.id] === 'online' && data.users[ben.id] === 'online' && Object.keys(data.contacts).length === 1);
    await b.hears('presence.update', ({ data }) => data.users[ada.id] === 'online');
    await v.hears('presence.update', ({ data }) => data.agents.length === 2);
    await a.say('typing', { conversation_id: conversation, on: true, is_private: false });
    await b.hears('conversation.typing_on', ({ data }) => data.user.id === ada.id);
    await v.hears('conversation.typing_on');
    await v.say('typing', { on: true });
    await a.hears('conversation.typing_on', ({ data }) => data.user.type === 'contact');
    await a.say('viewing', { conversation_id: conversation });
    await b.hears('conversation.viewing', ({ data }) => data.users.some((user: Person) => user.id === ada.id));
    expect((await call(at('web2'), ben, 'POST', path('messages'), { content: 'Yes, good evening' })).status).toBe(200);
    for (const socket of [a, b, v]) await socket.hears('message.created', ({ data }) => data.content === 'Yes, good evening');
    a.close();
    await b.hears('conversation.viewing', ({ data }) => data.users.length === 0);
    b.close();
    v.close();
  });

  test('where websockets are forbidden, polling works although every request goes to the next process', async () => {
    const polling = { transports: ['polling'], upgrade: false };
    const [a, v] = [kept(await agentSocket(behind, ada, account.id, polling)), await visitorSocket(nginx.url, polling)];
    for (const word of ['one', 'two', 'three']) {
      await v.say('typing', { on: word !== 'two' });
      await a.hears(word === 'two' ? 'conversation.typing_off' : 'conversation.typing_on', ({ data }) => data.user.type === 'contact');
      expect((await call(behind as TestApp, ben, 'POST', path('messages'), { content: `poll ${word}` })).status).toBe(200);
      for (const socket of [a, v]) await socket.hears('message.created', ({ data }) => data.content === `poll ${word}`);
    }
    expect(a.socket.io.engine.transport.name).toBe('polling');
    expect(a.syncs).toHaveLength(1);
    a.close();
    v.close();
  });

  test('a file sent to one is served by the other; a session ended at one is ended at the other; both count wrong passwords together', async () => {
    const form = new FormData();
    form.append('content', 'The list');
    form.append('attachments[]', new Blob(['bread, milk']), 'list.txt');
    const sent = await call(at('web1'), ada, 'POST', path('messages'), form);
    const address = new URL(sent.body.attachments[0].data_url, nginx.url);
    expect((await call(at('web2'), null, 'GET', address.pathname + address.search)).body).toBe('bread, milk');

    const session = await signIn(t, ben);
    const socket = kept(await TestSocket.open(at('web2').url, '/agent', { account_id: account.id }, { extraHeaders: { cookie: session.cookie } }));
    expect((await call(at('web1'), session, 'DELETE', '/auth/sign_out')).status).toBeLessThan(300);
    await eventually('the socket at the other process is told', () => socket.revoked);

    const eve = await makePerson(t);
    await givePassword(t, eve);
    const statuses: number[] = [];
    for (let i = 0; i < 6; i += 1) statuses.push((await call(at(i % 2 ? 'web1' : 'web2'), null, 'POST', '/auth/sign_in', { email: eve.email, password: 'wrong', session: 'cookie' })).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
  });

  test('when the relay dies, another one is at work within five seconds', async () => {
    const listener = kept(await agentSocket(behind, ada, account.id));
    const leader = await eventually('a relay leads', async () => {
      for (const name of ['worker1', 'worker2']) if ((await call<string>(at(name), null, 'GET', '/metrics')).body.includes('porchlight_relay_leading 1')) return name;
      return undefined;
    });
    const untilHeard = async (content: string): Promise<number> => {
      const begun = Date.now();
      expect((await call(behind as TestApp, ben, 'POST', path('messages'), { content })).status).toBe(200);
      await listener.hears('message.created', ({ data }) => data.content === content);
      return Date.now() - begun;
    };
    const usual = await untilHeard('before that');
    await running[leader]!.kill();
    const took = await untilHeard('after the relay');
    process.stdout.write(`  relay fail-over: ${took} ms\n`);
    // And as much more as a busy machine takes to do a few things.
    expect(took).toBeLessThan(5_000 + 10 * usual);
    listener.close();
    await up(leader);
  });

  test('a rolling restart under load loses no write and no event, resets no connection and stops in time', async () => {
    const following = await Promise.all([ada, ben].map((who) => FollowingAgent.start(nginx.url, who, account.id)));
    for (const { socket } of following) kept(socket);
    await eventually('both know where they are', () => following.every(({ socket }) => socket.syncs.length > 0));
    const posters = [0, 1, 2].map((n) => new SteadyPoster(nginx.url, account.admin, path('messages'), `load-${n}`, 60));
    const stops: number[] = [];
    try {
      for (const turn of ['1', '2']) {
        const direct = (await KeptConnection.open(at(`web${turn}`).url)).untilToldToGo();
        await Promise.all(['web', 'worker'].map(async (kind) => {
          stops.push(await running[kind + turn]!.stop());
          await up(kind + turn);
        }));
        await direct;
      }
    } finally {
      await Promise.all(posters.map((poster) => poster.stop()));
    }
    // nginx does not repeat a POST whose new connection was still waiting when the door closed; the client does.
    expect(posters.flatMap((poster) => poster.refusals).filter((refusal) => !refusal.endsWith(': 502'))).toEqual([]);
    expect(Math.max(...stops)).toBeLessThan(25_000);

    const accepted = posters.flatMap((poster) => poster.accepted);
    expect(accepted.length).toBeGreaterThan(50);
    const stored = await t.app.get(SystemWork).sql<{ echo_id: string }>(`SELECT echo_id FROM messages WHERE account_id = $1 AND echo_id LIKE 'load-%'`, [account.id]);
    expect(stored.map((row) => row.echo_id).sort()).toEqual([...accepted].sort());
    const echoes = (agent: FollowingAgent): string[] => agent.applied.filter((frame) => frame.event === 'message.created' && String(frame.data.content).startsWith('load-')).map((frame) => frame.data.content as string);
    for (const { agent } of following) {
      await eventually('every message has been seen', () => new Set(echoes(agent)).size === accepted.length);
      expect(echoes(agent)).toHaveLength(accepted.length);
      const seqs = agent.applied.map((frame) => frame.seq!);
      expect(seqs).toEqual([...seqs].sort((x, y) => x - y));
    }
  });

  test('what runs by schedule ran once each time, on one process', async () => {
    const [row] = await t.app.get(SystemWork).sql<{ runs: number; seconds: number }>(
      `SELECT count(*) AS runs, extract(epoch FROM max(at) - min(at))::float8 AS seconds FROM test_ledger WHERE n = -1`);
    expect(row!.runs).toBeGreaterThan(3);
    // Due a second after it was claimed; the last one may have been waiting.
    expect(row!.runs).toBeLessThanOrEqual(Math.floor(row!.seconds) + 2);
  });
});
