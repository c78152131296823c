import { Injectable } from '@nestjs/common';
import type { StoredEvent } from './event-types.js';

/** Hears every batch in order, at once, on the process of the relay, without retries, and must bound its own time: the relay waits for it. */
export interface RelayTap { batch(events: StoredEvent[]): Promise<void> }

/** Where realtime puts itself between the relay and the queues. */
@Injectable()
export class RelayTaps {
  private readonly taps: RelayTap[] = [];

  add(tap: RelayTap): void {
    this.taps.push(tap);
  }

  all(): readonly RelayTap[] {
    return this.taps;
  }
}
