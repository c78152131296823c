import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { activityLines, caughtUp } from '../../../test/caught-up.js';
import { makeConversation, makeMessage, type MadeConversation } from '../../../test/factories-conversations.js';
import { makeAgentIn, makeInbox, type MadeInbox } from '../../../test/factories-inboxes.js';
import { makeAccount, makeMember, type AccountWithAdmin, type Person } from '../../../test/factories.js';
import { call, eventually } from '../../../test/http.js';
import { startTestApp, type TestApp } from '../../../test/test-app.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';

let t: TestApp;
let account: AccountWithAdmin;
let stranger: AccountWithAdmin;
let inbox: MadeInbox;
let agent: Person;
let outsider: Person;
let conversation: MadeConversation;
beforeAll(async () => {
  t = await startTestApp();
  [account, stranger] = [await makeAccount(t), await makeAccount(t)];
  inbox = await makeInbox(t, account);
  agent = await makeAgentIn(t, account, inbox);
  outsider = await makeMember(t, account.id);
  conversation = await makeConversation(t, account, inbox);
});
afterAll(() => t.close());

const post = (of: MadeConversation, action: string, body?: unknown, who: Person = agent) => call(t, who, 'POST', `${of.url}/${action}`, body);
const show = async (of: MadeConversation) => (await call(t, account.admin, 'GET', of.url)).body;
const lines = (of: MadeConversation) => activityLines(t, account, of);
const frames = (of: MadeConversation, event: string, n = 1) => caughtUp(t, account, of, event, n);
const drafts = () => `${conversation.url}/draft_messages`;

describe('drafts', () => {
  test('belong to one person and are kept, replaced and removed', async () => {
    expect((await call(t, agent, 'GET', drafts())).body).toEqual({ draft: null });
    expect((await call(t, agent, 'PATCH', drafts(), { draft: { content: 'Dear Grace,', private: false } })).status).toBe(200);
    expect((await call(t, agent, 'PATCH', drafts(), { draft: { content: 'For the team', private: true } })).status).toBe(200);
    expect((await call(t, agent, 'GET', drafts())).body).toEqual({ draft: { content: 'For the team', private: true } });
    expect((await call(t, account.admin, 'GET', drafts())).body).toEqual({ draft: null });
    expect((await call(t, agent, 'PATCH', drafts(), { draft: null })).body).toEqual({ draft: null });
    expect((await call(t, agent, 'GET', drafts())).body).toEqual({ draft: null });
  });

  test.each([[{ draft: { content: 'x'.repeat(150_001) } }], [{ draft: { content: 'a\u0000b' } }], [{ draft: { content: {} } }], [{}], [{ draft: { content: 'a\ud800' } }]])('bad input %# is refused with its field', async (body) => {
    const answer = await call(t, agent, 'PATCH', drafts(), body);
    expect(answer.status).toBe(422);
    expect(answer.body.attributes[0]).toMatch(/^draft/);
  });
});

describe('participants', () => {
  const path = () => `${conversation.url}/participants`;
  test('are replaced, added and removed', async () => {
    const ids = async (method: string, users?: number[]): Promise<number[]> => (await call(t, agent, method, path(), users && { user_ids: users })).body.map((p: { id: number }) => p.id);
    expect(await ids('PUT', [agent.id])).toEqual([agent.id]);
    expect((await ids('POST', [account.admin.id])).sort()).toEqual([agent.id, account.admin.id].sort());
    expect((await call(t, agent, 'DELETE', path(), { user_ids: [agent.id] })).status).toBe(200);
    expect(await ids('GET')).toEqual([account.admin.id]);
  });

  test('who no longer sees the conversation can be taken out, not put in', async () => {
    const former = await makeAgentIn(t, account, inbox);
    expect((await call(t, agent, 'POST', path(), { user_ids: [former.id] })).status).toBe(200);
    expect((await call(t, account.admin, 'DELETE', `/api/v1/accounts/${account.id}/inbox_members`, { inbox_id: inbox.id, user_ids: [former.id] })).status).toBe(200);
    expect((await call(t, agent, 'DELETE', path(), { user_ids: [former.id] })).status).toBe(200);
    expect((await call(t, agent, 'POST', path(), { user_ids: [former.id] })).status).toBe(422);
  });

  test('who has left the account can be taken out', async () => {
    const gone = await makeAgentIn(t, account, inbox);
    expect((await call(t, agent, 'POST', path(), { user_ids: [gone.id] })).status).toBe(200);
    expect((await call(t, account.admin, 'DELETE', `/api/v1/accounts/${account.id}/agents/${gone.id}`)).status).toBe(200);
    expect((await call(t, agent, 'DELETE', path(), { user_ids: [gone.id] })).status).toBe(200);
    expect((await call(t, agent, 'DELETE', path(), { user_ids: [gone.id] })).status).toBe(422);
  });

  test('can only be colleagues who see the conversation', async () => {
    for (const who of [outsider.id, stranger.admin.id, 999_999]) {
      const answer = await call(t, agent, 'PUT', path(), { user_ids: [who] });
      expect([answer.status, answer.body.attributes]).toEqual([422, ['user_ids']]);
    }
  });
});

