import { Injectable } from '@nestjs/common';
import { accountId } from '../../../platform/database/account-id.js';
import type { Tx } from '../../../platform/database/transaction.js';
import { UnitOfWork } from '../../../platform/database/unit-of-work.js';
import type { SmtpOutcome } from '../../../platform/smtp/smtp-server.js';
import type { ChannelInbox } from '../../contract/channel.js';
import type { OutboundMessage, SendOutcome } from '../../contract/outbound-message.js';
import type { NoToken } from '../accounts/mail-access-tokens.service.js';
import { smtpProblem } from '../accounts/mail-problem.js';
import { SmtpAccounts } from '../accounts/smtp-account.service.js';
import { composeMail } from '../compose/compose-mail.js';
import type { MailDraft, MailPerson } from '../compose/mail-draft.js';
import { escapeHtml } from '../compose/mail-text.js';
import { Automatic, Direction, MailMessagesRepository, type RefusedRecipient } from '../mail-messages.repository.js';
import { emailConfig } from '../email.config.js';
import { CannotSend, DraftMail } from './draft-mail.service.js';
import { OutgoingMailsRepository, type SendingTrouble } from './outgoing-mails.repository.js';
import { idsGiven, isHardBounce, judge, judgeRest, later } from './send-outcome.js';

/** Mails without a person behind them, to one address in an hour; with more, two programs are talking to each other. Bots hold conversations, so they may say more. */
const AUTOMATIC_PER_HOUR = 4;
const BOT_PER_HOUR = 20;

