import { describe, expect, test } from '@jest/globals';
import { processorTime } from '../../../../test/processor-time.js';
import { readMail } from './read-mail.js';
import { decompressRtf } from './rtf-compression.js';
import { readRtf } from './rtf-text.js';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const rtf = (text: string) => readRtf(Buffer.from(text, 'latin1'));
const int = (...values: number[]): Buffer => { const made = Buffer.alloc(4 * values.length); values.forEach((value, n) => made.writeUInt32LE(value, 4 * n)); return made; };
/** Only letters as they are, eight to each control byte: a stream as a lazy program writes it. */
const compress = (text: string): Buffer => {
  const letters = Buffer.from(text, 'latin1');
  const pieces: Buffer[] = [];
  for (let at = 0; at < letters.length; at += 8) pieces.push(Buffer.from([0]), letters.subarray(at, at + 8));
  const body = Buffer.concat(pieces);
  return Buffer.concat([int(body.length + 12, letters.length, 0x75465a4c, 0), body]);
};
const attribute = (level: number, id: number, data: Buffer): Buffer => {
  const head = Buffer.alloc(9);
  head.writeUInt8(level, 0);
  head.writeUInt16LE(id, 1);
  head.writeUInt32LE(data.length, 5);
  return Buffer.concat([head, data, Buffer.alloc(2)]);
};
const property = (id: number, value: Buffer): Buffer => Buffer.concat([int(1, id * 0x10000 + 0x102, 1, value.length), value, Buffer.alloc((4 - (value.length % 4)) % 4)]);
const winmail = (compressed: Buffer): Buffer => Buffer.concat([
  int(0x223e9f78), Buffer.alloc(2), attribute(1, 0x9003, property(0x1009, compressed)), attribute(2, 0x9002, Buffer.alloc(14)), attribute(2, 0x8010, Buffer.from('list.txt\0')), attribute(2, 0x800f, Buffer.from('bread, milk')),
]);
const mailWith = (file: Buffer): Buffer => Buffer.from([
  'From: Vi <vi@example.org>', 'Content-Type: application/ms-tnef; name=winmail.dat', 'Content-Transfer-Encoding: base64', '', file.toString('base64').replace(/(.{76})/g, '$1\r\n'), ''].join('\r\n'), 'latin1');

const LETTER = String.raw`{\rtf1\ansi\ansicpg1251\fromhtml1 \deff0{\fonttbl{\f0\fswiss\fcharset0 Arial;}{\f1\fcharset204 Times;}}{\*\generator Riched20;}
{\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 \f1\'cf\'f0\'e8\'e2\'e5\'f2 \u8364?5 {\*\htmltag84 &lt;}\htmlrtf <\htmlrtf0 b{\*\mhtmltag84 ignored}\f0{\*\htmltag148 <a href="https://example.org/\'7b1\'7d">}it\rquote s{\*\htmltag156 </a>}\htmlrtf\par}\htmlrtf0{\*\htmltag72 </p>}}`;

describe('Outlook\'s winmail.dat', () => {
  test('with the letter as compressed rich text alone is read, and its files are kept', () => {
    const read = readMail(mailWith(winmail(compress(LETTER))));
    expect(read.text).toMatch(/^Привет €5 <bit[’']s/);
    expect(read.html).toContain('href="https://example.org/{1}"');
    expect(read.files.map(({ name, content }) => [name, content.toString()])).toEqual([['list.txt', 'bread, milk']]);
  });

  test('that is cut short or says nonsense is kept as a file, or read as far as it goes', () => {
    const whole = winmail(compress(LETTER));
    for (let length = 10; length < whole.length; length += 37) expect(readMail(mailWith(whole.subarray(0, length)))).toBeDefined();
    expect(readMail(mailWith(winmail(Buffer.from('no rich text at all')))).files.map((file) => file.name)).toEqual(['list.txt']);
  });
});

describe('compressed rich text', () => {
  test('is as long as it was, also where it repeats itself (the examples of MS-OXRTFCP)', () => {
    expect(decompressRtf(hex('2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0'))?.toString()).toBe('{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n');
    expect(decompressRtf(hex('1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0'))?.toString()).toBe('{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}');
    expect(decompressRtf(Buffer.concat([int(18, 6, 0x414c454d, 0), Buffer.from('{\\rtf}')]))?.toString()).toBe('{\\rtf}');
    expect(decompressRtf(Buffer.concat([int(1, 2, 3, 4), Buffer.alloc(50)]))).toBeUndefined();
  });

  test('that claims to be gigabytes has an end', () => {
    const bomb = Buffer.alloc(200_000, 0xff);
    expect(decompressRtf(Buffer.concat([int(bomb.length, 0xffffffff, 0x75465a4c, 0), bomb]))!.length).toBeLessThanOrEqual(4 * 1024 * 1024);
    const began = processorTime();
    expect(rtf(`{\\rtf1 ${'{\\b x'.repeat(200_000)}`)).toBeDefined();
    expect(processorTime() - began).toBeLessThan(2_000);
  });
});

test('rich text that was no HTML says its words', () => {
  expect(rtf(String.raw`{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}{\f1\fcharset238 Arial;}}{\colortbl;\red0;}\pard\f0 Gr\'fc\'dfe,\par {\b a\tab b}\line\f1 \'b3\'f3d\f0  \{x\} \uc2\u9731\'81\'99!\par{\pict\wmetafile8 0102}\*}`)).toEqual({ text: 'Grüße,\na\tb\nłód {x} ☃!' });
  expect(rtf(String.raw`{\rtf1\ansi\fromtext Plain\par words}`)).toEqual({ text: 'Plain\nwords' });
  expect(rtf('no rich text')).toBeUndefined();
});
