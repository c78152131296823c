import { Injectable } from '@nestjs/common';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { BACKUP_LOCK } from '../backup/take-backup.service.js';

/** How far the files are brought under a key. */
export interface Resealing { key_id: string; noticed_at: Date; after: string; begins_at: Date; left_over: number; sealed_again: number; unreadable: number; finished_at: Date | null }
/** What became of the files up to a storage key. */
export interface Stretch { after: string; sealed: number; unreadable: number; leftOver: number }

/** Keeps how far sealing files again has come. */
@Injectable()
export class ResealingRepository {
  constructor(private readonly system: SystemWork) {}

  /** As it stands for this key. Another key than before begins from the start. */
  async of(keyId: string, now: Date): Promise<Resealing> {
    await this.system.sql(
      `INSERT INTO file_resealing AS f (key_id, noticed_at, begins_at) VALUES ($1, $2, $2)
       ON CONFLICT (only_row) DO UPDATE SET key_id = $1, noticed_at = $2, begins_at = $2, after = '', left_over = 0, sealed_again = 0, unreadable = 0, finished_at = NULL WHERE f.key_id <> $1`, [keyId, now]);
    return (await this.look())!;
  }

  async look(): Promise<Resealing | undefined> {
    return (await this.system.sql<Resealing>('SELECT * FROM file_resealing'))[0];
  }

  async advance(keyId: string, { after, sealed, unreadable, leftOver }: Stretch): Promise<void> {
    await this.system.sql(
      `UPDATE file_resealing SET after = $2, sealed_again = sealed_again + $3, unreadable = CASE after WHEN '' THEN 0 ELSE unreadable END + $4, left_over = left_over + $5
       WHERE key_id = $1 AND finished_at IS NULL`, [keyId, after, sealed, unreadable, leftOver]);
  }

  async finish(keyId: string, now: Date): Promise<void> {
    await this.system.sql('UPDATE file_resealing SET finished_at = $2 WHERE key_id = $1', [keyId, now]);
  }

  /** Another round over all files. */
  async beginAgain(keyId: string, now: Date): Promise<void> {
    await this.system.sql(`UPDATE file_resealing SET after = '', begins_at = $2, left_over = 0, finished_at = NULL WHERE key_id = $1`, [keyId, now]);
  }

  async backupIsMade(): Promise<boolean> {
    return (await this.system.sql(
      `SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = 0 AND objid::bigint = $1 AND objsubid = 1
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`, [BACKUP_LOCK])).length > 0;
  }
}
