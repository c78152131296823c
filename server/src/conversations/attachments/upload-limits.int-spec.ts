import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { ChildServer } from '../../../test/child-server.js';
import { makeAccount, type AccountWithAdmin } from '../../../test/factories.js';
import { makeConversation } from '../../../test/factories-conversations.js';
import { makeInbox, type MadeInbox } from '../../../test/factories-inboxes.js';
import { call, eventually } from '../../../test/http.js';
import { startTestApp, type TestApp } from '../../../test/test-app.js';
import { makeWebChat, openBrowser, widgetPath, type Browser } from '../../../test/widget.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { Uploads } from '../../platform/storage/uploads.js';

/* Megabytes of files: 3 of a visitor and 5 of an address in an hour, 16 of an account in a day. */

const MB = 1024 * 1024;
let t: TestApp;
let account: AccountWithAdmin;
let inbox: MadeInbox;
beforeAll(async () => {
  t = await startTestApp({ UPLOAD_MB_PER_VISITOR_HOUR: '3', UPLOAD_MB_PER_ADDRESS_HOUR: '5', UPLOAD_MB_PER_ACCOUNT_DAY: '16', UPLOADS_PER_HOUR: '6' });
});
afterAll(() => t.close());
beforeEach(async () => {
  account = await makeAccount(t);
  inbox = await makeWebChat(t, account);
});

const folder = (): string => join(t.app.get<Config>(CONFIG).DATA_DIR, 'files');
const stored = (): string[] => readdirSync(folder(), { recursive: true }).map(String).filter((name) => statSync(join(folder(), name)).isFile()).sort();
const staged = async (): Promise<number> => (await t.app.get(SystemWork).sql<{ n: number }>('SELECT count(*)::int AS n FROM uploads'))[0]!.n;
const expectNothingNew = async (before: string[]): Promise<void> => {
  await eventually('what was refused is gone', async () => await staged() === 0 && stored().length === before.length);
  expect(stored()).toEqual(before);
};
const films = (megabytes: number, files = 1): FormData => {
  const data = new FormData();
  for (let n = 0; n < files; n++) data.append('message[attachments][]', new Blob([Buffer.alloc(megabytes * MB, n + 1)]), `film-${n}.bin`);
  return data;
};
const film = (kilobytes: number): FormData => {
  const data = new FormData();
  data.append('message[attachments][]', new Blob([Buffer.alloc(kilobytes * 1024, 9)]), 'film.bin');
  return data;
};
/** Uploads that hold a part of a budget just now. */
const underWay = async (): Promise<number> => (await t.app.get(SystemWork).sql<{ n: number }>('SELECT count(DISTINCT id)::int AS n FROM reservations'))[0]!.n;
let address = 0;
const send = (browser: Browser, body: FormData | object, from = `198.51.100.${++address}`, more: Record<string, string> = {}) => browser.call('POST', 'messages', body, { 'x-forwarded-for': from, ...more });

/** Starts an upload and leaves it in the middle. */
const begun = async (url: string, browser: Browser): Promise<{ destroy(): unknown }> => {
  // Nothing may have been stored yet.
  mkdirSync(join(folder(), '.incoming'), { recursive: true });
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(`POST ${widgetPath(inbox, 'messages')} HTTP/1.1\r\nHost: x\r\nX-Auth-Token: ${browser.token}\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 1900000\r\n\r\n`
    + '--b\r\nContent-Disposition: form-data; name="message[attachments][]"; filename="x.bin"\r\n\r\n');
  socket.write(Buffer.alloc(300_000, 7));
  await eventually('the upload has begun', async () => await staged() === 1 && readdirSync(join(folder(), '.incoming')).length === 1);
  return socket;
};

test('a process that is killed in the middle of an upload leaves what the sweeper removes, and keeps its part of the budget for minutes only', async () => {
  const browser = await openBrowser(t, inbox);
  const child = await ChildServer.start(t.database.url, { DATA_DIR: t.app.get<Config>(CONFIG).DATA_DIR });
  const socket = await begun(child.url, browser);
  await child.kill();
  socket.destroy();
  expect([stored().length, await underWay(), (await send(browser, films(3))).status]).toEqual([1, 1, 429]);
  t.clock.advance(240_000);
  expect([(await send(browser, films(3))).status, await underWay()]).toEqual([200, 0]);
  expect((await send(browser, film(1))).status).toBe(429);
  const before = stored().filter((name) => !name.startsWith('.incoming'));
  expect(stored()).toHaveLength(before.length + 1);
  const uploads = t.app.get(Uploads);
  expect(await uploads.sweepUnfinished()).toBe(0);
  t.clock.advance(2 * 3_600_000);
  await t.app.get(SystemWork).sql(`UPDATE uploads SET created_at = now() - interval '25 hours'`);
  expect([await uploads.sweepUnfinished(), await uploads.sweep()]).toEqual([1, 1]);
  await expectNothingNew(before);
});

test('a visitor has a budget an hour; what is beyond it is refused in their language and leaves nothing, text goes through', async () => {
  const browser = await openBrowser(t, inbox);
  expect((await send(browser, films(2))).status).toBe(200);
  const before = stored();
  const refused = await send(browser, films(2), undefined, { 'accept-language': 'es-MX,es;q=0.9' });
  expect([refused.status, refused.body]).toEqual([429, { error: expect.stringContaining('El texto sí se envía') as unknown, error_code: 'uploads_exhausted' }]);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(3_000);
  await expectNothingNew(before);
  // One that cannot be taken at any time is told so.
  expect((await send(browser, films(3, 2))).status).toBe(413);
  expect((await send(browser, { message: { content: 'No film then' } })).status).toBe(200);
  const text = new FormData();
  text.append('message[content]', 'Nor this way');
  expect((await send(browser, text)).status).toBe(200);
  expect((await send(await openBrowser(t, inbox), films(2))).status).toBe(200);
  t.clock.advance(3_600_000);
  expect((await send(browser, films(2))).status).toBe(200);
});

