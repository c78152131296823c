import { Global, Module } from '@nestjs/common';
import { SmtpSender } from './smtp-sender.js';

/** Hands mail to other people's servers. */
@Global()
@Module({ providers: [SmtpSender], exports: [SmtpSender] })
export class SmtpModule {}
