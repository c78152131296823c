import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/transaction.js';
import type { StoredEvent } from './event-types.js';

/** For subscribers whose effect must not happen twice: claims the event in the transaction that makes the effect. */
@Injectable()
export class ProcessedEvents {
  /** True for the first transaction that commits with this event and subscriber; when false, do nothing. */
  async firstTime(tx: Tx, event: StoredEvent, subscriber: string): Promise<boolean> {
    const claimed = await tx.one(
      'INSERT INTO processed_events (account_id, event_id, subscriber) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING 1 AS claimed', [tx.accountId, event.id, subscriber]);
    return claimed !== undefined;
  }
}
