import { Module } from '@nestjs/common';
import { LastBackups } from './last-backups.repository.js';
import { RestoreBackup } from './restore-backup.service.js';
import { TakeBackup } from './take-backup.service.js';

/** Making backups and bringing them back; also without a running server. */
@Module({ providers: [LastBackups, TakeBackup, RestoreBackup], exports: [LastBackups, TakeBackup, RestoreBackup] })
export class BackupModule {}
