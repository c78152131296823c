import { describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseMime } from './mime-tree.js';
import { decodeText } from './part-content.js';
import { NotAMail, readMail, type ReadMail } from './read-mail.js';
import { splitReply } from './reply-text.js';
import { processorTime } from '../../../../test/processor-time.js';

/* Real mails of public test suites, with what those suites say of them. Runs where the collection lies beside the checkout, or where MAIL_CORPUS names it. */

interface Expectation {
  subject?: string; from_address?: string; from_name?: string; to?: string[]; message_id?: string; in_reply_to?: string; references?: string[]; list_id?: string;
  text_contains?: string[]; html_contains?: string[]; attachments?: { name?: string; type?: string; size?: number }[]; attachments_count?: number; attachments_count_suite?: number;
  reply_text?: string; reply_starts_with?: string; reply_contains?: string[]; reply_excludes?: string[]; reply_is_whole_body?: boolean; elided_text?: string;
  auto_generated?: boolean; bounce?: boolean; bounce_recipients?: string[]; bounce_status?: string[]; complaint?: boolean;
}
interface Entry { file: string; kind: 'eml' | 'text'; expect: Expectation }
type Verdict = [field: string, met: boolean, file: string, seen: unknown, wanted: unknown];

const folder = process.env['MAIL_CORPUS'] ?? join(dirname(fileURLToPath(import.meta.url)), '../../../../../../shared/fixtures/mail');
const here = existsSync(join(folder, 'manifest.json'));
const flat = (text: string): string => text.replace(/[\s\u00a0]+/g, ' ').trim();
const FIELDS = ['subject', 'from_address', 'from_name', 'to', 'message_id', 'in_reply_to', 'references', 'list_id', 'text_contains', 'html_contains', 'attachments', 'attachments_count'];
const REPLY = ['reply_starts_with', 'reply_contains', 'reply_excludes', 'reply_is_whole_body'];
const FLAGS = ['auto_generated', 'bounce', 'bounce_recipients', 'bounce_status', 'complaint'];

function judgeText(entry: Entry, reply: string, quoted: string, whole: string): Verdict[] {
  const { expect: e, file } = entry;
  const verdicts: Verdict[] = [];
  if (e.reply_text !== undefined) verdicts.push(['reply_text', flat(reply) === flat(e.reply_text), file, reply, e.reply_text]);
  if (e.reply_starts_with !== undefined) verdicts.push(['reply_starts_with', flat(reply).startsWith(flat(e.reply_starts_with)), file, reply, e.reply_starts_with]);
  for (const piece of e.reply_contains ?? []) verdicts.push(['reply_contains', flat(reply).includes(flat(piece)), file, reply, piece]);
  for (const piece of e.reply_excludes ?? []) verdicts.push(['reply_excludes', !flat(reply).includes(flat(piece)), file, reply, piece]);
  if (e.reply_is_whole_body !== undefined) verdicts.push(['reply_is_whole_body', (flat(reply) === flat(whole)) === e.reply_is_whole_body, file, reply, whole]);
  if (e.elided_text !== undefined) verdicts.push(['elided_text', flat(quoted) === flat(e.elided_text), file, quoted, e.elided_text]);
  return verdicts;
}

