import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { VERSION } from '../../platform/config/version.js';
import { readKeys } from '../../platform/crypto/installation-keys.js';
import { RootKey } from '../../platform/crypto/root-key.js';
import { Blobs } from '../../platform/storage/blobs.js';
import { writeBackup } from './backup-format.js';
import { backupName, backupPlace } from './backup-places.js';
import { BackupError } from './backup.errors.js';
import { dumpInstallation, type BackupProgress } from './dump-installation.js';
import { outdated } from './kept-backups.policy.js';
import { LastBackups, type BackupRow } from './last-backups.repository.js';
import { asOwner } from './owner-connection.js';

/** Any constant: one backup of an installation at a time, whoever asks. Files are not sealed again meanwhile. */
export const BACKUP_LOCK = 7_206_490;

/** Makes backups. */
@Injectable()
export class TakeBackup {
  constructor(@Inject(CONFIG) private readonly config: Config, private readonly blobs: Blobs, private readonly last: LastBackups, private readonly clock: Clock) {}

  /** Makes one now and removes those that need not be kept any longer. Throws, after recording it, when it cannot be made. */
  async take(told: (progress: BackupProgress) => void = () => undefined): Promise<BackupRow> {
    const place = backupPlace(this.config);
    const secret = RootKey.fromSecret(this.config.SECRET_KEY);
    const started = this.clock.date();
    const name = backupName(started);
    const record = async (outcome: Pick<BackupRow, 'ok' | 'size' | 'error'>): Promise<BackupRow> => {
      const row = { started_at: started, finished_at: this.clock.date(), name, place: place.name, ...outcome };
      await this.last.record(row);
      return row;
    };
    try {
      const size = await asOwner(this.config.DATABASE_URL, async (client) => {
        const { rows: [lock] } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [BACKUP_LOCK]);
        if (!lock!.taken) throw new BackupError('Another backup is being made.');
        // A process that still runs with the SECRET_KEY of before would make backups that need both.
        await readKeys(client, this.config.SECRET_KEY);
        const { rows } = await client.query<{ name: string }>('SELECT name FROM migrations ORDER BY id');
        const description = { created_at: started.toISOString(), version: VERSION, key_id: secret.id, migrations: rows.map((row) => row.name) };
        return place.write(name, writeBackup(description, dumpInstallation(client, this.blobs, told), secret));
      });
      for (const old of outdated(await place.list(), this.clock.now())) await place.remove(old);
      return await record({ ok: true, size, error: null });
    } catch (error) {
      await record({ ok: false, size: null, error: (error as Error).message.slice(0, 500) }).catch(() => undefined);
      throw error;
    }
  }
}
