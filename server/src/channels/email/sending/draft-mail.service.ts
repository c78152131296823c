import { Injectable } from '@nestjs/common';
import type { Readable } from 'node:stream';
import type { Tx } from '../../../platform/database/transaction.js';
import { FileStore } from '../../../platform/storage/file-store.js';
import type { ChannelInbox } from '../../contract/channel.js';
import type { OutboundFile, OutboundMessage } from '../../contract/outbound-message.js';
import { domainOf, headerText, mailAddress, mailPerson, withoutDoubles } from '../compose/mail-addresses.js';
import type { MailDraft, MailFile, MailPerson, QuotedMail } from '../compose/mail-draft.js';
import { htmlOf } from '../compose/mail-text.js';
import { conversationMessageId, ownMessageId, subjectOf, threadingOf, topicOf } from '../compose/mail-thread.js';
import { mailWords } from '../compose/mail-words.js';
import { emailConfig } from '../email.config.js';
import { MailMessagesRepository, type MailMessageRow } from '../mail-messages.repository.js';
import { OutgoingMailsRepository } from './outgoing-mails.repository.js';
import { ReplyAddress } from './reply-address.service.js';

/** Nothing can be sent, and why, in words for the agent. */
export class CannotSend extends Error {}

/** Reads a stored file from its beginning. */
type OpenFile = (storageKey: string) => Promise<() => Readable>;

/** Makes the mail of a message: who it is from and for, what it answers, what it says. */
@Injectable()
export class DraftMail {
  constructor(
    private readonly mails: MailMessagesRepository, private readonly outgoing: OutgoingMailsRepository, private readonly files: FileStore, private readonly replies: ReplyAddress,
  ) {}

  /** The draft; throws CannotSend. Files are looked for, not read. */
  async draft(tx: Tx, message: OutboundMessage, inbox: ChannelInbox): Promise<MailDraft> {
    const settings = emailConfig(inbox.config);
    const own = mailAddress(settings.email);
    if (own === undefined) throw new CannotSend('The inbox has no address of its own.');
    const domain = domainOf(own);
    const forwards = message.forwarded === null ? undefined : await this.mails.find(tx, message.conversationId, message.forwarded.messageId);
    const answered = await this.outgoing.answered(tx, message.conversationId, message.messageId, message.inReplyTo ?? message.forwarded?.messageId ?? null);
    const root = conversationMessageId(message.accountId, message.conversation.uuid, domain);
    const business = inbox.businessName || settings.from_name || inbox.name;
    const recipients = recipientsOf(message, [own]);
    const isForward = message.forwarded !== null;
    // Who gets a mail passed on was not in the thread: there it begins one.
    const threading = isForward ? { inReplyTo: null, references: [root] } : threadingOf(root, answered ? { messageId: answered.rfc_message_id, references: answered.reference_ids } : null);
    const subject = String(message.conversation.additionalAttributes['mail_subject'] ?? '') || answered?.subject || mailWords(message.locale).subject(business);
    return {
      messageId: ownMessageId(message.conversation.uuid, message.messageId, domain), date: message.createdAt, from: { name: fromName(message, inbox, business), address: own },
      replyTo: { name: headerText(business, 200), address: await this.replies.of(tx, message.conversationId, own, settings) }, ...recipients,
      subject: isForward ? `Fwd: ${topicOf(subject)}` : subjectOf(subject, answered !== undefined), topic: topicOf(subject),
      thread: { uuid: message.conversation.uuid, begunAt: message.conversation.createdAt }, ...threading,
      ...await this.textAndFiles(message, domain), signature: settings.signature ? signatureOf(settings.signature, message, business) : null,
      quoted: isForward ? passedOn(message, forwards) : quotedBefore(message, answered), locale: message.locale, automatic: message.automatic || message.sender?.type === 'agent_bot', loopMark: own,
    };
  }

