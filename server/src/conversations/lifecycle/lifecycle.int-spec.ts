import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { activityLines, caughtUp } from '../../../test/caught-up.js';
import { makeAccount, makeMember, type AccountWithAdmin, type Person } from '../../../test/factories.js';
import { makeContact } from '../../../test/factories-contacts.js';
import { ingest, inbound, makeConversation, makeMessage, type MadeConversation } from '../../../test/factories-conversations.js';
import { makeAgentIn, makeInbox, type MadeInbox } from '../../../test/factories-inboxes.js';
import { call } from '../../../test/http.js';
import { startTestApp, type TestApp, WITHOUT_SCHEDULE } from '../../../test/test-app.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { ResolveQuiet } from './resolve-quiet.job.js';
import { WakeSnoozed } from './wake-snoozed.job.js';

let t: TestApp;
let account: AccountWithAdmin;
let inbox: MadeInbox;
let agent: Person;
beforeAll(async () => {
  t = await startTestApp(WITHOUT_SCHEDULE);
  account = await makeAccount(t);
  inbox = await makeInbox(t, account);
  agent = await makeAgentIn(t, account, inbox);
});
afterAll(() => t.close());

const post = (of: MadeConversation, action: string, body?: unknown, who: Person = agent) => call(t, who, 'POST', `${of.url}/${action}`, body);
const show = async (of: MadeConversation) => (await call(t, account.admin, 'GET', of.url)).body;
const lines = (of: MadeConversation) => activityLines(t, account, of);
const soon = (seconds: number): number => Math.floor(t.clock.now() / 1000) + seconds;
const frames = (of: MadeConversation, event: string, n = 1) => caughtUp(t, account, of, event, n);

describe('status', () => {
  test('toggles, or goes where it is told', async () => {
    const own = await makeConversation(t, account, inbox);
    expect((await post(own, 'toggle_status')).body).toEqual({ meta: {}, payload: { success: true, conversation_id: own.id, current_status: 'resolved', snoozed_until: null } });
    expect((await post(own, 'toggle_status')).body.payload.current_status).toBe('open');
    for (const status of ['pending', 'resolved', 'open']) expect((await post(own, 'toggle_status', { status })).body.payload.current_status).toBe(status);
    expect(await lines(own)).toEqual([
      `Conversation was marked resolved by ${agent.name}`, `Conversation was reopened by ${agent.name}`, `Conversation was marked as pending by ${agent.name}`,
      `Conversation was marked resolved by ${agent.name}`, `Conversation was reopened by ${agent.name}`,
    ]);
    expect((await frames(own, 'conversation.status_changed', 5)).map((f) => f.data.changes['status'])).toEqual(Array(5).fill('open'));
  });

  test('the same again says nothing', async () => {
    const own = await makeConversation(t, account, inbox);
    await post(own, 'toggle_status', { status: 'open' });
    expect(await lines(own)).toEqual([]);
  });

  test('an activity line neither moves the conversation nor its preview', async () => {
    const own = await makeConversation(t, account, inbox);
    const before = await show(own);
    await post(own, 'toggle_status', { status: 'resolved' });
    const after = await show(own);
    expect([after.last_activity_at, after.last_message_preview, after.unread_count]).toEqual([before.last_activity_at, before.last_message_preview, before.unread_count]);
    expect(after.messages[0]).toMatchObject({ message_type: 2, sender_id: null, content_attributes: { activity: { key: 'status_resolved', params: { name: agent.name } } } });
  });

  test('a snooze ends when its time has come, or when the contact writes', async () => {
    const [timed, written] = [await makeConversation(t, account, inbox), await makeConversation(t, account, inbox, { sender: { sourceId: 'writes' } })];
    const until = soon(3600);
    expect((await post(timed, 'toggle_status', { status: 'snoozed', snoozed_until: until })).body.payload).toMatchObject({ current_status: 'snoozed', snoozed_until: new Date(until * 1000).toISOString() });
    expect((await post(written, 'toggle_status', { status: 'snoozed' })).body.payload.snoozed_until).toBeNull();
    await t.app.get(WakeSnoozed).run();
    expect((await show(timed)).status).toBe('snoozed');
    t.clock.advance(3601_000);
    await t.app.get(WakeSnoozed).run();
    expect(await show(timed)).toMatchObject({ status: 'open', snoozed_until: null });
    expect((await lines(timed)).at(-1)).toBe('The snooze has ended and the conversation is open again');
    expect((await show(written)).status).toBe('snoozed');
    await ingest(t, account, inbox, inbound({ sourceId: 'writes' }));
    expect((await show(written)).status).toBe('open');
  });

  test.each([[{ status: 'closed' }, 'status'], [{ status: 4 }, 'status'], [{ status: 'snoozed', snoozed_until: 1000 }, 'snoozed_until'], [{ status: 'snoozed', snoozed_until: 'tomorrow' }, 'snoozed_until']])('refuses %j', async (body, attribute) => {
    const own = await makeConversation(t, account, inbox);
    const refused = await post(own, 'toggle_status', body);
    expect([refused.status, refused.body.attributes]).toEqual([422, [attribute]]);
  });
});

