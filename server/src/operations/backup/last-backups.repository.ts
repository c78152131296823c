import { Injectable } from '@nestjs/common';
import { SystemWork } from '../../platform/database/unit-of-work.js';

/** One try. `size` in bytes, unless it failed. */
export interface BackupRow { started_at: Date; finished_at: Date; ok: boolean; name: string; size: number | null; place: string; error: string | null }

const KEPT = 400;

/** What became of backups, for those who look after the installation. */
@Injectable()
export class LastBackups {
  constructor(private readonly system: SystemWork) {}

  async record(row: BackupRow): Promise<void> {
    await this.system.run(async (tx) => {
      await tx.sql('INSERT INTO backups (started_at, finished_at, ok, name, size, place, error) VALUES ($1, $2, $3, $4, $5, $6, $7)',
        [row.started_at, row.finished_at, row.ok, row.name, row.size, row.place, row.error]);
      await tx.sql(`DELETE FROM backups WHERE id <= (SELECT max(id) FROM backups) - ${KEPT}`);
    });
  }

  /** The newest first. */
  list(limit: number): Promise<BackupRow[]> {
    return this.system.sql<BackupRow>('SELECT started_at, finished_at, ok, name, size, place, error FROM backups ORDER BY id DESC LIMIT $1', [limit]);
  }

  async last(): Promise<BackupRow | undefined> {
    return (await this.list(1))[0];
  }

  /** When the last good one was finished. */
  async lastGood(): Promise<Date | undefined> {
    return (await this.system.sql<{ finished_at: Date }>('SELECT finished_at FROM backups WHERE ok ORDER BY id DESC LIMIT 1'))[0]?.finished_at;
  }
}