  private async textAndFiles(message: OutboundMessage, domain: string): Promise<Pick<MailDraft, 'html' | 'markdown' | 'files'>> {
    const contentId = (id: number): string => `file-${id}.${message.conversation.uuid}@${domain}`;
    const shown = new Set([...message.contentHtml.matchAll(/src="cid:(\d+)"/g)].map((match) => Number(match[1])));
    const passed = (message.forwarded?.attachments ?? []).map((file) => ({ file, contentId: undefined }));
    const own = message.attachments.map((file) => ({ file, contentId: shown.has(file.id) ? contentId(file.id) : undefined }));
    const opened = await Promise.all([...own, ...passed].map(async ({ file, contentId: id }) => mailFile(file, await this.open(file), id)));
    return { html: message.contentHtml.replace(/src="cid:(\d+)"/g, (_, id: string) => `src="cid:${contentId(Number(id))}"`), markdown: message.content ?? '', files: opened };
  }

  private readonly open = async (file: OutboundFile): Promise<() => Readable> => {
    const found = file.storageKey === null ? undefined : await this.files.open(file.storageKey);
    if (!found) throw new CannotSend(`The file ${file.fileName} is gone.`);
    return () => found.read();
  };
}

const mailFile = (file: OutboundFile, open: Awaited<ReturnType<OpenFile>>, contentId: string | undefined): MailFile => ({ fileName: file.fileName, contentType: file.contentType, open, ...(contentId !== undefined && { contentId }) });

const addressesIn = (value: unknown): string[] => (Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []);

function recipientsOf(message: OutboundMessage, own: string[]): Pick<MailDraft, 'to' | 'cc' | 'bcc'> {
  const { contact, contentAttributes: given } = message;
  const named = (address: string): MailPerson | undefined => mailPerson(address.toLowerCase() === contact.email?.toLowerCase() ? contact.name : '', address);
  const people = (value: unknown): MailPerson[] => addressesIn(value).flatMap((address) => named(address) ?? []);
  const chosen = people(given['to_emails']);
  const to = chosen.length > 0 ? chosen : [contact.email ?? message.sourceId].flatMap((address) => mailPerson(contact.name, address) ?? []);
  const lists = withoutDoubles({ to, cc: people(given['cc_emails']), bcc: people(given['bcc_emails']) }, own);
  if (lists.to.length === 0) throw new CannotSend('There is no address to send this to.');
  return lists;
}

/** Chatwoot's two ways: the person and whom they work for, or the business alone. */
function fromName(message: OutboundMessage, inbox: ChannelInbox, business: string): string {
  const agent = message.sender?.type === 'user' ? message.sender.name : '';
  const shown = inbox.senderNameType === 'friendly' && agent !== '' ? mailWords(message.locale).from(agent, business) : business;
  return headerText(shown, 200).replaceAll('@', ' ');
}

const signatureOf = (signature: string, message: OutboundMessage, business: string): string =>
  signature.replace(/\{\{\s*agent\.name\s*\}\}/g, message.sender?.name ?? business).replace(/\{\{\s*inbox\.name\s*\}\}/g, business);

/** The mail that is answered, when nobody has said anything since. */
function quotedBefore(message: OutboundMessage, answered: MailMessageRow | undefined): QuotedMail | null {
  const { before } = message;
  if (!before?.incoming || message.automatic) return null;
  const isMail = answered?.message_id === before.messageId;
  return {
    name: (isMail && answered.from_name) || before.name, address: isMail ? answered.from_address : null, at: (isMail && answered.mailed_at) || before.createdAt, html: before.contentHtml, text: before.content ?? '',
  };
}

function passedOn(message: OutboundMessage, mail: MailMessageRow | undefined): QuotedMail {
  const source = message.forwarded!;
  const text = mail?.text_body ?? source.content ?? '';
  return {
    name: mail?.from_name || source.name, address: mail?.from_address ?? null, at: mail?.mailed_at ?? source.createdAt, html: mail?.html_body ?? (mail?.text_body ? htmlOf(text) : source.contentHtml), text,
    passedOn: { subject: mail?.subject ?? '', to: mail?.to_list ?? [] },
  };
}
