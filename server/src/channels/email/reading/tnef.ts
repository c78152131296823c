import { decodeText } from './part-content.js';
import { decompressRtf } from './rtf-compression.js';
import { readRtf } from './rtf-text.js';

/** What was inside a winmail.dat. */
export interface TnefContents { files: { name: string; type: string; contentId: string | null; content: Buffer }[]; text: string | null; html: string | null }

const SIGNATURE = 0x223e9f78;
const [BODY, ATTACH_TITLE, ATTACH_DATA, ATTACH_START, MESSAGE_PROPERTIES, ATTACH_PROPERTIES] = [0x800c, 0x8010, 0x800f, 0x9002, 0x9003, 0x9005];
const [PR_BODY, PR_RTF, PR_HTML, PR_LONG_NAME, PR_NAME, PR_MIME, PR_CID, PR_DATA] = [0x1000, 0x1009, 0x1013, 0x3707, 0x3704, 0x370e, 0x3712, 0x3701];
const MAX_FILES = 100;

/** Unpacks Outlook's winmail.dat. Stops at the first thing that makes no sense and keeps what was read; undefined when it is no TNEF at all. */
export function unpackTnef(bytes: Buffer): TnefContents | undefined {
  if (bytes.length < 16 || bytes.readUInt32LE(0) !== SIGNATURE) return undefined;
  const contents: TnefContents = { files: [], text: null, html: null };
  let at = 6;
  while (at + 11 <= bytes.length) {
    const id = bytes.readUInt16LE(at + 1);
    const length = bytes.readUInt32LE(at + 5);
    const data = bytes.subarray(at + 9, at + 9 + length);
    if (data.length < length) break;
    at += 9 + length + 2;
    const file = contents.files.at(-1);
    if (id === ATTACH_START) {
      if (contents.files.length >= MAX_FILES) break;
      contents.files.push({ name: '', type: '', contentId: null, content: Buffer.alloc(0) });
    } else if (id === ATTACH_TITLE && file) file.name ||= zeroEnded(data);
    else if (id === ATTACH_DATA && file) file.content = data;
    else if (id === BODY) contents.text ??= zeroEnded(data);
    else if (id === ATTACH_PROPERTIES && file) {
      const found = properties(data);
      // The title is the short name of DOS days; the long one is here.
      file.name = found.text(PR_LONG_NAME) || file.name || found.text(PR_NAME);
      file.type = found.text(PR_MIME);
      file.contentId = found.text(PR_CID) || null;
      if (file.content.length === 0) file.content = found.bytes(PR_DATA) ?? file.content;
    } else if (id === MESSAGE_PROPERTIES) {
      const found = properties(data);
      contents.text ??= found.text(PR_BODY) || null;
      const html = found.bytes(PR_HTML);
      if (html) contents.html = decodeText(html, undefined);
      else readRichText(contents, found.bytes(PR_RTF));
    }
  }
  contents.files = contents.files.filter((file) => file.content.length > 0);
  return contents;
}

/** Outlook writes many letters as rich text alone, with the HTML they were inside it. */
function readRichText(contents: TnefContents, compressed: Buffer | undefined): void {
  const rtf = compressed && decompressRtf(compressed);
  const read = rtf && readRtf(rtf);
  if (!read) return;
  if ('html' in read) contents.html = read.html;
  else contents.text ??= read.text;
}

const zeroEnded = (data: Buffer): string => decodeText(data.subarray(0, data.indexOf(0) === -1 ? data.length : data.indexOf(0)), undefined).trim();

/** MAPI properties: a count, then type and id, and the value in a form that depends on the type. */
function properties(data: Buffer): { text(id: number): string; bytes(id: number): Buffer | undefined } {
  const values = new Map<number, { type: number; value: Buffer }>();
  try {
    let at = 4;
    for (let left = Math.min(data.readUInt32LE(0), 2_000); left > 0; left -= 1) {
      const [type, id] = [data.readUInt16LE(at), data.readUInt16LE(at + 2)];
      at += 4;
      if (id >= 0x8000) at = afterName(data, at);
      const many = (type & 0x1000) !== 0;
      const kind = type & 0x0fff;
      const sized = kind === 0x1e || kind === 0x1f || kind === 0x102 || kind === 0x0d;
      let count = 1;
      if (many || sized) {
        count = data.readUInt32LE(at);
        at += 4;
      }
      for (let i = 0; i < Math.min(count, 1_000); i += 1) {
        const length = sized ? data.readUInt32LE(at) : fixedLength(kind);
        if (sized) at += 4;
        if (at + length > data.length) throw new RangeError('beyond the end');
        if (i === 0) values.set(id, { type: kind, value: data.subarray(at, at + length) });
        at += length + ((4 - (length % 4)) % 4);
      }
    }
  } catch {
    // Cut short or of a kind we do not know: what came before it stays.
  }
  return {
    text: (id) => {
      const found = values.get(id);
      if (!found) return '';
      return found.type === 0x1f ? found.value.toString('utf16le').replace(/\u0000[\s\S]*$/, '').toWellFormed().trim() : zeroEnded(found.value);
    },
    bytes: (id) => values.get(id)?.value,
  };
}

function fixedLength(kind: number): number {
  switch (kind) {
    case 0x02: case 0x0b: return 2;
    case 0x03: case 0x04: case 0x0a: return 4;
    case 0x05: case 0x06: case 0x07: case 0x14: case 0x40: return 8;
    case 0x48: return 16;
    default: throw new RangeError('unknown type');
  }
}

/** Named properties carry a GUID and a number or a name. */
function afterName(data: Buffer, at: number): number {
  const kind = data.readUInt32LE(at + 16);
  if (kind === 0) return at + 24;
  const length = data.readUInt32LE(at + 20);
  return at + 24 + length + ((4 - (length % 4)) % 4);
}
