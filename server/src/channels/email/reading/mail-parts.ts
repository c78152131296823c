import { createHash } from 'node:crypto';
import libmime from 'libmime';
import { calendarEvents, type CalendarEvent } from './calendar-event.js';
import { htmlToText, isNestedTooDeep } from './html-quotes.js';
import { parseMime, type MimePart } from './mime-tree.js';
import { contentOf, decodeText, textOf, uudecode } from './part-content.js';
import { unpackTnef } from './tnef.js';

/** A file of a mail. */
export interface MailFile { name: string; type: string; contentId: string | null; inline: boolean; /** Signs the rest; nobody wants to see it as a file. */ signature: boolean; content: Buffer }
/** What stands in a mail, apart from its header. */
export interface MailContent {
  text: string | null; html: string | null; files: MailFile[]; events: CalendarEvent[];
  /** Every part in reading order, for reports. */
  parts: MimePart[];
  /** Something was left out because there was too much of it. */
  cut: boolean;
}

const MAX_FILES = 500;
const MAX_FILE_BYTES = 40 * 1024 * 1024;
/** Expansion in all: base64 shrinks, but one archive can stand in many parts. */
const MAX_ALL_BYTES = 80 * 1024 * 1024;
const MAX_TEXT = 2 * 1024 * 1024;
/** Parts that speak to machines. */
const MACHINE = /^(message\/(delivery-status|global-delivery-status|disposition-notification|feedback-report)|text\/rfc822-headers|application\/pgp-encrypted)$/;
const SIGNATURE = /^application\/((x-)?pkcs7-signature|pgp-(signature|keys))$/;

type Segment = { text: string; html?: undefined } | { html: string; text?: undefined } | { text: string; html: string };

/** Reads the tree of a mail into what people see: one text, one HTML, files. */
export function mailContent(root: MimePart): MailContent {
  const reader = new PartReader();
  const segments = reader.read(root, 'mixed');
  // Some programs give the letter itself a file name. Where nothing else can be read, it is the letter.
  if (segments.length === 0) segments.push(...reader.namedTexts().map((text) => ({ text })));
  const some = segments.filter((segment) => (segment.text ?? segment.html ?? '').trim() !== '');
  const hasHtml = some.some((segment) => segment.html !== undefined);
  const text = some.map((segment) => segment.text ?? htmlToText(segment.html ?? '')).join('\n').slice(0, MAX_TEXT);
  const html = hasHtml ? some.map((segment) => segment.html ?? asHtml(segment.text)).join('<br>\n') : null;
  return { text: some.length > 0 ? text : null, html, files: reader.files, events: reader.events, parts: reader.parts, cut: reader.cut };
}

