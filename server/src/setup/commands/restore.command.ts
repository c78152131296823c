import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { backupAt } from '../../operations/backup/backup-places.js';
import { RestoreBackup, type RestoreStep } from '../../operations/backup/restore-backup.service.js';
import type { Asking } from '../asking.js';
import type { Command, CommandResult } from '../command.js';
import { showProgress } from '../progress.js';
import { AdministratorProof } from '../administrator-proof.service.js';
import { Installations } from '../../identity/installation/installation.service.js';

const DOING: Record<RestoreStep, string> = { checking: 'Checking the file', tables: 'Restoring tables', files: 'Restoring files', comparing: 'Comparing' };
const shown = (): ((step: RestoreStep, done: string) => void) => {
  const show = showProgress();
  return (step, done) => show(`${DOING[step]}: ${done}`);
};

/** Brings a backup back into an empty installation, where there is nobody who could prove anything. */
@Injectable()
export class Restore implements Command {
  constructor(@Inject(CONFIG) private readonly config: Config, private readonly backups: RestoreBackup) {}

  async run(asking: Asking): Promise<CommandResult> {
    const file = await asking.for({ option: 'file', ask: 'File of the backup, or its s3:// address' });
    const { tables, rows, files, missing, created_at } = await this.backups.restore(backupAt(this.config, file), shown());
    return {
      json: { created_at, tables, rows, files, missing_files: missing },
      lines: [
        `Restored what there was on ${created_at}: ${rows} rows in ${tables} tables, ${files} files.`,
        ...(missing > 0 ? [`${missing} files had been erased while the backup was made.`] : []),
        'Everybody signs in again. Messages that were waiting to be sent are marked as uncertain: look at them, and send by hand what did not arrive.',
      ],
    };
  }
}

/** Proves that a backup can be restored. */
@Injectable()
export class VerifyBackup implements Command {
  constructor(@Inject(CONFIG) private readonly config: Config, private readonly proof: AdministratorProof, private readonly installations: Installations, private readonly backups: RestoreBackup) {}

  async run(asking: Asking): Promise<CommandResult> {
    if (!await this.installations.needsSetup()) await this.proof.demand(asking);
    const file = await asking.for({ option: 'file', ask: 'File of the backup, or its s3:// address' });
    const { tables, rows, files, missing, created_at } = await this.backups.verify(backupAt(this.config, file), shown());
    return { json: { ok: true, created_at, tables, rows, files, missing_files: missing }, lines: [`This backup of ${created_at} is good: ${rows} rows in ${tables} tables and ${files} files were restored and compared.`] };
  }
}
