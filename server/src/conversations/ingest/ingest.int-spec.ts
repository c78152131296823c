import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeAccount, type AccountWithAdmin } from '../../../test/factories.js';
import { makeContact } from '../../../test/factories-contacts.js';
import { inbound, ingest, makeConversation } from '../../../test/factories-conversations.js';
import { makeInbox, type MadeInbox } from '../../../test/factories-inboxes.js';
import { call } from '../../../test/http.js';
import { startTestApp, type TestApp } from '../../../test/test-app.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';

let t: TestApp;
let account: AccountWithAdmin;
let inbox: MadeInbox;
beforeAll(async () => {
  t = await startTestApp();
  account = await makeAccount(t);
  inbox = await makeInbox(t, account);
});
afterAll(() => t.close());

const show = async (id: number) => (await call(t, account.admin, 'GET', `/api/v1/accounts/${account.id}/conversations/${id}`)).body;
const count = async (table: string, where = 'true'): Promise<number> =>
  (await t.app.get(SystemWork).sql<{ n: number }>(`SELECT count(*) AS n FROM ${table} WHERE account_id = $1 AND ${where}`, [account.id]))[0]!.n;
const eventsOf = async (conversationId: number) =>
  (await t.app.get(SystemWork).sql<{ type: string }>('SELECT type FROM events WHERE account_id = $1 AND conversation_id = $2 ORDER BY id', [account.id, conversationId])).map((row) => row.type);
const setStatus = (id: number, status: number) => t.app.get(SystemWork).sql('UPDATE conversations SET status = $3 WHERE account_id = $1 AND id = $2', [account.id, id, status]);

describe('a first message', () => {
  test('makes contact, identity and conversation', async () => {
    const made = await makeConversation(t, account, inbox, {
      content: 'Do you have **bread**?', sender: { sourceId: 'first', name: 'Ana', email: 'Ana@Example.org', customAttributes: { plan: 'x' } },
      conversation: { additionalAttributes: { referer: 'https://example.org' } },
    });
    const conversation = await show(made.id);
    expect(conversation).toMatchObject({
      status: 'open', unread_count: 1, inbox_id: inbox.id, priority: null, labels: [], muted: false, can_reply: true, additional_attributes: { referer: 'https://example.org' },
      last_message_preview: 'Do you have bread?', last_message_sender: 'contact', first_reply_created_at: 0, agent_last_seen_at: 0,
      meta: { sender: { name: 'Ana', email: 'ana@example.org', custom_attributes: { plan: 'x' } }, channel: 'Channel::TestChat', hmac_verified: false },
    });
    expect(conversation.waiting_since).toBe(conversation.created_at);
    expect(conversation.messages).toHaveLength(1);
    expect(conversation.messages[0]).toMatchObject({
      id: made.messageId, conversation_id: made.id, message_type: 0, content_html: '<p>Do you have <strong>bread</strong>?</p>', sender_type: 'Contact', sender: { name: 'Ana', type: 'contact' },
      delivery: null, conversation: { unread_count: 1, contact_inbox: { source_id: 'first' } },
    });
    expect(conversation.last_non_activity_message).toEqual(conversation.messages[0]);
    expect(await eventsOf(made.conversationId)).toEqual(['conversation.created', 'message.created']);
  });

  test('belongs to a contact who is known by email', async () => {
    const contact = await makeContact(t, account);
    const made = await makeConversation(t, account, inbox, { sender: { sourceId: 'known', email: contact.email! } });
    expect(made.contactId).toBe(contact.id);
  });
});

describe('repetition and races', () => {
  test('the same external id twice is one message, answered alike', async () => {
    const message = inbound();
    const first = await ingest(t, account, inbox, message);
    const again = await ingest(t, account, inbox, { ...message, content: 'changed' });
    expect(again).toEqual({ ...first, duplicate: true });
    expect(await count('messages', `conversation_id = ${first.conversationId}`)).toBe(1);
  });

  test('twenty equal deliveries at once are one message', async () => {
    const message = inbound();
    const answers = await Promise.all(Array.from({ length: 20 }, () => ingest(t, account, inbox, message)));
    expect(answers.filter((a) => !a.duplicate)).toHaveLength(1);
    expect(new Set(answers.map((a) => a.messageId)).size).toBe(1);
    expect(await count('messages', `conversation_id = ${answers[0]!.conversationId}`)).toBe(1);
  });

  test('sixteen first messages of one person at once open one conversation', async () => {
    const contacts = await count('contacts');
    const answers = await Promise.all(Array.from({ length: 16 }, () => ingest(t, account, inbox, inbound({ sourceId: 'racer' }))));
    expect(new Set(answers.map((a) => a.conversationId)).size).toBe(1);
    expect(await count('contacts')).toBe(contacts + 1);
    expect(await count('messages', `conversation_id = ${answers[0]!.conversationId}`)).toBe(16);
    expect((await show(answers[0]!.conversationDisplayId)).unread_count_exact).toBe(16);
  });

  test('one email on two inboxes at once is one contact', async () => {
    const other = await makeInbox(t, account);
    const answers = await Promise.all([inbox, other, inbox, other].map((box, n) => ingest(t, account, box, inbound({ sender: { sourceId: `two-${n}`, email: 'two@example.org' } }))));
    expect(new Set(answers.map((a) => a.contactId)).size).toBe(1);
  });

  test('numbers have no gaps', async () => {
    const rows = await t.app.get(SystemWork).sql<{ n: number; top: number }>('SELECT count(*) AS n, max(display_id) AS top FROM conversations WHERE account_id = $1', [account.id]);
    expect(rows[0]!.n).toBe(rows[0]!.top);
  });
});

