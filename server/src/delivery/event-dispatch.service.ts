import { Injectable } from '@nestjs/common';
import { Log } from '../platform/logging/log.js';
import { Queues, type NewJob } from '../platform/queue/queues.js';
import { DeliveryRegistry } from './delivery-registry.js';
import type { StoredEvent } from './event-types.js';
import type { OverdueDelivery, RoutedEvent } from './relay-session.js';
import { RelayTaps } from './relay-taps.js';

const ATTEMPTS = 8;

/** Hands a batch to realtime and to the subscribers' queue. */
@Injectable()
export class EventDispatch {
  private away = false;

  constructor(private readonly taps: RelayTaps, private readonly registry: DeliveryRegistry, private readonly queues: Queues, private readonly log: Log) {}

  /** Whether the queue could not be reached. Deliveries are then kept as rows until it can. */
  get queueAway(): boolean {
    return this.away;
  }

  async dispatch(batch: RoutedEvent[]): Promise<void> {
    await Promise.all([this.tap(batch.map(({ event }) => event)), this.queue(batch.flatMap(({ event, subscribers }) => subscribers.map((subscriber) => ({ subscriber, event }))))]);
  }

  private async tap(events: StoredEvent[]): Promise<void> {
    for (const tap of this.taps.all()) {
      await tap.batch(events).catch((error: unknown) => this.log.error('a batch was not pushed', { events: events.length, error }));
    }
  }

  /** Queues deliveries. While the queue is away nothing is tried: each has its row, and the sweep comes back to it. */
  async queue(deliveries: OverdueDelivery[]): Promise<void> {
    if (deliveries.length === 0 || this.away) return;
    const jobs = deliveries.map(({ subscriber, event }): NewJob => ({ name: subscriber, data: event, id: `ev-${event.id}-${subscriber}`, attempts: this.attemptsOf(subscriber) }));
    try {
      await this.queues.add('subscribers', jobs);
    } catch (error) {
      this.away = true;
      this.log.warn('the queue is away; events wait in the database', { error: (error as Error).message });
    }
  }

  // A row may name a subscriber of another version; its job fails and is tried again until that version runs it.
  private attemptsOf(subscriber: string): number {
    return this.registry.knows(subscriber) ? this.registry.subscriber(subscriber).options.attempts ?? ATTEMPTS : ATTEMPTS;
  }

  /** Asks the queue again. True when it has just come back. */
  async queueIsBack(): Promise<boolean> {
    if (!this.away) return false;
    this.away = !(await this.queues.ping().then(() => true, () => false));
    if (!this.away) this.log.info('the queue is back');
    return !this.away;
  }
}