test('unread counts name the inboxes a member sees', async () => {
  const fresh = await makeAccount(t);
  const [seen, hidden] = [await makeInbox(t, fresh), await makeInbox(t, fresh)];
  const member = await makeAgentIn(t, fresh, seen);
  await makeConversation(t, fresh, seen);
  const answered = await makeConversation(t, fresh, seen);
  await makeMessage(t, answered, fresh.admin);
  await makeConversation(t, fresh, hidden);
  const path = `/api/v1/accounts/${fresh.id}/conversations/unread_counts`;
  expect((await call(t, member, 'GET', path)).body).toEqual({ total: 1, mine: 0, inboxes: { [seen.id]: 1 } });
  expect((await call(t, fresh.admin, 'GET', path)).body.total).toBe(2);
});

test('the files of a conversation are listed, newest first', async () => {
  const form = new FormData();
  form.append('content', 'Here is the list');
  form.append('attachments[]', new Blob(['oil\ncoffee'], { type: 'text/plain' }), 'list.txt');
  expect((await call(t, agent, 'POST', `${conversation.url}/messages`, form)).status).toBe(200);
  const { body } = await call(t, agent, 'GET', `${conversation.url}/attachments`);
  expect(body).toMatchObject({ meta: { total_count: 1 }, payload: [{ file_name: 'list.txt', sender: { id: agent.id, type: 'user' } }] });
});

test('the files of a person are those of all their conversations that one sees', async () => {
  const hidden = await makeInbox(t, account);
  const path = `/api/v1/accounts/${account.id}/contacts/${conversation.contactId}/attachments`;
  const elsewhere = await call(t, account.admin, 'POST', `/api/v1/accounts/${account.id}/conversations`, { inbox_id: hidden.id, contact_id: conversation.contactId });
  const form = new FormData();
  form.append('attachments[]', new Blob(['tea'], { type: 'text/plain' }), 'second.txt');
  expect((await call(t, account.admin, 'POST', `/api/v1/accounts/${account.id}/conversations/${elsewhere.body.id}/messages`, form)).status).toBe(200);
  const seenBy = async (who: Person): Promise<[number, string][]> => (await call(t, who, 'GET', path)).body.payload.map((file: { conversation_id: number; file_name: string }) => [file.conversation_id, file.file_name]);
  expect(await seenBy(account.admin)).toEqual([[elsewhere.body.id, 'second.txt'], [conversation.id, 'list.txt']]);
  expect(await seenBy(agent)).toEqual([[conversation.id, 'list.txt']]);
  expect((await call(t, agent, 'GET', path)).body.meta).toEqual({ total_count: 1 });
  expect((await call(t, agent, 'GET', `${path}?page=2`)).body.payload).toEqual([]);
  expect((await call(t, stranger.admin, 'GET', `/api/v1/accounts/${stranger.id}/contacts/${conversation.contactId}/attachments`)).status).toBe(404);
});

test('who does not see the conversation sees none of this', async () => {
  for (const part of ['draft_messages', 'participants', 'attachments']) {
    expect((await call(t, outsider, 'GET', `${conversation.url}/${part}`)).status).toBe(404);
    expect((await call(t, null, 'GET', `${conversation.url}/${part}`)).status).toBe(401);
    expect((await call(t, stranger.admin, 'GET', `/api/v1/accounts/${stranger.id}/conversations/${conversation.id}/${part}`)).status).toBe(404);
  }
});

describe('assignment', () => {
  test('answers whom it belongs to', async () => {
    const own = await makeConversation(t, account, inbox);
    expect((await post(own, 'assignments', { assignee_id: agent.id })).body).toMatchObject({ id: agent.id, email: agent.email, role: 'agent' });
    expect((await show(own)).meta).toMatchObject({ assignee: { id: agent.id }, assignee_type: 'User' });
    expect((await post(own, 'assignments', { assignee_id: account.admin.id })).body.id).toBe(account.admin.id);
    const none = await post(own, 'assignments', { assignee_id: 0 });
    expect([none.status, none.body || null]).toEqual([200, null]);
    expect((await show(own)).meta).not.toHaveProperty('assignee');
    expect(await lines(own)).toEqual([`${agent.name} self-assigned this conversation`, `Assigned to ${account.admin.name} by ${agent.name}`, `Conversation unassigned by ${agent.name}`]);
    expect((await frames(own, 'assignee.changed', 3)).at(-1)!.data.changes).toEqual({ meta: { assignee: null, assignee_type: null } });
  });

  test('only to who sees the conversation', async () => {
    const own = await makeConversation(t, account, inbox);
    for (const id of [(await makeMember(t, account.id)).id, stranger.admin.id, 999_999]) {
      const refused = await post(own, 'assignments', { assignee_id: id });
      expect([refused.status, refused.body.attributes]).toEqual([422, ['assignee_id']]);
    }
    expect((await post(own, 'assignments', { assignee_id: 'me' })).body.attributes).toEqual(['assignee_id']);
    expect((await post(own, 'assignments', {})).status).toBe(422);
  });
});

