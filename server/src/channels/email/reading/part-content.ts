import libmime from 'libmime';
import charsets from 'libmime/lib/charset.js';
import { isUtf8, type MimePart } from './mime-tree.js';

/** The decoded bytes of a part. Damaged encodings give what can be read of them. */
export function contentOf(part: MimePart): Buffer {
  switch (part.encoding) {
    case 'base64': return Buffer.from(part.body.toString('latin1').replace(/[^A-Za-z0-9+/=]/g, ''), 'base64');
    case 'quoted-printable': return unquote(part.body);
    case 'x-uuencode': case 'uuencode': case 'x-uue': return uudecode(part.body.toString('latin1'))?.content ?? part.body;
    default: return part.body;
  }
}

/** The text of a part, in Unicode, with plain line ends. */
export function textOf(part: MimePart): string {
  const text = decodeText(contentOf(part), part.params['charset']).replace(/\r\n?/g, '\n');
  return /^flowed$/i.test(part.params['format'] ?? '') ? libmime.decodeFlowed(text, /^yes$/i.test(part.params['delsp'] ?? '')) : text;
}

/** Labels that people write for something larger: the larger one reads both. */
const WIDER: Record<string, string> = {
  'gb2312': 'gb18030', 'gbk': 'gb18030', 'x-gbk': 'gb18030', 'iso-8859-1': 'windows-1252', 'latin1': 'windows-1252', 'iso8859-1': 'windows-1252', 'iso-8859-9': 'windows-1254',
  'ks_c_5601-1987': 'cp949', 'ks_c_5601': 'cp949', 'euc-kr': 'cp949', 'shift_jis': 'cp932', 'shift-jis': 'cp932', 'sjis': 'cp932', 'x-sjis': 'cp932', 'iso-8859-8-i': 'iso-8859-8',
  'unicode-1-1-utf-7': 'utf-7', 'x-mac-roman': 'macroman', 'big5-hkscs': 'big5-hkscs', 'tis-620': 'windows-874', 'iso-8859-11': 'windows-874',
};
const UNTOLD = new Set(['', 'us-ascii', 'ascii', 'ansi_x3.4-1968', 'unknown', 'x-unknown', 'unknown-8bit', 'default', '7bit', '8bit', 'binary', 'default_charset', 'none', 'user-defined', 'x-user-defined']);
const NUL = /\u0000/g;

/** Bytes as text: by their label, and where that is missing or plainly wrong by what they are. Without NUL, which cannot be stored. */
export function decodeText(bytes: Buffer, label: string | undefined): string {
  const charset = (label ?? '').trim().toLowerCase().replace(/^["']|["']$/g, '');
  if (isAscii(bytes) && !/^(utf-?7|unicode-1-1-utf-7|iso-2022|hz-gb)/.test(charset)) return bytes.toString('latin1').replace(NUL, '');
  return decoded(bytes, charset).replace(/^\ufeff/, '').replace(NUL, '').toWellFormed();
}

function decoded(bytes: Buffer, charset: string): string {
  if (UNTOLD.has(charset)) return isUtf8(bytes) ? bytes.toString('utf8') : charsets.decode(bytes, 'windows-1252');
  if (/^utf-?8/.test(charset)) {
    const text = bytes.toString('utf8');
    // Called UTF-8 with not one proper character in it: it is something else.
    return !text.includes('\ufffd') || /[\u0080-\ufffc]/.test(text) ? text : charsets.decode(bytes, 'windows-1252');
  }
  const name = WIDER[charset] ?? charset;
  if (name === 'windows-1252' && /[\xc2-\xf4][\x80-\xbf]/.test(bytes.toString('latin1')) && isUtf8(bytes)) return bytes.toString('utf8');
  const text = charsets.decode(bytes, name);
  return text.includes('\ufffd') && isUtf8(bytes) ? bytes.toString('utf8') : text;
}

function isAscii(bytes: Buffer): boolean {
  for (let i = 0; i < bytes.length; i += 1) if (bytes[i]! > 127 || bytes[i] === 27) return false;
  return true;
}

/** Quoted-printable, forgiving: what is no escape stands for itself. */
function unquote(body: Buffer): Buffer {
  const out = Buffer.allocUnsafe(body.length);
  let n = 0;
  for (let i = 0; i < body.length; i += 1) {
    const byte = body[i]!;
    if (byte !== 61) {
      // White space at the end of a line was added on the way.
      if (byte === 32 || byte === 9) {
        let end = i;
        while (body[end] === 32 || body[end] === 9) end += 1;
        if (body[end] === 10 || (body[end] === 13 && body[end + 1] === 10)) {
          i = end - 1;
          continue;
        }
      }
      out[n++] = byte;
      continue;
    }
    const [high, low] = [hex(body[i + 1]), hex(body[i + 2])];
    if (high >= 0 && low >= 0) {
      out[n++] = high * 16 + low;
      i += 2;
      continue;
    }
    let end = i + 1;
    while (body[end] === 32 || body[end] === 9) end += 1;
    if (body[end] === 13 && body[end + 1] === 10) i = end + 1;
    else if (body[end] === 10 || end >= body.length) i = end;
    else out[n++] = byte;
  }
  return out.subarray(0, n);
}

function hex(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 48 && byte <= 57) return byte - 48;
  if (byte >= 65 && byte <= 70) return byte - 55;
  return byte >= 97 && byte <= 102 ? byte - 87 : -1;
}

/** The first uuencoded file in a text, and the text around it. */
export function uudecode(text: string): { name: string; content: Buffer; before: string; after: string } | undefined {
  const begin = /(?:^|\n)begin [0-7]{3,4} ([^\r\n]{1,200})\r?\n/.exec(text);
  if (!begin) return undefined;
  const from = begin.index + begin[0].length;
  const end = text.slice(from).search(/(?:^|\n)[`\s]?\r?\n?end[ \t]*(?:\r?\n|$)/);
  if (end === -1) return undefined;
  const pieces: Buffer[] = [];
  for (const line of text.slice(from, from + end).split(/\r?\n/)) {
    const length = ((line.charCodeAt(0) || 32) - 32) & 63;
    if (length === 0) continue;
    const bytes = Buffer.alloc(Math.ceil(length / 3) * 3);
    for (let i = 1, n = 0; n < length; i += 4, n += 3) {
      const [a, b, c, d] = [0, 1, 2, 3].map((k) => ((line.charCodeAt(i + k) || 32) - 32) & 63) as [number, number, number, number];
      bytes[n] = (a << 2) | (b >> 4);
      bytes[n + 1] = ((b & 15) << 4) | (c >> 2);
      bytes[n + 2] = ((c & 3) << 6) | d;
    }
    pieces.push(bytes.subarray(0, length));
  }
  const after = text.slice(from + end).replace(/^[\s`]*end[ \t]*\r?\n?/, '');
  return { name: begin[1]!.trim(), content: Buffer.concat(pieces), before: text.slice(0, begin.index), after };
}
