import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { CONFIG, type Config } from '../platform/config/config.js';
import { SystemWork } from '../platform/database/unit-of-work.js';
import { Log } from '../platform/logging/log.js';
import { asBackground } from '../platform/logging/request-context.js';
import { pauseAfter } from '../platform/queue/pause-after.js';
import { Queues, type HandledJob, type QueuedJob } from '../platform/queue/queues.js';
import { Metrics, type Count } from '../platform/telemetry/metrics.js';
import { DeadLetters } from './dead-letters.repository.js';
import { DeliveryRegistry } from './delivery-registry.js';
import { eventsOf, jobOf } from './delivery-jobs.js';
import type { StoredEvent } from './event-types.js';
import { FinishedDeliveries } from './finished-deliveries.js';
import { PendingDeliveries } from './pending-deliveries.repository.js';
import { OVERDUE_AFTER_S } from './relay-session.js';

/** How long running jobs may take to end when the process is asked to stop; `npm start` insists after 20 s. What is cut off is taken up again. */
const DRAIN_MS = 15_000;
const SEPARATE_AGAIN_MS = 5_000;

/** Runs subscribers and jobs from the queues, on processes with the role `worker`. */
@Injectable()
export class DeliveryWorkers implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly failed: Count;
  private restoredAt = new Date(0);

  constructor(
    @Inject(CONFIG) private readonly config: Config, private readonly queues: Queues, private readonly registry: DeliveryRegistry,
    private readonly deadLetters: DeadLetters, private readonly pending: PendingDeliveries, private readonly finished: FinishedDeliveries, private readonly system: SystemWork,
    private readonly log: Log, metrics: Metrics,
  ) {
    this.failed = metrics.counting('porchlight_work_failures_total', 'Failed tries of subscribers and jobs.');
  }

  async onApplicationBootstrap(): Promise<void> {
    if (!this.config.PROCESS_ROLES.includes('worker')) return;
    this.restoredAt = await this.lastRestore() ?? this.restoredAt;
    await this.queues.work('subscribers', 20, { handle: (job) => this.deliver(job), abandoned: (job, reason) => this.abandonedDelivery(job, reason) });
    const jobs = { handle: (job: QueuedJob) => this.runJob(job), abandoned: (job: QueuedJob, reason: string) => this.deadJob(job, reason) };
    await this.queues.work('jobs', 10, jobs);
    await this.queues.work('outside', 20, jobs);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.queues.stopWork(DRAIN_MS);
    await this.finished.settle();
  }

  private async deliver(job: QueuedJob): Promise<HandledJob> {
    const events = eventsOf(job);
    if (events.length > 1) return this.deliverTogether(job, events);
    const event = events[0]!;
    try {
      const { options, subscriber } = this.registry.subscriber(job.name);
      if (options.reaches === 'inside' || event.created_at > this.restoredAt) await asBackground(() => subscriber.handle(event));
    } catch (error) {
      this.failed({ work: job.name });
      if (!job.lastAttempt) {
        this.log.warn('a subscriber failed; it is tried again', { subscriber: job.name, attempt: job.attempt, account_id: event.account_id, event_id: event.id, error });
        // The sweep must not take a waiting retry for a lost job.
        await this.pending.postpone(job.name, [event], (pauseAfter(job.attempt) * 1.5) / 1_000 + OVERDUE_AFTER_S);
        throw error;
      }
      this.log.error('a subscriber gave up', { subscriber: job.name, account_id: event.account_id, event_id: event.id, error });
      return this.deadLetters.ofDelivery(event, job.name, (error as Error).message, job.attempt);
    }
    this.finished.add(event, job.name);
  }

  /** Several events in one go. What goes wrong may be the fault of one of them, so then each goes on by itself, with all its tries. */
  private async deliverTogether(job: QueuedJob, events: StoredEvent[]): Promise<HandledJob> {
    // One of them may have brought the process down.
    if (job.cutOff) return this.separate(job, events);
    try {
      const left = await this.notDeliveredYet(job, events);
      const { options, subscriber } = this.registry.subscriber(job.name);
      const told = options.reaches === 'inside' ? left : left.filter((event) => event.created_at > this.restoredAt);
      if (told.length > 0) await asBackground(() => subscriber.handleAll!(told));
    } catch (error) {
      this.log.warn('a subscriber failed with several events; each is tried by itself', { subscriber: job.name, account_id: events[0]!.account_id, events: events.length, error });
      return this.separate(job, events);
    }
    for (const event of events) this.finished.add(event, job.name);
  }

  // What waited so long that the sweep came by has been queued twice, perhaps in other company.
  private async notDeliveredYet(job: QueuedJob, events: StoredEvent[]): Promise<StoredEvent[]> {
    const isLate = events.some((event) => Date.now() - event.created_at.getTime() > OVERDUE_AFTER_S * 1_000);
    return isLate ? this.pending.of(job.name, events) : events;
  }

  private async separate(job: QueuedJob, events: StoredEvent[]): Promise<HandledJob> {
    try {
      const left = await this.pending.of(job.name, events);
      if (left.length === 0) return;
      await this.pending.postpone(job.name, left, OVERDUE_AFTER_S);
      const options = this.registry.knows(job.name) ? this.registry.subscriber(job.name).options : undefined;
      await this.queues.add('subscribers', left.map((event) => jobOf({ subscriber: job.name, event }, options)));
    } catch (error) {
      this.log.warn('deliveries could not be queued one by one; it is tried again', { subscriber: job.name, events: events.length, error });
      return { retryAfterMs: SEPARATE_AGAIN_MS };
    }
  }

  // Nobody restores a backup beneath a running process, so it is asked once.
  private async lastRestore(): Promise<Date | undefined> {
    const [row] = await this.system.sql<{ at: Date | null }>(`SELECT (settings ->> 'restored_at')::timestamptz AS at FROM installation`);
    return row?.at ?? undefined;
  }

  private abandonedDelivery(job: QueuedJob, reason: string): Promise<void> {
    const events = eventsOf(job);
    // Its rows stay: should this fail too, the sweep finds them.
    return events.length > 1 ? this.separate(job, events).then(() => undefined) : this.deadLetters.ofDelivery(events[0]!, job.name, reason, job.attempt);
  }

  private async runJob(job: QueuedJob): Promise<HandledJob> {
    const { options, job: handler } = this.registry.job(job.name);
    try {
      return await asBackground(() => handler.run(job.data));
    } catch (error) {
      this.failed({ work: job.name });
      if (options.everyMs !== undefined) {
        this.log.error('a repeated job failed; it runs again at its next time', { job: job.name, error });
        return;
      }
      if (!job.lastAttempt) throw error;
      this.log.error('a job gave up', { job: job.name, error });
      await this.deadJob(job, (error as Error).message);
    }
  }

  private async deadJob(job: QueuedJob, reason: string): Promise<void> {
    await this.deadLetters.ofJob(job.name, job.data, reason, job.attempt);
  }
}