describe('labels', () => {
  test('replace the set, need no record, and filter the list', async () => {
    const own = await makeConversation(t, account, inbox);
    expect((await post(own, 'labels', { labels: ['Food', 'food', 'urgent care'] })).body).toEqual({ payload: ['food', 'urgent-care'] });
    const forbidden = await post(own, 'labels', { labels: ['food', 'a/b'] });
    expect([forbidden.status, forbidden.body.attributes]).toEqual([422, ['labels.1']]);
    expect((await post(own, 'labels', { labels: ['food', 'new'] })).body).toEqual({ payload: ['food', 'new'] });
    expect((await call(t, agent, 'GET', `${own.url}/labels`)).body).toEqual({ payload: ['food', 'new'] });
    expect((await show(own)).labels).toEqual(['food', 'new']);
    expect(await lines(own)).toEqual([`${agent.name} added food, urgent-care`, `${agent.name} added new`, `${agent.name} removed urgent-care`]);
    const page = (await call(t, agent, 'GET', `/api/v1/accounts/${account.id}/conversations?labels[]=new`)).body.data;
    expect(page.payload.map((c: { id: number }) => c.id)).toEqual([own.id]);
    expect(page.meta).toMatchObject({ all_count: 1, unassigned_count: 1, mine_count: 0 });
    expect((await call(t, agent, 'GET', `/api/v1/accounts/${account.id}/conversations?labels[]=never`)).body.data.payload).toEqual([]);
    expect((await frames(own, 'conversation.updated', 2)).at(-1)!.data.changes).toEqual({ labels: ['food', 'new'] });
  });

  test('that are deleted are carried by nobody', async () => {
    const own = await makeConversation(t, account, inbox);
    const { body: label } = await call(t, account.admin, 'POST', `/api/v1/accounts/${account.id}/labels`, { title: 'gone' });
    await post(own, 'labels', { labels: ['gone', 'stays'] });
    await call(t, account.admin, 'DELETE', `/api/v1/accounts/${account.id}/labels/${label.id}`);
    expect((await show(own)).labels).toEqual(['stays']);
    await eventually('the rows are gone', async () => (await t.app.get(SystemWork).sql('SELECT FROM conversation_labels WHERE label_id = $1', [label.id])).length === 0);
  });
});

describe('custom attributes', () => {
  test('are replaced', async () => {
    const own = await makeConversation(t, account, inbox);
    await post(own, 'custom_attributes', { custom_attributes: { a: 1, b: { c: [2] } } });
    expect((await post(own, 'custom_attributes', { custom_attributes: { b: 3 } })).body).toEqual({ custom_attributes: { b: 3 } });
    expect((await show(own)).custom_attributes).toEqual({ b: 3 });
    for (const custom_attributes of ['x', [1], { a: '\u0000' }, { a: 'x'.repeat(60_000) }]) {
      expect((await post(own, 'custom_attributes', { custom_attributes })).body.attributes).toEqual(['custom_attributes']);
    }
  });
});

describe('muting', () => {
  test('resolves and blocks, and is taken back', async () => {
    const own = await makeConversation(t, account, inbox);
    expect((await post(own, 'mute')).status).toBe(200);
    expect(await show(own)).toMatchObject({ muted: true, status: 'resolved', meta: { sender: { blocked: true } } });
    expect((await post(own, 'unmute')).status).toBe(200);
    expect(await show(own)).toMatchObject({ muted: false, status: 'resolved' });
    expect(await lines(own)).toEqual([`${agent.name} has muted the conversation`, `Conversation was marked resolved by ${agent.name}`, `${agent.name} has unmuted the conversation`]);
  });
});

describe('reading', () => {
  test('marks as seen and unread again', async () => {
    const own = await makeConversation(t, account, inbox);
    await post(own, 'assignments', { assignee_id: agent.id });
    const seen = (await post(own, 'update_last_seen')).body;
    expect(seen).toMatchObject({ unread_count: 0 });
    expect(seen.agent_last_seen_at).toBeGreaterThanOrEqual(seen.created_at);
    expect(seen.assignee_last_seen_at).toBe(seen.agent_last_seen_at);
    expect((await post(own, 'update_last_seen')).body.updated_at).toBe(seen.updated_at);
    const unread = (await post(own, 'unread')).body;
    expect(unread).toMatchObject({ unread_count: 1, agent_last_seen_at: own.messageId ? seen.created_at - 1 : 0 });
    expect((await frames(own, 'conversation.read'))).toHaveLength(1);
    expect((await frames(own, 'conversation.updated')).at(-1)!.data.changes).toMatchObject({ unread_count: 1, unread_count_exact: 1 });
  });

  test('typing is shown and never stored', async () => {
    const own = await makeConversation(t, account, inbox);
    expect((await post(own, 'toggle_typing_status', { typing_status: 'on' })).status).toBe(200);
    expect((await post(own, 'toggle_typing_status', { typing_status: 'off', is_private: 'true' })).status).toBe(200);
    expect((await post(own, 'toggle_typing_status', { typing_status: 'maybe' })).body.attributes).toEqual(['typing_status']);
  });
});
