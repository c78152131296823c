import { Module } from '@nestjs/common';
import { EmailChannel } from './email.channel.js';
import { MailAccessTokens } from './accounts/mail-access-tokens.service.js';
import { SmtpAccounts } from './accounts/smtp-account.service.js';
import { DraftMail } from './sending/draft-mail.service.js';
import { OutgoingMailsRepository } from './sending/outgoing-mails.repository.js';
import { TakeMailReport } from './reports/take-mail-report.service.js';
import { SendMail } from './sending/send-mail.service.js';
import { MailMessagesRepository } from './mail-messages.repository.js';

/** Mail inboxes. */
@Module({ providers: [EmailChannel, MailMessagesRepository, OutgoingMailsRepository, MailAccessTokens, SmtpAccounts, DraftMail, SendMail, TakeMailReport], exports: [EmailChannel, MailMessagesRepository, TakeMailReport] })
export class EmailModule {}
