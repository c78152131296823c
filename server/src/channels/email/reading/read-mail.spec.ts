import { describe, expect, test } from '@jest/globals';
import { processorTime } from '../../../../test/processor-time.js';
import { NotAMail, readMail } from './read-mail.js';
import { splitReply } from './reply-text.js';
import { safeHtml } from './safe-html.js';
import { htmlToText, withoutQuotes } from './html-quotes.js';

const mail = (header: string[], body: string[] | Buffer = ['Hello']): Buffer =>
  Buffer.concat([Buffer.from(`${header.join('\r\n')}\r\n\r\n`, 'latin1'), Buffer.isBuffer(body) ? body : Buffer.from(body.join('\r\n'), 'latin1')]);
const from = 'From: Vi <vi@example.org>';
const multipart = (kind: string, boundary: string): string => `Content-Type: multipart/${kind}; boundary="${boundary}"`;

describe('what mail programs do wrong', () => {
  test('raw bytes in a header are read with the body\'s charset', () => {
    expect(readMail(mail([from, 'Subject: Caf\xe9', 'Content-Type: text/plain; charset=iso-8859-1'])).subject).toBe('Café');
    expect(readMail(Buffer.from(`${from}\r\nSubject: Größe\r\n\r\nx`)).subject).toBe('Größe');
  });

  test('what is not seen, and what turns letters round, is not in a subject or a name', () => {
    const word = (text: string): string => `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`;
    const read = readMail(Buffer.from(`From: ${word('Ana\u202egro\u2066.bank\r\nBcc: x')} <a@example.org>\r\nSubject: ${word('Pay\u200b\ufeff\u202e now\r\nX: y 👩\u200d🌾')}\r\n\r\nx`));
    expect([read.subject, read.from]).toEqual(['Pay now X: y 👩\u200d🌾', { name: 'Anagro.bank Bcc: x', address: 'a@example.org' }]);
  });

  test('an inner multipart that never ends does not swallow what follows', () => {
    const read = readMail(mail([from, multipart('mixed', 'out')], ['--out', multipart('alternative', 'in'), '', '--in', 'Content-Type: text/plain', '', 'Text', '--out', 'Content-Type: image/png; name=a.png', 'Content-Transfer-Encoding: base64', '', 'AAAA', '--out--']));
    expect([read.text.trim(), read.files.map((file) => file.name)]).toEqual(['Text', ['a.png']]);
  });

  test('a boundary that begins another one', () => {
    const read = readMail(mail([from, multipart('mixed', 'b')], ['--b', multipart('alternative', 'bb'), '', '--bb', 'Content-Type: text/plain', '', 'One', '--bb--', '--b', 'Content-Type: text/plain; name=two.txt', '', 'Two', '--b--']));
    expect([read.text.trim(), read.files.map((file) => file.content.toString().trim())]).toEqual(['One', ['Two']]);
  });

  test('of two From the first counts, and it is said', () => {
    const read = readMail(mail([from, 'From: boss@example.org']));
    expect([read.from?.address, read.oddities]).toEqual(['vi@example.org', ['two_from']]);
  });

  test.each<[string, string, (string | null)[], string[]]>([
    ['Friends: ana@x.org, "Bo, B." <bo@y.org>;', '', ['ana@x.org', ''], ['two_from']], ['Friends: ana@x.org, "Bo, B." <bo@y.org>;', 'bo@y.org', ['bo@y.org', 'Bo, B.'], ['two_from']],
    ['ana@x.org, bo@y.org', 'someone@else.org', ['ana@x.org', ''], ['two_from']], ['Ana: Ana <ana@x.org>;', '', ['ana@x.org', 'Ana'], []],
    ['undisclosed-recipients:;', '', [null, null], []], ['Kitchen team: ;', '', [null, null, 'Kitchen team'], []], [':;', '', [null, null], []],
  ])('From: %s with the Sender %s', (value, sender, [address, name, group = null], oddities) => {
    const read = readMail(mail([`From: ${value}`, `Sender: ${sender}`, 'To: undisclosed-recipients:;', 'Cc: Team: cy@x.org, "D" <d@y.org>;, Undisclosed: ;, e@z.org']));
    expect([read.from?.address ?? null, read.from?.name ?? null, read.from ? group : read.groupName, read.oddities]).toEqual([address, name, group, oddities]);
    expect([read.to, read.cc.map((person) => person.address)]).toEqual([[], ['cy@x.org', 'd@y.org', 'e@z.org']]);
  });

  test('megabytes of header are passed over, not lost in silence', () => {
    const read = readMail(mail([from, 'Subject: Big', ...Array.from({ length: 40_000 }, (_, n) => `X-Filler-${n}: ${'x'.repeat(60)}`)]));
    expect([read.subject, read.text.trim(), read.oddities]).toEqual(['Big', 'Hello', ['cut']]);
  });

  test.each([
    ['gb2312', Buffer.from([0xc4, 0xe3, 0xba, 0xc3]), '你好'], ['windows-1252', Buffer.from([0x93, 0x68, 0x69, 0x94]), '“hi”'], ['iso-8859-1', Buffer.from([0x80]), '€'], ['x-unknown', Buffer.from('é'), 'é'], ['x-unknown', Buffer.from([0xe9]), 'é'],
    ['koi8-r', Buffer.from([0xf0, 0xd2]), 'Пр'], ['iso-2022-jp', Buffer.from('\x1b$B$3$s\x1b(B', 'latin1'), 'こん'], ['utf-8', Buffer.from([0xe9, 0x74, 0xe9]), 'été'], ['shift_jis', Buffer.from([0x82, 0xa0]), 'あ'],
  ])('%s', (charset, bytes, text) => {
    expect(readMail(mail([from, `Content-Type: text/plain; charset=${charset}`], bytes)).text.trim()).toBe(text);
  });

  test('flowed lines, names of files, files within the text', () => {
    expect(readMail(mail([from, 'Content-Type: text/plain; format=flowed'], ['A long ', 'line.', 'Next.'])).text).toContain('A long line.');
    const names = ['filename="../../etc/passwd"', 'filename*=utf-8\'\'na%C3%AFve.txt', 'filename="=?utf-8?Q?caf=C3=A9.txt?="', 'filename="a\u202Egpj.exe"'].map((name) =>
      readMail(Buffer.from(`${from}\r\n${multipart('mixed', 'b')}\r\n\r\n--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; ${name}\r\n\r\nx\r\n--b--`)).files[0]?.name);
    expect(names).toEqual(['passwd', 'naïve.txt', 'café.txt', 'agpj.exe']);
    const uu = readMail(mail([from], ['See', 'begin 644 a.txt', '#0V%T', '`', 'end', 'bye']));
    expect([uu.files[0]?.name, uu.files[0]?.content.toString(), uu.text.replace(/\s+/g, ' ').trim()]).toEqual(['a.txt', 'Cat', 'See bye']);
  });

  test('a calendar that accepts an invitation is a program; an invitation and its withdrawal are from people', () => {
    const event = (method: string): Buffer => mail([from, `Content-Type: text/calendar; method=${method}`], ['BEGIN:VCALENDAR', `METHOD:${method}`, 'BEGIN:VEVENT', 'UID:1', 'DTSTART;TZID=Europe/Berlin:20260310T090000', 'ATTENDEE;PARTSTAT=ACCEPTED:mailto:vi@example.org', 'END:VEVENT', 'END:VCALENDAR']);
    expect(['REQUEST', 'CANCEL', 'REPLY'].map((method) => { const { signals, events } = readMail(event(method)); return [events[0]?.method, events[0]?.zone, signals.automatic, signals.noAutoAnswer]; }))
      .toEqual([['REQUEST', 'Europe/Berlin', 0, false], ['CANCEL', 'Europe/Berlin', 0, false], ['REPLY', 'Europe/Berlin', 1, true]]);
  });

  test('a mail in a mail is a file; its header changes nothing', () => {
    const read = readMail(mail([from, 'Message-ID: <outer@x>', multipart('mixed', 'b')], ['--b', 'Content-Type: text/plain', '', 'See below', '--b', 'Content-Type: message/rfc822', '', 'From: other@example.org', 'Message-ID: <inner@x>', 'Subject: Inside', 'In-Reply-To: <steal@x>', '', 'x', '--b--']));
    expect([read.messageId, read.inReplyTo, read.files.map((file) => file.name)]).toEqual(['outer@x', [], ['Inside.eml']]);
  });

  test('NUL is nowhere, half characters neither', () => {
    const read = readMail(mail([from, 'Subject: a\0b'], Buffer.from('x\0y')));
    expect(JSON.stringify({ ...read, files: [] })).not.toContain('\\u0000');
  });

  test('thousands of parts, addresses and ids are bounded', () => {
    const parts = readMail(mail([from, multipart('mixed', 'b')], Array.from({ length: 5_000 }, () => '--b\r\nContent-Type: text/plain\r\n\r\nx')));
    expect(parts.oddities).toContain('cut');
    const many = readMail(mail([from, `To: ${Array.from({ length: 3_000 }, (_, n) => `p${n}@example.org`).join(', ')}`, `References: ${Array.from({ length: 3_000 }, (_, n) => `<r${n}@x>`).join(' ')}`]));
    expect([many.to.length <= 500, many.references.length, many.references[0], many.references.at(-1)]).toEqual([true, 40, 'r0@x', 'r2999@x']);
  });

  test('depth has an end, and no header is no mail', () => {
    const deep = Array.from({ length: 200 }, (_, n) => `${multipart('mixed', `b${n}`)}\r\n\r\n--b${n}`).join('\r\n');
    expect(readMail(Buffer.from(`${from}\r\n${deep}\r\n\r\nx`)).oddities).toContain('cut');
    expect(() => readMail(Buffer.from('just a sentence'))).toThrow(NotAMail);
  });

  test('without an id the same bytes have the same one', () => {
    const raw = mail([from, 'Subject: No id']);
    expect(readMail(raw)).toMatchObject({ messageId: readMail(raw).messageId, fingerprint: readMail(raw).fingerprint });
    expect(readMail(mail([from, 'Subject: Other'])).messageId).not.toBe(readMail(raw).messageId);
  });
});

