import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { SystemWork } from '../platform/database/unit-of-work.js';
import { Log } from '../platform/logging/log.js';
import type { StoredEvent } from './event-types.js';

const COLLECT_MS = 25;
const MAX_ROWS = 500;

/**
 * Deletes the pending rows of finished deliveries, many at a time: a statement each would cost more than most subscribers' own work.
 * What a crash keeps from being deleted is delivered again, which subscribers tolerate.
 */
@Injectable()
export class FinishedDeliveries implements OnApplicationShutdown {
  private finished: { account: number; event: number; subscriber: string }[] = [];
  private timer?: NodeJS.Timeout;
  private writing: Promise<void> = Promise.resolve();

  constructor(private readonly system: SystemWork, private readonly log: Log) {}

  add(event: StoredEvent, subscriber: string): void {
    this.finished.push({ account: event.account_id, event: event.id, subscriber });
    if (this.finished.length >= MAX_ROWS) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), COLLECT_MS);
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const rows = this.finished;
    this.finished = [];
    if (rows.length === 0) return;
    this.writing = this.writing.then(() => this.remove(rows));
  }

  private async remove(rows: { account: number; event: number; subscriber: string }[]): Promise<void> {
    await this.system.sql(
      `DELETE FROM event_deliveries d USING unnest($1::bigint[], $2::bigint[], $3::text[]) f(account_id, event_id, subscriber)
       WHERE d.account_id = f.account_id AND d.event_id = f.event_id AND d.subscriber = f.subscriber`,
      [rows.map((r) => r.account), rows.map((r) => r.event), rows.map((r) => r.subscriber)],
    ).catch((error: unknown) => this.log.warn('finished deliveries will be delivered again', { count: rows.length, error }));
  }

  /** Writes what is collected. Called when the workers have stopped and the pools are still open. */
  async settle(): Promise<void> {
    this.flush();
    await this.writing;
  }

  onApplicationShutdown(): void {
    clearTimeout(this.timer);
  }
}
