import type { SmtpOutcome } from '../../../platform/smtp/smtp-server.js';
import type { RefusedRecipient } from '../mail-messages.repository.js';
import type { SendOutcome } from '../../contract/outbound-message.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Pauses between tries of a mail that the other side puts off: two days, the first ones short because greylisting ends after minutes. */
const DELIVERY = [MINUTE, 5 * MINUTE, 10 * MINUTE, 20 * MINUTE, 40 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 6 * HOUR, 8 * HOUR, 12 * HOUR, 12 * HOUR];
/** Pauses while the inbox itself is set up wrongly: time for somebody to correct it, and not for a mail to arrive when nobody expects it any more. */
const SETUP = [MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE];

/** Tries later, or gives up after the last pause. */
export function later(attempt: number, reason: string, why: 'delivery' | 'setup'): SendOutcome {
  const ms = (why === 'setup' ? SETUP : DELIVERY)[attempt - 1];
  return ms === undefined ? { kind: 'rejected', reason: attempt === 1 ? reason : `Given up after ${attempt} tries. ${reason}` } : { kind: 'retry_after', ms, reason };
}

/** What a try at the mail server means for the message. */
export function judge(outcome: SmtpOutcome, attempt: number, messageId: string): SendOutcome {
  switch (outcome.kind) {
    case 'accepted':
      return { kind: 'sent', externalId: messageId, ...(outcome.refused.length > 0 && { note: `Not taken for ${outcome.refused.map(({ address, reason }) => `${address}: ${reason}`).join('; ')}` }) };
    case 'unknown': return { kind: 'uncertain', reason: outcome.reason };
    case 'refused': {
      const reason = sentence(outcome);
      if (!outcome.permanent) return later(attempt, reason, 'delivery');
      return outcome.stage === 'sign_in' || outcome.stage === 'tls' ? later(attempt, reason, 'setup') : { kind: 'rejected', reason };
    }
  }
}

/** The same for a try that was only for those it was not taken for before: the others have it, so it never counts as failed. */
export function judgeRest(outcome: SmtpOutcome, attempt: number, messageId: string, leftOut: readonly RefusedRecipient[]): SendOutcome {
  const judged = judge(outcome, attempt, messageId);
  if (judged.kind !== 'rejected') return judged;
  return { kind: 'sent', externalId: messageId, note: `Not taken for ${leftOut.map(({ address }) => address).join(', ')}: ${judged.reason}` };
}

/** Ids under which servers say that they pass a mail on, where these are not ours: answers name them. Amazon SES gives its own without brackets and domain. */
export const idsGiven = (response: string, recipients: readonly string[]): string[] =>
  [...response.slice(0, 1_000).matchAll(/<([^<>\s@]{1,400}@[^<>\s@]{1,400})>|\bOk ([0-9a-f]{16}-[0-9a-f-]{36}-\d{6})\b/g)].map((found) => found[1] ?? found[2]!).filter((id) => !recipients.includes(id)).slice(0, 3);

/** Whether the mailbox does not exist, by the server's enhanced status code; a full one or a suspicion of spam is another matter. */
export const isHardBounce = (reason: string): boolean => /\b5\.1\.(1|2|3|6|10)\b|\b5\.4\.1\b/.test(reason);

function sentence({ stage, reason, code }: Extract<SmtpOutcome, { kind: 'refused' }>): string {
  switch (stage) {
    case 'sign_in': return `The mail server does not let the inbox sign in: ${reason}`;
    case 'sender': return `The mail server does not let the inbox send from its address: ${reason}`;
    case 'recipient': return `The mail server did not take the recipient: ${reason}`;
    case 'message': return code === undefined ? reason : `The mail server refused the mail: ${reason}`;
    case 'address': case 'connect': case 'tls': return reason;
  }
}
