import { isHardBounce } from '../sending/send-outcome.js';

/** What a report says of one recipient. */
export interface ReportedRecipient { address: string; action: 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded'; status: string | null; diagnostic: string | null }
/** A report about a mail of ours, read from a delivery status notification, a complaint or a receipt. */
export interface MailReport { kind: 'bounce' | 'complaint' | 'receipt'; aboutIds: readonly string[]; recipients: readonly ReportedRecipient[] }
/** The mail it is about. */
export interface ReportedMail { to: readonly string[]; cc: readonly string[] }
/** What the message is now, and to whom nothing more is sent. */
export interface News {
  status: 'sent' | 'delivered' | 'read' | 'failed';
  reason?: string;
  hold: { address: string; reason: 'hard_bounce' | 'complaint'; detail: string }[];
}

const UNKNOWN_USER = /user unknown|unknown user|no such (user|mailbox|recipient)|(mailbox|address|recipient|user|account)[^.]{0,40}(does not exist|doesn't exist|not found|unknown|disabled)|invalid (mailbox|recipient)/i;

/** What a report means. Undefined when it says nothing that anybody has to know. */
export function newsOf(report: MailReport, mail: ReportedMail): News | undefined {
  const everybody = [...mail.to, ...mail.cc];
  if (report.kind === 'receipt') return { status: 'read', hold: [] };
  // A reporter may name anybody; only addresses that we wrote to are held.
  const known = report.recipients.filter(({ address }) => everybody.length === 0 || everybody.includes(address.toLowerCase()));
  if (report.kind === 'complaint') {
    const who = known.map(({ address }) => address.toLowerCase());
    const complained = who.length > 0 ? who : mail.to.slice(0, 1);
    return { status: 'delivered', reason: 'The recipient reported this mail as spam.', hold: complained.map((address) => ({ address, reason: 'complaint', detail: 'Reported our mail as spam.' })) };
  }
  const recipients = known.length > 0 ? known : report.recipients;
  const failed = recipients.filter(({ action }) => action === 'failed');
  if (failed.length > 0) {
    const inWords = `Could not be delivered. ${failed.map(describe).join('; ')}`;
    // Somebody in Cc who did not get it does not undo that the others did.
    const isLost = mail.to.length === 0 || known.length === 0 || mail.to.every((address) => failed.some((one) => one.address.toLowerCase() === address));
    return {
      status: isLost ? 'failed' : 'sent', reason: inWords,
      hold: known.filter(isForGood).map((one) => ({ address: one.address.toLowerCase(), reason: 'hard_bounce' as const, detail: describe(one) })),
    };
  }
  const delayed = recipients.filter(({ action }) => action === 'delayed');
  if (delayed.length > 0) return { status: 'sent', reason: `Delayed; the mail servers go on trying. ${delayed.map(describe).join('; ')}`, hold: [] };
  return recipients.some(({ action }) => action === 'delivered') ? { status: 'delivered', hold: [] } : undefined;
}

const isForGood = ({ action, status, diagnostic }: ReportedRecipient): boolean =>
  action === 'failed' && (isHardBounce(status ?? '') || ((status === null || status.startsWith('5.')) && UNKNOWN_USER.test(diagnostic ?? '')));

function describe({ address, status, diagnostic }: ReportedRecipient): string {
  const said = (diagnostic ?? '').replace(/\s+/g, ' ').trim().slice(0, 300);
  return `${address}: ${said !== '' ? said : MEANINGS[status?.split('.').slice(1, 2)[0] ?? ''] ?? 'no reason given'}${status !== null && !said.includes(status) ? ` (${status})` : ''}`;
}

/** What the second figure of a status means (RFC 3463), for servers that say nothing else. */
const MEANINGS: Record<string, string> = {
  1: 'the address is wrong', 2: 'the mailbox takes no mail', 3: 'the mail system there has a problem', 4: 'the way there has a problem', 5: 'the servers do not understand each other',
  6: 'the mail cannot be read there', 7: 'it was refused by a rule',
};
