import { Injectable } from '@nestjs/common';
import { Installations } from '../../identity/installation/installation.service.js';
import { TakeBackup } from '../../operations/backup/take-backup.service.js';
import { AdministratorProof } from '../administrator-proof.service.js';
import type { Asking } from '../asking.js';
import type { Command, CommandResult } from '../command.js';
import { showProgress, sizeInWords } from '../progress.js';
import { SetupError } from '../setup.errors.js';

/** Makes a backup now. */
@Injectable()
export class Backup implements Command {
  constructor(private readonly proof: AdministratorProof, private readonly installations: Installations, private readonly backups: TakeBackup) {}

  async run(asking: Asking): Promise<CommandResult> {
    if (await this.installations.needsSetup()) throw new SetupError('There is nothing to back up yet.');
    await this.proof.demand(asking);
    const show = showProgress();
    const row = await this.backups.take(({ tables, ofTables, files, bytes }) => show(`Backing up: ${tables} of ${ofTables} tables, ${files} files, ${sizeInWords(bytes)}`));
    return {
      json: { name: row.name, place: row.place, size: row.size, seconds: (row.finished_at.getTime() - row.started_at.getTime()) / 1_000 },
      lines: [`${row.place}/${row.name}: ${sizeInWords(row.size ?? 0)}.`, 'Keep a copy elsewhere, and the SECRET_KEY apart from it: without the key nobody can restore it, you included.'],
    };
  }
}
