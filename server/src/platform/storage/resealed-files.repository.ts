import { Injectable } from '@nestjs/common';
import { SystemWork } from '../database/unit-of-work.js';

/**
 * Files that are sealed again, so that none comes back that is removed in the same moment. Whoever seals puts the new bytes in place and says `finish`; whoever
 * removes takes the bytes away and says `noteRemoval`: the second of the two learns of the first, and removes once more.
 */
@Injectable()
export class ResealedFiles {
  constructor(private readonly system: SystemWork) {}

  async begin(storageKey: string): Promise<void> {
    // A removal that somebody else who is at this file has not heard of yet stays noted.
    await this.system.sql(
      `INSERT INTO resealed_files AS r (file_key) VALUES ($1)
       ON CONFLICT (file_key) DO UPDATE SET began_at = now(), finished = false, removed = r.removed AND NOT r.finished`, [storageKey]);
  }

  /** Whether it was removed since it began. */
  async finish(storageKey: string): Promise<boolean> {
    const [row] = await this.system.sql<{ removed: boolean }>('UPDATE resealed_files SET finished = true WHERE file_key = $1 RETURNING removed', [storageKey]);
    return row?.removed ?? false;
  }

  /** Whether it may be back, as it was sealed again just before. */
  async noteRemoval(storageKey: string): Promise<boolean> {
    const [row] = await this.system.sql<{ finished: boolean }>('UPDATE resealed_files SET removed = true WHERE file_key = $1 RETURNING finished', [storageKey]);
    return row?.finished ?? false;
  }

  /** Those that a killed process was at. */
  async unfinished(): Promise<string[]> {
    return (await this.system.sql<{ file_key: string }>('SELECT file_key FROM resealed_files WHERE NOT finished')).map((row) => row.file_key);
  }

  /** Forgets what is finished for so long that no removal can be under way which began before. */
  async forget(): Promise<void> {
    await this.system.sql(`DELETE FROM resealed_files WHERE finished AND began_at < now() - interval '1 hour'`);
  }
}
