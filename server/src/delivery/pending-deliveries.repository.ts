import { Injectable } from '@nestjs/common';
import { SystemWork } from '../platform/database/unit-of-work.js';
import type { StoredEvent } from './event-types.js';

/** Rows of deliveries that have not finished. The events of a call are of one account. */
@Injectable()
export class PendingDeliveries {
  constructor(private readonly system: SystemWork) {}

  /** Those of the events that the subscriber has not finished with. */
  async of(subscriber: string, events: readonly StoredEvent[]): Promise<StoredEvent[]> {
    const rows = await this.system.sql<{ event_id: number }>(
      'SELECT event_id FROM event_deliveries WHERE account_id = $1 AND event_id = ANY ($2::bigint[]) AND subscriber = $3', [events[0]!.account_id, events.map((event) => event.id), subscriber]);
    const pending = new Set(rows.map((row) => row.event_id));
    return events.filter((event) => pending.has(event.id));
  }

  /** Keeps the sweep from them for so long: they are under way. */
  async postpone(subscriber: string, events: readonly StoredEvent[], seconds: number): Promise<void> {
    await this.system.sql('UPDATE event_deliveries SET due_at = now() + make_interval(secs => $4) WHERE account_id = $1 AND event_id = ANY ($2::bigint[]) AND subscriber = $3',
      [events[0]!.account_id, events.map((event) => event.id), subscriber, seconds]);
  }
}
