import { Module } from '@nestjs/common';
import { MarkSpam } from './mark-spam.service.js';
import { SpamController } from './spam.controller.js';
import { SpamRepository } from './spam.repository.js';

/** What people call spam. */
@Module({ controllers: [SpamController], providers: [MarkSpam, SpamRepository] })
export class SpamModule {}
