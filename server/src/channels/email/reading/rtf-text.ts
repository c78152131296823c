import { decodeText } from './part-content.js';

/** What a rich text says: the HTML or the plain text it was made from, or else its own words. */
export type RtfContent = { html: string } | { text: string };

const TOKEN = /\\'([0-9a-f]{2})|\\([a-z]{1,32})(-?\d{1,9})? ?|\\([^a-z])|([{}])|([^\\{}]+)/gis;
const MAX_DEPTH = 500;
/** Groups that hold no words of the letter. */
const SILENT = new Set(['fonttbl', 'colortbl', 'stylesheet', 'info', 'pict', 'header', 'footer', 'headerl', 'headerr', 'headerf', 'footerl', 'footerr', 'footerf', 'fldinst', 'object', 'listtable', 'listoverridetable', 'rsidtbl', 'generator']);
const SPACES: Record<string, string> = { par: '\n', line: '\n', sect: '\n', page: '\n', row: '\n', tab: '\t', cell: '\t', emspace: '\u2003', enspace: '\u2002' };
const SIGNS: Record<string, [sign: string, entity: string]> = {
  lquote: ['\u2018', '&lsquo;'], rquote: ['\u2019', '&rsquo;'], ldblquote: ['\u201c', '&ldquo;'], rdblquote: ['\u201d', '&rdquo;'], bullet: ['\u2022', '&bull;'], endash: ['\u2013', '&ndash;'], emdash: ['\u2014', '&mdash;'],
  '~': ['\u00a0', '&nbsp;'], _: ['\u2011', '&shy;'], '-': ['', ''],
};
/** Fonts say in which characters they are written (RTF 1.9.1, fcharset). */
const CHARSETS: Record<number, number> = { 0: 1252, 77: 10000, 128: 932, 129: 949, 134: 936, 136: 950, 161: 1253, 162: 1254, 163: 1258, 177: 1255, 178: 1256, 186: 1257, 204: 1251, 222: 874, 238: 1250 };
const LABELS: Record<number, string> = { 437: 'cp437', 850: 'cp850', 866: 'cp866', 874: 'windows-874', 932: 'shift_jis', 936: 'gb18030', 949: 'euc-kr', 950: 'big5', 10000: 'macintosh', 65001: 'utf-8' };
const labelOf = (codepage: number): string => LABELS[codepage] ?? `windows-${codepage}`;

interface Group { silent: boolean; /** Inside a piece of the original HTML. */ tag: boolean; /** Only there for programs that show the rich text. */ forRtf: boolean; fonts: boolean; skip: number; codepage: number | undefined }

/** Reads a rich text; HTML and plain text that Outlook wrapped in it come out as they were (MS-OXRTFEX). Undefined when it is none. */
export function readRtf(bytes: Buffer): RtfContent | undefined {
  if (!bytes.subarray(0, 6).toString('latin1').startsWith('{\\rtf')) return undefined;
  const source = bytes.toString('latin1');
  const reader = new RtfReader(/\\fromhtml1?(?![0-9])/.test(source.slice(0, 4_000)));
  for (const token of source.matchAll(TOKEN)) if (!reader.take(token)) break;
  return reader.content();
}

class RtfReader {
  private readonly groups: Group[] = [];
  private group: Group = { silent: false, tag: false, forRtf: false, fonts: false, skip: 1, codepage: undefined };
  private readonly out: string[] = [];
  private pending: number[] = [];
  private readonly fonts = new Map<number, number>();
  private font = 0;
  private usual = 1252;
  /** Characters left that stand in for a Unicode one. */
  private standIns = 0;
  private starred = false;

  constructor(private readonly isHtml: boolean) {}

  /** False when nothing more should be read. */
  take([, hex, word, number, sign, brace, text]: RegExpMatchArray): boolean {
    if (hex === undefined) this.flush();
    if (brace !== undefined) return this.brace(brace);
    if (hex !== undefined) this.byte(Number.parseInt(hex, 16));
    else if (word !== undefined) this.word(word.toLowerCase(), number === undefined ? undefined : Number(number));
    else if (sign !== undefined) this.sign(sign);
    else this.text(text!);
    return true;
  }

  content(): RtfContent {
    this.flush();
    const all = this.out.join('').replaceAll('\u0000', '').toWellFormed();
    return this.isHtml ? { html: all } : { text: all.replace(/[ \t]+\n/g, '\n').trim() };
  }

  private brace(brace: string): boolean {
    this.starred = false;
    this.standIns = 0;
    if (brace === '{') {
      if (this.groups.length >= MAX_DEPTH) return false;
      this.groups.push(this.group);
      this.group = { ...this.group };
      return true;
    }
    const outer = this.groups.pop();
    if (outer) this.group = outer;
    return this.groups.length > 0;
  }

  private word(word: string, number: number | undefined): void {
    const isStarred = this.starred;
    this.starred = false;
    if (word === 'htmltag') this.group.tag = this.isHtml && !this.group.silent;
    else if (SILENT.has(word) || (isStarred && word !== 'htmltag')) {
      this.group.silent = true;
      this.group.fonts = word === 'fonttbl';
    } else if (word === 'htmlrtf') this.group.forRtf = this.isHtml && number !== 0;
    else if (word === 'ansicpg') this.usual = number ?? this.usual;
    else if (word === 'uc') this.group.skip = Math.min(number ?? 1, 10);
    else if (word === 'f') this.useFont(number ?? 0);
    else if (word === 'fcharset' && this.group.fonts) this.fonts.set(this.font, CHARSETS[number ?? 0] ?? this.usual);
    else if (word === 'plain') this.group.codepage = undefined;
    else if (word === 'u' && number !== undefined) {
      this.put(String.fromCharCode(((number % 65_536) + 65_536) % 65_536));
      this.standIns = this.group.skip;
    } else if (SPACES[word] !== undefined) this.put(SPACES[word]);
    else if (SIGNS[word] !== undefined) this.put(SIGNS[word][this.isHtml ? 1 : 0]);
  }

  private useFont(number: number): void {
    this.font = number;
    if (!this.group.fonts) this.group.codepage = this.fonts.get(number);
  }

  private sign(sign: string): void {
    if (sign === '*') this.starred = true;
    else if (sign === '\n' || sign === '\r') this.put('\n');
    else if ('\\{}'.includes(sign)) this.text(sign);
    else if (SIGNS[sign] !== undefined) this.put(SIGNS[sign][this.isHtml ? 1 : 0]);
  }

  private byte(byte: number): void {
    if (this.standIns > 0) this.standIns -= 1;
    else if (this.isHeard()) this.pending.push(byte);
  }

  private text(text: string): void {
    let plain = text.replace(/[\r\n]/g, '');
    if (this.standIns > 0 && plain !== '') {
      const left = Math.min(this.standIns, plain.length);
      this.standIns -= left;
      plain = plain.slice(left);
    }
    // Bytes above ASCII should not stand here, and do.
    if (plain !== '' && this.isHeard()) this.out.push(/[\u0080-\u00ff]/.test(plain) ? decodeText(Buffer.from(plain, 'latin1'), this.label()) : plain);
  }

  private put(text: string): void {
    if (this.isHeard()) this.out.push(text);
  }

  /** Between the pieces of the original HTML, what is marked is only a translation of them. */
  private isHeard(): boolean {
    return !this.group.silent && (this.group.tag || !this.group.forRtf);
  }

  private label(): string {
    return labelOf(this.group.codepage ?? this.usual);
  }

  private flush(): void {
    if (this.pending.length === 0) return;
    this.out.push(decodeText(Buffer.from(this.pending), this.label()));
    this.pending = [];
  }
}
