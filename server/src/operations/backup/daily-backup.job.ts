import { Inject, Injectable } from '@nestjs/common';
import { RunsJob, type Job } from '../../delivery/job.js';
import { Clock } from '../../platform/clock/clock.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { Log } from '../../platform/logging/log.js';
import { Installations } from '../../identity/installation/installation.service.js';
import { LastBackups } from './last-backups.repository.js';
import { TakeBackup } from './take-backup.service.js';

const HOUR_MS = 3_600_000;
const OVERDUE_MS = 48 * HOUR_MS;

/** Makes the backup of the day at BACKUP_HOUR, or as soon after it as somebody runs; a failed one is tried again after an hour. */
@Injectable()
@RunsJob({ name: 'take-daily-backup', everyMs: 10 * 60_000 })
export class DailyBackup implements Job {
  constructor(@Inject(CONFIG) private readonly config: Config, private readonly backups: TakeBackup, private readonly last: LastBackups, private readonly installations: Installations, private readonly clock: Clock, private readonly log: Log) {}

  async run(): Promise<void> {
    if (this.config.BACKUP_TO === 'off' || !await this.isDue()) return;
    try {
      const { name, size, place } = await this.backups.take();
      this.log.info('backup made', { backup: name, size, place });
    } catch (error) {
      const good = await this.last.lastGood();
      this.log.error(good && this.clock.now() - good.getTime() < OVERDUE_MS ? 'the backup failed; it is tried again in an hour' : 'there has been no good backup for two days', { error });
    }
  }

  private async isDue(): Promise<boolean> {
    const now = this.clock.now();
    const today = new Date(now);
    today.setUTCHours(this.config.BACKUP_HOUR, 0, 0, 0);
    const due = today.getTime() <= now ? today.getTime() : today.getTime() - 24 * HOUR_MS;
    const last = await this.last.last();
    if (!last) return !await this.installations.needsSetup();
    return last.ok ? last.started_at.getTime() < due : last.started_at.getTime() < now - HOUR_MS;
  }
}
