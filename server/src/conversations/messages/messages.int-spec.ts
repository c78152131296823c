import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeAccount, makeMember, type AccountWithAdmin, type Person } from '../../../test/factories.js';
import { ingest, inbound, makeConversation, makeMessage, type MadeConversation } from '../../../test/factories-conversations.js';
import { makeAgentIn, makeInbox, type MadeInbox } from '../../../test/factories-inboxes.js';
import sharp from 'sharp';
import { call } from '../../../test/http.js';
import { startTestApp, type TestApp } from '../../../test/test-app.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';

let t: TestApp;
let account: AccountWithAdmin;
let chat: MadeInbox;
let worker: MadeInbox;
let agent: Person;
let conversation: MadeConversation;
beforeAll(async () => {
  t = await startTestApp();
  account = await makeAccount(t);
  [chat, worker] = [await makeInbox(t, account), await makeInbox(t, account, { type: 'test_worker' })];
  agent = await makeAgentIn(t, account, chat, worker);
  conversation = await makeConversation(t, account, chat);
});
afterAll(() => t.close());

const post = (body: unknown, who: Person = agent, to = conversation) => call(t, who, 'POST', `${to.url}/messages`, body);
const show = async (of: MadeConversation) => (await call(t, account.admin, 'GET', of.url)).body;
const stored = async (of: MadeConversation): Promise<number> =>
  (await t.app.get(SystemWork).sql<{ n: number }>('SELECT count(*) AS n FROM messages WHERE conversation_id = $1', [of.conversationId]))[0]!.n;

