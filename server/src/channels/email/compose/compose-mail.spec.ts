import { expect, test } from '@jest/globals';
import { Readable } from 'node:stream';
import { composeMail } from './compose-mail.js';
import type { MailDraft } from './mail-draft.js';
import { isSameMailbox, mailAddress, mailPerson, taggedAddress, withoutDoubles } from './mail-addresses.js';
import { plainOf } from './mail-text.js';
import { ownMessageId, subjectOf, threadIndex, threadingOf, topicOf } from './mail-thread.js';

const uuid = '01234567-89ab-cdef-0123-456789abcdef';
const draft = (more: Partial<MailDraft> = {}): MailDraft => ({
  messageId: ownMessageId(uuid, 7, 'example.org'), date: new Date('2026-11-21T09:30:00Z'), from: { name: 'Mia from Helpers', address: 'help@example.org' },
  to: [{ name: 'Jo', address: 'jo@example.com' }], cc: [], bcc: [], subject: 'Re: Opening hours', topic: 'Opening hours', thread: { uuid, begunAt: new Date('2026-11-20T08:00:00Z') },
  inReplyTo: 'first@example.com', references: ['first@example.com'], html: '<p>We open at <strong>nine</strong>.</p>', markdown: 'We open at **nine**.', signature: null, quoted: null, locale: 'en',
  files: [], automatic: false, loopMark: 'help@example.org', ...more,
});

async function written(given: Partial<MailDraft> = {}): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of composeMail(draft(given), (markdown) => `<p>${markdown}</p>`).read()) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
/** Headers of the mail itself, unfolded. */
const headersOf = (raw: string): string[] => raw.slice(0, raw.indexOf('\r\n\r\n')).replace(/\r\n[ \t]+/g, ' ').split('\r\n');
const bodyOf = (raw: string): string => raw.replace(/=\r\n/g, '').replace(/=3D/g, '=').replace(/\r\n/g, '\n');

