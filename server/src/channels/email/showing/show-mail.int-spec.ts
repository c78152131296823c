import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { makeAccount, makeMember, type AccountWithAdmin, type Person } from '../../../../test/factories.js';
import { makeAgentIn } from '../../../../test/factories-inboxes.js';
import { call } from '../../../../test/http.js';
import { makeMailInbox, receive, writeMail, type MailInbox } from '../../../../test/mails.js';
import { startTestApp, type TestApp } from '../../../../test/test-app.js';
import type { ShownMail } from './shown-mail.dto.js';

const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
let t: TestApp;
let account: AccountWithAdmin;
let inbox: MailInbox;
let agent: Person;
let far: Server;
const asked: { url: string; headers: IncomingHttpHeaders }[] = [];
beforeAll(async () => {
  far = createServer((request, answer) => {
    asked.push({ url: request.url!, headers: request.headers });
    // A page that says it is a picture, one that leads inside, a huge one, and a picture.
    if (request.url === '/page.png') answer.writeHead(200, { 'content-type': 'image/png' }).end('<script>alert(1)</script>');
    else if (request.url === '/drawing.svg') answer.writeHead(200, { 'content-type': 'image/svg+xml' }).end('<svg xmlns="http://www.w3.org/2000/svg"/>');
    else if (request.url === '/inside.png') answer.writeHead(302, { location: 'http://169.254.169.254/latest' }).end();
    else if (request.url === '/huge.png') answer.writeHead(200).end(Buffer.concat([PNG, Buffer.alloc(6 * 1024 * 1024)]));
    else answer.writeHead(200, { 'content-type': 'text/plain', 'set-cookie': 'seen=1' }).end(PNG);
  });
  await new Promise<void>((resolve) => far.listen(0, '127.0.0.1', resolve));
  t = await startTestApp();
  account = await makeAccount(t);
  inbox = await makeMailInbox(t, account, { trusted_authserv_ids: ['mx.desk.example'] });
  agent = await makeAgentIn(t, account, inbox);
});
afterAll(async () => { await t.close(); far.close(); });

const at = (path: string): string => `http://127.0.0.1:${(far.address() as AddressInfo).port}${path}`;
const html = (body: string): string => [
  'MIME-Version: 1.0', 'Content-Type: multipart/related; boundary=rel', '', '--rel', 'Content-Type: text/html', '', body,
  '--rel', 'Content-Type: image/png; name=dot.png', 'Content-ID: <pic@1>', 'Content-Transfer-Encoding: base64', '', PNG.toString('base64'), '--rel--', '',
].join('\r\n');
const proved = { 'Authentication-Results': 'mx.desk.example; spf=pass dkim=pass dmarc=pass header.from=example.org' };
async function arrived(body: string, headers: Record<string, string> = proved): Promise<string> {
  const { id, messageId } = await receive(t, inbox, writeMail({ to: inbox.email, headers: { ...headers, Cc: 'Bo <bo@example.net>' }, body: html(body) }));
  return `/api/v1/accounts/${account.id}/conversations/${id}/messages/${messageId}/mail`;
}
const show = async (path: string, who: Person = agent): Promise<ShownMail> => (await call<ShownMail>(t, who, 'GET', path)).body;
const get = (path: string): Promise<Response> => fetch(t.url + path);
const sources = (page: string): string[] => [...page.matchAll(/<img[^>]*? src="([^"]*)"/g)].map((found) => found[1]!.replace(/&#38;/g, '&'));

