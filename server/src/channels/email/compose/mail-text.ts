import { MAX_MARKED_UP } from '../../contract/message-text.js';
import { shownAddress } from './mail-addresses.js';
import type { MailDraft, QuotedMail } from './mail-draft.js';
import { attribution, mailWords, writtenDate } from './mail-words.js';

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

/** Markdown as people read it in a plain mail: marks of emphasis stay, as in mails since ever; links and pictures say what they are. */
export function plainOf(markdown: string): string {
  if (markdown.length > MAX_MARKED_UP) return markdown.replace(/\r\n?/g, '\n').trimEnd();
  return markdown
    .replace(/!\[([^\]]*)\]\([^)\s]*\)/g, (_, name: string) => (name ? `[${name}]` : ''))
    .replace(/\[([^\]]+)\]\(<?((?:https?|mailto|tel):[^)\s>]+)>?\)/g, (_, text: string, url: string) => (text === url ? url : `${text} (${url})`))
    .replace(/\\([!-/:-@[-`{-~])/g, '$1').replace(/\r\n?/g, '\n').trimEnd();
}

/** Text as simple HTML, for what nobody marked up. */
export const htmlOf = (plain: string): string => `<p>${escapeHtml(plain).replace(/\n/g, '<br>\n')}</p>`;

/** The whole text part: new text, signature, the mail before. */
export function textPart(draft: Pick<MailDraft, 'markdown' | 'signature' | 'quoted' | 'locale'>): string {
  const parts = [plainOf(draft.markdown)];
  if (draft.signature) parts.push(`-- \n${plainOf(draft.signature)}`);
  if (draft.quoted?.passedOn) parts.push(`${passedOnHead(draft.quoted, draft.locale).join('\n')}\n\n${draft.quoted.text.trimEnd()}`);
  else if (draft.quoted) parts.push(`${head(draft.quoted, draft.locale)}\n\n${draft.quoted.text.trimEnd().split('\n').map((line) => (line.startsWith('>') ? `>${line}` : `> ${line}`)).join('\n')}`);
  return `${parts.join('\n\n')}\n`;
}

const BODY = 'font-family:-apple-system,BlinkMacSystemFont,\'Segoe UI\',Roboto,Helvetica,Arial,sans-serif;font-size:15px;line-height:1.5';
const QUOTE = 'margin:0 0 0 .8ex;border-left:1px solid #ccc;padding-left:1ex';

/** The whole HTML part. The classes are Gmail's: most programs fold what they mark. */
export function htmlPart(draft: Pick<MailDraft, 'html' | 'signature' | 'quoted' | 'locale'>, signatureHtml: string): string {
  const signature = draft.signature ? `<div class="gmail_signature" dir="auto"><br>-- <br>${signatureHtml}</div>` : '';
  const quoted = draft.quoted?.passedOn
    ? `<br><div class="gmail_quote"><div dir="auto" class="gmail_attr">${passedOnHead(draft.quoted, draft.locale).map(escapeHtml).join('<br>')}<br><br></div>${draft.quoted.html}</div>`
    : draft.quoted ? `<br><div class="gmail_quote"><div dir="auto" class="gmail_attr">${escapeHtml(head(draft.quoted, draft.locale))}<br></div><blockquote class="gmail_quote" type="cite" style="${QUOTE}">${draft.quoted.html}</blockquote></div>` : '';
  return `<!DOCTYPE html><html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"></head><body style="${BODY}"><div dir="auto">${draft.html}</div>${signature}${quoted}</body></html>`;
}

const personText = (name: string, address: string | null): string => (address === null ? name : `${name} <${shownAddress(address)}>`.trim());
const head = (quoted: QuotedMail, locale: string): string => attribution(locale, quoted.at, personText(quoted.name, quoted.address));

/** What stands over a mail that is passed on; mail programs know it by the dashes. */
function passedOnHead({ name, address, at, passedOn }: QuotedMail, locale: string): string[] {
  const { forwarded, fields: [from, date, subject, to] } = mailWords(locale);
  return [
    `---------- ${forwarded} ---------`, `${from}: ${personText(name, address)}`, `${date}: ${writtenDate(locale, at)}`, `${subject}: ${passedOn?.subject ?? ''}`,
    `${to}: ${(passedOn?.to ?? []).map((person) => personText(person.name, person.address)).join(', ')}`,
  ];
}
