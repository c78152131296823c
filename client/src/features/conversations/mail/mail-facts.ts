import type { Message } from '../../../api/types';

type Verdict = 'pass' | 'fail' | 'none';
/** What a message says of the mail it came by. */
export interface MailFacts {
  subject: string; from: string[]; to: string[]; cc: string[]; has_quote?: boolean; complete?: boolean; text_content?: { full: string | null } | null; html_content?: { full: string | null; reply: string | null } | null;
  authentication?: { spf: Verdict; dkim: Verdict; dmarc: Verdict; aligned: boolean };
  new_participant?: boolean; claims_colleague?: boolean; forwarded_by?: string; by_mail?: boolean; inline_names?: string[];
}

/** The mail a message came by, if it did. */
export function mailFacts(message: Pick<Message, 'content_attributes'>): MailFacts | undefined {
  const mail = message.content_attributes?.['email'] as MailFacts | undefined;
  return mail && Array.isArray(mail.from) ? mail : undefined;
}

// What plain text would lose.
const RICH = /<(img|table|ul|ol|h[1-6]|hr|pre)\b|background(-color)?\s*:|bgcolor=|<a\s[^>]*href="https?:/i;

/** Whether the mail's own form says more than its text. HTML too long to travel with the message counts as such. */
export const isRich = ({ html_content: html }: MailFacts): boolean => html != null && (html.reply === null || RICH.test(html.reply));

/** How sure it is that the sender is who they say. */
export function senderProof({ authentication: found }: MailFacts): 'proved' | 'refuted' | 'unknown' {
  if (!found) return 'unknown';
  if (found.aligned) return 'proved';
  return found.dmarc === 'fail' || (found.spf === 'fail' && found.dkim !== 'pass') ? 'refuted' : 'unknown';
}

/** Whether the text that is shown leaves anything of the mail out: what is quoted, or what is too long. */
export const isFolded = ({ has_quote, complete, text_content: text }: MailFacts, shown: string | null): boolean =>
  has_quote === true || complete === false || (text?.full?.trim().length ?? 0) > (shown?.trim().length ?? 0);