describe('what is quiet for long', () => {
  test('is resolved where the account says so, with a message and the cause', async () => {
    const own = await makeAccount(t);
    const chat = await makeInbox(t, own);
    const [answered, waiting, pending] = await Promise.all(['answered', 'waits', 'pending'].map((sourceId) => makeConversation(t, own, chat, { sender: { sourceId } })));
    const read = async (of: MadeConversation) => (await call(t, own.admin, 'GET', of.url)).body;
    const set = (settings: object) => call(t, own.admin, 'PATCH', `/api/v1/accounts/${own.id}`, settings);
    const run = () => t.app.get(ResolveQuiet).run();
    const lineAt = (of: MadeConversation, at: Date) => t.app.get(SystemWork).sql(
      'UPDATE messages m SET created_at = $3 FROM conversations c WHERE c.account_id = $1 AND c.display_id = $2 AND m.account_id = $1 AND m.conversation_id = c.id AND m.id = c.last_message_id', [own.id, of.id, at]);
    const statuses = () => Promise.all([answered!, waiting!, pending!].map(async (of) => (await read(of)).status));
    await call(t, own.admin, 'POST', `${answered!.url}/messages`, { content: 'Is that all?' });
    await call(t, own.admin, 'POST', `${pending!.url}/toggle_status`, { status: 'pending' });

    t.clock.advance(119 * 60_000);
    await run();
    await set({ auto_resolve_after: 240, auto_resolve_message: 'We close this for now.', auto_resolve_ignore_waiting: true });
    await run();
    expect(await statuses()).toEqual(['open', 'open', 'pending']);
    t.clock.advance(121 * 60_000);
    await Promise.all([run(), run()]);
    expect(await statuses()).toEqual(['resolved', 'open', 'pending']);
    const thread = (await call(t, own.admin, 'GET', `${answered!.url}/messages`)).body.payload;
    expect(thread.slice(-2)).toMatchObject([
      { message_type: 3, content: 'We close this for now.' },
      { message_type: 2, content: 'Resolved, because nothing was written for 4 hours', content_attributes: { activity: { key: 'auto_resolved', params: { minutes: '240' } } } },
    ]);
    const { body } = await call(t, own.admin, 'GET', `/api/v1/accounts/${own.id}/events?after=0`);
    expect(body.payload.filter((e: { event: string; data: { id: number } }) => e.event === 'conversation.status_changed' && e.data.id === answered!.id)).toHaveLength(1);
    // Opened again it is left alone, until it has been quiet as long again; and without the exception, who waits is resolved too.
    await call(t, own.admin, 'POST', `${answered!.url}/toggle_status`, { status: 'open' });
    await set({ auto_resolve_ignore_waiting: false });
    // The line was written by the database's clock; moved to where this application's clock stands.
    await lineAt(answered!, new Date(t.clock.now()));
    await run();
    expect(await statuses()).toEqual(['open', 'resolved', 'pending']);
    await lineAt(answered!, new Date(t.clock.now() - 241 * 60_000));
    await run();
    expect(await statuses()).toEqual(['resolved', 'resolved', 'pending']);
    expect((await call(t, own.admin, 'GET', `${answered!.url}/messages`)).body.payload.filter((m: { message_type: number }) => m.message_type === 3)).toHaveLength(2);
  });

  test('is found by index, page by page', async () => {
    const plan = async (ignoreWaiting: boolean): Promise<string> => t.app.get(SystemWork).run(async (tx) => {
      await tx.sql('SET LOCAL enable_seqscan = off');
      const rows = await tx.sql<{ 'QUERY PLAN': string }>(
        `EXPLAIN SELECT id FROM conversations WHERE account_id = 1 AND status = 0 AND last_activity_at <= now()${ignoreWaiting ? ' AND waiting_since IS NULL' : ''}
           AND (last_activity_at, id) > ('-infinity'::timestamptz, 0::bigint) ORDER BY last_activity_at, id LIMIT 200`);
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    });
    for (const ignoreWaiting of [true, false]) expect(await plan(ignoreWaiting)).not.toMatch(/Sort|Seq Scan/);
  });
});

