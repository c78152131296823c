import { peopleIn } from '../reading/mail-headers.js';
import type { MailPerson } from '../mail-messages.repository.js';

/** A mail that somebody passed on, taken from the text it was passed on in. */
export interface ForwardedMail { from: MailPerson; subject: string | null; text: string }

const SUBJECT = /^\s*(fwd?|wg|tr|rv|i|enc|pd|doorst|vs|vb|vl|ilt|转发|轉寄)\s*:/iu;
const BEGIN = /^[>\s]*(-{2,}|_{2,}|begin )\s*(forwarded message|weitergeleitete nachricht|message transféré|mensaje reenviado|messaggio inoltrato|doorgestuurd bericht|mensagem encaminhada|wiadomość przekazana|пересылаемое сообщение|original message|ursprüngliche nachricht|message d'origine|mensaje original|messaggio originale|oorspronkelijk bericht|mensagem original|转发的邮件)/iu;
const FROM = /^[>\s*]*(from|von|de|da|van|od|от|från|fra|发件人|寄件者|差出人)[*\s]*[:：]\s*(.+)$/iu;
const SUBJECT_LINE = /^[>\s*]*(subject|betreff|objet|asunto|oggetto|onderwerp|assunto|temat|тема|ämne|emne|主题)[*\s]*[:：]\s*(.+)$/iu;
const FIELD = /^[>\s*]*[\p{L} ]{1,25}[*\s]*[:：]/u;

/** The mail inside a forwarded one; undefined when nothing looks like that. */
export function forwardedMail(subject: string, text: string): ForwardedMail | undefined {
  const lines = text.split('\n').slice(0, 2_000);
  const begin = lines.findIndex((line) => BEGIN.test(line.slice(0, 300)));
  if (begin === -1 && !SUBJECT.test(subject)) return undefined;
  const from = lines.findIndex((line, i) => i >= Math.max(begin, 0) && FROM.test(line.slice(0, 500)));
  if (from === -1 || (begin !== -1 && from > begin + 6)) return undefined;
  const value = FROM.exec(lines[from]!.slice(0, 500))![2]!.replace(/\[?mailto:|\]/gi, ' ').replace(/\*/g, '');
  const person = peopleIn(value).find((candidate) => candidate.address.includes('@'));
  if (!person) return undefined;
  let end = from;
  while (end < lines.length && end < from + 12 && lines[end]!.trim() !== '') end += 1;
  const inner = lines.slice(from, end).map((line) => SUBJECT_LINE.exec(line.slice(0, 500))?.[2]).find(Boolean);
  // Some programs leave an empty line within the copied header.
  if (end < lines.length && FIELD.test(lines[end + 1] ?? '') && end - from < 2) end += 1;
  return { from: person, subject: inner?.trim() ?? null, text: lines.slice(end).map((line) => line.replace(/^> ?/, '')).join('\n').trim() };
}