function judgeMail(entry: Entry, mail: ReadMail, rawHtml: string): Verdict[] {
  const { expect: e, file } = entry;
  const verdicts: Verdict[] = [];
  const same = (field: string, seen: unknown, wanted: unknown): void => {
    if (wanted !== undefined) verdicts.push([field, JSON.stringify(seen) === JSON.stringify(wanted), file, seen, wanted]);
  };
  same('subject', flat(mail.subject), e.subject === undefined ? undefined : flat(e.subject));
  same('from_address', mail.from?.address, e.from_address?.toLowerCase());
  same('from_name', mail.from?.name, e.from_name);
  same('to', mail.to.map((person) => person.address).sort(), e.to?.map((address) => address.toLowerCase()).sort());
  same('message_id', mail.messageId, e.message_id);
  same('in_reply_to', mail.inReplyTo[0], e.in_reply_to);
  same('references', mail.references, e.references);
  same('list_id', flat(mail.signals.listId ?? '').replace(/"/g, ''), e.list_id === undefined ? undefined : flat(e.list_id).replace(/"/g, ''));
  for (const piece of e.text_contains ?? []) verdicts.push(['text_contains', flat(mail.text).includes(flat(piece)), file, mail.text.slice(0, 300), piece]);
  for (const piece of e.html_contains ?? []) verdicts.push(['html_contains', flat(rawHtml).includes(flat(piece)), file, rawHtml.slice(0, 300), piece]);
  for (const wanted of e.attachments ?? []) {
    const found = mail.files.some((f) => (wanted.name === undefined || f.name === wanted.name) && (wanted.type === undefined || f.type === wanted.type) && (wanted.size === undefined || f.content.length === wanted.size));
    verdicts.push(['attachments', found, file, mail.files.map((f) => [f.name, f.type, f.content.length]), wanted]);
  }
  same('attachments_count', mail.files.length, e.attachments_count);
  same('auto_generated', mail.signals.automatic === 1, e.auto_generated);
  same('bounce', mail.report?.kind === 'bounce', e.bounce);
  same('complaint', mail.report?.kind === 'complaint', e.complaint);
  same('bounce_recipients', mail.report?.recipients.map((r) => r.address).sort(), e.bounce_recipients?.map((a) => a.toLowerCase()).sort());
  same('bounce_status', mail.report?.recipients.map((r) => r.status), e.bounce_status);
  return [...verdicts, ...judgeText(entry, mail.reply, mail.quoted, mail.text)];
}

(here ? describe : describe.skip)('the collection of mails', () => {
  test('is read whole: nothing fails, and what the suites say is met', async () => {
    const { mailContent } = await import('./mail-parts.js');
    const entries = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Entry[];
    const failed: string[] = [];
    // One of them is a sentence without a header, there to be refused.
    const noMails: string[] = [];
    const verdicts = entries.flatMap((entry) => {
      const bytes = readFileSync(join(folder, entry.file));
      try {
        const began = processorTime();
        if (entry.kind === 'text') {
          const whole = decodeText(bytes, undefined);
          const { reply, quoted } = splitReply(whole);
          if (processorTime() - began > 1_000) failed.push(`${entry.file}: slow`);
          return judgeText(entry, reply, quoted, whole);
        }
        const mail = readMail(bytes);
        return judgeMail(entry, mail, mailContent(parseMime(bytes).root).html ?? '');
      } catch (error) {
        if (error instanceof NotAMail && Object.keys(entry.expect).length === 0) noMails.push(entry.file);
        else failed.push(`${entry.file}: ${(error as Error).message}`);
        return [];
      }
    });
    const share = (fields: string[]): { met: number; of: number; percent: number } => {
      const of = verdicts.filter(([field]) => fields.includes(field));
      const met = of.filter(([, isMet]) => isMet).length;
      return { met, of: of.length, percent: Math.round((1000 * met) / Math.max(1, of.length)) / 10 };
    };
    const figures = { mails: entries.length, failed: failed.length, no_mails: noMails.length, fields: share(FIELDS), reply: share(REPLY), flags: share(FLAGS), exact_reply: share(['reply_text']) };
    process.stdout.write(`mail collection: ${JSON.stringify(figures)}\n`);
    if (process.env['MAIL_CORPUS_MISSES']) for (const [field, met, file, seen, wanted] of verdicts) if (!met) process.stdout.write(`${field}\t${file}\n   saw ${JSON.stringify(seen)?.slice(0, 400)}\n   not ${JSON.stringify(wanted)?.slice(0, 400)}\n`);
    expect(failed).toEqual([]);
    expect(noMails.length).toBeLessThanOrEqual(1);
    expect(figures.fields.percent).toBeGreaterThanOrEqual(99);
    expect(figures.reply.percent).toBeGreaterThanOrEqual(95);
    expect(figures.flags.percent).toBeGreaterThanOrEqual(95);
  });
});

if (!here) test('the collection of mails is not beside this checkout, so it is not read here', () => { process.stdout.write('mail collection: not here, skipped\n'); });
