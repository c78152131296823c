import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeAccount, unique, type AccountWithAdmin } from '../../../../test/factories.js';
import { call, eventually } from '../../../../test/http.js';
import { deliver, makeMailInbox, outcomeOf, receive, showConversation, writeMail, type MailInbox } from '../../../../test/mails.js';
import { onRedis } from '../../../../test/run-backend.js';
import { startTestApp, type TestApp } from '../../../../test/test-app.js';
import { CONFIG, type Config } from '../../../platform/config/config.js';
import { SystemWork } from '../../../platform/database/unit-of-work.js';

let t: TestApp;
let account: AccountWithAdmin;
let inbox: MailInbox;
beforeAll(async () => {
  t = await startTestApp();
  account = await makeAccount(t);
  inbox = await makeMailInbox(t, account);
});
afterAll(() => t.close());

const count = async (sql: string): Promise<number> => (await t.app.get(SystemWork).sql<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`))[0]!.n;
const repairs = (path = ''): string => `/api/v1/accounts/${account.id}/inboxes/${inbox.id}/mail_repairs${path}`;
const everyFile = (folder: string): string[] => readdirSync(folder).flatMap((name) => { const path = join(folder, name); return statSync(path).isDirectory() ? everyFile(path) : [path]; });

describe('a mail handed to the door', () => {
  test('becomes a conversation with its subject, its writer and what they wrote', async () => {
    const made = await receive(t, inbox, { from: '"Ana Pérez" <Ana@Example.org>', subject: '=?utf-8?Q?Caf=C3=A9_hours?=', text: 'When do you open?\r\n\r\nOn Mon, Mar 2, 2026 at 9:00 AM Desk <help@desk.example> wrote:\r\n> We are open.\r\n', headers: { Cc: 'Bo <bo@example.net>' } });
    const shown = await showConversation(t, account, made.id);
    expect(shown).toMatchObject({
      status: 'open', unread_count: 1, additional_attributes: { mail_subject: 'Café hours' }, last_message_preview: 'When do you open?',
      meta: { sender: { name: 'Ana Pérez', email: 'ana@example.org' }, channel: 'Channel::Email' },
    });
    expect(shown.messages[0]).toMatchObject({
      content: 'When do you open?', content_type: 'incoming_email', message_type: 0,
      content_attributes: { email: { subject: 'Café hours', from: ['ana@example.org'], cc: ['bo@example.net'], has_quote: true, automatic: 'no', text_content: { quoted: expect.stringContaining('We are open.') } }, cc_email: ['bo@example.net'] },
    });
  });

  test('is kept encrypted, word for word', async () => {
    const word = `secret-${unique()}`;
    const made = await receive(t, inbox, { text: word });
    const folder = t.app.get<Config>(CONFIG).DATA_DIR;
    const files = everyFile(folder);
    expect(files.length).toBeGreaterThan(0);
    expect(files.filter((path) => readFileSync(path).includes(word))).toEqual([]);
    expect(await count(`mail_messages WHERE message_id = ${made.messageId} AND text_body LIKE '%${word}%'`)).toBe(1);
  });

  test('has its files, its pictures in the text and its invitation', async () => {
    const body = [
      'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=out', '', '--out', 'Content-Type: multipart/related; boundary=rel', '', '--rel', 'Content-Type: text/html', '',
      '<p onclick="x()">See <img src="cid:pic@1"><img src="https://spy.example/p.gif" width=1 height=1><img src="https://far.example/a.png"><script>alert(1)</script></p>',
      '--rel', 'Content-Type: image/png; name=dot.png', 'Content-ID: <pic@1>', 'Content-Transfer-Encoding: base64', '',
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', '--rel--',
      '--out', 'Content-Type: text/calendar; method=REQUEST', '', 'BEGIN:VCALENDAR', 'METHOD:REQUEST', 'BEGIN:VEVENT', 'UID:1', 'SUMMARY:Board meeting', 'DTSTART;TZID=Europe/Berlin:20260305T180000', 'END:VEVENT', 'END:VCALENDAR',
      '--out', 'Content-Type: text/plain; name="../../notes.txt"', 'Content-Disposition: attachment', '', 'notes', '--out--', '',
    ].join('\r\n');
    const made = await receive(t, inbox, { body });
    const message = (await showConversation(t, account, made.id)).messages[0]!;
    expect(message.attachments.map((file) => [file.file_name, file.file_type])).toEqual([['dot.png', 'image'], ['invite.ics', 'file'], ['notes.txt', 'file']]);
    const { email } = message.content_attributes;
    expect(email.events[0]).toMatchObject({ summary: 'Board meeting', method: 'REQUEST', zone: 'Europe/Berlin' });
    expect(email.html_content.full).toContain('data-cid="pic@1"');
    expect(email.html_content.full).toContain('data-remote="https://far.example/a.png"');
    expect(email.html_content.full).not.toMatch(/onclick|script|spy\.example|src=/);
    const bytes = await (await fetch(message.attachments[2]!.data_url)).text();
    expect(bytes.trim()).toBe('notes');
  });

  test('is one message, however often and on whatever way it comes', async () => {
    const raw = writeMail({ to: inbox.email });
    const first = await deliver(t, inbox, raw);
    const again = await deliver(t, inbox, raw);
    expect([first, again]).toMatchObject([{ status: 200, duplicate: false }, { status: 200, duplicate: true, id: first.id }]);
    const otherWay = await deliver(t, inbox, `Received: from relay.example by mx.example; Tue, 3 Mar 2026 10:00:01 +0000\r\n${raw}`);
    expect(otherWay.duplicate).toBe(false);
    const { conversation_id: conversation } = await outcomeOf(t, first.id);
    expect(await outcomeOf(t, otherWay.id)).toMatchObject({ state: 3, error: 'This mail is here already.' });
    expect(await count(`messages WHERE conversation_id = ${conversation}`)).toBe(1);
  });

  test('ten copies at once are one message', async () => {
    const raw = writeMail({ to: inbox.email, from: `racer-${unique()}@example.org` });
    const given = await Promise.all(Array.from({ length: 10 }, (_, n) => deliver(t, inbox, n % 2 === 0 ? raw : `X-Way: ${n}\r\n${raw}`)));
    const outcomes = await Promise.all([...new Set(given.map((one) => one.id))].map((id) => outcomeOf(t, id)));
    expect(outcomes.filter((outcome) => outcome.state === 1)).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome.state === 2)).toEqual([]);
  });

  test('of many with one id are many: some programs give every mail the same', async () => {
    const id = `always-the-same@${unique()}.example`;
    const [one, two] = [await receive(t, inbox, { id, subject: 'First' }), await receive(t, inbox, { id, subject: 'Second' })];
    expect(one.messageId).not.toBe(two.messageId);
  });
});

describe('what is refused', () => {
  test('unknown doors, other types, nothing, and what is too large', async () => {
    const post = (path: string, init: RequestInit): Promise<Response> => fetch(t.url + path, { method: 'POST', ...init });
    const door = new URL(inbox.inbound_url).pathname;
    expect((await post('/hooks/email/no-such-token', { body: 'x', headers: { 'content-type': 'message/rfc822' } })).status).toBe(404);
    expect((await post(door, { body: '{}', headers: { 'content-type': 'application/json' } })).status).toBe(422);
    expect((await post(door, { body: '', headers: { 'content-type': 'message/rfc822' } })).status).toBe(422);
    const before = await count('mail_raws');
    expect((await post(door, { body: new Uint8Array(51 * 1024 * 1024), headers: { 'content-type': 'message/rfc822' } })).status).toBe(413);
    expect(await count('mail_raws')).toBe(before);
    expect(await count('uploads')).toBe(0);
  });
});

describe('mails that cannot be read', () => {
  test('wait in the repair list and stop no other', async () => {
    const poison = ['This is no mail at all\n\nbut it came', 'PK\u0003\u0004\u0014\u0000 an archive', '\u0000'.repeat(300_000), '<!doctype html><p>A page', `${'x'.repeat(200_000)}\r\n`].map((text) => Buffer.from(text));
    // What is hostile and can be read all the same is a mail like others.
    const hostile = [
      writeMail({ body: `${'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n'.repeat(2_000)}deep` }), writeMail({ body: `Content-Type: text/html\r\n\r\n${'<div><b>'.repeat(5_000)}` }),
      writeMail({ body: 'Content-Type: text/plain; charset=no-such\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%% \u0000 ====' }), writeMail({ subject: `=?utf-8?B?${'A'.repeat(70_000)}` }),
      writeMail({ headers: { References: '<'.repeat(100_000) } }),
    ];
    const mails = Array.from({ length: 40 }, (_, n): Buffer => (n % 8 === 3 ? poison[(n - 3) / 8]! : Buffer.from(n % 8 === 5 ? hostile[(n - 5) / 8]! : writeMail({ from: `good-${n}-${unique()}@example.org` }))));
    const given = await Promise.all(mails.map((mail) => deliver(t, inbox, mail)));
    const outcomes = await Promise.all(given.map(({ id }) => outcomeOf(t, id)));
    expect(outcomes.map(({ state, message_id }) => [state, message_id !== null])).toEqual(mails.map((mail) => (poison.some((one) => one === mail) ? [2, false] : [1, true])));
    const list = (await call<{ payload: { id: number; error: string; size: number; source: string }[] }>(t, account.admin, 'GET', repairs())).body.payload;
    expect(list).toHaveLength(poison.length);
    for (const [n, bytes] of poison.entries()) {
      const { id } = given[n * 8 + 3]!;
      expect(list).toContainEqual(expect.objectContaining({ id, source: 'http', size: bytes.length, error: expect.stringMatching(/\w/) }));
      const raw = await fetch(t.url + repairs(`/${id}/raw`), { headers: account.admin.headers });
      expect([raw.status, bytes.equals(Buffer.from(await raw.arrayBuffer()))]).toEqual([200, true]);
      expect((await call(t, account.admin, 'POST', repairs(`/${id}/retry`))).status).toBe(200);
      expect(await outcomeOf(t, id)).toMatchObject({ state: 2 });
    }
    expect((await call(t, account.admin, 'POST', repairs(`/${given[0]!.id}/retry`))).status).toBe(404);
  });
});

const collection = process.env['MAIL_CORPUS'] ?? join(dirname(fileURLToPath(import.meta.url)), '../../../../../../shared/fixtures/mail');
// How a mail is read and written down has nothing to do with Redis: once is enough.
(existsSync(join(collection, 'manifest.json')) && !onRedis ? test : test.skip)('the whole collection of real mails comes in over the door: each becomes a message, and only what is no mail waits for repair', async () => {
  const box = await makeMailInbox(t, account);
  const entries = (JSON.parse(readFileSync(join(collection, 'manifest.json'), 'utf8')) as { file: string; kind: string; expect: object }[]).filter(({ kind }) => kind === 'eml');
  const files = new Map<number, string>();
  const queue = [...entries];
  await Promise.all(Array.from({ length: 8 }, async () => {
    for (let entry = queue.shift(); entry; entry = queue.shift()) {
      const given = await deliver(t, box, readFileSync(join(collection, entry.file)));
      expect([entry.file, given.status]).toEqual([entry.file, 200]);
      files.set(given.id, entry.file);
    }
  }));
  await eventually('all of them to be worked on', async () => await count(`mail_raws WHERE inbox_id = ${box.id} AND state = 0`) === 0, 120_000);
  const rows = await t.app.get(SystemWork).sql<{ id: number; state: number; error: string | null; message_id: number | null }>('SELECT id, state, error, message_id FROM mail_raws WHERE inbox_id = $1', [box.id]);
  const failed = rows.filter(({ state }) => state === 2);
  process.stdout.write(`mail collection, whole way: ${JSON.stringify({ mails: entries.length, stored: rows.length, messages: rows.filter(({ state }) => state === 1).length, for_repair: failed.map(({ id }) => files.get(id)) })}\n`);
  expect(failed.every(({ id, error }) => error === 'This has no header, so it is not a mail.' && Object.keys(entries.find(({ file }) => file === files.get(id))!.expect).length === 0)).toBe(true);
  expect(rows.filter(({ state, message_id: message }) => state === 1 && message === null)).toEqual([]);
  // The suites hold some mails in several forms, under one id.
  const again = rows.filter(({ state }) => state === 3);
  expect(again.filter(({ error }) => error !== 'This mail is here already.')).toEqual([]);
  expect(await count(`mail_messages WHERE inbox_id = ${box.id}`)).toBe(rows.length - failed.length - again.length);
});

test('what was erased is gone with its mail', async () => {
  const made = await receive(t, inbox, { from: `gone-${unique()}@example.org` });
  expect((await call(t, account.admin, 'DELETE', `/api/v1/accounts/${account.id}/conversations/${made.id}`)).status).toBe(200);
  for (const table of ['mail_raws', 'mail_messages', 'mail_message_ids', 'mail_participants']) expect([table, await count(`${table} WHERE conversation_id = ${made.conversationId}`)]).toEqual([table, 0]);
  expect(await count('uploads')).toBeGreaterThan(0);
});
