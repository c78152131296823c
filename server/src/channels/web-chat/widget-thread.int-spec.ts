import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { makeAccount, type AccountWithAdmin } from '../../../test/factories.js';
import type { MadeInbox } from '../../../test/factories-inboxes.js';
import { call, eventually } from '../../../test/http.js';
import { startTestApp, type TestApp } from '../../../test/test-app.js';
import { browserWith, makeWebChat, openBrowser, type Browser } from '../../../test/widget.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';

let t: TestApp;
let account: AccountWithAdmin;
let inbox: MadeInbox;
beforeAll(async () => {
  t = await startTestApp();
  account = await makeAccount(t);
  inbox = await makeWebChat(t, account);
});
afterAll(() => t.close());

const count = async (table: string, where: string): Promise<number> => (await t.app.get(SystemWork).sql<{ n: number }>(`SELECT count(*) AS n FROM ${table} WHERE account_id = $1 AND ${where}`, [account.id]))[0]!.n;
const conversationPath = (id: number): string => `/api/v1/accounts/${account.id}/conversations/${id}`;
const asAgent = (id: number) => call(t, account.admin, 'GET', conversationPath(id)).then((a) => a.body);
const reply = (id: number, body: object) => call(t, account.admin, 'POST', `${conversationPath(id)}/messages`, body).then((a) => a.body);
const say = (browser: Browser, content: string, more: object = {}) => browser.call('POST', 'messages', { message: { content, ...more } });
const contents = (answer: { body: { payload: { content: string | null }[] } }) => answer.body.payload.map((m) => m.content);
let n = 0;
const echo = (): string => `echo-${++n}`;
const form = (fields: Record<string, string>, ...files: [string, Buffer | string][]): FormData => {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.append(name, value);
  for (const [name, content] of files) data.append('message[attachments][]', new Blob([content as never]), name);
  return data;
};

describe('a question', () => {
  test('is answered once with what was offered, and agents hear of it', async () => {
    const browser = await openBrowser(t, inbox);
    const { conversation_id: id } = (await say(browser, 'Hello')).body;
    const items = [{ title: 'Small', value: 's' }, { title: 'Large', value: 'l' }];
    const asked = await reply(id, { content: 'Which?', content_type: 'input_select', content_attributes: { items, our: 'own' } });
    const answer = (of: number, message: object) => browser.call('PATCH', `messages/${of}`, { message });
    // Events are given their number a moment after they are committed.
    const told = (times: number) => eventually(`agents heard of it ${times} times`, async () => { const heard = await updates(); return heard.length >= times && heard; });
    const updates = async () => ((await call(t, account.admin, 'GET', `/api/v1/accounts/${account.id}/events?after=0`)).body.payload as { event: string; data: { id: number; content_attributes: object } }[])
      .filter(({ event, data }) => event === 'message.updated' && data.id === asked.id);
    for (const submitted_values of [[{ title: 'Huge', value: 'h' }], [], {}, 'x']) {
      const refused = await answer(asked.id, { submitted_values });
      expect([refused.status, refused.body.attributes[0]]).toEqual([422, expect.stringContaining('submitted_values')]);
    }
    const answers = await Promise.all(Array.from({ length: 5 }, () => answer(asked.id, { submitted_values: [items[1]] })));
    for (const { status, body } of answers) expect([status, body.content_attributes]).toEqual([200, { items, submitted_values: [items[1]] }]);
    expect((await told(1)).map(({ data }) => data.content_attributes)).toEqual([{ items, our: 'own', submitted_values: [items[1]] }]);
    // As in Chatwoot, who thinks again is heard again.
    expect((await browser.call('PATCH', `messages/${asked.id}`, { contact: {}, message: { submitted_values: [{ value: 's' }] } })).body.content_attributes.submitted_values).toEqual([items[0]]);
    expect(await told(2)).toHaveLength(2);

    const form = await reply(id, { content_type: 'form', content_attributes: { items: [{ name: 'mail', type: 'email', label: 'Mail', required: true }, { name: 'zip', pattern: '[0-9]{5}' }], button_label: 'Go' } });
    expect((await answer(form.id, { submitted_values: [{ name: 'mail', value: 'nobody' }] })).body.attributes).toEqual(['submitted_values.mail']);
    const filled = await answer(form.id, { submitted_values: [{ name: 'mail', value: 'vi@example.org' }, { name: 'zip', value: '12345' }] });
    expect(filled.body.content_attributes).toMatchObject({ button_label: 'Go', submitted_values: [{ name: 'mail', value: 'vi@example.org' }, { name: 'zip', value: '12345' }] });

    const where = await reply(id, { content: 'Where do we reach you?', content_type: 'input_email' });
    expect((await answer(where.id, { submitted_values: [] })).body.attributes).toEqual(['submitted_email']);
    expect((await answer(where.id, { submitted_email: 'Vi-asked@Example.org' })).body.content_attributes).toEqual({ submitted_email: 'vi-asked@example.org' });
    expect((await asAgent(id)).meta.sender.email).toBe('vi-asked@example.org');
    const cards = await reply(id, { content_type: 'cards', content_attributes: { items: ['https://shop.example/shoe.png', undefined].map((media_url) => ({ title: 'Shoe', media_url, actions: [{ type: 'postback', text: 'Buy', payload: 'BUY' }] })) } });
    expect(cards.pictures).toEqual([expect.stringMatching(/^\/remote-pictures\/./), null]);
    expect((await browser.call('GET', `messages?after=${cards.id - 1}`)).body.payload[0].pictures).toEqual(cards.pictures);
    const plain = await reply(id, { content: 'Just text' });
    for (const one of [plain.id, (await reply(id, { content_type: 'article', content_attributes: { items: [{ title: 'Hours', link: 'https://example.org' }] } })).id]) {
      expect((await answer(one, { submitted_values: [items[0]] })).status).toBe(422);
      expect((await answer(one, { submitted_email: 'x@example.org' })).status).toBe(422);
    }
    expect((await browser.call('PATCH', `messages/${asked.id}`, { contact: { email: 'x@example.org' } })).status).toBe(422);
  });
});

