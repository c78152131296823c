import { Injectable } from '@nestjs/common';
import { Readable } from 'node:stream';
import type { InboundMessage } from '../../contract/inbound-event.js';
import { MAX_CONTENT } from '../../contract/message-text.js';
import { IngestPort } from '../../contract/ports.js';
import { Clock } from '../../../platform/clock/clock.js';
import { accountId, type AccountId } from '../../../platform/database/account-id.js';
import { UnitOfWork } from '../../../platform/database/unit-of-work.js';
import type { StagedFile } from '../../../platform/storage/staged-file.js';
import { Uploads } from '../../../platform/storage/uploads.js';
import type { EmailSettings } from '../email.config.js';
import { MailboxesRepository } from '../imap/mailboxes.repository.js';
import { Automatic, Direction, MailMessagesRepository, ParticipantRole, type ParticipantRow } from '../mail-messages.repository.js';
import { TakeMailReport } from '../reports/take-mail-report.service.js';
import type { ReadMail } from '../reading/read-mail.js';
import { splitReply } from '../reading/reply-text.js';
import type { Authentication } from '../threading/authenticate-mail.service.js';
import { PlaceMail, type Place } from '../threading/place-mail.service.js';
import { mailAttributes } from './mail-attributes.js';
import { RawMailsRepository, type RawMailRow } from './raw-mails.repository.js';

const MAX_SHOWN_FILES = 500;
/** A mail with all that is known of it. */
export interface UnderstoodMail { raw: RawMailRow; mail: ReadMail; authentication: Authentication }
export interface MailInbox { id: number; accountId: number; publicToken: string; settings: EmailSettings }
type MessagePlace = Extract<Place, { kind: 'message' }>;

