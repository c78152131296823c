import EmailReplyParser from 'email-reply-parser';

/** What was written now, and what of it is older. */
export interface SplitText { reply: string; quoted: string }

const MAX_TEXT = 200_000;
const MAX_LINES = 4_000;
/** The library's patterns are bounded for usual lines; a line of 100 kB is no sentence that introduces a quote. */
const MAX_LINE = 1_000;
const parser = new EmailReplyParser();

/** Lines of a copied header, in the languages our users write: at least three in a row begin what is quoted. */
const HEADER_LINE = /^[>\s*_]*(from|sent|date|to|cc|subject|reply-to|von|gesendet( am)?|datum|an|betreff|de|envoyé( le)?|date|à|objet|enviado( el| em)?|fecha|para|asunto|da|inviato|data|oggetto|a|van|verzonden|aan|onderwerp|assunto|od|wysłano|do|temat|от( кого)?|отправлено|дата|кому|тема|від|надіслано|skickat|från|till|ämne|fra|sendt|til|emne|lähettäjä|lähetetty|vastaanottaja|aihe|gönderen|gönderilen|kime|konu|odesláno|komu|předmět|发件人|发送时间|收件人|主题|寄件者|差出人|送信日時|宛先|件名|보낸 사람|보낸 날짜|받는 사람|제목|מאת|נשלח|אל|נושא|من|تاريخ الإرسال|إلى|الموضوع)[*_]*\s*[:：]/iu;
const ORIGINAL = /^[>\s]*[-_–—]{2,}\s*(original message|original appointment|forwarded message|ursprüngliche nachricht|originalnachricht|weitergeleitete nachricht|message d'origine|message original|message transféré|mensaje original|mensaje reenviado|messaggio originale|messaggio inoltrato|oorspronkelijk bericht|doorgestuurd bericht|mensagem original|mensagem encaminhada|oryginalna wiadomość|wiadomość oryginalna|исходное сообщение|пересылаемое сообщение|вихідне повідомлення|ursprungligt meddelande|originalmeddelande|oprindelig meddelelse|opprinnelig melding|alkuperäinen viesti|özgün ileti|původní zpráva|原始邮件|原始郵件|元のメッセージ|원본 메시지|الرسالة الأصلية|הודעה מקורית)\s*[-_–—]*\s*$/iu;
/** Words with which mail programs introduce a quote, at the end of a line that also holds a date, a time or an address. */
const WROTE = /(wrote|writes|schrieb(en)?( .{0,80})?|a écrit|escribió|ha scritto|schreef( .{0,80})?|het volgende geschreven|escreveu|napisał(a|\(a\)|\/a)?|пишет|написал(а|\(а\))?|писал(а)?|пише|написав(ла)?|skrev( .{0,80})?|kirjoitti|yazdı|napsal(a|\(a\))?|写道|寫道|のメッセージ|さん(は|が)書きました|님이 작성|كتب(ت)?|כתב(ה)?)\s*[:：]?\s*$/iu;
/** Some programs, Russian ones among them, leave the verb out. */
const ADDRESS_END = /<[^<>\s]{1,254}@[^<>\s]{1,254}>\s*[:：]$/u;
const STAMP = /\d{1,2}[.:]\d{2}|\d{4}|\d{1,2}[./-]\d{1,2}|@|<mailto:/u;
const BIDI = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Splits a plain text into what is new and what it quotes. What stands below or between quotes is new too, and then nothing is cut. */
export function splitReply(text: string): SplitText {
  const whole = text.replace(/\r\n?/g, '\n').trimEnd().replace(/^\n+/, '');
  if (whole.length === 0) return { reply: '', quoted: '' };
  const lines = whole.split('\n');
  const own = ownCut(lines);
  const head = lines.slice(0, own).join('\n');
  // Longer than people write: looked at by our own bounded patterns alone.
  const plain = head.length > MAX_TEXT || own > MAX_LINES || lines.slice(0, own).some((line) => line.length > MAX_LINE);
  const reply = (plain ? head : parser.parseReply(head)).trim();
  if (reply === '') return { reply: whole.trim(), quoted: '' };
  if (!plain && answersBelow(lines, reply)) return { reply: whole.trim(), quoted: '' };
  const at = whole.startsWith(reply) ? reply.length : -1;
  return { reply, quoted: at === -1 ? (reply === whole.trim() ? '' : whole) : whole.slice(at).trim() };
}

/** The line where everything after is quoted, else the number of lines. */
function ownCut(lines: readonly string[]): number {
  for (let i = 0; i < lines.length; i += 1) {
    const line = lines[i]!.slice(0, MAX_LINE).replace(BIDI, '').replace(/\u00a0/g, ' ');
    if (ORIGINAL.test(line) && i > 0) return i;
    if (HEADER_LINE.test(line) && i > 0 && headerLinesFrom(lines, i) >= 3) return i;
    if (!line.startsWith('>') && introducesQuote(lines, i)) return i;
  }
  return lines.length;
}

function headerLinesFrom(lines: readonly string[], at: number): number {
  let found = 0;
  for (let i = at; i < Math.min(lines.length, at + 8); i += 1) {
    const line = lines[i]!.slice(0, MAX_LINE).replace(BIDI, '');
    if (HEADER_LINE.test(line)) found += 1;
    else if (line.trim() === '' && found > 0 && i > at + 1) break;
  }
  return found;
}

/** "On … wrote:" in one to three lines with a quote, or nothing new, after it. */
function introducesQuote(lines: readonly string[], at: number): boolean {
  let joined = '';
  for (let i = at; i < Math.min(lines.length, at + 3); i += 1) {
    const line = lines[i]!.slice(0, MAX_LINE).replace(BIDI, '').replace(/\u00a0/g, ' ').trim();
    if (line === '') return false;
    joined = `${joined} ${line}`.trim();
    if (joined.length > 400) return false;
    if (!WROTE.test(joined) && !ADDRESS_END.test(joined)) continue;
    if (!STAMP.test(joined) || !/[:：]\s*$/u.test(joined)) return false;
    const next = lines.slice(i + 1).find((l) => l.trim() !== '');
    return next !== undefined && next.trimStart().startsWith('>') && lines.slice(i + 1).every((l) => l.trim() === '' || l.trimStart().startsWith('>'));
  }
  return false;
}

/** Whether unquoted text follows a quote, as when people answer point by point. */
function answersBelow(lines: readonly string[], reply: string): boolean {
  if (!lines.some((line) => line.startsWith('>'))) return false;
  const last = lines.findLastIndex((line) => line.trimStart().startsWith('>'));
  const tail = lines.slice(last + 1).map((line) => line.trim()).filter((line) => line !== '');
  // A signature or a footer below is no answer.
  if (tail.length === 0 || /^(--|__|==|\*\*)/.test(tail[0]!)) return false;
  return tail.join(' ').length > 0 && !reply.includes(tail[0]!) ? !tail.every((line) => line.length < 4) : false;
}
