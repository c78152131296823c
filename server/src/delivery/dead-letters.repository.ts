import { Injectable } from '@nestjs/common';
import { SystemWork } from '../platform/database/unit-of-work.js';
import type { Jobs } from './job.js';
import type { StoredEvent } from './event-types.js';

const SUBSCRIBER_PREFIX = 'subscriber ';

interface DeadLetterRow { id: number; job: string; payload: Record<string, unknown>; attempts: number; error: string; created_at: Date }

/** Work that was given up, kept for a person to look at and start again. */
@Injectable()
export class DeadLetters {
  constructor(private readonly system: SystemWork) {}

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

  /** The newest unresolved ones of an account. */
  async unresolved(account: number, limit: number): Promise<DeadLetterRow[]> {
    return this.system.sql<DeadLetterRow>(
      'SELECT id, job, payload, attempts, error, created_at FROM dead_letters WHERE account_id = $1 AND resolved_at IS NULL ORDER BY id DESC LIMIT $2', [account, limit]);
  }

  /** Starts the work again and marks the letter resolved. False when there is no such unresolved letter. */
  async retry(account: number, id: number, jobs: Jobs): Promise<boolean> {
    return this.system.run(async (tx) => {
      const letter = await tx.one<DeadLetterRow>(
        'UPDATE dead_letters SET resolved_at = now() WHERE account_id = $1 AND id = $2 AND resolved_at IS NULL RETURNING id, job, payload, attempts, error, created_at', [account, id]);
      if (!letter) return false;
      if (letter.job.startsWith(SUBSCRIBER_PREFIX)) {
        const event = letter.payload as unknown as StoredEvent;
        // Due at once: the relay's sweep queues it.
        await tx.sql(
          `INSERT INTO event_deliveries (account_id, event_id, event_created_at, subscriber, due_at)
           SELECT account_id, id, created_at, $3, now() FROM events WHERE account_id = $1 AND id = $2 ON CONFLICT DO NOTHING`,
          [event.account_id, event.id, letter.job.slice(SUBSCRIBER_PREFIX.length)]);
      } else {
        await jobs.add(letter.job, letter.payload);
      }
      return true;
    });
  }
}
