import { Module } from '@nestjs/common';
import { EmailChannel } from './email.channel.js';
import { MailMessagesRepository } from './mail-messages.repository.js';

/** Mail inboxes. */
@Module({ providers: [EmailChannel, MailMessagesRepository], exports: [EmailChannel, MailMessagesRepository] })
export class EmailModule {}
