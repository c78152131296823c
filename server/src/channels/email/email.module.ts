import { Global, Module } from '@nestjs/common';
import { TranscriptPort } from '../contract/ports.js';
import { EmailChannel } from './email.channel.js';
import { MailAccessTokens } from './accounts/mail-access-tokens.service.js';
import { SmtpAccounts } from './accounts/smtp-account.service.js';
import { DraftMail } from './sending/draft-mail.service.js';
import { OutgoingMailsRepository } from './sending/outgoing-mails.repository.js';
import { TakeMailReport } from './reports/take-mail-report.service.js';
import { SendMail } from './sending/send-mail.service.js';
import { ChatsRepository } from './continuity/chats.repository.js';
import { MailChat } from './continuity/mail-chat.service.js';
import { NoteUnreadSubscriber } from './continuity/note-unread.subscriber.js';
import { SendUnread } from './continuity/send-unread.job.js';
import { MailPageAddresses } from './showing/mail-page-addresses.service.js';
import { MailPagesController } from './showing/mail-pages.controller.js';
import { ShownMailController } from './showing/shown-mail.controller.js';
import { ShownMailPresenter } from './showing/shown-mail.presenter.js';
import { ShownMailsRepository } from './showing/shown-mails.repository.js';
import { TranscriptsController } from './continuity/transcripts.controller.js';
import { Transcripts } from './continuity/transcripts.service.js';
import { ReplyAddress } from './sending/reply-address.service.js';
import { MailInboxes } from './accounts/mail-inboxes.service.js';
import { CheckConnection } from './setup/check-connection.service.js';
import { DnsAdvisor } from './setup/dns-advice.service.js';
import { EmailSetupController } from './setup/email-setup.controller.js';
import { FindProvider } from './setup/find-provider.service.js';
import { MailSetupRepository } from './setup/mail-setup.repository.js';
import { OauthConnectController } from './setup/oauth-connect.controller.js';
import { TestMail } from './setup/test-mail.service.js';
import { MailMessagesRepository } from './mail-messages.repository.js';
import { MailHealthController } from './imap/mail-health.controller.js';
import { MailboxesRepository } from './imap/mailboxes.repository.js';
import { RetryMailbox } from './imap/retry-mailbox.subscriber.js';
import { WatchMailboxes } from './imap/watch-mailboxes.service.js';
import { ProviderHooksController } from './providers/provider-hooks.controller.js';
import { SnsMails } from './providers/sns.service.js';
import { MailReader } from './reading/mail-reader.service.js';
import { IngestMail } from './receiving/ingest-mail.service.js';
import { IngestMailsJob, SweepRawMails } from './receiving/ingest-mails.job.js';
import { MailHookController } from './receiving/mail-hook.controller.js';
import { MailRepairController } from './receiving/mail-repair.controller.js';
import { RawMailsRepository } from './receiving/raw-mails.repository.js';
import { ReceiveMail } from './receiving/receive-mail.service.js';
import { AuthenticateMail } from './threading/authenticate-mail.service.js';
import { MailBlocksController } from './threading/mail-blocks.controller.js';
import { MailDns } from './threading/mail-dns.service.js';
import { PlaceMail } from './threading/place-mail.service.js';
import { ThreadsRepository } from './threading/threads.repository.js';
import { ReputationsRepository } from './threading/reputations.repository.js';

/** Mail inboxes. Global because other channels send transcripts through its port. */
@Global()
@Module({
  controllers: [MailHookController, MailRepairController, MailHealthController, MailBlocksController, ProviderHooksController, EmailSetupController, OauthConnectController, TranscriptsController, ShownMailController, MailPagesController],
  providers: [
    EmailChannel, MailMessagesRepository, OutgoingMailsRepository, MailAccessTokens, SmtpAccounts, DraftMail, SendMail, TakeMailReport,
    RawMailsRepository, ReceiveMail, MailReader, IngestMail, IngestMailsJob, SweepRawMails, AuthenticateMail, MailDns, PlaceMail, ThreadsRepository, ReputationsRepository,
    SnsMails, MailboxesRepository, WatchMailboxes, RetryMailbox, MailInboxes, CheckConnection, DnsAdvisor, FindProvider, MailSetupRepository, TestMail,
    ReplyAddress, ChatsRepository, MailChat, NoteUnreadSubscriber, SendUnread, Transcripts, { provide: TranscriptPort, useExisting: Transcripts }, MailPageAddresses, ShownMailPresenter, ShownMailsRepository,
  ],
  exports: [TranscriptPort, EmailChannel, MailMessagesRepository, TakeMailReport],
})
export class EmailModule {}
