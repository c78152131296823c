import { Injectable } from '@nestjs/common';
import type { SystemTx } from '../platform/database/transaction.js';
import { SystemWork } from '../platform/database/unit-of-work.js';
import { unprocessable } from '../platform/http/problem.js';
import { DeliveryRegistry } from './delivery-registry.js';
import type { Jobs } from './job.js';
import type { StoredEvent } from './event-types.js';

const SUBSCRIBER_PREFIX = 'subscriber ';

/** Whose letters: those of an account, or all, also those of no account. */
export type LetterScope = 'everywhere' | { accountId: number };
export interface DeadLetterRow { account_id: number; id: number; job: string; payload: Record<string, unknown>; attempts: number; error: string; created_at: Date }

const COLUMNS = 'account_id, id, job, payload, attempts, error, created_at';
const IN_SCOPE = '($1::bigint IS NULL OR account_id = $1) AND resolved_at IS NULL';
const accountOf = (scope: LetterScope): number | null => (scope === 'everywhere' ? null : scope.accountId);
const NO_SUCH_WORK = 'This version of Porchlight does not do this work any more.';

/** Work that was given up, kept for a person to look at and start again. */
@Injectable()
export class DeadLetters {
  constructor(private readonly system: SystemWork, private readonly registry: DeliveryRegistry) {}

  /** Records a job whose tries are used up. Jobs without an account are kept under account 0. */
  async ofJob(job: string, payload: Record<string, unknown>, error: string, attempts: number): Promise<void> {
    const account = Number(payload['accountId'] ?? payload['account_id'] ?? 0);
    await this.system.sql('INSERT INTO dead_letters (account_id, job, payload, error, attempts) VALUES ($1, $2, $3, $4, $5)',
      [Number.isSafeInteger(account) ? account : 0, job, JSON.stringify(payload), error.slice(0, 2_000), attempts]);
  }

  /** Ends the delivery of an event to a subscriber with a dead letter, in one statement: once, even when two workers come to it. */
  async ofDelivery(event: StoredEvent, subscriber: string, error: string, attempts: number): Promise<void> {
    await this.system.sql(
      `WITH gone AS (DELETE FROM event_deliveries WHERE account_id = $1 AND event_id = $2 AND subscriber = $3 RETURNING 1)
       INSERT INTO dead_letters (account_id, job, payload, error, attempts)
       SELECT $1, $4, $5, $6, $7 WHERE EXISTS (SELECT FROM gone)`,
      [event.account_id, event.id, subscriber, SUBSCRIBER_PREFIX + subscriber, JSON.stringify(event), error.slice(0, 2_000), attempts]);
  }

  /** The newest unresolved ones. */
  async unresolved(scope: LetterScope, limit: number, offset = 0): Promise<DeadLetterRow[]> {
    return this.system.sql<DeadLetterRow>(
      `SELECT ${COLUMNS} FROM dead_letters WHERE ${IN_SCOPE} ORDER BY id DESC LIMIT $2 OFFSET $3`, [accountOf(scope), limit, offset]);
  }

  async countUnresolved(scope: LetterScope): Promise<number> {
    return (await this.system.sql<{ n: number }>(`SELECT count(*) AS n FROM dead_letters WHERE ${IN_SCOPE}`, [accountOf(scope)]))[0]!.n;
  }

  /** Starts the work again and marks the letter resolved. False when there is no such unresolved letter. Throws when it cannot be done any more. */
  async retry(scope: LetterScope, id: number, jobs: Jobs): Promise<boolean> {
    return this.system.run(async (tx) => {
      const letter = await tx.one<DeadLetterRow>(`UPDATE dead_letters SET resolved_at = now() WHERE ${IN_SCOPE} AND id = $2 RETURNING ${COLUMNS}`, [accountOf(scope), id]);
      if (!letter) return false;
      if (letter.job.startsWith(SUBSCRIBER_PREFIX)) {
        await this.deliverAgain(tx, letter.payload as unknown as StoredEvent, letter.job.slice(SUBSCRIBER_PREFIX.length));
      } else {
        if (!this.registry.knowsJob(letter.job)) throw unprocessable(NO_SUCH_WORK);
        await jobs.add(letter.job, letter.payload);
      }
      return true;
    });
  }

  // Due at once: the relay's sweep queues it.
  private async deliverAgain(tx: SystemTx, event: StoredEvent, subscriber: string): Promise<void> {
    if (!this.registry.knows(subscriber)) throw unprocessable(NO_SUCH_WORK);
    const due = await tx.sql(
      `INSERT INTO event_deliveries (account_id, event_id, event_created_at, subscriber, due_at)
       SELECT account_id, id, created_at, $3, now() FROM events WHERE account_id = $1 AND id = $2
       ON CONFLICT (account_id, event_id, subscriber) DO UPDATE SET due_at = now() RETURNING 1`, [event.account_id, event.id, subscriber]);
    if (due.length === 0) throw unprocessable('What this was about is no longer kept, so it cannot be done again.');
  }

  /** Lets the work go. False when there is no such unresolved letter. */
  async discard(scope: LetterScope, id: number): Promise<boolean> {
    return (await this.system.sql(`UPDATE dead_letters SET resolved_at = now() WHERE ${IN_SCOPE} AND id = $2 RETURNING 1`, [accountOf(scope), id])).length > 0;
  }
}