test('a mail is a page for a frame in which nothing runs; pictures from elsewhere wait until they are asked for, and come through us alone', async () => {
  const path = await arrived(`<p onclick="x()">Here <img src="cid:pic@1"><img src="${at('/logo.png?a=1&amp;b=2')}" alt="Logo"><img src="${at('/pixel')}" width=1 height=1><script>alert(1)</script></p>`);
  const mail = await show(path);
  expect(mail).toMatchObject({
    subject: 'Question', direction: 'in', from: { name: 'Vi', address: 'vi@example.org' }, to: [{ address: inbox.email }], cc: [{ name: 'Bo', address: 'bo@example.net' }],
    authentication: { spf: 'pass', dkim: 'pass', dmarc: 'pass', aligned: true }, pages: { new_text: null }, pictures: { remote: 1, shown: false, trusted: false, may_trust: true }, has_original: true, refused: [],
  });
  const page = await get(mail.pages.whole);
  expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'.*sandbox(?!.*allow-scripts)/);
  const text = await page.text();
  expect(text).not.toMatch(/script|onclick|pixel|127\.0\.0\.1:\d+\/logo/);
  const inside = sources(text);
  expect(inside).toHaveLength(1);
  expect((await fetch(new URL(inside[0]!, t.url))).headers.get('content-type')).toBe('image/png');
  expect(asked).toEqual([]);

  const [, logo] = sources(await (await get((await show(`${path}?pictures=true`)).pages.whole)).text());
  expect(logo).toMatch(/^\/remote-pictures\//);
  for (let look = 0; look < 2; look += 1) {
    const picture = await get(logo!);
    expect([picture.status, picture.headers.get('content-type'), picture.headers.get('set-cookie')]).toEqual([200, 'image/png', null]);
  }
  expect(asked.map(({ url }) => url)).toEqual(['/logo.png?a=1&b=2']);
  expect(Object.keys(asked[0]!.headers)).not.toEqual(expect.arrayContaining([expect.stringMatching(/cookie|referer/)]));
});

test('what is no picture, too large or inside our network is not passed on; forged addresses lead nowhere', async () => {
  const path = await arrived(['/page.png', '/drawing.svg', '/inside.png', '/huge.png'].map((file) => `<img src="${at(file)}">`).join('') + '<img src="http://169.254.169.254/latest"><img src="http://localhost:9/x.png">');
  const wanted = sources(await (await get((await show(`${path}?pictures=true`)).pages.whole)).text());
  expect(wanted).toHaveLength(6);
  expect(await Promise.all(wanted.map(async (source) => (await get(source)).status))).toEqual([404, 404, 404, 404, 404, 404]);
  for (const forged of [`${wanted[0]}x`, '/remote-pictures/none', '/mail-pages/none', wanted[0]!.replace('remote-pictures', 'mail-pages')]) expect((await get(forged)).status).toBe(404);
});

test('pictures of somebody trusted are shown at once, but not in a mail that only claims to be from them', async () => {
  const body = `<p>Hi<img src="${at('/news.png')}"></p>`;
  const first = await arrived(body);
  expect((await call(t, agent, 'PUT', `${first}/picture_trust`, { trusted: true })).body).toMatchObject({ pictures: { shown: true, trusted: true } });
  expect(await show(await arrived(body))).toMatchObject({ pictures: { shown: true } });
  const claimed = await arrived(body, {});
  expect(await show(claimed)).toMatchObject({ pictures: { shown: false, may_trust: false } });
  expect((await call(t, agent, 'PUT', `${claimed}/picture_trust`, { trusted: true })).status).toBe(422);
  expect((await call(t, agent, 'PUT', `${first}/picture_trust`, { trusted: false })).body).toMatchObject({ pictures: { shown: false, trusted: false } });
});

test('the quoted history has a page of its own; header and original are there for who may see the conversation', async () => {
  const path = await arrived('<div>Thanks!</div><div class="gmail_quote"><blockquote class="gmail_quote">the old mail</blockquote></div>');
  const { pages } = await show(path);
  const [whole, fresh] = await Promise.all([pages.whole, pages.new_text!].map(async (page) => (await get(page)).text()));
  expect(whole).toMatch(/Thanks!.*the old mail/s);
  expect(fresh).toContain('Thanks!');
  expect(fresh).not.toContain('the old mail');
  expect((await call(t, agent, 'GET', `${path}/headers`)).body.payload).toEqual(expect.arrayContaining([{ name: 'subject', value: 'Question' }]));
  const original = await call(t, agent, 'GET', `${path}/original`);
  expect(original.headers.get('content-disposition')).toMatch(/^attachment; filename="mail-\d+\.eml"/);
  const stranger = await makeMember(t, account.id);
  for (const rest of ['', '/headers', '/original']) expect((await call(t, stranger, 'GET', path + rest)).status).toBe(404);
});
