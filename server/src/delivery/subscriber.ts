import { SetMetadata } from '@nestjs/common';
import type { EventType, StoredEvent } from './event-types.js';

export const SUBSCRIBER = 'subscriber';

/**
 * Reacts to events after their commit, in a job of its own with retries and a dead letter. Runs at least once and in no promised order
 * between events: reload what you need by id, tolerate its absence, and never call another subscriber.
 */
export interface Subscriber<T extends EventType = EventType> {
  handle(event: StoredEvent<T>): Promise<void>;
  /** The same for several events of one account, oldest first. What would take a transaction each is to take one. When it throws, each event is handled by itself. */
  handleAll?(events: StoredEvent<T>[]): Promise<void>;
}

export interface SubscriberOptions {
  /** Unique and stable: it names the jobs. Lower case with dashes. */
  name: string;
  /** The events this subscriber hears. */
  hears: EventType[];
  /**
   * Whether somebody outside learns of it: by a mail, a webhook, an answer to a customer. What happened before a backup was restored is not told outside
   * again, because the lost installation may have told it.
   */
  reaches: 'inside' | 'outside';
  /**
   * An SQL condition on the row `event` without which nobody would do anything: most accounts have no webhook, no rule, no bot. It is asked when the event is
   * routed, just after its commit, and saves the job. Leaves out only what `handle` would leave out too. Without it every event heard is delivered.
   */
  when?: string;
  /** How many events of an account `handleAll` takes at most. While much happens, they are gathered for a moment and share a job. */
  together?: number;
  /** Tries before the dead letter; with growing pauses between them. Default 8. */
  attempts?: number;
}

/** Marks a provider as a subscriber; the delivery module finds it at start. */
export const Subscribes = (options: SubscriberOptions): ClassDecorator => SetMetadata(SUBSCRIBER, options);
