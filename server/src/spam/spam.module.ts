import { Module } from '@nestjs/common';
import { EmailModule } from '../channels/email/email.module.js';
import { MarkSpam } from './mark-spam.service.js';
import { SpamController } from './spam.controller.js';
import { SpamRepository } from './spam.repository.js';

/** What people call spam. */
@Module({ imports: [EmailModule], controllers: [SpamController], providers: [MarkSpam, SpamRepository] })
export class SpamModule {}