const asHtml = (text: string): string => `<div style="white-space: pre-wrap">${text.replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`)}</div>`;

class PartReader {
  readonly files: MailFile[] = [];
  readonly events: CalendarEvent[] = [];
  readonly parts: MimePart[] = [];
  cut = false;
  private bytes = 0;
  private readonly calendars = new Set<string>();

  read(part: MimePart, within: string): Segment[] {
    this.parts.push(part);
    if (part.type.startsWith('multipart/')) return this.readMultipart(part);
    const name = nameOf(part);
    const isAttached = part.disposition === 'attachment' || (name !== '' && within !== 'alternative');
    if (part.type === 'text/calendar' || part.type === 'application/ics') return this.readCalendar(part, name);
    if (MACHINE.test(part.type)) return [];
    if (part.type === 'text/html' && !isAttached) return [this.readHtml(textOf(part).slice(0, MAX_TEXT))];
    if ((part.type === 'text/plain' || (part.type.startsWith('text/') && within === 'alternative' && part.type === 'text/enriched')) && !isAttached) return [{ text: this.withoutUuencoded(textOf(part)) }];
    if (/^application\/(vnd\.)?ms-tnef$/.test(part.type) || /^winmail\.dat$/i.test(name)) return this.readTnef(part, name);
    this.addFile(name, part.type, contentOf(part), part.contentId, part.disposition === 'inline' || (part.contentId !== null && part.disposition === ''));
    return [];
  }

  namedTexts(): string[] {
    return this.parts.filter((part) => part.type === 'text/plain' && part.disposition !== 'attachment').slice(0, 1).map(textOf);
  }

  private readHtml(html: string): Segment {
    if (!isNestedTooDeep(html)) return { html };
    this.cut = true;
    return { text: html.replace(/<[^<>]{0,5000}>/g, ' ') };
  }

  private readMultipart(part: MimePart): Segment[] {
    const kind = part.type.slice('multipart/'.length);
    if (kind !== 'alternative') return part.children.flatMap((child) => this.read(child, kind === 'related' ? 'related' : 'mixed'));
    // The same thing in several forms: one plain and one HTML of them, the rest is files and invitations.
    const segments = part.children.flatMap((child) => this.read(child, 'alternative'));
    const plain = segments.filter((segment) => segment.text !== undefined).map((segment) => segment.text!);
    const html = segments.filter((segment) => segment.html !== undefined).map((segment) => segment.html!);
    if (html.length === 0) return plain.length > 0 ? [{ text: plain.join('\n') }] : [];
    return [plain.some((text) => text.trim() !== '') ? { text: plain.join('\n'), html: html.join('<br>\n') } : { html: html.join('<br>\n') }];
  }

  private readCalendar(part: MimePart, name: string): Segment[] {
    const content = contentOf(part);
    const hash = createHash('sha256').update(content.toString('latin1').replace(/\s+/g, '')).digest('hex');
    // Invitations come as an alternative and once more as a file.
    if (this.calendars.has(hash)) return [];
    this.calendars.add(hash);
    this.events.push(...calendarEvents(decodeText(content, part.params['charset'] ?? 'utf-8')));
    this.addFile(name || 'invite.ics', 'text/calendar', content, null, false);
    return [];
  }

  private readTnef(part: MimePart, name: string): Segment[] {
    const content = contentOf(part);
    const inside = unpackTnef(content);
    if (!inside || (inside.files.length === 0 && inside.text === null && inside.html === null)) {
      this.addFile(name || 'winmail.dat', 'application/ms-tnef', content, null, false);
      return [];
    }
    for (const file of inside.files) this.addFile(file.name, file.type || 'application/octet-stream', file.content, file.contentId, file.contentId !== null);
    if (this.parts.some((other) => other !== part && other.type.startsWith('text/') && other.body.length > 2)) return [];
    return inside.html !== null ? [{ html: inside.html }] : inside.text !== null ? [{ text: inside.text }] : [];
  }

  private withoutUuencoded(text: string): string {
    let rest = text.slice(0, 20 * 1024 * 1024);
    for (let n = 0; n < 20 && rest.includes('begin '); n += 1) {
      const found = uudecode(rest);
      if (!found) break;
      this.addFile(found.name, 'application/octet-stream', found.content, null, false);
      rest = `${found.before}\n${found.after}`;
    }
    return rest.slice(0, MAX_TEXT);
  }

  private addFile(name: string, type: string, content: Buffer, contentId: string | null, inline: boolean): void {
    if (this.files.length >= MAX_FILES || content.length > MAX_FILE_BYTES || this.bytes + content.length > MAX_ALL_BYTES) {
      this.cut = true;
      return;
    }
    this.bytes += content.length;
    this.files.push({ name: name || madeUpName(type, content, this.files.length + 1), type, contentId, inline, signature: SIGNATURE.test(type), content });
  }
}

/** The file's name without folders, controls and characters that turn the reading direction. */
function nameOf(part: MimePart): string {
  const given = part.dispositionParams['filename'] ?? part.params['name'] ?? '';
  const decoded = libmime.decodeWords(given.replace(/\s*[\r\n]+\s*/g, ' '));
  // A path of somebody's disk is none of ours; elsewhere a slash is only a letter in a title.
  const base = /^([a-z]:|[\\/.~])/i.test(decoded) ? decoded.split(/[\\/]/).at(-1) ?? '' : decoded.replace(/[\\/]/g, '_');
  return base.replace(/[\u0000-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '').trim().toWellFormed().slice(0, 200);
}

function madeUpName(type: string, content: Buffer, number: number): string {
  if (type === 'message/rfc822') {
    const { root } = parseMime(content.subarray(0, 64 * 1024));
    const subject = root.headers.find((header) => header.name === 'subject');
    const words = subject ? libmime.decodeWords(decodeText(subject.value, undefined)).replace(/[^\p{L}\p{N} ._-]+/gu, ' ').trim().slice(0, 80) : '';
    return `${words || 'mail'}.eml`;
  }
  return `attachment-${number}.${libmime.detectExtension(type)}`;
}
