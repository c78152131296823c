import { headerText } from './mail-addresses.js';

/** What mail programs write before the subject of an answer or of what is passed on, in the languages people write to us in. */
const PREFIX = /^\s*(?:(?:re|aw|antw?|antwort|sv|vs|odp|ynt|rif|r|res|ref|fwd?|fw|wg|tr|rv|enc|i|doorst|vl|pd|転送|返信|回复|回覆|答复|转发|轉寄|رد|إعادة توجيه|הועבר|תגובה|пересл|отв?)\s*(?:\[\d+\]|\(\d+\))?\s*[:：]\s*)+/iu;
/** Marks of answers; in front of everything else once is enough. */
const MAX_SUBJECT = 500;
const KEPT_REFERENCES = 20;

/** The subject without Re:, Fwd: and their like, however often. */
export const topicOf = (subject: string): string => headerText(subject).replace(PREFIX, '').trim();

/** The subject of a mail in a thread. Gmail starts a new thread when more than the prefix changes. */
export function subjectOf(subject: string, isAnswer: boolean): string {
  const topic = topicOf(subject).slice(0, MAX_SUBJECT);
  return isAnswer ? `Re: ${topic}` : headerText(subject, MAX_SUBJECT);
}

const ID = /^[^\s<>]{1,900}$/;

/** A message id without brackets and white space. Undefined when nothing is left that could stand in a header. */
export function messageIdOf(given: string): string | undefined {
  const id = given.replace(/\s+/g, '').replace(/^<+|>+$/g, '');
  return ID.test(id) ? headerText(id) : undefined;
}

/**
 * In-Reply-To and References of a mail. Our own id of the conversation comes first: relays that rewrite Message-ID leave it alone, and programs that
 * shorten the list keep its first and last entries.
 */
export function threadingOf(root: string, before: { messageId: string; references: readonly string[] } | null): { inReplyTo: string | null; references: string[] } {
  if (!before) return { inReplyTo: null, references: [root] };
  const known = [...before.references, before.messageId].flatMap((id) => messageIdOf(id) ?? []).filter((id) => id !== root);
  const unique = known.filter((id, n) => known.lastIndexOf(id) === n);
  const kept = unique.length <= 2 * KEPT_REFERENCES ? unique : [...unique.slice(0, KEPT_REFERENCES), ...unique.slice(-KEPT_REFERENCES)];
  return { inReplyTo: messageIdOf(before.messageId) ?? null, references: [root, ...kept] };
}

/** The id of one of our mails, in Chatwoot's form: answers find their conversation by it. */
export const ownMessageId = (uuid: string, messageId: number, domain: string): string => `conversation/${uuid}/messages/${messageId}@${domain}`;
/** The id that stands for the conversation itself. Nobody ever got a mail of this id. */
export const conversationMessageId = (accountId: number, uuid: string, domain: string): string => `account/${accountId}/conversation/${uuid}@${domain}`;

// 100 ns units between 1601 and 1970.
const FILETIME_EPOCH = 116_444_736_000_000_000n;

/**
 * Outlook's Thread-Index: six bytes of time and the conversation's uuid, then five bytes for an answer. Outlook keeps mails together whose first
 * 22 bytes are equal, even where References were lost.
 */
export function threadIndex(thread: { uuid: string; begunAt: Date }, sentAt: Date | null): string {
  const begun = BigInt(thread.begunAt.getTime()) * 10_000n + FILETIME_EPOCH;
  const header = Buffer.alloc(22);
  header.writeUIntBE(Number(begun >> 16n), 0, 6);
  Buffer.from(thread.uuid.replaceAll('-', ''), 'hex').copy(header, 6);
  if (!sentAt) return header.toString('base64');
  const since = BigInt(Math.max(0, sentAt.getTime() - thread.begunAt.getTime())) * 10_000n;
  const answer = Buffer.alloc(5);
  // Bit 0 says how coarse the rest is: a difference of more than about 1.7 years is kept in larger units.
  const isLong = since >= 1n << 49n;
  answer.writeUInt32BE(Number(((since >> (isLong ? 23n : 18n)) & 0x7fff_ffffn) | (isLong ? 0x8000_0000n : 0n)), 0);
  return Buffer.concat([header, answer]).toString('base64');
}
