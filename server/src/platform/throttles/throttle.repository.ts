import { Injectable } from '@nestjs/common';
import { SystemWork } from '../database/unit-of-work.js';

/** What is counted more of, and when its count starts anew. */
export interface Counting { key: string; by: number; resetsAt: Date }
/** A count as it stands. */
export interface Count { key: string; hits: number; resets_at: Date }

/** Counts per key until a time. In an unlogged table: cheap to write, and a crash of the database forgets them. */
@Injectable()
export class ThrottleRepository {
  constructor(private readonly system: SystemWork) {}

  /** Counts one more; a count whose time is over starts anew. */
  async count(key: string, now: Date, resetsAt: Date): Promise<{ hits: number; resets_at: Date }> {
    return (await this.countAll([{ key, by: 1, resetsAt }], now))[0]!;
  }

  /** The same for several at once, each by as many as said. Never below 0. */
  async countAll(counting: readonly Counting[], now: Date, tx: Pick<SystemWork, 'sql'> = this.system): Promise<Count[]> {
    // In one order for everybody: two requests that count the same keys must not wait for each other.
    return tx.sql<Count>(
      `INSERT INTO throttles AS t (key, hits, resets_at)
       SELECT key, greatest(0, by), resets_at FROM unnest($1::text[], $2::int[], $3::timestamptz[]) AS c (key, by, resets_at) ORDER BY key COLLATE "C"
       ON CONFLICT (key) DO UPDATE SET hits = CASE WHEN t.resets_at <= $4 THEN EXCLUDED.hits ELSE greatest(0, t.hits + ($2::int[])[array_position($1::text[], t.key)]) END,
         resets_at = CASE WHEN t.resets_at <= $4 THEN EXCLUDED.resets_at ELSE t.resets_at END
       RETURNING key, hits, resets_at`, [counting.map((c) => c.key), counting.map((c) => c.by), counting.map((c) => c.resetsAt), now]);
  }

  /** Those of the counts that are not over, without counting. */
  async look(keys: readonly string[], now: Date, tx: Pick<SystemWork, 'sql'> = this.system): Promise<Count[]> {
    return tx.sql<Count>('SELECT key, hits, resets_at FROM throttles WHERE key = ANY ($1) AND resets_at > $2', [keys, now]);
  }

  async countDown(key: string): Promise<void> {
    await this.system.sql('UPDATE throttles SET hits = greatest(0, hits - 1) WHERE key = $1', [key]);
  }

  async delete(key: string): Promise<void> {
    await this.system.sql('DELETE FROM throttles WHERE key = $1', [key]);
  }

  /** Drops counts whose time is over, but for those that somebody is beginning anew: waiting for several of them could be waiting in a circle. */
  async sweep(now: Date): Promise<void> {
    await this.system.sql('DELETE FROM throttles WHERE key IN (SELECT key FROM throttles WHERE resets_at <= $1 FOR UPDATE SKIP LOCKED)', [now]);
  }
}