/** Turns an understood mail into a message. Whatever happens in between, it becomes one message, once. */
@Injectable()
export class IngestMail {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly placing: PlaceMail, private readonly ingestion: IngestPort,
    private readonly uploads: Uploads, private readonly mails: MailMessagesRepository, private readonly raws: RawMailsRepository, private readonly reports: TakeMailReport,
    private readonly mailboxes: MailboxesRepository, private readonly clock: Clock,
  ) {}

  async ingest(inbox: MailInbox, understood: UnderstoodMail): Promise<void> {
    const account = accountId(inbox.accountId);
    const { raw, mail, authentication } = understood;
    // What servers report about our own mails is the state of these, not a conversation.
    if (mail.report && await this.reports.take(inbox, mail.report, mail.fingerprint)) {
      return this.unitOfWork.run(account, (tx) => this.raws.markDone(tx, raw.id, 'This is a report about a mail of ours.', mail.messageId));
    }
    const place = await this.unitOfWork.run(account, (tx) => this.placing.place(tx, inbox, mail, authentication, raw.envelope));
    if (place.kind === 'nothing') return this.unitOfWork.run(account, (tx) => this.raws.markDone(tx, raw.id, place.reason, mail.messageId));
    const files = await this.stage(account, mail);
    try {
      const stored = await this.ingestion.ingest({ accountId: account, id: inbox.id }, this.message(inbox, understood, place, files));
      if (stored.duplicate) {
        await this.uploads.discard(account, files);
        await this.unitOfWork.run(account, (tx) => this.raws.markDone(tx, raw.id, 'This mail is here already.', mail.messageId));
      }
    } catch (error) {
      await this.uploads.discard(account, files);
      throw error;
    }
  }

  private stage(account: AccountId, mail: ReadMail): Promise<StagedFile[]> {
    const shown = mail.files.filter((candidate) => !candidate.signature && candidate.content.length > 0).slice(0, MAX_SHOWN_FILES);
    return this.uploads.stageAll(account, shown.map((file) => ({ fileName: file.name, declaredType: file.type, source: Readable.from([file.content]) })));
  }

  private message(inbox: MailInbox, { raw, mail, authentication }: UnderstoodMail, place: MessagePlace, files: StagedFile[]): InboundMessage {
    const { writer, thread, forwarded } = place;
    const subject = forwarded?.subject ?? mail.subject;
    const text = forwarded ? splitReply(forwarded.text).reply || forwarded.text : mail.reply || mail.text;
    const notes = {
      ...(place.isNew && { new_participant: true }), ...(place.claimsColleague && { claims_colleague: true }), ...(place.spam && { spam: place.spam.reason }),
      ...(place.forwardedBy && { forwarded_by: place.forwardedBy.address }), ...(place.colleague && { by_mail: true }),
    };
    const inline = inlineFiles(mail, files);
    return {
      kind: 'message_received', externalId: `mail:${mail.fingerprint}`, sourceId: mail.messageId,
      sender: { sourceId: writer.address, email: isAddress(writer.address) ? writer.address : undefined, name: writer.name || undefined },
      content: (text.trim() || (files.length === 0 ? subject.trim() : '')).slice(0, MAX_CONTENT).toWellFormed() || null, contentType: 'incoming_email',
      contentAttributes: mailAttributes(mail, authentication, { ...notes, ...(Object.keys(inline).length > 0 && { inline: true, inline_names: Object.values(inline).map(({ name }) => name) }) }), attachments: files,
      ...(thread ? { conversationId: thread.conversation_id, joins: true } : { newConversation: true }), ...(place.colleague && { writtenBy: { userId: place.colleague.user_id } }),
      automatic: mail.signals.noAutoAnswer || place.spam !== null || place.flood !== null, quiet: place.quiet,
      conversation: { additionalAttributes: {
        mail_subject: subject.slice(0, 998), source: 'email', in_reply_to: mail.inReplyTo[0]?.slice(0, 998) ?? null, initiated_at: { timestamp: (mail.date ?? raw.received_at).toISOString() },
        ...(place.spam && { spam: place.spam.reason, ...(place.spam.because !== null && { spam_because: place.spam.because.slice(0, 300) }) }), ...(place.flood && { flood: place.flood }), ...(place.continues !== null && { continues: place.continues }),
      } },
      alsoStore: async (tx, stored) => {
        await this.mails.insert(tx, {
          conversation_id: stored.conversationId, message_id: stored.messageId, inbox_id: inbox.id, raw_id: raw.id, direction: place.colleague ? Direction.out : Direction.in, mailed_at: mail.date,
          automatic: [Automatic.no, Automatic.automatic, Automatic.bulk][mail.signals.automatic]!, spam: place.spam !== null, rfc_message_id: mail.messageId, fingerprint: mail.fingerprint, subject: mail.subject,
          from_address: mail.from?.address ?? null, from_name: mail.from?.name ?? null, in_reply_to: mail.inReplyTo, reference_ids: mail.references, to_list: mail.to, cc_list: mail.cc, bcc_list: mail.bcc,
          reply_to_list: mail.replyTo, authentication, headers: mail.headers, text_body: mail.text, html_body: mail.html,
          parts: { html_reply: mail.htmlReply, quoted: mail.quoted, events: mail.events, oddities: mail.oddities, inline, list_id: mail.signals.listId },
        }, participants(place, stored));
        if (place.flood) await this.mailboxes.noteFlood(tx, inbox.id, place.flood === 'sender' ? mail.from?.address ?? place.writer.address : null, this.clock.date());
      },
    };
  }
}

const isAddress = (address: string): boolean => /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(address) && !address.endsWith('@invalid');

/** Whoever may speak in a thread may bring people along. A colleague is on our side, and whom spam names is nobody's guest. */
function participants(place: MessagePlace, stored: { messageId: number; contactId: number }): ParticipantRow[] {
  if (place.spam) return [];
  const writer: ParticipantRow[] = place.colleague ? []
    : [{ address: place.writer.address, name: place.writer.name, contact_id: stored.contactId, role: place.thread === null ? ParticipantRole.began : ParticipantRole.came, joined_by_message: stored.messageId }];
  const brought = place.isNew ? [] : place.others;
  return [...writer, ...brought.map(({ address, name }) => ({ address, name, contact_id: null, role: ParticipantRole.addressed, joined_by_message: stored.messageId }))];
}

/** Pictures that stand in the text: their content id and where they are kept. */
function inlineFiles(mail: ReadMail, staged: StagedFile[]): Record<string, { storage_key: string; content_type: string; name: string }> {
  const shown = mail.files.filter((file) => !file.signature && file.content.length > 0).slice(0, MAX_SHOWN_FILES);
  return Object.fromEntries(shown.flatMap((file, n) => {
    const stored = staged[n];
    return file.contentId && stored && mail.html?.includes(file.contentId.replace(/&/g, '&amp;')) ? [[file.contentId, { storage_key: stored.storageKey, content_type: stored.contentType, name: stored.fileName }]] : [];
  }));
}
