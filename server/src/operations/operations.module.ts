import { Module } from '@nestjs/common';
import { DeadLetterDesk } from './dead-letter-desk.service.js';
import { DeadLettersController } from './dead-letters.controller.js';
import { SystemController } from './system.controller.js';
import { SystemStatusService } from './system-status.service.js';

/** What those need who keep the installation going. */
@Module({ controllers: [DeadLettersController, SystemController], providers: [DeadLetterDesk, SystemStatusService] })
export class OperationsModule {}
