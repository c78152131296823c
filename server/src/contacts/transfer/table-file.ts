import { unprocessable } from '../../platform/http/problem.js';
import { guessEncoding, looksJapanese } from './guess-encoding.js';
import { BrokenCsv, CsvReader, delimiterOf, type CsvRecord } from './csv-reader.js';

/** Encodings a table may be said to have. Without a word it is UTF-8 or UTF-16 by its mark, UTF-8 by its bytes, or else what old spreadsheet programs write where its words look like words. */
export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1250', 'windows-1251', 'windows-1252', 'windows-1253', 'windows-1254', 'windows-1255', 'windows-1256', 'iso-8859-2', 'iso-8859-15',
  'koi8-r', 'koi8-u', 'shift_jis', 'euc-jp', 'gb18030', 'big5', 'euc-kr'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** Reads the bytes of a file from the beginning, as often as it is called. */
export type OpenFile = () => AsyncIterable<Buffer>;

const FIRST_LINE = 64 * 1024;
const SAMPLE = 128 * 1024;

/** In which encoding the file can be read. Throws Problem `unprocessable` when in none. */
export async function encodingOf(open: OpenFile, said: Encoding | undefined): Promise<Encoding> {
  const first = await firstBytes(open);
  if (first.subarray(0, 4).equals(Buffer.from('PK\x03\x04', 'latin1')) || first.subarray(0, 4).equals(Buffer.from([0xd0, 0xcf, 0x11, 0xe0]))) {
    throw unprocessable('This is a spreadsheet. Save it as CSV and send that file.');
  }
  const marked = first[0] === 0xff && first[1] === 0xfe ? 'utf-16le' : first[0] === 0xfe && first[1] === 0xff ? 'utf-16be' : first.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])) ? 'utf-8' : undefined;
  const encoding = marked ?? said;
  if (await decodes(open, encoding ?? 'utf-8')) return encoding ?? 'utf-8';
  if (encoding) throw unprocessable(`This file is not ${encoding}. Save it as CSV in UTF-8 and send that file.`);
  const sample = await foreignLines(open);
  return await decodes(open, 'shift_jis') && looksJapanese(sample) ? 'shift_jis' : guessEncoding(sample);
}

/** The first lines that hold more than ASCII, as many as are needed to tell in which alphabet. */
async function foreignLines(open: OpenFile): Promise<Buffer> {
  const lines: Buffer[] = [];
  let size = 0;
  let rest: Buffer = Buffer.alloc(0);
  for await (const bytes of open()) {
    const whole = Buffer.concat([rest, bytes]);
    let from = 0;
    for (let end = whole.indexOf(10); end >= 0 || whole.length - from > FIRST_LINE; end = whole.indexOf(10, from)) {
      const line = whole.subarray(from, end < 0 ? whole.length : end + 1);
      from += line.length;
      if (line.every((byte) => byte < 0x80)) continue;
      lines.push(line);
      size += line.length;
      if (size >= SAMPLE) return Buffer.concat(lines);
    }
    rest = Buffer.from(whole.subarray(from));
  }
  return Buffer.concat([...lines, rest]);
}

async function firstBytes(open: OpenFile): Promise<Buffer> {
  for await (const bytes of open()) return bytes;
  return Buffer.alloc(0);
}

async function decodes(open: OpenFile, encoding: Encoding): Promise<boolean> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  try {
    for await (const bytes of open()) decoder.decode(bytes, { stream: true });
    decoder.decode();
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return false;
    throw error;
  }
}

/** The records of a file, read as they are asked for. Throws BrokenCsv. */
export async function* recordsOf(open: OpenFile, encoding: Encoding): AsyncGenerator<CsvRecord> {
  let reader: CsvReader | undefined;
  let before = '';
  for await (const text of textOf(open, encoding)) {
    if (text.includes('\u0000')) throw new BrokenCsv('This file holds NUL characters: it is not text, or in an encoding that was not recognised. Save it as CSV in UTF-8.');
    if (reader) {
      yield* reader.push(text);
      continue;
    }
    before += text;
    const lineEnd = before.search(/[\r\n]/);
    if (lineEnd < 0 && before.length < FIRST_LINE) continue;
    reader = new CsvReader(delimiterOf(lineEnd < 0 ? before : before.slice(0, lineEnd)));
    yield* reader.push(before);
  }
  if (!reader) {
    reader = new CsvReader(delimiterOf(before));
    yield* reader.push(before);
  }
  yield* reader.end();
}

async function* textOf(open: OpenFile, encoding: Encoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  for await (const bytes of open()) yield decoder.decode(bytes, { stream: true });
  yield decoder.decode();
}
