import { Injectable } from '@nestjs/common';
import { SystemWork } from '../../platform/database/unit-of-work.js';

/** Counts per key until a time. In an unlogged table: cheap to write, and a crash of the database forgets them. */
@Injectable()
export class ThrottleRepository {
  constructor(private readonly system: SystemWork) {}

  /** Counts one more; a count whose time is over starts anew. */
  async count(key: string, now: Date, resetsAt: Date): Promise<{ hits: number; resets_at: Date }> {
    const [row] = await this.system.sql<{ hits: number; resets_at: Date }>(
      `INSERT INTO throttles AS t (key, hits, resets_at) VALUES ($1, 1, $3)
       ON CONFLICT (key) DO UPDATE SET hits = CASE WHEN t.resets_at <= $2 THEN 1 ELSE t.hits + 1 END, resets_at = CASE WHEN t.resets_at <= $2 THEN $3 ELSE t.resets_at END
       RETURNING hits, resets_at`, [key, now, resetsAt]);
    return row!;
  }

  async countDown(key: string): Promise<void> {
    await this.system.sql('UPDATE throttles SET hits = greatest(0, hits - 1) WHERE key = $1', [key]);
  }

  async delete(key: string): Promise<void> {
    await this.system.sql('DELETE FROM throttles WHERE key = $1', [key]);
  }

  /** Drops counts whose time is over. */
  async sweep(now: Date): Promise<void> {
    await this.system.sql('DELETE FROM throttles WHERE resets_at <= $1', [now]);
  }
}
