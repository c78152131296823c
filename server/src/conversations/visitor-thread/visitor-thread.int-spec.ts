import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AnswersPort, VisitorThreadPort } from '../../channels/contract/ports.js';
import { makeAccount, type AccountWithAdmin } from '../../../test/factories.js';
import { ingest, inbound, makeConversation, makeMessage, type MadeConversation } from '../../../test/factories-conversations.js';
import { makeInbox, type MadeInbox } from '../../../test/factories-inboxes.js';
import { call, eventually } from '../../../test/http.js';
import { startTestApp, type TestApp } from '../../../test/test-app.js';

let t: TestApp;
let account: AccountWithAdmin;
let inbox: MadeInbox;
let visitors: VisitorThreadPort;
let own: MadeConversation;
beforeAll(async () => {
  t = await startTestApp();
  account = await makeAccount(t);
  inbox = await makeInbox(t, account);
  visitors = t.app.get(VisitorThreadPort);
  own = await makeConversation(t, account, inbox, { echoId: 'from-browser' });
});
afterAll(() => t.close());

const show = async (of = own) => (await call(t, account.admin, 'GET', of.url)).body;
/** What agents were told of a conversation, by the log that sockets and catch-up share. */
const told = async (event: string, conversation = own) => eventually(event, async () => {
  const log = await call(t, account.admin, 'GET', `/api/v1/accounts/${account.id}/events?after=0`);
  return (log.body.payload as { event: string; data: { id: number; [key: string]: unknown } }[]).filter((e) => e.event === event && e.data.id === conversation.id).at(-1)?.data;
});

describe('a contact', () => {
  test('reads replies, and neither notes nor activity nor who we know them to be', async () => {
    await makeMessage(t, own, account.admin, { content: 'secret', private: true });
    const reply = await makeMessage(t, own, account.admin, { content: 'Hello *you*', content_attributes: { our: 'own', in_reply_to: own.messageId } });
    const thread = await visitors.messages(account.id, own.conversationId, {});
    expect(thread.map((m) => m['id'])).toEqual([own.messageId, reply.id]);
    expect(thread[0]).toMatchObject({ echo_id: 'from-browser', message_type: 0, delivery: null });
    expect(thread[1]).toMatchObject({
      content_html: '<p>Hello <em>you</em></p>', content_attributes: { in_reply_to: own.messageId }, delivery: { state: 'sent', error: null },
      sender: { id: account.admin.id, name: account.admin.name, type: 'user' }, conversation_id: own.id,
    });
    expect(JSON.stringify(thread)).not.toMatch(/secret|@example|our/);
    expect(await visitors.messages(account.id, own.conversationId, { after: own.messageId })).toHaveLength(1);
    expect(await visitors.message(account.id, own.conversationId, reply.id)).toEqual(thread[1]);
    const other = await makeConversation(t, account, inbox);
    expect(await visitors.message(account.id, other.conversationId, reply.id)).toBeUndefined();
  });

  test('marks as seen, and agents hear of it once', async () => {
    await visitors.markSeen(account.id, own.conversationId);
    const first = await show();
    expect(first.contact_last_seen_at).toBeGreaterThan(0);
    await visitors.markSeen(account.id, own.conversationId);
    expect((await show()).updated_at).toBe(first.updated_at);
    expect(await told('conversation.read')).toMatchObject({ changes: { contact_last_seen_at: first.contact_last_seen_at } });
  });

  test('ends a conversation and begins another', async () => {
    const mine = await makeConversation(t, account, inbox, { sender: { sourceId: 'ender', name: 'Eva' } });
    await visitors.resolve(account.id, mine.conversationId);
    const after = await show(mine);
    expect(after).toMatchObject({ status: 'resolved', waiting_since: 0, last_message_preview: 'Hello, are you open today?' });
    expect(after.messages[0]).toMatchObject({ message_type: 2, content: 'Conversation was marked resolved by Eva', content_attributes: { activity: { key: 'status_resolved', params: { name: 'Eva' } } } });
    expect(after.last_non_activity_message.id).toBe(mine.messageId);
    expect(await told('conversation.status_changed', mine)).toMatchObject({ inbox_id: inbox.id, changes: { status: 'resolved', waiting_since: 0 } });
    expect(await visitors.current(account.id, mine.contactInboxId)).toMatchObject({ id: mine.conversationId, status: 'resolved' });
    const next = await visitors.open(account.id, inbox.id, mine.contactInboxId, { custom: { topic: 'food' } });
    expect(next).toMatchObject({ displayId: expect.any(Number), status: 'open', customAttributes: { topic: 'food' } });
    expect(await visitors.current(account.id, mine.contactInboxId)).toEqual(next);
    expect((await ingest(t, account, inbox, inbound({ sourceId: 'ender' }))).conversationId).toBe(next.id);
    const other = await makeInbox(t, account);
    await expect(visitors.open(account.id, other.id, mine.contactInboxId, {})).rejects.toThrow(/could not be found/);
  });

  test('sets and removes attributes of the conversation', async () => {
    await visitors.mergeCustomAttributes(account.id, own.conversationId, { a: 1, b: 2 }, []);
    await visitors.mergeCustomAttributes(account.id, own.conversationId, { c: 3 }, ['a']);
    expect((await show()).custom_attributes).toEqual({ b: 2, c: 3 });
    expect(await told('conversation.updated')).toMatchObject({ changes: { custom_attributes: { b: 2, c: 3 } } });
  });

  test('of another account has no conversation here', async () => {
    const stranger = await makeAccount(t);
    expect(await visitors.current(stranger.id, own.contactInboxId)).toBeUndefined();
    expect(await visitors.messages(stranger.id, own.conversationId, {})).toEqual([]);
    await expect(visitors.resolve(stranger.id, own.conversationId)).rejects.toThrow(/could not be found/);
  });
});

describe('a form', () => {
  test('is answered by the contact', async () => {
    const mine = await makeConversation(t, account, inbox);
    const form = await makeMessage(t, mine, account.admin, { content: 'Your size?', content_type: 'input_select', content_attributes: { items: [{ title: 'S', value: 's' }] } });
    const answers = t.app.get(AnswersPort);
    expect(await answers.submit(account.id, mine.conversationId, form.id, { submitted_values: [{ title: 'S', value: 's' }] })).toMatchObject({
      content_attributes: { items: [{ title: 'S', value: 's' }], submitted_values: [{ title: 'S', value: 's' }] },
    });
    const note = await makeMessage(t, mine, account.admin, { private: true });
    expect(await answers.submit(account.id, mine.conversationId, note.id, { submitted_email: 'x@example.org' })).toBeUndefined();
    expect(await answers.submit(account.id, own.conversationId, form.id, { submitted_email: 'x@example.org' })).toBeUndefined();
  });
});
