import type { MailHeaders } from './mail-headers.js';

/** What a mail says about how it came to be. */
export interface MailSignals {
  /** 0 a person, 1 written by a program, 2 sent to many. */
  automatic: 0 | 1 | 2;
  /** No program of ours may answer it by itself. */
  noAutoAnswer: boolean;
  listId: string | null;
  /** The header in which a mail server on the way called it spam. */
  spam: string | null;
  encrypted: boolean;
}

const NOBODY = /^(mailer-daemon|postmaster|no-?reply|do-?not-?reply|donotreply|noreply[+._-].*|bounces?[+._-].*|bounce|owner-.*|.*-(request|owner|bounces|errors)|nobody|daemon|root|auto-?(reply|responder))$/i;
/** Weak: only withholds our own answer. */
const AWAY_SUBJECT = /^\s*((re|aw|sv|antw|r):\s*)*(out of (the )?office|auto(matic|mated)?[- ]?(reply|response)|automatische (antwort|reactie)|abwesenheits(notiz|nachricht)|abwesend|réponse automatique|absence du bureau|respuesta autom[aá]tica|fuera de (la )?oficina|risposta automatica|fuori sede|resposta autom[aá]tica|fora do escrit[oó]rio|automatyczna odpowied[zź]|autosvar|frånvaro|fravær|poissaolo|автоматический ответ|автоответ|автоматична відповідь|自动回复|自動回覆|自動返信|부재중)/iu;

/** Reads the signs of automatic and mass mail. */
export function signalsOf(headers: MailHeaders, contentType: string): MailSignals {
  const submitted = headers.one('auto-submitted').replace(/[;(].*$/s, '').trim().toLowerCase();
  const precedence = headers.one('precedence').trim().toLowerCase();
  const from = headers.people('from')[0]?.address ?? '';
  const returnPath = headers.one('return-path').trim();
  const answered = ['x-autoreply', 'x-autorespond', 'x-autoresponse', 'x-mail-autoreply', 'x-autoreply-from', 'x-amazon-auto-reply', 'x-fc-machinegenerated', 'x-auto-reply'].some((name) => /^(?!no\b|false\b)./i.test(headers.one(name)));
  const listId = headers.text('list-id') || null;
  const isReport = contentType.startsWith('multipart/report') || contentType.startsWith('message/delivery-status') || contentType.startsWith('message/disposition');
  const isAutomatic = (submitted !== '' && submitted !== 'no') || answered || precedence === 'auto_reply' || isReport || headers.one('x-failed-recipients') !== '' || /^mailer-daemon@/i.test(from);
  const isBulk = listId !== null || /^(bulk|junk|list)$/.test(precedence) || headers.one('list-unsubscribe') !== '' || headers.one('list-post') !== '' || headers.one('feedback-id') !== '';
  return {
    automatic: isAutomatic ? 1 : isBulk ? 2 : 0,
    noAutoAnswer: isAutomatic || isBulk || returnPath === '<>' || NOBODY.test(from.split('@')[0]!) || AWAY_SUBJECT.test(headers.text('subject'))
      || /\b(all|oof|autoreply)\b/i.test(headers.one('x-auto-response-suppress')) || headers.one('x-loop') !== '',
    listId, spam: saysSpam(headers), encrypted: /^(multipart\/encrypted|application\/(x-)?pkcs7-mime)/.test(contentType),
  };
}

const VERDICTS: [string, RegExp][] = [
  ['x-spam-flag', /^yes/i], ['x-spam-status', /^yes/i], ['x-spam', /^(spam|yes)/i], ['x-forefront-antispam-report', /\bSCL:\s*[5-9]\b/i], ['x-ms-exchange-organization-scl', /^[5-9]$/],
  ['x-ses-spam-verdict', /^FAIL/i], ['x-ses-virus-verdict', /^FAIL/i], ['x-mailgun-sflag', /^yes/i], ['x-rspamd-action', /^(reject|add header|rewrite subject)/i], ['x-spamd-result', /:\s*True\b/],
];

/** A verdict of whoever received the mail; a sender can only call themselves clean, which counts for nothing. */
const saysSpam = (headers: MailHeaders): string | null => VERDICTS.find(([name, yes]) => yes.test(headers.one(name).trim()))?.[0] ?? null;