test('of uploads side by side as many succeed as fit; those that are refused or break off take nothing', async () => {
  const browser = await openBrowser(t, inbox);
  const statuses = await Promise.all(Array.from({ length: 8 }, async () => (await send(browser, film(700))).status));
  expect(statuses.sort()).toEqual([200, 200, 200, 200, 429, 429, 429, 429]);
  expect([(await send(browser, film(300))).status, (await send(browser, film(272))).status]).toEqual([429, 200]);
  const other = await openBrowser(t, inbox);
  const socket = await begun(t.url, other);
  expect([(await send(other, films(2))).status, await underWay()]).toEqual([429, 1]);
  socket.destroy();
  await eventually('it was noticed', async () => await underWay() === 0);
  // Nor does what the application refuses after it was read.
  const refused = films(3);
  refused.append('message[content]', 'x'.repeat(10_001));
  expect([(await send(other, refused)).status, (await send(other, films(3))).status, (await send(other, film(1))).status]).toEqual([422, 200, 429]);
});

test('bytes whose number nobody said beforehand are counted while they come, also those that come side by side', async () => {
  const browser = await openBrowser(t, inbox);
  const before = stored();
  const piece = Buffer.alloc(64 * 1024, 7);
  const flow = async () => {
    async function* body() {
      yield Buffer.from('--b\r\nContent-Disposition: form-data; name="message[attachments][]"; filename="flow.bin"\r\n\r\n');
      for (let n = 0; n < 32; n++) yield piece;
      yield Buffer.from('\r\n--b--\r\n');
    }
    const answer = await fetch(t.url + widgetPath(inbox, 'messages'), {
      method: 'POST', headers: { 'x-auth-token': browser.token, 'content-type': 'multipart/form-data; boundary=b' }, body: ReadableStream.from(body()) as never, duplex: 'half',
    } as RequestInit);
    await answer.text();
    return answer.status;
  };
  expect((await Promise.all([flow(), flow(), flow()])).sort()).toEqual([200, 429, 429]);
  await eventually('what was refused is gone', async () => await staged() === 0);
  expect([stored().length - before.length, await underWay()]).toEqual([1, 0]);
});

test('visitors behind one address share another, and a forged forwarding changes nothing', async () => {
  const from = '203.0.113.9';
  const [one, two, three] = [await openBrowser(t, inbox), await openBrowser(t, inbox), await openBrowser(t, inbox)];
  expect([(await send(one, films(2), from)).status, (await send(two, films(2), from)).status]).toEqual([200, 200]);
  expect((await send(three, films(2), from)).status).toBe(429);
  expect((await send(three, films(2), `192.0.2.${++address}, ${from}`)).status).toBe(429);
  expect((await send(three, films(2), '203.0.113.10')).status).toBe(200);
});

test('an account takes so much in a day, half of it from visitors; other accounts are not concerned', async () => {
  const conversation = await makeConversation(t, account, await makeInbox(t, account));
  const ours = (megabytes: number) => {
    const data = new FormData();
    data.append('attachments[]', new Blob([Buffer.alloc(megabytes * MB, 5)]), 'film.bin');
    return call(t, account.admin, 'POST', `${conversation.url}/messages`, data);
  };
  for (let n = 0; n < 4; n++) expect((await send(await openBrowser(t, inbox), films(2))).status).toBe(200);
  const strangers = await send(await openBrowser(t, inbox), films(2));
  expect([strangers.status, strangers.body.error]).toEqual([429, expect.stringContaining('today')]);
  expect((await ours(7)).status).toBe(200);
  const refused = await ours(2);
  expect([refused.status, Number(refused.headers.get('retry-after'))]).toEqual([429, expect.any(Number)]);
  expect((await call(t, account.admin, 'POST', `${conversation.url}/messages`, { content: 'In words' })).status).toBe(200);
  const other = await makeAccount(t);
  expect((await send(await openBrowser(t, await makeWebChat(t, other)), films(2))).status).toBe(200);
});

test('a person sends so many files an hour; nobody else is concerned', async () => {
  const conversation = await makeConversation(t, account, await makeInbox(t, account));
  const notes = (files: number) => {
    const data = new FormData();
    for (let n = 0; n < files; n++) data.append('attachments[]', new Blob([`note ${n}`]), `note-${n}.txt`);
    return call(t, account.admin, 'POST', `${conversation.url}/messages`, data);
  };
  expect((await notes(6)).status).toBe(200);
  const before = stored();
  expect((await notes(1)).status).toBe(429);
  await expectNothingNew(before);
  expect((await send(await openBrowser(t, inbox), films(1))).status).toBe(200);
});

test('files for what is not there, or where none are taken, are not read', async () => {
  const before = stored();
  const nowhere = await call(t, account.admin, 'POST', `/api/v1/accounts/${account.id}/conversations/999999/messages`, films(3));
  const strict = await makeWebChat(t, account, { selected_feature_flags: ['emoji_picker'] });
  const unwanted = await send(await openBrowser(t, strict), films(3));
  expect([nowhere.status, unwanted.status, unwanted.body.attributes]).toEqual([404, 422, ['message.attachments']]);
  await expectNothingNew(before);
});