describe('a conversation', () => {
  test('begins with the first message and goes on both ways', async () => {
    const browser = await openBrowser(t, inbox);
    expect((await browser.call('GET', 'conversations')).body).toEqual({});
    expect((await browser.call('GET', 'messages')).body).toEqual({ payload: [], meta: { contact_last_seen_at: 0, agent_last_seen_at: 0 } });
    const echo_id = echo();
    const first = await browser.call('POST', 'messages', {
      message: { content: 'Do you have **bread**?', echo_id, referer_url: 'https://foodbank.example/help', timestamp: 'now' }, custom_attributes: { family: 4 },
    }, { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36', 'accept-language': 'es-MX,es;q=0.9' });
    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({ content: 'Do you have **bread**?', content_html: '<p>Do you have <strong>bread</strong>?</p>', message_type: 0, echo_id, content_type: 'text' });
    const id = first.body.conversation_id as number;
    expect(await asAgent(id)).toMatchObject({
      status: 'open', inbox_id: inbox.id, unread_count: 1, custom_attributes: { family: 4 }, meta: { channel: 'Channel::WebWidget' },
      additional_attributes: { referer: 'https://foodbank.example/help', browser: { browser_name: 'Chrome', platform_name: 'Linux' }, browser_language: 'es-MX' },
    });
    await reply(id, { content: 'Yes, come at four.' });
    await reply(id, { content: 'regular, be kind', private: true });
    await say(browser, 'Thank you', { reply_to: first.body.id });
    const thread = await browser.call('GET', 'messages');
    expect(contents(thread)).toEqual(['Do you have **bread**?', 'Yes, come at four.', 'Thank you']);
    expect(thread.body.payload[1]).toMatchObject({ message_type: 1, sender: { name: account.admin.name, type: 'user' } });
    expect(thread.body.payload[2].in_reply_to).toBe(first.body.id);
    expect(JSON.stringify(thread.body)).not.toContain(account.admin.email);
    expect((await browser.call('GET', 'conversations')).body).toMatchObject({ id, status: 'open', inbox_id: inbox.id, custom_attributes: { family: 4 } });
  });

  test('continues in another tab of the same browser, and is nobody else\'s', async () => {
    const browser = await openBrowser(t, inbox);
    const { body } = await say(browser, 'mine');
    expect((await browserWith(t, inbox, browser.token).call('GET', 'conversations')).body.id).toBe(body.conversation_id);
    const stranger = await openBrowser(t, inbox);
    expect((await stranger.call('GET', 'conversations')).body).toEqual({});
    expect((await stranger.call('PATCH', `messages/${body.id}`, { message: { submitted_values: [] } })).status).toBe(404);
    for (const [method, path, sent] of [['POST', 'conversations/toggle_typing', { typing_status: 'on' }], ['GET', 'conversations/toggle_status'], ['POST', 'conversations/set_custom_attributes', { custom_attributes: { a: 1 } }]] as const) {
      expect((await stranger.call(method, path, sent)).status).toBe(404);
    }
  });

  test('of twenty equal posts at once one is stored, with its files', async () => {
    const browser = await openBrowser(t, inbox);
    const echo_id = echo();
    const answers = await Promise.all(Array.from({ length: 20 }, () => browser.call('POST', 'messages', form({ 'message[content]': 'once', 'message[echo_id]': echo_id }, ['a.txt', 'words']))));
    expect([...new Set(answers.map((a) => `${a.status} ${a.body.id ?? JSON.stringify(a.body)}`))]).toEqual([`200 ${answers[0]!.body.id}`]);
    expect(answers[0]!.body.attachments).toHaveLength(1);
    const { conversation_id } = answers[0]!.body;
    expect(contents(await browser.call('GET', 'messages'))).toEqual(['once']);
    expect((await asAgent(conversation_id)).unread_count).toBe(1);
    await eventually('files of the others are gone', async () => await count('uploads', 'true') === 0);
  });

  test('the echo id of one browser means nothing in another', async () => {
    const [one, two] = [await openBrowser(t, inbox), await openBrowser(t, inbox)];
    const [a, b] = [await say(one, 'from one', { echo_id: 'same' }), await say(two, 'from two', { echo_id: 'same' })];
    expect([a.status, b.status, a.body.id === b.body.id]).toEqual([200, 200, false]);
  });

  test('another can be started; a repeated start stays one', async () => {
    const browser = await openBrowser(t, inbox);
    const first = (await say(browser, 'first')).body.conversation_id;
    const start = { contact: { name: 'Ana Start', email: 'ana-start@example.org' }, message: { content: 'another matter', echo_id: echo() }, custom_attributes: { topic: 'rent' } };
    const [made, again] = [await browser.call('POST', 'conversations', start), await browser.call('POST', 'conversations', start)];
    expect(made.body).toMatchObject({ status: 'open', inbox_id: inbox.id, custom_attributes: { topic: 'rent' }, contact: { name: 'Ana Start', email: 'ana-start@example.org' }, messages: [{ content: 'another matter' }] });
    expect(made.body.id).not.toBe(first);
    expect([again.body.id, again.body.messages[0].id]).toEqual([made.body.id, made.body.messages[0].id]);
    expect((await browser.call('GET', 'conversations')).body.id).toBe(made.body.id);
  });

  test('can be opened before anything is written', async () => {
    const browser = await openBrowser(t, inbox);
    const { status, body } = await browser.call('POST', 'conversations', { contact: { name: 'Quiet' }, custom_attributes: { topic: 'x' } });
    expect([status, body.messages, body.custom_attributes]).toEqual([200, [], { topic: 'x' }]);
    expect((await say(browser, 'now')).body.conversation_id).toBe(body.id);
  });

  test('is resolved by the visitor only where the inbox lets them, and opens again with the next word', async () => {
    const browser = await openBrowser(t, inbox);
    const id = (await say(browser, 'hello')).body.conversation_id;
    expect((await browser.call('GET', 'conversations/toggle_status')).status).toBe(200);
    expect((await asAgent(id)).status).toBe('resolved');
    await say(browser, 'one more thing');
    expect((await asAgent(id)).status).toBe('open');
    const strict = await makeWebChat(t, account, { selected_feature_flags: ['attachments'] });
    const other = await openBrowser(t, strict);
    await say(other, 'hello');
    expect((await other.call('GET', 'conversations/toggle_status')).status).toBe(403);
  });

  test('knows what both have seen', async () => {
    const browser = await openBrowser(t, inbox);
    expect((await browser.call('POST', 'conversations/update_last_seen', {})).status).toBe(200);
    const id = (await say(browser, 'hello')).body.conversation_id;
    await reply(id, { content: 'hi' });
    const before = (await asAgent(id)).contact_last_seen_at;
    await browser.call('POST', 'conversations/update_last_seen', {});
    await browser.call('POST', 'conversations/update_last_seen', {});
    expect(before).toBe(0);
    expect((await asAgent(id)).contact_last_seen_at).toBeGreaterThan(0);
    expect((await browser.call('GET', 'messages')).body.meta.agent_last_seen_at).toBeGreaterThan(0);
    expect(await t.app.get(SystemWork).sql(`SELECT FROM events e JOIN conversations c ON c.id = e.conversation_id WHERE c.account_id = $1 AND c.display_id = $2 AND e.type = 'conversation.read' AND e.payload->>'by' = 'contact'`, [account.id, id])).toHaveLength(1);
  });

  test('takes attributes and gives them up', async () => {
    const browser = await openBrowser(t, inbox);
    const id = (await say(browser, 'hello')).body.conversation_id;
    await browser.call('POST', 'conversations/set_custom_attributes', { custom_attributes: { a: 1, b: { c: 2 } } });
    await browser.call('POST', 'conversations/destroy_custom_attributes', { custom_attribute: ['a'] });
    expect((await asAgent(id)).custom_attributes).toEqual({ b: { c: 2 } });
    expect((await browser.call('POST', 'conversations/toggle_typing', { typing_status: 'on' })).status).toBe(200);
    for (let i = 0; i < 2; i++) await browser.call('POST', 'conversations/set_custom_attributes', { custom_attributes: { [`big${i}`]: 'x'.repeat(45_000) } });
    expect((await browser.call('POST', 'conversations/set_custom_attributes', { custom_attributes: { more: 'x'.repeat(45_000) } })).status).toBe(422);
  });

  test('is labelled by the site with labels there are; visitors make none', async () => {
    await call(t, account.admin, 'POST', `/api/v1/accounts/${account.id}/labels`, { title: 'donor' });
    const browser = await openBrowser(t, inbox);
    expect((await browser.call('POST', 'labels', { label: 'donor' })).status).toBe(200);
    const id = (await say(browser, 'I would like to give')).body.conversation_id as number;
    for (const label of ['donor', 'donor', 'no-such-label']) expect((await browser.call('POST', 'labels', { label })).status).toBe(200);
    expect((await asAgent(id)).labels).toEqual(['donor']);
    expect(await count('labels', "title = 'no-such-label'")).toBe(0);
    expect((await browser.call('DELETE', 'labels/no-such-label')).status).toBe(404);
    expect((await browser.call('DELETE', 'labels/donor')).status).toBe(200);
    expect((await asAgent(id)).labels).toEqual([]);
  });

  test('is read in pages', async () => {
    const browser = await openBrowser(t, inbox);
    const ids: number[] = [];
    for (let i = 0; i < 25; i++) ids.push((await say(browser, `m${i}`)).body.id);
    expect(contents(await browser.call('GET', 'messages'))).toEqual(Array.from({ length: 20 }, (_, i) => `m${i + 5}`));
    expect(contents(await browser.call('GET', `messages?before=${ids[5]}`))).toEqual(['m0', 'm1', 'm2', 'm3', 'm4']);
    expect(contents(await browser.call('GET', `messages?after=${ids[22]}`))).toEqual(['m23', 'm24']);
  });
});

describe('files', () => {
  test('a photo goes both ways, with a thumbnail and addresses that work', async () => {
    const browser = await openBrowser(t, inbox);
    const photo = await sharp({ create: { width: 800, height: 600, channels: 3, background: '#f59e0b' } }).jpeg().toBuffer();
    const sent = await browser.call('POST', 'messages', form({ 'message[content]': '' }, ['porch.jpg', photo]));
    expect(sent.status).toBe(200);
    expect(sent.body.attachments).toMatchObject([{ file_type: 'image', width: 800, height: 600, content_type: 'image/jpeg', file_size: photo.length }]);
    for (const address of [sent.body.attachments[0].data_url, sent.body.attachments[0].thumb_url]) expect((await fetch(address)).status).toBe(200);
    const back = new FormData();
    back.append('content', 'and ours');
    back.append('attachments[]', new Blob([photo as never]), 'ours.jpg');
    await call(t, account.admin, 'POST', `${conversationPath(sent.body.conversation_id)}/messages`, back);
    const thread = await browser.call('GET', 'messages');
    expect(thread.body.payload.map((m: { attachments: { file_type: string }[] }) => m.attachments[0]!.file_type)).toEqual(['image', 'image']);
  });

  test.each<[string, () => FormData, number, string]>([
    ['41 MB', () => form({}, ['big.bin', Buffer.alloc(41 * 1024 * 1024, 1)]), 413, 'error'],
    ['16 files', () => form({}, ...Array.from({ length: 16 }, (_, i): [string, string] => [`${i}.txt`, 'x'])), 422, 'attributes'],
    ['text with NUL beside a file', () => form({ 'message[content]': 'a\u0000' }, ['x.txt', 'x']), 422, 'attributes'],
  ])('%s: refused, nothing stored', async (_, body, status, key) => {
    const browser = await openBrowser(t, inbox);
    const answer = await browser.call('POST', 'messages', body());
    expect([answer.status, key in answer.body]).toEqual([status, true]);
    expect((await browser.call('GET', 'contact')).body.id).toBeNull();
    await eventually('nothing is left', async () => await count('uploads', 'true') === 0);
  });

  test('SVG is only ever a file to download', async () => {
    const browser = await openBrowser(t, inbox);
    const { body } = await browser.call('POST', 'messages', form({}, ['x.png', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>']));
    expect(body.attachments).toMatchObject([{ file_type: 'file', thumb_url: '' }]);
    const file = await fetch(body.attachments[0].data_url);
    expect([file.headers.get('content-type'), file.headers.get('content-disposition')!.slice(0, 10)]).toEqual(['application/octet-stream', 'attachment']);
  });

  test('are refused where the inbox takes none', async () => {
    const browser = await openBrowser(t, await makeWebChat(t, account, { selected_feature_flags: ['emoji_picker'] }));
    expect((await browser.call('POST', 'messages', form({}, ['x.txt', 'x']))).status).toBe(422);
  });

  test('of a visitor without a good token are not stored at all', async () => {
    await eventually('what was refused before is gone', async () => await count('uploads', 'true') === 0);
    expect((await browserWith(t, inbox, 'forged').call('POST', 'messages', form({}, ['x.txt', 'x']))).status).toBe(401);
    expect(await count('uploads', 'true')).toBe(0);
  });
});

describe('bad input', () => {
  test.each<[string, unknown, number]>([
    ['no message', {}, 422], ['an empty message', { message: {} }, 422], ['spaces', { message: { content: '  \n ' } }, 422], ['nothing that can be seen', { message: { content: '\u200b\u2060\u3164' } }, 422], ['10,001 characters', { message: { content: 'x'.repeat(10_001) } }, 422],
    ['NUL', { message: { content: 'a\u0000b' } }, 422], ['a lone surrogate', { message: { content: 'a\ud800' } }, 422], ['an object', { message: { content: {} } }, 422],
    ['an echo id that is too long', { message: { content: 'x', echo_id: 'e'.repeat(65) } }, 422], ['a reply to nothing', { message: { content: 'x', reply_to: 'abc' } }, 422],
    ['a file as text', { message: { content: 'x', attachments: ['1/files/x'] } }, 422], ['attributes that are none', { message: { content: 'x' }, custom_attributes: 'x' }, 422], ['no JSON', 'x', 422],
  ])('%s is refused and leaves nothing', async (_, body, status) => {
    const browser = await openBrowser(t, inbox);
    expect((await browser.call('POST', 'messages', body)).status).toBe(status);
    expect((await browser.call('GET', 'contact')).body.id).toBeNull();
  });

  test('script and HTML are shown as they were written, never run', async () => {
    const browser = await openBrowser(t, inbox);
    const { body } = await say(browser, '<script>alert(1)</script><img src=x onerror=alert(1)> [x](javascript:alert(1))');
    expect(body.content_html).not.toMatch(/<script|<img|href="javascript/i);
  });

  test('too many messages from one browser wait a minute, others do not', async () => {
    // All of it in one minute.
    t.clock.advance(60_000 - (t.clock.now() % 60_000));
    const [loud, calm] = [await openBrowser(t, inbox), await openBrowser(t, inbox)];
    const from = { 'x-forwarded-for': '203.0.113.9' };
    expect((await loud.call('POST', 'messages', { message: { content: 'first' } }, from)).status).toBe(200);
    const answers = await Promise.all(Array.from({ length: 30 }, (_, i) => loud.call('POST', 'messages', { message: { content: `m${i}` } }, from)));
    expect(answers.filter((a) => a.status === 429)).toHaveLength(1);
    expect(answers.find((a) => a.status === 429)!.headers.get('retry-after')).toMatch(/^[1-9]\d?$/);
    expect((await calm.call('POST', 'messages', { message: { content: 'x' } }, from)).status).toBe(200);
    // An answer that is changed again and again tells everybody who listens, as a message does.
    expect((await loud.call('PATCH', 'messages/1', { message: { submitted_values: [{ value: 'x' }] } }, from)).status).toBe(429);
    // A first message makes a conversation, and one network makes so many.
    await t.database.asOwner((client) => client.query(`UPDATE throttles SET hits = 30 WHERE key LIKE 'widget-conversations:%'`));
    expect((await (await openBrowser(t, inbox)).call('POST', 'messages', { message: { content: 'x' } }, from)).status).toBe(429);
    expect((await calm.call('POST', 'messages', { message: { content: 'y' } }, from)).status).toBe(200);
  });
});
