import { Injectable } from '@nestjs/common';
import type { AccountId } from '../../../platform/database/account-id.js';
import type { Tx } from '../../../platform/database/transaction.js';
import { UnitOfWork } from '../../../platform/database/unit-of-work.js';
import type { SmtpOutcome } from '../../../platform/smtp/smtp-server.js';
import type { ChannelInbox } from '../../contract/channel.js';
import { answersAsText, withItemsAsText } from '../../contract/items-as-text.js';
import { MailInboxes } from '../accounts/mail-inboxes.service.js';
import type { NoToken } from '../accounts/mail-access-tokens.service.js';
import { SmtpAccounts } from '../accounts/smtp-account.service.js';
import { composeMail } from '../compose/compose-mail.js';
import { domainOf, headerText, mailAddress, mailPerson } from '../compose/mail-addresses.js';
import type { MailDraft } from '../compose/mail-draft.js';
import { escapeHtml } from '../compose/mail-text.js';
import { conversationMessageId, ownMessageId } from '../compose/mail-thread.js';
import { mailWords, writtenDate } from '../compose/mail-words.js';
import { emailConfig } from '../email.config.js';
import { Automatic, Direction, MailMessagesRepository } from '../mail-messages.repository.js';
import { ReplyAddress } from '../sending/reply-address.service.js';
import { OutgoingMailsRepository } from '../sending/outgoing-mails.repository.js';
import { ChatsRepository, type ChatMessageRow, type ChatRow } from './chats.repository.js';

/** What became of a mail about a chat; `nobody`: there is no inbox to send it from, or nothing may be sent there. */
export type MailedChat = SmtpOutcome | { kind: 'nobody'; reason: string };

/** Writes to people about their chat. The account's mail inbox speaks, and answers come back into the chat. */
@Injectable()
export class MailChat {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly chats: ChatsRepository, private readonly inboxes: MailInboxes, private readonly accounts: SmtpAccounts,
    private readonly mails: MailMessagesRepository, private readonly outgoing: OutgoingMailsRepository, private readonly replies: ReplyAddress,
  ) {}

  /** What the visitor has not read. Its row makes an answer find the chat; call it once per message. */
  async unread(account: AccountId, chat: ChatRow, messages: readonly ChatMessageRow[]): Promise<MailedChat> {
    return this.send(account, chat, chat.contact_email ?? '', messages, async (tx, draft, inbox) => {
      await this.mails.insert(tx, {
        conversation_id: chat.conversation_id, message_id: messages.at(-1)!.id, inbox_id: inbox.id, raw_id: null, direction: Direction.out, mailed_at: draft.date, automatic: Automatic.no, spam: false,
        rfc_message_id: draft.messageId, fingerprint: null, subject: draft.subject, from_address: draft.from.address, from_name: draft.from.name, in_reply_to: [], reference_ids: draft.references,
        to_list: draft.to.map(({ name, address }) => ({ name, address: address.toLowerCase() })), cc_list: [], bcc_list: [], reply_to_list: draft.replyTo ? [draft.replyTo] : [], authentication: null, headers: null,
        text_body: null, html_body: null, parts: null,
      });
    });
  }

  /** Everything that was said, to whoever may have it. Answers do not come back into the chat: it may be read by others. */
  transcript(account: AccountId, chat: ChatRow, messages: readonly ChatMessageRow[], to: string): Promise<MailedChat> {
    return this.send(account, chat, to, messages);
  }

  private async send(
    account: AccountId, chat: ChatRow, to: string, messages: readonly ChatMessageRow[], remember?: (tx: Tx, draft: MailDraft, inbox: ChannelInbox) => Promise<void>,
  ): Promise<MailedChat> {
    const id = await this.unitOfWork.run(account, (tx) => this.chats.mailInbox(tx));
    const inbox = id === undefined ? undefined : await this.inboxes.find(account, id);
    const own = inbox && mailAddress(emailConfig(inbox.config).email);
    if (!inbox || !own) return { kind: 'nobody', reason: 'There is no mail inbox to send it from.' };
    const person = mailPerson(remember ? chat.contact_name : '', to);
    if (!person) return { kind: 'nobody', reason: 'There is no address to send it to.' };
    const server = await this.accounts.of(inbox);
    if ('reason' in server) return notSignedIn(server);
    const draft = await this.unitOfWork.run(account, async (tx) => {
      if ((await this.outgoing.held(tx, [person.address.toLowerCase()])).length > 0) return undefined;
      const made = this.draft(account, chat, messages, own, remember ? await this.replies.of(tx, chat.conversation_id, own, emailConfig(inbox.config)) : own, person);
      await remember?.(tx, made, inbox);
      return made;
    });
    if (!draft) return { kind: 'nobody', reason: 'Nothing is sent to this address until it is released.' };
    const outcome = await this.accounts.send(inbox, server, composeMail(draft, String));
    return 'kind' in outcome ? outcome : notSignedIn(outcome);
  }

  private draft(account: AccountId, chat: ChatRow, messages: readonly ChatMessageRow[], own: string, replyTo: string, person: MailDraft['to'][number]): MailDraft {
    const business = headerText(chat.business_name || chat.inbox_name, 200).replaceAll('@', ' ');
    const domain = domainOf(own);
    const last = messages.at(-1);
    const subject = mailWords(chat.locale).subject(business);
    return {
      messageId: ownMessageId(chat.uuid, last?.id ?? 0, domain), date: last?.created_at ?? chat.created_at, from: { name: business, address: own }, replyTo: { name: business, address: replyTo }, to: [person], cc: [], bcc: [],
      subject, topic: subject, thread: { uuid: chat.uuid, begunAt: chat.created_at }, inReplyTo: null, references: [conversationMessageId(account, chat.uuid, domain)],
      html: messages.map((message) => htmlLine(message, chat.locale)).join(''), markdown: messages.map((message) => textLine(message, chat.locale)).join('\n\n'), signature: null, quoted: null, locale: chat.locale, files: [],
      automatic: false, loopMark: own,
    };
  }
}

/** A provider that gives no token just now may give one later. */
const notSignedIn = ({ permanent, reason }: NoToken): MailedChat => (permanent ? { kind: 'nobody', reason } : { kind: 'refused', stage: 'sign_in', permanent, reason });
const said = (message: ChatMessageRow): string => [withItemsAsText(message.interactive ?? 'text', message.content, message.content_attributes) ?? '', answersAsText(message.content_attributes), ...(message.file_names ?? []).map((name) => `[${name}]`)].filter(Boolean).join('\n');
const htmlLine = (message: ChatMessageRow, locale: string): string =>
  `<p><strong>${escapeHtml(message.writer)}</strong> <span style="color:#78716c">${escapeHtml(writtenDate(locale, message.created_at))}</span><br>${escapeHtml(said(message)).replace(/\n/g, '<br>')}</p>`;
const textLine = (message: ChatMessageRow, locale: string): string => `${message.writer} (${writtenDate(locale, message.created_at)}):\n${said(message)}`;
