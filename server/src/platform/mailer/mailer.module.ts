import { Global, Module } from '@nestjs/common';
import { Mailer } from './mailer.js';

/** Mail of the installation itself: invitations, links to choose a new password. Not a channel. */
@Global()
@Module({ providers: [Mailer], exports: [Mailer] })
export class MailerModule {}
