import type { MailReport, ReportedRecipient } from '../reports/delivery-news.js';
import type { MailHeaders } from './mail-headers.js';
import { idsIn, peopleIn } from './mail-headers.js';
import { parseMime, type MimePart } from './mime-tree.js';
import { contentOf, textOf } from './part-content.js';


const ADDRESS = /[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+/gi;
const STATUS = /\b([245]\.\d{1,3}\.\d{1,3})\b/;
const REPLY_CODE = /\b(5\d\d|4\d\d)[ -]/;
const BOUNCE_SUBJECT = /undeliver|delivery (status notification|failure|has failed|report)|returned mail|mail delivery (failed|system)|failure notice|unzustellbar|nicht zugestellt|non remis|échec de (la )?remise|no se (ha podido|pudo) entregar|mancato recapito|onbestelbaar|non distribuibile|недоставлен|не доставлен|not delivered|delivery problem|mail could not be delivered|message not delivered|配信不能|退信/iu;
const BOUNCE_TEXT = /(could ?n[o']t be delivered|couldn't be delivered|was not delivered|not able to deliver|unable to deliver|undeliverable|delivery to the following|permanent (fatal )?errors?|failed permanently|did not reach|following (addresses|recipients?)|this is the qmail-send program|user unknown|mailbox (is )?full|over quota|no such (user|mailbox|recipient)|recipient (address )?rejected|unknown (user|recipient|address)|nicht zugestellt werden|n'a pas pu être|no (se )?pudo)/i;
const MAX_RECIPIENTS = 50;

/** Whether a mail is a report about another, and what it says. */
export function deliveryReport(root: MimePart, headers: MailHeaders, parts: readonly MimePart[], text: string): MailReport | null {
  const status = parts.filter((part) => part.type === 'message/delivery-status' || part.type === 'message/global-delivery-status');
  if (parts.some((part) => part.type === 'message/feedback-report')) return complaint(headers, parts);
  if (parts.some((part) => part.type === 'message/disposition-notification') || root.params['report-type'] === 'disposition-notification') {
    return { kind: 'receipt', aboutIds: [...idsIn(fieldOf(parts, 'message/disposition-notification', 'original-message-id')), ...aboutIds(headers, parts)], recipients: [] };
  }
  if (status.length > 0) {
    const recipients = status.flatMap((part) => recipientsIn(statusText(part)));
    return { kind: 'bounce', aboutIds: aboutIds(headers, parts), recipients: recipients.length > 0 ? recipients : guessed(headers, text, 'failed') };
  }
  return isBounceInWords(root, headers, text) ? { kind: 'bounce', aboutIds: aboutIds(headers, parts), recipients: guessed(headers, text, /delay|warning|still being retried|has not been delivered yet/i.test(text) ? 'delayed' : 'failed') } : null;
}

/** Some reports are encoded although none may be; some carry their fields in parts of their own. */
const statusText = (part: MimePart): string => [textOf(part), ...part.children.map(textOf)].join('\n\n');

function recipientsIn(text: string): ReportedRecipient[] {
  const found: ReportedRecipient[] = [];
  let current: Record<string, string> = {};
  const flush = (): void => {
    const address = (current['final-recipient'] ?? current['original-recipient'] ?? '').replace(/^[^;]*;/, '').trim().replace(/^<|>$/g, '').toLowerCase();
    const named = (current['original-recipient'] ?? '').replace(/^[^;]*;/, '').trim().replace(/^<|>$/g, '').toLowerCase();
    if (address !== '') {
      const action = (current['action'] ?? 'failed').toLowerCase().split(/\s/)[0]!;
      found.push({
        address: address.includes('@') || !named.includes('@') ? address : named, action: (['failed', 'delayed', 'delivered', 'relayed', 'expanded'].includes(action) ? action : 'failed') as ReportedRecipient['action'],
        status: STATUS.exec(current['status'] ?? '')?.[1] ?? STATUS.exec(current['diagnostic-code'] ?? '')?.[1] ?? null, diagnostic: (current['diagnostic-code'] ?? '').replace(/^[\w-]+;\s*/, '').slice(0, 500) || null,
      });
    }
    current = {};
  };
  let name = '';
  for (const line of text.split('\n').slice(0, 5_000)) {
    const field = /^([A-Za-z-]{2,60})\s*:\s*(.*)$/.exec(line.slice(0, 2_000));
    if (field) {
      name = field[1]!.toLowerCase();
      // A second recipient without the empty line that should stand before it.
      if (name === 'final-recipient' && current[name] !== undefined) flush();
      current[name] ??= field[2]!;
    } else if (/^\s+\S/.test(line) && current[name] !== undefined) current[name] += ` ${line.trim()}`;
    else if (line.trim() === '' && current['final-recipient'] !== undefined && (current['action'] ?? current['status']) !== undefined) flush();
    if (found.length >= MAX_RECIPIENTS) return found;
  }
  flush();
  return found;
}

function complaint(headers: MailHeaders, parts: readonly MimePart[]): MailReport {
  const original = fieldOf(parts, 'message/feedback-report', 'original-rcpt-to') || fieldOf(parts, 'message/feedback-report', 'removal-recipient');
  const returned = returnedHeaders(parts);
  const recipients = (peopleIn(original).length > 0 ? peopleIn(original) : returned ? peopleIn(returned.to) : []).map(({ address }) => ({ address, action: 'failed' as const, status: null, diagnostic: null }));
  return { kind: 'complaint', aboutIds: aboutIds(headers, parts), recipients };
}

/** The returned mail names itself; else the report answers it as a reply would. */
function aboutIds(headers: MailHeaders, parts: readonly MimePart[]): string[] {
  const returned = returnedHeaders(parts);
  return [...new Set([...idsIn(returned?.messageId ?? ''), ...headers.ids('in-reply-to'), ...headers.ids('references'), ...idsIn(fieldOf(parts, 'message/delivery-status', 'x-original-message-id'))])];
}

function returnedHeaders(parts: readonly MimePart[]): { messageId: string; to: string } | undefined {
  const returned = parts.find((part) => ['message/rfc822', 'message/global', 'text/rfc822-headers', 'text/rfc822', 'message/global-headers'].includes(part.type));
  if (!returned) return undefined;
  const { root } = parseMime(contentOf(returned));
  const value = (name: string): string => root.headers.find((header) => header.name === name)?.value.toString('utf8').replace(/\s+/g, ' ') ?? '';
  return { messageId: value('message-id'), to: value('to') };
}

function fieldOf(parts: readonly MimePart[], type: string, name: string): string {
  const part = parts.find((candidate) => candidate.type === type);
  return part ? new RegExp(`^${name}\\s*:\\s*(.*)$`, 'im').exec(textOf(part).slice(0, 20_000))?.[1]?.trim() ?? '' : '';
}

/** Servers that never heard of delivery-status: an empty or daemon sender, and words to that effect. */
function isBounceInWords(root: MimePart, headers: MailHeaders, text: string): boolean {
  if (headers.one('x-failed-recipients') !== '') return true;
  const from = headers.people('from')[0]?.address.split('@')[0] ?? '';
  const daemon = /^(mailer-?daemon|postmaster|mail-?daemon|mmdf|mdaemon|bounce)/i.test(from) || headers.one('return-path').trim() === '<>' || /delivery-status|report-type=.?delivery/i.test(root.params['report-type'] ?? '');
  return daemon && (BOUNCE_SUBJECT.test(headers.text('subject')) || BOUNCE_TEXT.test(text.slice(0, 8_000)));
}

function guessed(headers: MailHeaders, text: string, action: 'failed' | 'delayed'): ReportedRecipient[] {
  const named = peopleIn(headers.one('x-failed-recipients')).map((person) => person.address);
  const own = new Set(headers.people('from', 'to').map((person) => person.address));
  const start = BOUNCE_TEXT.exec(text.slice(0, 8_000))?.index ?? 0;
  const inWords = [...text.slice(start, start + 4_000).matchAll(ADDRESS)].map(([address]) => address.toLowerCase()).filter((address) => !own.has(address) && !/^(mailer-daemon|postmaster)@/.test(address));
  const addresses = [...new Set(named.length > 0 ? named : inWords.slice(0, 1))];
  const status = STATUS.exec(text)?.[1] ?? null;
  const line = text.split('\n').find((candidate) => STATUS.test(candidate) || REPLY_CODE.test(candidate))?.trim().slice(0, 500) ?? null;
  return addresses.slice(0, MAX_RECIPIENTS).map((address) => ({ address, action, status, diagnostic: line }));
}