describe('a reply', () => {
  test('is answered whole, ends the waiting and counts as read', async () => {
    const own = await makeConversation(t, account, chat);
    const reply = await post({ content: 'Yes, *until* 5', echo_id: 'e-1' }, agent, own);
    expect(reply.status).toBe(200);
    expect(reply.body).toMatchObject({
      content: 'Yes, *until* 5', content_html: '<p>Yes, <em>until</em> 5</p>', message_type: 1, content_type: 'text', private: false, status: 'sent', echo_id: 'e-1', conversation_id: own.id,
      in_reply_to: null, delivery: { state: 'sent', error: null, attempt: 0 }, sender: { id: agent.id, name: agent.name, type: 'user', availability_status: 'offline' },
    });
    expect(reply.body).not.toHaveProperty('attachments');
    const after = await show(own);
    expect(after).toMatchObject({ unread_count: 0, waiting_since: 0, last_message_preview: 'Yes, until 5', last_message_sender: 'user' });
    expect(after.first_reply_created_at).toBe(reply.body.created_at);
    expect(after.last_activity_at).toBe(reply.body.created_at);
  });

  test('through a worker waits in the queue', async () => {
    const own = await makeConversation(t, account, worker);
    const reply = await post({ content: 'on its way' }, agent, own);
    expect(reply.body).toMatchObject({ status: 'sent', delivery: { state: expect.stringMatching(/queued|sending|sent/) } });
    const note = await post({ content: 'a note', private: true }, agent, own);
    expect(note.body).toMatchObject({ private: true, delivery: null });
  });

  test('with a file carries it', async () => {
    const form = new FormData();
    form.append('content', 'see here');
    form.append('private', 'false');
    form.append('attachments[]', new Blob(['plain words'], { type: 'text/plain' }), 'notes.txt');
    const reply = await post(form);
    expect(reply.status).toBe(200);
    expect(reply.body.attachments).toEqual([expect.objectContaining({ file_type: 'file', file_name: 'notes.txt', file_size: 11, message_id: reply.body.id })]);
    expect((await fetch(reply.body.attachments[0].data_url)).status).toBe(200);
    const many = new FormData();
    for (let n = 1; n <= 15; n++) many.append('attachments[]', new Blob([`number ${n}`]), `${n}.txt`);
    many.append('template_params', '{"name":"welcome","language":"en"}');
    many.append('campaign_id', '7');
    const fifteen = (await post(many)).body;
    expect(fifteen.attachments).toHaveLength(15);
    expect((await show(conversation)).messages[0]).toMatchObject({ id: fifteen.id, additional_attributes: { campaign_id: 7, template_params: { name: 'welcome', language: 'en' } } });
    const empty = new FormData();
    empty.append('attachments[]', new Blob(['only a file']), 'only.txt');
    const only = await post(empty);
    expect(only.body).toMatchObject({ content: null, attachments: [{ file_name: 'only.txt' }] });
    expect((await show(conversation)).last_message_preview).toBe('only.txt');
  });

  test('names its file whole for programs and by path for our own pages; a forged name is nobody else\'s', async () => {
    const own = await makeConversation(t, account, chat);
    const form = new FormData();
    form.append('content', '![map](cid:map.png)');
    form.append('attachments[]', new Blob([await sharp({ create: { width: 4, height: 4, channels: 3, background: '#123' } }).png().toBuffer()], { type: 'image/png' }), 'map.png');
    const key = { 'idempotency-key': 'map' };
    const forged = await call(t, agent, 'POST', `${own.url}/messages`, form, { ...key, 'x-forwarded-host': 'evil.example' });
    expect(forged.body.attachments[0].data_url).toMatch(/^http:\/\/evil\.example\/files\//);
    const again = await call(t, agent, 'POST', `${own.url}/messages`, form, key);
    expect([again.headers.get('idempotent-replayed'), again.body.id]).toEqual(['true', forged.body.id]);
    const by = async (headers: Record<string, string>) => (await call(t, agent, 'GET', `${own.url}/messages`, undefined, headers)).body.payload.at(-1);
    for (const shown of [again.body, await by({})]) {
      expect([shown.attachments[0].data_url, shown.attachments[0].thumb_url, shown.content_html]).toEqual([expect.stringMatching(`^${t.url}/files/`), expect.stringMatching(`^${t.url}/files/`), expect.stringContaining(` src="${t.url}/files/`)]);
      expect((await fetch(shown.attachments[0].data_url)).status).toBe(200);
    }
    const ours = await by({ 'x-requested-with': 'porchlight' });
    expect([ours.attachments[0].data_url, ours.content_html]).toEqual([expect.stringMatching(/^\/files\//), expect.stringContaining(' src="/files/')]);
    // What is no name does not become part of an address.
    expect((await by({ 'x-forwarded-host': 'help.example.org', 'x-forwarded-proto': 'https' })).attachments[0].data_url).toMatch(/^https:\/\/help\.example\.org\/files\//);
    expect((await by({ 'x-forwarded-host': 'me@evil.example/x?' })).attachments[0].data_url).toMatch(/^http:\/\/localhost:\d+\/files\//);
  });
});

describe('a private note', () => {
  test('leaves waiting and unread as they are', async () => {
    const own = await makeConversation(t, account, chat);
    const before = await show(own);
    await makeMessage(t, own, agent, { content: 'careful', private: true });
    const after = await show(own);
    expect([after.unread_count, after.waiting_since, after.first_reply_created_at]).toEqual([before.unread_count, before.waiting_since, 0]);
    expect(after.last_non_activity_message).toMatchObject({ content: 'careful', private: true });
  });
});

describe('sending twice', () => {
  test('twenty equal posts at once are one message', async () => {
    const before = await stored(conversation);
    const answers = await Promise.all(Array.from({ length: 20 }, () => post({ content: 'once', echo_id: 'same' })));
    expect(answers.map((a) => a.status)).toEqual(Array(20).fill(200));
    expect(new Set(answers.map((a) => a.body.id)).size).toBe(1);
    expect(await stored(conversation)).toBe(before + 1);
  });

  test('an echo id is its sender\'s and its conversation\'s', async () => {
    const other = await makeConversation(t, account, chat);
    const ids = [await post({ content: 'a', echo_id: 'mine' }), await post({ content: 'b', echo_id: 'mine' }, account.admin), await post({ content: 'c', echo_id: 'mine' }, agent, other)];
    expect(new Set(ids.map((a) => a.body.id)).size).toBe(3);
  });
});

describe('answering a message', () => {
  test('names one of the same conversation', async () => {
    const first = await makeMessage(t, conversation, agent);
    expect((await post({ content: 'x', content_attributes: { in_reply_to: first.id } })).body).toMatchObject({ in_reply_to: first.id, content_attributes: { in_reply_to: first.id } });
    const other = await makeConversation(t, account, chat);
    for (const in_reply_to of ['abc', other.messageId]) expect((await post({ content: 'x', in_reply_to })).body.attributes).toEqual(['in_reply_to']);
  });

  test('by attributes, as programs do: by their own name for it too, and a quote of what is not here costs the quote alone', async () => {
    const first = (await post({ content: 'Theirs', source_id: `WAID:${Date.now()}` })).body;
    const quoting = (content_attributes: object) => post({ content: 'x', content_attributes });
    for (const named of [{ in_reply_to_external_id: first.source_id, in_reply_to: null }, { in_reply_to: String(first.id) }]) {
      expect((await quoting(named)).body).toMatchObject({ in_reply_to: first.id, content_attributes: { in_reply_to: first.id, in_reply_to_external_id: first.source_id } });
    }
    const other = await makeConversation(t, account, chat);
    for (const named of [{ in_reply_to: other.messageId }, { in_reply_to: '' }, { in_reply_to: 'null' }, { in_reply_to: {} }, { in_reply_to_external_id: 'WAID:nobody' }]) {
      expect(await quoting(named)).toMatchObject({ status: 200, body: { in_reply_to: null } });
    }
  });
});

describe('what is refused, leaving nothing', () => {
  test.each([
    [{ content: 'x'.repeat(150_001) }, 'content'], [{ content: '' }, 'content'], [{ content: '  \n' }, 'content'], [{}, 'content'], [{ content: 'a\u0000b' }, 'content'], [{ content: 'x\udfff' }, 'content'],
    [{ content: {} }, 'content'], [{ content: 'x', private: 'maybe' }, 'private'], [{ content: 'x', content_type: 'poem' }, 'content_type'], [{ content: 'x', message_type: 'activity' }, 'message_type'],
    [{ content: 'x', echo_id: 'e'.repeat(65) }, 'echo_id'], [{ content: 'x', content_attributes: { a: '\u0000' } }, 'content_attributes'], [{ content: 'x', attachments: ['1/files/x'] }, 'attachments.0'],
    [{ content: 'x', content_type: 'form' }, 'content_attributes.items'],
    [{ content_type: 'cards', content_attributes: { items: [{ title: 'x', actions: [{ type: 'link', text: 'x', uri: 'javascript:x' }] }] } }, 'content_attributes.items[0].actions[0].uri'],
  ])('%j', async (body, attribute) => {
    const before = await stored(conversation);
    const refused = await post(body);
    expect([refused.status, refused.body.attributes]).toEqual([422, [attribute]]);
    expect(await stored(conversation)).toBe(before);
  });


  test('a message in the contact\'s name, unless the other side is a program', async () => {
    expect(await post({ content: 'x', message_type: 'incoming' })).toMatchObject({ status: 422, body: { error: 'Incoming messages are only allowed in Api inboxes' } });
  });

  test('HTML runs nowhere', async () => {
    const reply = await post({ content: '<img src=x onerror=alert(1)><script>alert(1)</script>[x](javascript:alert(1))' });
    expect(reply.body.content_html).not.toMatch(/<(img|script)|href="javascript/);
  });
});

describe('who may', () => {
  test('agents outside the inbox and other accounts find nothing', async () => {
    const outsider = await makeMember(t, account.id);
    const stranger = await makeAccount(t);
    for (const method of ['GET', 'POST']) {
      const body = method === 'POST' ? { content: 'x' } : undefined;
      expect((await call(t, outsider, method, `${conversation.url}/messages`, body)).status).toBe(404);
      expect((await call(t, stranger.admin, method, `${conversation.url}/messages`, body)).status).toBe(401);
      expect((await call(t, stranger.admin, method, `/api/v1/accounts/${stranger.id}/conversations/${conversation.id}/messages`, body)).status).toBe(404);
      expect((await call(t, null, method, `${conversation.url}/messages`, body)).status).toBe(401);
    }
    expect((await call(t, agent, 'GET', `/api/v1/accounts/${account.id}/conversations/999999/messages`)).status).toBe(404);
  });
});

describe('a thread', () => {
  test('is read in pieces, oldest first', async () => {
    const own = await makeConversation(t, account, chat, { sender: { sourceId: 'long' } });
    const ids = [own.messageId];
    for (let i = 0; i < 129; i++) ids.push((await ingest(t, account, chat, inbound({ sourceId: 'long', content: `line ${i}` }))).messageId);
    const read = async (query = '') => {
      const answer = await call(t, agent, 'GET', `${own.url}/messages${query}`);
      expect(answer.status).toBe(200);
      return answer.body.payload.map((m: { id: number }) => m.id) as number[];
    };
    expect(await read()).toEqual(ids.slice(-20));
    expect(await read(`?before=${ids[50]}`)).toEqual(ids.slice(30, 50));
    expect(await read(`?after=${ids[9]}`)).toEqual(ids.slice(10, 110));
    expect(await read(`?after=${ids[9]}&before=${ids[120]}`)).toEqual(ids.slice(9, 120));
    expect(await read('?before=1')).toEqual([]);
    expect((await call(t, agent, 'GET', `${own.url}/messages?before=x`)).body.attributes).toEqual(['before']);
  });

  test('of messages as long as they may be has twenty whole, and not many more at once; lists show their beginning', async () => {
    const own = await makeConversation(t, account, worker, { sender: { sourceId: 'pages' } });
    const content = `see https://example.org/a. ${'😀 "long" '.repeat(15_000)}`.slice(0, 150_000);
    const form = new FormData();
    form.append('content', content);
    form.append('private', 'true');
    expect(await post(form, agent, own)).toMatchObject({ status: 200, body: { content } });
    await t.app.get(SystemWork).sql(
      `INSERT INTO messages (account_id, conversation_id, inbox_id, message_type, content, content_type, status, private, created_at, updated_at)
       SELECT account_id, conversation_id, inbox_id, 1, content, 0, 0, true, now(), now() FROM messages, generate_series(1, 60) WHERE account_id = $1 AND conversation_id = $2 AND private`, [account.id, own.conversationId]);
    const read = async (query = '') => (await call(t, agent, 'GET', `${own.url}/messages${query}`)).body.payload as { id: number; content: string; content_html: string }[];
    const newest = await read();
    expect(newest).toHaveLength(20);
    expect(newest.every((message) => message.content === content)).toBe(true);
    expect(newest[0]!.content_html).toMatch(/^<p>see <a href="https:\/\/example.org\/a" rel="noopener noreferrer nofollow" target="_blank">https:\/\/example.org\/a<\/a>\. 😀 &quot;long&quot; /);
    const after = await read(`?after=${own.messageId}`);
    expect(after.length).toBeGreaterThanOrEqual(20);
    expect(after.length).toBeLessThan(40);
    expect((await read(`?after=${after.at(-1)!.id}&before=${newest.at(-1)!.id}`))[0]!.id).toBe(after.at(-1)!.id);
    const shown = await show(own);
    expect(shown.last_message_preview).toMatch(/^see https.{100,120}…$/u);
    expect(shown.messages[0].content).toHaveLength([...content].slice(0, 9_999).join('').length + 1);
    expect(shown.messages[0].content.endsWith('…')).toBe(true);
  });

  test('says whose it is', async () => {
    const meta = (await call(t, agent, 'GET', `${conversation.url}/messages`)).body.meta;
    expect(meta).toMatchObject({ labels: [], additional_attributes: {}, contact: { id: conversation.contactId, type: 'contact' }, agent_last_seen_at: expect.stringMatching(/^20.*Z$/), assignee_last_seen_at: null });
    expect(meta).not.toHaveProperty('assignee');
  });
});
