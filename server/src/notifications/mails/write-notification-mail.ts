import { escapeHtml, RIGHT_TO_LEFT, tame, type WrittenMail } from '../../identity/mails/write-mail.js';
import { mailLanguage, NOTIFICATION_MAIL_WORDS } from './mail-words.js';

/** What somebody is told by one mail. Titles alone: what was said stays in the dashboard. */
export interface NotificationMail { locale: string | null; name: string; account: string; lines: { title: string; link: string }[]; preferencesLink: string }

/** One mail for all that waits, in the person's language, as text and as HTML. */
export function writeNotificationMail(mail: NotificationMail): WrittenMail {
  const language = mailLanguage(mail.locale);
  const words = NOTIFICATION_MAIL_WORDS[language]!;
  const values: Record<string, string> = { name: tame(mail.name), account: tame(mail.account), n: String(mail.lines.length), title: tame(mail.lines[0]?.title ?? '') };
  const fill = (text: string): string => text.replace(/\{(\w+)\}/g, (_, key: string) => values[key] ?? '');
  const hello = fill(words.hello);
  const lines = mail.lines.map(({ title, link }) => ({ title: tame(title), link }));
  return {
    subject: fill(mail.lines.length === 1 ? words.one : words.many),
    text: `${hello}\n\n${lines.map(({ title, link }) => `${title}\n${link}`).join('\n\n')}\n\n${words.foot}\n${mail.preferencesLink}\n`,
    html: `<!doctype html>
<html lang="${language}" dir="${RIGHT_TO_LEFT.has(language) ? 'rtl' : 'ltr'}"><body style="margin:0;padding:24px;background:#faf9f7;color:#1c1917;font:16px/1.5 system-ui,sans-serif">
<div style="max-width:480px;margin:auto;padding:32px;background:#fff;border-radius:12px"><p>${escapeHtml(hello)}</p>
${lines.map(({ title, link }) => `<p>${escapeHtml(title)}<br><a href="${escapeHtml(link)}" style="color:#b45309">${escapeHtml(words.open)}</a></p>`).join('\n')}
<p style="font-size:14px;color:#57534e">${escapeHtml(words.foot)} <a href="${escapeHtml(mail.preferencesLink)}" style="color:#57534e">${escapeHtml(words.preferences)}</a></p></div></body></html>
`,
  };
}
