import { Injectable } from '@nestjs/common';
import type { Statements, SystemTx } from '../database/transaction.js';
import { SystemWork } from '../database/unit-of-work.js';
import { ThrottleRepository, type Count, type Counting } from './throttle.repository.js';

/** What is asked for of one count, and how far that may go. */
export interface Asking extends Counting { most: number }
/** How much of a reservation was really used. */
export interface Used { key: string; amount: number }

/**
 * Takes from counts for a request that is under way: of all of them or of none. Who takes is alone with these counts meanwhile, so what is refused never
 * stands in anybody's way. What is taken is noted until it is settled or its process is dead, and given back by whoever deletes the note: once.
 */
@Injectable()
export class ReservationRepository {
  constructor(private readonly system: SystemWork, private readonly counts: ThrottleRepository) {}

  /**
   * Takes all that is asked for. Answers the counts that would have gone too far; then nothing is taken, and all that this reservation held before is given
   * back in the same moment, so that others have it.
   */
  take(id: string, asked: readonly Asking[], now: Date, expiresAt: Date): Promise<Count[]> {
    const keys = asked.map(({ key }) => key);
    const tooFar = (counts: readonly Count[]): Count[] => counts.filter((count) => count.hits > asked.find(({ key }) => key === count.key)!.most);
    return this.system.run(async (tx) => {
      // From here on these counts are locked until the end.
      let over = tooFar(await this.counts.countAll(asked, now, tx));
      await this.note(tx, id, asked, expiresAt);
      // Room may be kept by those who died.
      if (over.length > 0 && await giveBack(tx, { which: 'expires_at <= $1 AND key = ANY ($2)', values: [now, keys] }) > 0) over = tooFar(await this.counts.look(keys, now, tx));
      if (over.length > 0) await giveBack(tx, { which: 'id = $1', values: [id] });
      return over;
    });
  }

  /** Ends a reservation: what was used stays counted. Answers false when there is none any more. */
  settle(id: string, used: readonly Used[]): Promise<boolean> {
    return this.system.run(async (tx) => await giveBack(tx, { which: 'id = $1', values: [id] }, used) > 0);
  }

  /** Says that those who hold them live. */
  async renew(ids: readonly string[], expiresAt: Date): Promise<void> {
    await this.system.sql('UPDATE reservations SET expires_at = $2 WHERE id = ANY ($1)', [ids, expiresAt]);
  }

  /** Gives back what the dead have left. Returns how much there was. */
  expire(now: Date): Promise<number> {
    return this.system.run((tx) => giveBack(tx, { which: 'expires_at <= $1', values: [now] }));
  }

  private async note(tx: SystemTx, id: string, asked: readonly Asking[], expiresAt: Date): Promise<void> {
    await tx.sql(
      `INSERT INTO reservations AS r (id, key, amount, resets_at, expires_at)
       SELECT $1, t.key, a.by, t.resets_at, $4 FROM unnest($2::text[], $3::int[]) AS a (key, by) JOIN throttles t ON t.key = a.key
       ON CONFLICT (id, key) DO UPDATE SET amount = EXCLUDED.amount + CASE WHEN r.resets_at = EXCLUDED.resets_at THEN r.amount ELSE 0 END,
         resets_at = EXCLUDED.resets_at, expires_at = EXCLUDED.expires_at`, [id, asked.map(({ key }) => key), asked.map(({ by }) => by), expiresAt]);
  }
}

interface Notes { which: string; values: unknown[] }

/** Locks the counts first, in the order in which all do, and then their notes: nobody waits in a circle. Returns how many notes there were. */
async function giveBack(tx: Statements, { which, values }: Notes, used: readonly Used[] = []): Promise<number> {
  await tx.sql(`SELECT FROM throttles WHERE key IN (SELECT key FROM reservations WHERE ${which}) ORDER BY key COLLATE "C" FOR UPDATE`, values);
  const n = values.length;
  const [gone] = await tx.sql<{ notes: number }>(
    `WITH gone AS (DELETE FROM reservations WHERE ${which} RETURNING key, amount, resets_at),
       unused AS (SELECT gone.key, gone.resets_at, sum(greatest(0, gone.amount - coalesce(used.amount, 0)))::int AS amount
         FROM gone LEFT JOIN unnest($${n + 1}::text[], $${n + 2}::int[]) AS used (key, amount) ON used.key = gone.key GROUP BY 1, 2),
       back AS (UPDATE throttles t SET hits = greatest(0, t.hits - u.amount) FROM unused u WHERE t.key = u.key AND t.resets_at = u.resets_at AND u.amount > 0)
     SELECT count(*)::int AS notes FROM gone`, [...values, used.map(({ key }) => key), used.map(({ amount }) => amount)]);
  return gone!.notes;
}
