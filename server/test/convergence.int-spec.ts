import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { inbound, ingest, makeConversation, type MadeConversation } from './factories-conversations.js';
import { makeAgentIn, makeInbox, type MadeInbox } from './factories-inboxes.js';
import { makeAccount, type AccountWithAdmin, type Person } from './factories.js';
import { call, eventually } from './http.js';
import { agentSocket, type TestSocket, type WireFrame } from './sockets.js';
import { startTestApp, type TestApp } from './test-app.js';

/* The dashboard's own reducers, fed with what the real server pushes: what it shows then must be what a fresh load shows. */

/* eslint-disable @typescript-eslint/no-explicit-any -- wire objects, compared whole */
interface Reducers {
  emptyList(me: number): any;
  pageLoaded(state: any, query: object, page: any[], cursor: string | null, first: boolean): void;
  reduceList(state: any, event: WireFrame): { missing: number[] };
  adopt(state: any, conversation: any): boolean;
  newestLoaded(state: any, id: number, page: any[], size: number): void;
  reduceThreads(state: any, event: WireFrame): void;
}
// By a computed path: the dashboard is compiled by its own rules, not by the server's.
const state = (file: string): Promise<Partial<Reducers>> => import(['../../client/src/features/conversations/state', file].join('/')) as Promise<Partial<Reducers>>;

let t: TestApp;
let account: AccountWithAdmin;
let agent: Person;
let inboxes: MadeInbox[];
let reducers: Reducers;
let socket: TestSocket;
beforeAll(async () => {
  t = await startTestApp();
  account = await makeAccount(t);
  inboxes = [await makeInbox(t, account), await makeInbox(t, account)];
  agent = await makeAgentIn(t, account, ...inboxes);
  reducers = { ...await state('conversation-list.reduce.ts'), ...await state('conversation-thread.reduce.ts') } as Reducers;
});
afterAll(async () => { socket?.close(); await t.close(); });

const base = () => `/api/v1/accounts/${account.id}/conversations`;
const QUERY = { tab: 'all', sort: 'latest', status: 'all', inboxId: null, labels: [] };
const fetchList = async (): Promise<any[]> => (await call(t, agent, 'GET', `${base()}?status=all&assignee_type=all`)).body.data.payload;
const fetchThread = async (id: number): Promise<any[]> => (await call(t, agent, 'GET', `${base()}/${id}/messages`)).body.payload;

/** A fixed sequence of accidents, so that a failure can be repeated. */
let seed = 7;
const roll = (n: number): number => (seed = (seed * 16_807) % 2_147_483_647) % n;

async function act(conversations: MadeConversation[]): Promise<void> {
  const c = conversations[roll(conversations.length)]!;
  const url = `${base()}/${c.id}`;
  const post = async (path: string, body: object): Promise<void> => { expect((await call(t, account.admin, 'POST', `${url}/${path}`, body)).status).toBe(200); };
  const acts: (() => Promise<unknown>)[] = [
    () => ingest(t, account, inboxes[0]!, inbound({ sourceId: c.sourceId, content: `and ${roll(1000)}` })),
    () => post('messages', { content: `reply ${roll(1000)}` }), () => post('messages', { content: `note ${roll(1000)}`, private: true }),
    () => post('toggle_status', { status: ['open', 'resolved', 'pending'][roll(3)]! }), () => post('assignments', { assignee_id: [agent.id, null][roll(2)] }),
    () => post('labels', { labels: [['food'], ['food', 'urgent'], []][roll(3)] }), () => post('toggle_priority', { priority: ['high', 'none'][roll(2)] }),
    () => post('custom_attributes', { custom_attributes: { n: roll(9) } }), () => post('update_last_seen', {}),
    async () => {
      const [last] = (await fetchThread(c.id)).filter((m) => m.message_type === 1).slice(-1);
      if (last) expect((await call(t, account.admin, 'DELETE', `${url}/messages/${last.id}`)).status).toBe(200);
    },
  ];
  await acts[roll(acts.length)]!();
}

test('state before, plus what was pushed, is the state fetched after', async () => {
  const conversations: MadeConversation[] = [];
  for (let i = 0; i < 6; i++) conversations.push(await makeConversation(t, account, inboxes[0]!));
  socket = await agentSocket(t, agent, account.id);
  await eventually('the beginning is dispatched', async () => (await seqOf()) > 0 && (await pending()) === 0);
  const [list, threads] = [reducers.emptyList(agent.id), new Map()];
  const start = await seqOf();
  reducers.pageLoaded(list, QUERY, await fetchList(), null, true);
  for (const { id } of conversations) reducers.newestLoaded(threads, id, await fetchThread(id), 20);

  for (let i = 0; i < 80; i++) await act(conversations);
  conversations.push(await makeConversation(t, account, inboxes[1]!));
  for (let i = 0; i < 20; i++) await act(conversations.slice(0, 6));
  expect((await call(t, account.admin, 'DELETE', `${base()}/${conversations[5]!.id}`)).status).toBe(200);
  await eventually('everything is pushed', async () => await pending() === 0 && socket.frames.some((frame) => frame.event === 'conversation.deleted'));

  const wanted = new Set<number>();
  for (const frame of socket.frames.filter((f) => f.seq !== undefined && f.seq > start)) {
    for (const id of reducers.reduceList(list, frame).missing) wanted.add(id);
    reducers.reduceThreads(threads, frame);
  }
  for (const id of wanted) {
    const answer = await call(t, agent, 'GET', `${base()}/${id}`);
    if (answer.status === 200) reducers.adopt(list, answer.body);
  }
  const after = await fetchList();
  expect([...list.entities.keys()].sort()).toEqual(after.map((c) => c.id).sort());
  for (const fetched of after) expect(shown(list.entities.get(fetched.id))).toEqual(shown(fetched));
  for (const id of conversations.slice(0, 5).map((c) => c.id)) {
    const fetched = await fetchThread(id);
    const known = threads.get(id).messages.slice(-fetched.length);
    expect(known.map(words)).toEqual(fetched.map(words));
  }
});

const seqOf = async (): Promise<number> => (await call(t, agent, 'GET', `/api/v1/accounts/${account.id}/events?after=0&limit=1`)).body.meta.last_seq;
const pending = async (): Promise<number> => t.database.asOwner(async (client) => Number((await client.query('SELECT count(*) AS n FROM events WHERE dispatched_at IS NULL')).rows[0].n));
/** What a row of the list shows. */
const shown = (c: any): object => ({
  id: c.id, status: c.status, priority: c.priority, labels: c.labels, unread: c.unread_count, assignee: c.meta.assignee?.id ?? null, preview: c.last_message_preview,
  sender: c.last_message_sender, activity: c.last_activity_at, waiting: c.waiting_since, attributes: c.custom_attributes, name: c.meta.sender.name,
});
/** What a bubble shows. */
const words = (m: any): object => ({ id: m.id, content: m.content, html: m.content_html, private: m.private, type: m.message_type, deleted: m.content_attributes.deleted ?? false, delivery: m.delivery?.state ?? null });
