import type { ReadMail } from '../reading/read-mail.js';
import type { Authentication } from '../threading/authenticate-mail.service.js';

/** Whole bodies travel with every event of a message; beyond this they are fetched when somebody looks. */
const MAX_BODY = 20_000;
const MAX_PEOPLE = 50;
const MAX_IDS = 20;

/** Chatwoot's `content_attributes` of a mail, and what it has no key for. */
export function mailAttributes(mail: ReadMail, authentication: Authentication, more: Record<string, unknown>): Record<string, unknown> {
  const addresses = (people: { address: string }[]): string[] => people.slice(0, MAX_PEOPLE).map((person) => person.address);
  const body = (value: string | null): string | null => (value !== null && value.length <= MAX_BODY ? value : null);
  const html = mail.html === null ? null : { full: body(mail.html), reply: body(mail.htmlReply ?? mail.html), quoted: null };
  return {
    email: {
      subject: mail.subject.slice(0, 998), from: addresses(mail.from ? [mail.from] : []), to: addresses(mail.to), cc: addresses(mail.cc), bcc: addresses(mail.bcc), date: mail.date?.toISOString() ?? null,
      message_id: mail.messageId, in_reply_to: mail.inReplyTo[0] ?? null, references: mail.references.slice(-MAX_IDS), multipart: mail.html !== null, number_of_attachments: mail.files.length,
      content_type: mail.html === null ? 'text/plain' : 'text/html', auto_reply: mail.signals.automatic === 1,
      text_content: { full: body(mail.text), reply: body(mail.reply), quoted: body(mail.quoted) }, html_content: html,
      has_quote: mail.quoted !== '' || mail.htmlReply !== null, complete: mail.text.length <= MAX_BODY && (mail.html?.length ?? 0) <= MAX_BODY,
      authentication: { spf: authentication.spf, dkim: authentication.dkim, dmarc: authentication.dmarc, aligned: authentication.aligned }, automatic: ['no', 'automatic', 'bulk'][mail.signals.automatic],
      ...(mail.events.length > 0 && { events: mail.events }), ...(mail.oddities.length > 0 && { oddities: mail.oddities }), ...more,
    },
    cc_email: addresses(mail.cc), bcc_email: addresses(mail.bcc),
  };
}