describe('new text and old', () => {
  test.each([
    ['English', 'On Mon, Mar 2, 2026 at 9:00 AM Desk <d@x.org> wrote:'], ['German', 'Am Mo., 2. März 2026 um 09:00 Uhr schrieb Desk <d@x.org>:'], ['French', 'Le lun. 2 mars 2026 à 09:00, Desk <d@x.org> a écrit :'],
    ['Spanish', 'El lun, 2 mar 2026 a las 9:00, Desk (<d@x.org>) escribió:'], ['Italian', 'Il giorno lun 2 mar 2026 alle ore 09:00 Desk <d@x.org> ha scritto:'], ['Dutch', 'Op ma 2 mrt 2026 om 09:00 schreef Desk <d@x.org>:'],
    ['Portuguese', 'Em seg., 2 de mar. de 2026 às 09:00, Desk <d@x.org> escreveu:'], ['Polish', 'pon., 2 mar 2026 o 09:00 Desk <d@x.org> napisał(a):'], ['Russian', 'пн, 2 мар. 2026 г. в 09:00, Desk <d@x.org>:'], ['Swedish', 'Den mån 2 mars 2026 kl 09:00 skrev Desk <d@x.org>:'],
    ['Chinese', '在 2026年3月2日周一 09:00，Desk <d@x.org> 写道：'], ['Turkish', 'Desk <d@x.org>, 2 Mar 2026 Pzt, 09:00 tarihinde şunu yazdı:'], ['Czech', 'po 2. 3. 2026 v 9:00 odesílatel Desk <d@x.org> napsal:'],
  ])('%s', (_language, line) => {
    expect(splitReply(`New text.\n\n${line}\n\n> Old text.\n> More.`).reply).toBe('New text.');
  });

  test.each([
    ['English', ['From: Desk <d@x.org>', 'Sent: Monday, March 2, 2026', 'To: Vi', 'Subject: Hello']], ['German', ['Von: Desk <d@x.org>', 'Gesendet: Montag, 2. März 2026', 'An: Vi', 'Betreff: Hallo']],
    ['French', ['De : Desk <d@x.org>', 'Envoyé : lundi 2 mars 2026', 'À : Vi', 'Objet : Bonjour']], ['Spanish', ['De: Desk <d@x.org>', 'Enviado: lunes', 'Para: Vi', 'Asunto: Hola']],
    ['Russian', ['От: Desk <d@x.org>', 'Отправлено: 2 марта', 'Кому: Vi', 'Тема: Привет']], ['Chinese', ['发件人: Desk', '发送时间: 2026年3月2日', '收件人: Vi', '主题: 你好']],
  ])('Outlook in %s', (_language, lines) => {
    expect(splitReply(`New text.\n\n${lines.join('\n')}\n\nOld text.`).reply).toBe('New text.');
  });

  test('answers between quotes are not cut away', () => {
    const { reply } = splitReply('> Are you open?\nYes.\n\n> Until when?\nUntil six.');
    expect(reply.split('\n')).toEqual(expect.arrayContaining(['Yes.', 'Until six.']));
  });

  test.each(['x'.repeat(100_000), `On ${'wrote '.repeat(20_000)}`, `${'> '.repeat(50_000)}`, `${'From: a\n'.repeat(20_000)}`, ' '.repeat(100_000)])('no text takes long', (text) => {
    const began = processorTime();
    splitReply(text);
    expect(processorTime() - began).toBeLessThan(1_000);
  });

  test.each([
    ['Gmail', '<div>New</div><div class="gmail_quote"><div class="gmail_attr">On Monday wrote:</div><blockquote>Old</blockquote></div>'],
    ['Outlook', '<div>New</div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3pt"><b>From:</b> Desk</div><p>Old</p>'], ['Outlook on the web', '<div>New</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg">From</div><p>Old</p>'],
    ['Apple and Thunderbird', '<p>New</p><div class="moz-cite-prefix">On Monday:</div><blockquote type="cite">Old</blockquote>'], ['Yahoo', '<div>New</div><div id="ydp1yahoo_quoted" class="yahoo_quoted">Old</div>'], ['Proton', '<div>New</div><div class="protonmail_quote">Old</div>'],
  ])('quotes of %s', (_program, html) => expect(htmlToText(withoutQuotes(html)!).trim()).toBe('New'));

  test('what stands below a quote keeps the whole', () => expect(withoutQuotes('<blockquote type="cite">Old?</blockquote><p>New</p>')).toBeUndefined());
});

