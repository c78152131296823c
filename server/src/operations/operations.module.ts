import { Module } from '@nestjs/common';
import { BackupModule } from './backup/backup.module.js';
import { DailyBackup } from './backup/daily-backup.job.js';
import { DeadLetterDesk } from './dead-letter-desk.service.js';
import { DeadLettersController } from './dead-letters.controller.js';
import { ResealFilesJob } from './resealing/reseal-files.job.js';
import { ResealFiles } from './resealing/reseal-files.service.js';
import { ResealingRepository } from './resealing/resealing.repository.js';
import { SystemController } from './system.controller.js';
import { SystemStatusService } from './system-status.service.js';

/** What those need who keep the installation going. */
@Module({ imports: [BackupModule], controllers: [DeadLettersController, SystemController], providers: [DeadLetterDesk, SystemStatusService, DailyBackup, ResealingRepository, ResealFiles, ResealFilesJob] })
export class OperationsModule {}