/** Sends a message as a mail. */
@Injectable()
export class SendMail {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly drafts: DraftMail, private readonly mails: MailMessagesRepository, private readonly outgoing: OutgoingMailsRepository,
    private readonly accounts: SmtpAccounts,
  ) {}

  async send(message: OutboundMessage, inbox: ChannelInbox): Promise<SendOutcome> {
    const server = await this.accounts.of(inbox);
    if ('reason' in server) return this.notSignedIn(inbox, message, server);
    let draft: MailDraft;
    let leftOut: RefusedRecipient[];
    try {
      [draft, leftOut] = await this.prepare(message, inbox);
    } catch (error) {
      if (error instanceof CannotSend) return { kind: 'rejected', reason: error.message };
      throw error;
    }
    const mail = composeMail(draft, signatureHtml);
    // Who has it already does not get it again; the mail itself still names everybody.
    const missing = mail.to.filter((address) => leftOut.some((one) => one.address.toLowerCase() === address.toLowerCase()));
    if (leftOut.length > 0 && missing.length === 0) return { kind: 'sent', externalId: draft.messageId, note: `Nothing is sent to ${leftOut.map(({ address }) => address).join(', ')} until the address is released in the settings.` };
    const outcome = await this.accounts.send(inbox, server, missing.length > 0 ? { ...mail, to: missing } : mail);
    if (!('kind' in outcome)) return this.notSignedIn(inbox, message, outcome);
    return this.noted(inbox, message, missing.length > 0 ? judgeRest(outcome, message.attempt, draft.messageId, leftOut) : judge(outcome, message.attempt, draft.messageId), isOurs(outcome) ? { reason: outcome.reason, problem: smtpProblem(outcome, server.host) } : null, outcome, mail.to);
  }

  private notSignedIn(inbox: ChannelInbox, message: OutboundMessage, why: NoToken): Promise<SendOutcome> {
    return this.noted(inbox, message, later(message.attempt, why.reason, why.permanent ? 'setup' : 'delivery'), why);
  }

  /** The mail's own row is written before it leaves: an answer or a report may come back sooner than the server's last word. */
  private prepare(message: OutboundMessage, inbox: ChannelInbox): Promise<[MailDraft, RefusedRecipient[]]> {
    return this.unitOfWork.run(accountId(message.accountId), async (tx) => {
      const draft = await this.withoutHeld(tx, await this.drafts.draft(tx, message, inbox));
      if (draft.automatic) await this.refuseTooMany(tx, draft, message);
      await this.mails.insert(tx, {
        conversation_id: message.conversationId, message_id: message.messageId, inbox_id: inbox.id, raw_id: null, direction: Direction.out, mailed_at: draft.date,
        automatic: draft.automatic ? Automatic.automatic : Automatic.no, spam: false, rfc_message_id: draft.messageId, fingerprint: null, subject: draft.subject, from_address: draft.from.address,
        from_name: draft.from.name, in_reply_to: draft.inReplyTo === null ? [] : [draft.inReplyTo], reference_ids: draft.references, to_list: lower(draft.to), cc_list: lower(draft.cc), bcc_list: lower(draft.bcc),
        reply_to_list: draft.replyTo ? [draft.replyTo] : [], authentication: null, headers: null, text_body: null, html_body: null, parts: null,
      });
      return [draft, await this.mails.refused(tx, message.conversationId, message.messageId)];
    });
  }

  private async withoutHeld(tx: Tx, draft: MailDraft): Promise<MailDraft> {
    const held = await this.outgoing.held(tx, lower([...draft.to, ...draft.cc, ...draft.bcc]).map(({ address }) => address));
    if (held.length === 0) return draft;
    const isFree = ({ address }: MailPerson): boolean => !held.some((one) => one.address === address.toLowerCase());
    const free = { to: draft.to.filter(isFree), cc: draft.cc.filter(isFree), bcc: draft.bcc.filter(isFree) };
    if (free.to.length > 0) return { ...draft, ...free };
    const [first] = held;
    throw new CannotSend(`Nothing is sent to ${first!.address}: ${first!.detail ?? first!.reason}. Release the address in the settings to try again.`);
  }

  private async refuseTooMany(tx: Tx, draft: MailDraft, message: OutboundMessage): Promise<void> {
    const address = draft.to[0]!.address.toLowerCase();
    const most = message.automatic ? AUTOMATIC_PER_HOUR : BOT_PER_HOUR;
    await this.outgoing.holdAutomatic(tx, draft.from.address, address);
    if (await this.outgoing.automaticLately(tx, draft.from.address, address, message.messageId) < most) return;
    throw new CannotSend(`${address} got ${most} automatic mails within the hour. This one is kept back, in case a program answers there.`);
  }

  private async noted(inbox: ChannelInbox, message: OutboundMessage, result: SendOutcome, trouble: SendingTrouble | null, outcome?: SmtpOutcome, recipients: readonly string[] = []): Promise<SendOutcome> {
    await this.unitOfWork.run(accountId(inbox.accountId), async (tx) => {
      await this.outgoing.noteSending(tx, inbox.id, trouble, outcome?.kind === 'accepted' && emailConfig(inbox.config).smtp_authentication === 'xoauth2');
      if (outcome?.kind === 'accepted') {
        await this.mails.noteRefused(tx, message.conversationId, message.messageId, outcome.refused);
        for (const id of idsGiven(outcome.response, recipients)) await this.mails.addAlias(tx, { conversationId: message.conversationId, messageId: message.messageId, inboxId: inbox.id }, id);
      }
      for (const { address, reason } of outcome ? hardBounces(outcome, message) : []) {
        await this.outgoing.hold(tx, address, { reason: 'hard_bounce', detail: reason, conversationId: message.conversationId, messageId: message.messageId });
      }
    });
    return result;
  }
}

const lower = (people: readonly MailPerson[]): MailPerson[] => people.map(({ name, address }) => ({ name, address: address.toLowerCase() }));

/** Whether the inbox itself cannot send, rather than this one mail. */
const isOurs = (outcome: SmtpOutcome): outcome is Extract<SmtpOutcome, { kind: 'refused' }> => outcome.kind === 'refused' && ['address', 'connect', 'tls', 'sign_in', 'sender'].includes(outcome.stage);

function hardBounces(outcome: SmtpOutcome, message: OutboundMessage): { address: string; reason: string }[] {
  if (outcome.kind === 'accepted') return outcome.refused.filter(({ permanent, reason }) => permanent && isHardBounce(reason));
  const isAlone = !Array.isArray(message.contentAttributes['cc_emails']) && !Array.isArray(message.contentAttributes['bcc_emails']) && !Array.isArray(message.contentAttributes['to_emails']);
  return outcome.kind === 'refused' && outcome.stage === 'recipient' && outcome.permanent && isHardBounce(outcome.reason) && isAlone
    ? [{ address: message.contact.email ?? message.sourceId, reason: outcome.reason }] : [];
}

/** The few marks that signatures use: line breaks and links. */
const signatureHtml = (markdown: string): string =>
  escapeHtml(markdown).replace(/\[([^\]]+)\]\((https?:[^)\s]+|mailto:[^)\s]+)\)/g, '<a href="$2">$1</a>').replace(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>').replace(/\n/g, '<br>');