describe('going on', () => {
  test('a resolved conversation opens again', async () => {
    const made = await makeConversation(t, account, inbox, { sender: { sourceId: 'again' } });
    await setStatus(made.conversationId, 1);
    expect((await ingest(t, account, inbox, inbound({ sourceId: 'again' }))).conversationId).toBe(made.conversationId);
    expect(await show(made.id)).toMatchObject({ status: 'open', unread_count: 2 });
    expect(await eventsOf(made.conversationId)).toEqual(['conversation.created', 'message.created', 'conversation.status_changed', 'message.created']);
  });

  test('unless the inbox wants a new one', async () => {
    const strict = await makeInbox(t, account, { allow_messages_after_resolved: false });
    const made = await makeConversation(t, account, strict, { sender: { sourceId: 'strict' } });
    await setStatus(made.conversationId, 1);
    expect((await ingest(t, account, strict, inbound({ sourceId: 'strict' }))).conversationId).not.toBe(made.conversationId);
  });

  test('but keeps to a single one where it is told to', async () => {
    const single = await makeInbox(t, account, { allow_messages_after_resolved: false, lock_to_single_conversation: true });
    const made = await makeConversation(t, account, single, { sender: { sourceId: 'single' } });
    await setStatus(made.conversationId, 1);
    expect((await ingest(t, account, single, inbound({ sourceId: 'single' }))).conversationId).toBe(made.conversationId);
  });

  test('a snoozed one wakes, a pending one stays with its bot', async () => {
    for (const [stored, status] of [[3, 'open'], [2, 'pending']] as const) {
      const made = await makeConversation(t, account, inbox, { sender: { sourceId: `state-${stored}` } });
      await setStatus(made.conversationId, stored);
      await ingest(t, account, inbox, inbound({ sourceId: `state-${stored}` }));
      expect(await show(made.id)).toMatchObject({ status, snoozed_until: null });
    }
  });

  test('a muted contact is stored and heard by nobody', async () => {
    const made = await makeConversation(t, account, inbox, { sender: { sourceId: 'muted' } });
    await t.app.get(SystemWork).sql('UPDATE contacts SET blocked = true WHERE account_id = $1 AND id = $2', [account.id, made.contactId]);
    await t.app.get(SystemWork).sql('UPDATE conversations SET status = 1, unread_count = 0, waiting_since = NULL WHERE account_id = $1 AND id = $2', [account.id, made.conversationId]);
    expect((await ingest(t, account, inbox, inbound({ sourceId: 'muted' }))).conversationId).toBe(made.conversationId);
    expect(await show(made.id)).toMatchObject({ status: 'resolved', unread_count: 0, waiting_since: 0, muted: true });
    expect(await count('messages', `conversation_id = ${made.conversationId}`)).toBe(2);
  });

  test('in a conversation that is named, if it is theirs', async () => {
    const made = await makeConversation(t, account, inbox, { sender: { sourceId: 'named' } });
    const others = await makeConversation(t, account, inbox);
    expect((await ingest(t, account, inbox, inbound({ sourceId: 'named', conversationId: made.conversationId }))).conversationId).toBe(made.conversationId);
    await expect(ingest(t, account, inbox, inbound({ sourceId: 'named', conversationId: others.conversationId }))).rejects.toThrow(/could not be found/);
  });
});

describe('what is refused', () => {
  test.each([[{ content: 'x'.repeat(150_001) }], [{ content: 'a\u0000' }], [{ content: '\ud800' }], [{ content: '  ' }], [{ content: null }], [{ content: 'x', echoId: 'e'.repeat(65) }]])('%j leaves nothing', async (overrides) => {
    const before = [await count('messages'), await count('receipts'), await count('contacts')];
    await expect(ingest(t, account, inbox, inbound(overrides))).rejects.toThrow();
    expect([await count('messages'), await count('receipts'), await count('contacts')]).toEqual(before);
  });

  test('an inbox that is gone, or another account\'s', async () => {
    const stranger = await makeAccount(t);
    await expect(ingest(t, stranger, inbox, inbound())).rejects.toThrow(/could not be found/);
    const gone = await makeInbox(t, account);
    await call(t, account.admin, 'DELETE', `/api/v1/accounts/${account.id}/inboxes/${gone.id}`);
    await expect(ingest(t, account, gone, inbound())).rejects.toThrow(/could not be found/);
  });
});
