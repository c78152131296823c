import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/transaction.js';
import type { StoredEvent } from './event-types.js';

/** For subscribers whose effect must not happen twice: claims the event in the transaction that makes the effect. */
@Injectable()
export class ProcessedEvents {
  /** True for the first transaction that commits with this event and subscriber; when false, do nothing. */
  async firstTime(tx: Tx, event: StoredEvent, subscriber: string): Promise<boolean> {
    return (await this.firstTimes(tx, [event], subscriber)).length > 0;
  }

  /** Those of the events that are claimed for the first time, in their order. */
  async firstTimes<E extends StoredEvent>(tx: Tx, events: readonly E[], subscriber: string): Promise<E[]> {
    const claimed = await tx.prepared<{ event_id: number }>(
      'INSERT INTO processed_events (account_id, event_id, subscriber) SELECT $1, e, $3 FROM unnest($2::bigint[]) e ORDER BY e ON CONFLICT DO NOTHING RETURNING event_id', [tx.accountId, events.map((event) => event.id), subscriber]);
    const first = new Set(claimed.map((row) => row.event_id));
    return events.filter((event) => first.has(event.id));
  }
}