describe('HTML as it may be shown', () => {
  test.each([
    '<script>alert(1)</script>', '<img src=x onerror=alert(1)>', '<a href="javascript:alert(1)">x</a>', '<iframe src="https://x"></iframe>', '<form action="https://x"><input name=a></form>', '<style>@import url(https://x)</style>',
    '<div style="background:url(https://x)">a</div>', '<div style="position:fixed;top:0">a</div>', '<svg><script>alert(1)</script></svg>', '<link rel=stylesheet href=https://x>', '<base href="https://x">', '<meta http-equiv=refresh content="0;url=https://x">',
    '<img src="https://x/p.gif" width="1" height="1">', '<p style="width:expression(alert(1))">a</p>', '<a href="data:text/html,<script>1</script>">x</a>', '<object data="https://x"></object>',
  ])('%s does nothing', (html) => {
    const safe = safeHtml(html);
    expect(safe).not.toMatch(/script|onerror|javascript:|iframe|<form|<input|url\(|position|expression|<link|<base|<meta|<object|data:text|\ssrc=/i);
  });

  test.each([
    ['#FFF', '#FFF'], ['url(https://x/a.png) no-repeat center #0a5fb4 !important', '#0a5fb4'], ['left rgb(10, 20, 30)', 'rgb(10, 20, 30)'], ["lightblue url('data:image/png;base64,AA') repeat-x", 'lightblue'],
  ])('of background: %s the colour stays', (value, colour) => expect(safeHtml(`<td style="background:${value}">a</td>`)).toBe(`<td style="background-color:${colour}">a</td>`));

  test.each(['url(https://x)', 'none', 'var(--x) red', 'image-set("https://x" 1x)', '\\75rl(https://x) red', 'linear-gradient(red, blue)'])('background: %s leaves nothing that loads', (value) =>
    expect(safeHtml(`<td style='background:${value}'>a</td>`)).toBe('<td>a</td>'));

  test('pictures keep their place, links their words', () => {
    expect(safeHtml('<img src="cid:a%40b" alt="A"><img src="https://far.example/a.png" width=200><a href="https://x.org/" onclick="x">go</a>')).toBe(
      '<img alt="A" data-cid="a@b" /><img width="200" data-remote="https://far.example/a.png" /><a href="https://x.org/" rel="noopener noreferrer nofollow" target="_blank">go</a>');
  });

  test('a hundred thousand nested tags end', () => {
    const began = processorTime();
    const read = readMail(mail([from, 'Content-Type: text/html'], [`${'<div>'.repeat(100_000)}deep`]));
    expect([read.text.trim(), read.html, read.oddities]).toEqual(['deep', null, ['cut']]);
    expect(processorTime() - began).toBeLessThan(2_000);
  });
});
