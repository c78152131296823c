import { MAIL_TEXTS, type MailTexts } from './mail-texts.js';

/** Who gets a mail, and what stands in it. */
export interface MailFacts { kind: 'invitation' | 'joining' | 'reset' | 'exported'; locale: string | null; name: string; email: string; account: string; inviter: string; link: string }
export interface WrittenMail { subject: string; text: string; html: string }

export const RIGHT_TO_LEFT = new Set(['ar']);
const ESCAPED: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => ESCAPED[sign]!);
/** A name could bring its own line breaks into a header, or a link of its own into our words. */
export const tame = (text: string): string => text.replace(/[\s\u0000-\u001f]+/g, ' ').replace(/:\/\//g, ':/\u200b/').trim();

/** The mail in the person's language (English if we do not speak it), as text and as HTML. */
export function writeMail(facts: MailFacts): WrittenMail {
  const language = (facts.locale ?? 'en').slice(0, 2).toLowerCase();
  const known = language in MAIL_TEXTS ? language : 'en';
  const texts: MailTexts = MAIL_TEXTS[known]!;
  const words = texts[facts.kind];
  const values: Record<string, string> = { name: tame(facts.name), email: facts.email, account: tame(facts.account), inviter: tame(facts.inviter) };
  const fill = (text: string): string => text.replace(/\{(\w+)\}/g, (_, key: string) => values[key] ?? '');
  const [hello, body, foot] = [fill(texts.hello), fill(words.body), words.foot];
  return {
    subject: fill(words.subject),
    text: `${hello}\n\n${body}\n\n${facts.link}\n\n${foot}\n`,
    html: page(known, escapeHtml(hello), escapeHtml(body), escapeHtml(facts.link), escapeHtml(words.button), escapeHtml(foot)),
  };
}

const page = (language: string, hello: string, body: string, link: string, button: string, foot: string): string => `<!doctype html>
<html lang="${language}" dir="${RIGHT_TO_LEFT.has(language) ? 'rtl' : 'ltr'}"><body style="margin:0;padding:24px;background:#faf9f7;color:#1c1917;font:16px/1.5 system-ui,sans-serif">
<div style="max-width:480px;margin:auto;padding:32px;background:#fff;border-radius:12px">
<p>${hello}</p><p>${body}</p>
<p><a href="${link}" style="display:inline-block;padding:12px 20px;border-radius:8px;background:#b45309;color:#fff;text-decoration:none">${button}</a></p>
<p style="font-size:14px;color:#57534e">${foot}</p><p style="font-size:14px;color:#57534e;word-break:break-all" dir="ltr">${link}</p>
</div></body></html>
`;