describe('priority', () => {
  test('is set, changed and taken away', async () => {
    const own = await makeConversation(t, account, inbox);
    expect((await post(own, 'toggle_priority', { priority: 'urgent' })).status).toBe(200);
    expect((await call(t, agent, 'PATCH', own.url, { priority: 'low' })).body.priority).toBe('low');
    expect((await post(own, 'toggle_priority', { priority: 'none' })).status).toBe(200);
    expect((await show(own)).priority).toBeNull();
    expect(await lines(own)).toEqual([`${agent.name} set the priority to urgent`, `${agent.name} set the priority to low`, `${agent.name} removed the priority`]);
    expect((await frames(own, 'conversation.updated', 3)).at(-1)!.data.changes).toEqual({ priority: null });
    expect((await post(own, 'toggle_priority', { priority: 'huge' })).body.attributes).toEqual(['priority']);
    expect((await post(own, 'toggle_priority', {})).body.attributes).toEqual(['priority']);
  });
});

describe('beginning a conversation', () => {
  const path = () => `/api/v1/accounts/${account.id}/conversations`;
  test('with a contact on an inbox, by id or source id', async () => {
    const contact = await makeContact(t, account);
    const made = await call(t, agent, 'POST', path(), {
      inbox_id: inbox.id, contact_id: contact.id, status: 'pending', assignee_id: agent.id, custom_attributes: { a: 1 }, additional_attributes: { b: 2 }, message: { content: 'Hello from us' },
    });
    expect(made.status).toBe(200);
    expect(made.body).toMatchObject({
      status: 'pending', custom_attributes: { a: 1 }, additional_attributes: { b: 2 }, unread_count: 0, waiting_since: 0, last_message_preview: 'Hello from us',
      meta: { sender: { id: contact.id }, assignee: { id: agent.id } }, messages: [{ content: 'Hello from us', message_type: 1 }],
    });
    const sourceId = made.body.messages[0].conversation.contact_inbox.source_id;
    const again = await call(t, agent, 'POST', path(), { source_id: sourceId });
    expect(again.body).toMatchObject({ meta: { sender: { id: contact.id } }, messages: [] });
    expect(again.body.id).toBe(made.body.id + 1);
  });

  test('keeps to the single one where the inbox says so', async () => {
    const single = await makeInbox(t, account, { lock_to_single_conversation: true });
    const contact = await makeContact(t, account);
    const ids = [1, 2].map(() => call(t, account.admin, 'POST', path(), { inbox_id: single.id, contact_id: contact.id }));
    expect((await ids[0]!).body.id).toBe((await ids[1]!).body.id);
  });

  test('not with nobody, strangers, or on inboxes one does not see', async () => {
    const contact = await makeContact(t, account, { inbox_id: inbox.id });
    const other = await makeContact(t, account);
    const hidden = await makeInbox(t, account);
    const stranger = await makeAccount(t);
    const theirs = await makeContact(t, stranger);
    for (const body of [{}, { inbox_id: inbox.id }, { contact_id: contact.id }, { source_id: 'nobody' }, { inbox_id: hidden.id, contact_id: contact.id }, { inbox_id: inbox.id, contact_id: theirs.id }]) {
      expect((await call(t, agent, 'POST', path(), body)).status).toBe(404);
    }
    expect((await call(t, agent, 'POST', path(), { inbox_id: inbox.id, source_id: contact.source_id, contact_id: other.id })).body.attributes).toEqual(['source_id']);
    expect((await call(t, agent, 'POST', path(), { inbox_id: inbox.id, contact_id: contact.id, assignee_id: stranger.admin.id })).body.attributes).toEqual(['assignee_id']);
    // Longer than any message may be, and longer than this channel carries.
    for (const [length, attribute] of [[150_001, 'message.content'], [10_001, 'content']] as const) {
      expect((await call(t, agent, 'POST', path(), { inbox_id: inbox.id, contact_id: contact.id, message: { content: 'x'.repeat(length) } })).body.attributes).toEqual([attribute]);
    }
    expect((await call(t, agent, 'POST', path(), { inbox_id: inbox.id, contact_id: contact.id, message: { content: '' } })).body.attributes).toEqual(['content']);
  });
});

