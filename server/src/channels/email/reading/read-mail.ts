import { createHash } from 'node:crypto';
import type { MailPerson } from '../mail-messages.repository.js';
import type { MailReport } from '../reports/delivery-news.js';
import { deliveryReport } from './delivery-report.js';
import { htmlToText, withoutQuotes } from './html-quotes.js';
import type { CalendarEvent } from './calendar-event.js';
import { MailHeaders } from './mail-headers.js';
import { mailContent, type MailFile } from './mail-parts.js';
import { signalsOf, type MailSignals } from './mail-signals.js';
import { parseMime, type MimePart } from './mime-tree.js';
import { splitReply } from './reply-text.js';
import { safeHtml } from './safe-html.js';

/** A mail as it was understood. A pure function of its bytes: it can be read again at any time. */
export interface ReadMail {
  messageId: string;
  /** The same for every copy of a mail, however it travelled. */
  fingerprint: string;
  subject: string; date: Date | null; from: MailPerson | null; groupName: string | null; sender: MailPerson | null; replyTo: MailPerson[]; to: MailPerson[]; cc: MailPerson[]; bcc: MailPerson[];
  /** Every address that a mail server wrote down as the one it delivered to. */
  deliveredTo: string[];
  /** Whom relays name as the one who really wrote or was written to. */
  originalSender: MailPerson | null; originalFrom: MailPerson | null; forwardedFor: string[];
  inReplyTo: string[]; references: string[]; returnPath: string | null;
  text: string; reply: string; quoted: string; html: string | null; htmlReply: string | null;
  files: MailFile[]; events: CalendarEvent[]; signals: MailSignals; report: MailReport | null; headers: [string, string][];
  authenticationResults: string[];
  /** Marks our own mail, to end loops. */
  loopMark: string | null;
  /** What is odd about it: `two_from` (From names several), `cut`, `encrypted`. */
  oddities: string[];
}

const MAX_SUBJECT = 50_000;
const SHOWN_HEADERS = 60_000;
/** A mail without the least sign of being one. */
export class NotAMail extends Error {}

/** Reads a mail. Throws NotAMail when there is nothing in it that a mail has; whatever else is broken is read as far as it goes. */
export function readMail(bytes: Buffer): ReadMail {
  const { root, truncated } = parseMime(bytes);
  const content = mailContent(root);
  const charset = root.params['charset'] ?? content.parts.find((part) => part.params['charset'])?.params['charset'];
  const headers = new MailHeaders(root.headers, charset);
  if (headers.size === 0) throw new NotAMail('This has no header, so it is not a mail.');
  const html = content.html === null ? null : safeHtml(content.html);
  const newHtml = content.html === null ? undefined : withoutQuotes(content.html);
  const text = content.text ?? '';
  const split = splitFor(content.html, newHtml, text);
  const signals = signalsOf(headers, typeOf(root));
  const report = deliveryReport(root, headers, content.parts, text);
  const { from, several, groupName } = headers.author();
  const oddities = [several ? 'two_from' : '', truncated || content.cut ? 'cut' : '', signals.encrypted ? 'encrypted' : ''].filter((odd) => odd !== '');
  return {
    ...identity(headers, root, bytes), subject: headers.text('subject').slice(0, MAX_SUBJECT), date: headers.date(), from, groupName, sender: headers.people('sender')[0] ?? null,
    replyTo: headers.people('reply-to'), to: headers.people('to'), cc: headers.people('cc'), bcc: headers.people('bcc'),
    deliveredTo: [...new Set(headers.people('delivered-to', 'x-original-to', 'envelope-to', 'x-envelope-to', 'x-forwarded-to', 'x-delivered-to', 'x-rcpt-to').map((person) => person.address))],
    originalSender: headers.people('x-original-sender')[0] ?? null, originalFrom: headers.people('x-original-from')[0] ?? null, forwardedFor: headers.people('x-forwarded-for').map((person) => person.address),
    inReplyTo: headers.ids('in-reply-to'), references: headers.ids('references'), returnPath: headers.people('return-path')[0]?.address ?? null,
    text, ...split, html, htmlReply: newHtml === undefined ? null : safeHtml(newHtml), files: content.files, events: content.events,
    signals: (report || content.events.some(({ method }) => ANSWERS.test(method))) && signals.automatic === 0 ? { ...signals, automatic: 1, noAutoAnswer: true } : signals, report, headers: headers.list(SHOWN_HEADERS),
    authenticationResults: headers.all('authentication-results').slice(0, 10), loopMark: headers.one('x-porchlight-loop') || null, oddities,
  };
}

/** A calendar says by itself who comes: nobody has to answer that. */
const ANSWERS = /^(REPLY|COUNTER|DECLINECOUNTER)$/;

/** Mail programs mark quotes in HTML more surely than in text; where they did not, the text decides. */
function splitFor(html: string | null, newHtml: string | undefined, text: string): { reply: string; quoted: string } {
  const byText = splitReply(text);
  if (newHtml === undefined || html === null) return byText;
  const byHtml = htmlToText(newHtml).trim();
  if (byHtml === '') return byText;
  // Both cut: the shorter one has less of the quote left in it.
  return byText.quoted !== '' && byText.reply.length <= byHtml.length ? byText : { reply: splitReply(byHtml).reply, quoted: text.trim() };
}

function typeOf(root: MimePart): string {
  return root.params['report-type'] && root.type === 'multipart/report' ? `${root.type}; ${root.params['report-type']}` : root.type;
}

/** Who names their mails badly gets names from us: the same bytes the same one. */
function identity(headers: MailHeaders, root: MimePart, bytes: Buffer): { messageId: string; fingerprint: string } {
  const given = (headers.ids('message-id')[0] ?? headers.one('message-id').replace(/[<>\s]/g, '')).slice(0, 998);
  const stable = [headers.one('from'), headers.one('date'), headers.text('subject')].join('\n');
  const hash = (value: string | Buffer): string => createHash('sha256').update(value).digest('hex');
  // Copies of one mail differ in what relays add and in how the body is encoded. Some programs use one id for many mails: their headers differ.
  if (given !== '') return { messageId: given, fingerprint: hash(`${given}\n${stable}`) };
  const body = hash(Buffer.concat([Buffer.from(stable), root.body]));
  return { messageId: `${body.slice(0, 40)}@without-id.invalid`, fingerprint: hash(`${body}/${bytes.length === 0 ? '' : 'no-id'}`) };
}
