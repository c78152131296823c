import { Injectable } from '@nestjs/common';
import { Log } from '../platform/logging/log.js';
import { Queues } from '../platform/queue/queues.js';
import { jobsOf, type Delivery } from './delivery-jobs.js';
import { DeliveryRegistry } from './delivery-registry.js';
import type { StoredEvent } from './event-types.js';
import type { RoutedEvent } from './relay-session.js';
import { RelayTaps } from './relay-taps.js';
import type { SubscriberOptions } from './subscriber.js';

/** While much happens, what subscribers take together is queued so often. What happens alone is queued at once. */
const GATHER_MS = 200;

/** Hands a batch to realtime and to the subscribers' queue. */
@Injectable()
export class EventDispatch {
  private away = false;
  private gathered: Delivery[] = [];
  private timer?: NodeJS.Timeout;
  private gatheredAt = 0;
  private queueing: Promise<void> = Promise.resolve();

  constructor(private readonly taps: RelayTaps, private readonly registry: DeliveryRegistry, private readonly queues: Queues, private readonly log: Log) {}

  /** Whether the queue could not be reached. Deliveries are then kept as rows until it can. */
  get queueAway(): boolean {
    return this.away;
  }

  async dispatch(batch: RoutedEvent[]): Promise<void> {
    const deliveries = batch.flatMap(({ event, subscribers }) => subscribers.map((subscriber) => ({ subscriber, event })));
    await Promise.all([this.tap(batch.map(({ event }) => event)), this.queue(this.withoutGathered(deliveries))]);
  }

  private async tap(events: StoredEvent[]): Promise<void> {
    for (const tap of this.taps.all()) {
      await tap.batch(events).catch((error: unknown) => this.log.error('a batch was not pushed', { events: events.length, error }));
    }
  }

  /** Puts by what can share a job with what comes next, when there was something a moment ago. Each has its row: should this process die, the sweep finds them. */
  private withoutGathered(deliveries: Delivery[]): Delivery[] {
    const gathers = ({ subscriber }: Delivery): boolean => (this.optionsOf(subscriber)?.together ?? 1) > 1;
    if (!deliveries.some(gathers)) return deliveries;
    const passed = Date.now() - this.gatheredAt;
    if (!this.timer && passed >= GATHER_MS) {
      this.gatheredAt = Date.now();
      return deliveries;
    }
    this.gathered.push(...deliveries.filter(gathers));
    this.timer ??= setTimeout(() => { this.queueing = this.settle(); }, GATHER_MS - passed);
    return deliveries.filter((delivery) => !gathers(delivery));
  }

  /** Queues what was put by. */
  async settle(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.gatheredAt = Date.now();
    await Promise.all([this.queueing, this.queue(this.gathered.splice(0))]);
  }

  /** Queues deliveries. While the queue is away nothing is tried: each has its row, and the sweep comes back to it. */
  async queue(deliveries: Delivery[]): Promise<void> {
    if (deliveries.length === 0 || this.away) return;
    try {
      await this.queues.add('subscribers', jobsOf(deliveries, (subscriber) => this.optionsOf(subscriber)));
    } catch (error) {
      this.away = true;
      this.log.warn('the queue is away; events wait in the database', { error: (error as Error).message });
    }
  }

  // A row may name a subscriber of another version; its job fails and is tried again until that version runs it.
  private optionsOf(subscriber: string): SubscriberOptions | undefined {
    return this.registry.knows(subscriber) ? this.registry.subscriber(subscriber).options : undefined;
  }

  /** Asks the queue again. True when it has just come back. */
  async queueIsBack(): Promise<boolean> {
    if (!this.away) return false;
    this.away = !(await this.queues.ping().then(() => true, () => false));
    if (!this.away) this.log.info('the queue is back');
    return !this.away;
  }
}