test('lines are in the account\'s language', async () => {
  const german = await makeAccount(t);
  await t.app.get(SystemWork).sql(`UPDATE accounts SET locale = 'de' WHERE id = $1`, [german.id]);
  const own = await makeConversation(t, german, await makeInbox(t, german));
  await call(t, german.admin, 'POST', `${own.url}/toggle_status`, { status: 'resolved' });
  expect((await call(t, german.admin, 'GET', own.url)).body.messages[0].content).toBe(`${german.admin.name} hat die Unterhaltung als gelöst markiert`);
});

test('nobody acts on what they do not see', async () => {
  const own = await makeConversation(t, account, inbox);
  const message = await makeMessage(t, own, agent);
  const outsider = await makeMember(t, account.id);
  const stranger = await makeAccount(t);
  const acts: [string, string, object?][] = [
    ['POST', 'toggle_status'], ['POST', 'toggle_priority', { priority: 'low' }], ['POST', 'assignments', { assignee_id: 0 }], ['POST', 'labels', { labels: [] }], ['GET', 'labels'],
    ['POST', 'custom_attributes', { custom_attributes: {} }], ['POST', 'mute'], ['POST', 'unmute'], ['POST', 'update_last_seen'], ['POST', 'unread'], ['POST', 'toggle_typing_status', { typing_status: 'on' }],
    ['DELETE', `messages/${message.id}`], ['PATCH', `messages/${message.id}`, { status: 'read' }], ['POST', `messages/${message.id}/retry`], ['PATCH', '', { priority: 'low' }],
  ];
  const before = await show(own);
  for (const [method, act, body] of acts) {
    expect((await call(t, outsider, method, `${own.url}/${act}`, body)).status).toBe(404);
    expect((await call(t, stranger.admin, method, `/api/v1/accounts/${stranger.id}/conversations/${own.id}/${act}`, body)).status).toBe(404);
    expect((await call(t, stranger.admin, method, `${own.url}/${act}`, body)).status).toBe(401);
    expect((await call(t, null, method, `${own.url}/${act}`, body)).status).toBe(401);
  }
  expect(await show(own)).toEqual(before);
});