test('two tries write the same mail but for the boundaries', async () => {
  const stable = (raw: string): string => raw.replace(/--_NmP-[^\s";-]+/g, 'boundary');
  expect(stable(await written())).toBe(stable(await written()));
  expect(headersOf(await written())).toEqual(expect.arrayContaining([
    'From: Mia from Helpers <help@example.org>', 'To: Jo <jo@example.com>', 'Subject: Re: Opening hours', 'Thread-Topic: Opening hours', 'In-Reply-To: <first@example.com>',
    'References: <first@example.com>', `Message-ID: <conversation/${uuid}/messages/7@example.org>`, 'Date: Sat, 21 Nov 2026 09:30:00 +0000',
  ]));
});

test('nothing a person writes ends a header or begins another', async () => {
  const evil = 'x\r\nBcc: thief@evil.example\r\n\r\n<script>';
  const raw = await written({
    subject: evil, topic: evil, loopMark: evil, from: mailPerson(evil, 'help@example.org')!, to: [mailPerson(`"; ${evil}`, 'jo@example.com')!],
    files: [{ fileName: evil, contentType: 'text/plain\r\nX-Evil: 1', open: () => Readable.from(['x']) }], unsubscribe: { url: 'https://example.org/a?b=1\r\nX: y' },
  });
  expect(headersOf(raw).filter((line) => /^(bcc|x-evil|x):/i.test(line))).toEqual([]);
  expect(raw).not.toMatch(/^(bcc|x-evil|x):/im);
  expect(mailAddress('jo@example.com\r\nBcc: a@b.c')).toBeUndefined();
});

test('Bcc is in the envelope and nowhere else', async () => {
  const composed = composeMail(draft({ cc: [{ name: '', address: 'ann@example.com' }], bcc: [{ name: '', address: 'secret@example.com' }] }), String);
  expect(composed.to).toEqual(['jo@example.com', 'ann@example.com', 'secret@example.com']);
  expect(await written({ bcc: [{ name: '', address: 'secret@example.com' }] })).not.toContain('secret@');
});

test('signature and the mail before stand under the text, in both parts', async () => {
  const body = bodyOf(await written({
    signature: 'Helpers e.V.', quoted: { name: 'Jo', address: 'jo@example.com', at: new Date('2026-11-21T08:05:00Z'), html: '<p>When do you open?</p>', text: 'When do you open?\n> earlier' }, locale: 'de',
  }));
  expect(body).toContain('We open at **nine**.\n\n-- \nHelpers e.V.\n\nAm 21.11.2026, 08:05 UTC schrieb Jo <jo@example.com>:\n\n> When do you open?\n>> earlier');
  expect(body).toContain('<div class="gmail_quote">');
  expect(body).toContain('schrieb Jo &#60;jo@example.com&#62;:');
});

test('an inline picture belongs to the HTML, a file to the mail', async () => {
  const raw = await written({
    html: '<p><img src="cid:pic@example.org" alt=""></p>',
    files: [{ fileName: 'Plan.png', contentType: 'image/png', contentId: 'pic@example.org', open: () => Readable.from([Buffer.from('picture')]) },
      { fileName: 'Größe ✓.pdf', contentType: 'application/pdf', open: () => Readable.from([Buffer.from('%PDF')]) }],
  });
  expect(raw).toMatch(/multipart\/mixed[\s\S]*multipart\/(related|alternative)[\s\S]*Content-Id: <pic@example.org>/i);
  expect(raw).toContain(Buffer.from('picture').toString('base64'));
  expect(raw).toMatch(/filename\*0\*=utf-8''Gr%C3%B6%C3%9Fe%20%E2%9C%93\.pdf/);
});

test.each([
  ['a person', {}, undefined],
  ['an answer that nobody wrote', { automatic: true }, 'auto-replied'],
  ['a notice that nobody wrote', { automatic: true, inReplyTo: null }, 'auto-generated'],
])('%s is marked so', async (_name, given, mark) => {
  const headers = headersOf(await written(given as Partial<MailDraft>));
  expect(headers.find((line) => line.startsWith('Auto-Submitted:'))).toBe(mark && `Auto-Submitted: ${mark}`);
  expect(headers.some((line) => line.startsWith('List-Unsubscribe'))).toBe(false);
});

test('bulk mail says how to leave with one click', async () => {
  const headers = headersOf(await written({ unsubscribe: { url: 'https://example.org/u/1', mail: 'leave@example.org' } }));
  expect(headers).toEqual(expect.arrayContaining(['List-Unsubscribe: <https://example.org/u/1>, <mailto:leave@example.org>', 'List-Unsubscribe-Post: List-Unsubscribe=One-Click', 'Precedence: bulk']));
});

test.each([
  ['Re: AW: Re[2]: Fwd: Hello', 'Hello'], ['WG: Re: Tür auf', 'Tür auf'], ['回复：你好', '你好'], ['Rechnung: offen', 'Rechnung: offen'], ['RE : Bonjour', 'Bonjour'], ['  Re:  ', ''],
])('%j is about %j', (subject, topic) => {
  expect(topicOf(subject)).toBe(topic);
  expect(subjectOf(subject, true)).toBe(`Re: ${topic}`);
});

test('references begin with the conversation, stay in order, name nothing twice and never grow without end', () => {
  const many = Array.from({ length: 300 }, (_, n) => `<id${n}@x>`);
  const { inReplyTo, references } = threadingOf('root@us', { messageId: '<last@x>', references: [...many, 'id5@x', 'root@us'] });
  expect(inReplyTo).toBe('last@x');
  expect(references).toHaveLength(41);
  expect([references[0], references[1], references.at(-2), references.at(-1)]).toEqual(['root@us', 'id0@x', 'id5@x', 'last@x']);
  expect(threadingOf('root@us', null)).toEqual({ inReplyTo: null, references: ['root@us'] });
  expect(threadingOf('root@us', { messageId: 'no\r\n thing', references: ['<', ' '] }).references).toEqual(['root@us', 'nothing']);
});

test('Outlook\'s index keeps its first 22 bytes through a conversation', () => {
  const thread = { uuid, begunAt: new Date('2026-11-20T08:00:00Z') };
  const [first, answer, late] = [null, new Date('2026-11-21T08:00:00Z'), new Date('2031-01-01T00:00:00Z')].map((at) => Buffer.from(threadIndex(thread, at), 'base64'));
  expect([first!.length, answer!.length, late!.length]).toEqual([22, 27, 27]);
  expect(answer!.subarray(0, 22)).toEqual(first);
  expect(first!.subarray(6).toString('hex')).toBe(uuid.replaceAll('-', ''));
  expect(late!.readUInt32BE(22) >>> 31).toBe(1);
});

test.each([
  ['jo@exämple.org', 'jo@xn--exmple-cua.org'], ['JO@Example.ORG', 'JO@example.org'], ['用户@例子.中国', '用户@xn--fsqu00a.xn--fiqs8s'], ['jo', undefined], ['a b@example.org', undefined],
  ['jo@localhost', undefined], ['"x"@example.org', undefined], ['.a@example.org', undefined], ['a@b@example.org', undefined], [`${'a'.repeat(65)}@example.org`, undefined],
])('the address %j is sent to as %j', (given, sent) => { expect(mailAddress(given)).toBe(sent); });

test('recipients are named once, and the inbox does not write to itself', () => {
  const people = (...addresses: string[]) => addresses.map((address) => ({ name: '', address }));
  expect(withoutDoubles({ to: people('a@x.org', 'A@x.org'), cc: people('a@x.org', 'help@x.org', 'b@x.org'), bcc: people('B@x.org') }, ['help@x.org']))
    .toEqual({ to: people('a@x.org'), cc: people('b@x.org'), bcc: [] });
  expect(taggedAddress('help@x.org', 'abc')).toBe('help+abc@x.org');
  expect(isSameMailbox('Jo@EXAMPLE.org', 'jo@example.org')).toBe(true);
});

test('plain text keeps what Markdown means', () => {
  expect(plainOf('See [our page](https://example.org/a) ![plan](cid:plan.png) and \\*this\\*')).toBe('See our page (https://example.org/a) [plan] and *this*');
});
