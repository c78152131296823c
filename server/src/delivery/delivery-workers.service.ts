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
import type { StoredEvent } from './event-types.js';
import { FinishedDeliveries } from './finished-deliveries.js';

/** How long running jobs may take to end when the process is asked to stop; `npm start` insists after 20 s. What is cut off is taken up again. */
const DRAIN_MS = 15_000;

/** Runs subscribers and jobs from the queues, on processes with the role `worker`. */
@Injectable()
export class DeliveryWorkers implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly failed: Count;
  private restoredAt = new Date(0);

  constructor(
    @Inject(CONFIG) private readonly config: Config, private readonly queues: Queues, private readonly registry: DeliveryRegistry,
    private readonly deadLetters: DeadLetters, private readonly finished: FinishedDeliveries, private readonly system: SystemWork, private readonly log: Log, metrics: Metrics,
  ) {
    this.failed = metrics.counting('porchlight_work_failures_total', 'Failed tries of subscribers and jobs.');
  }

  async onApplicationBootstrap(): Promise<void> {
    if (!this.config.PROCESS_ROLES.includes('worker')) return;
    this.restoredAt = await this.lastRestore() ?? this.restoredAt;
    await this.queues.work('subscribers', 20, { handle: (job) => this.deliver(job), abandoned: (job, reason) => this.deadDelivery(job, reason) });
    const jobs = { handle: (job: QueuedJob) => this.runJob(job), abandoned: (job: QueuedJob, reason: string) => this.deadJob(job, reason) };
    await this.queues.work('jobs', 10, jobs);
    await this.queues.work('outside', 20, jobs);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.queues.stopWork(DRAIN_MS);
    await this.finished.settle();
  }

  private async deliver(job: QueuedJob): Promise<HandledJob> {
    const event = storedEvent(job);
    try {
      const { options, subscriber } = this.registry.subscriber(job.name);
      if (options.reaches === 'inside' || event.created_at > this.restoredAt) await asBackground(() => subscriber.handle(event));
    } catch (error) {
      this.failed({ work: job.name });
      if (!job.lastAttempt) {
        this.log.warn('a subscriber failed; it is tried again', { subscriber: job.name, attempt: job.attempt, account_id: event.account_id, event_id: event.id, error });
        await this.postpone(event, job);
        throw error;
      }
      this.log.error('a subscriber gave up', { subscriber: job.name, account_id: event.account_id, event_id: event.id, error });
      return this.deadDelivery(job, (error as Error).message);
    }
    this.finished.add(event, job.name);
  }

  // Nobody restores a backup beneath a running process, so it is asked once.
  private async lastRestore(): Promise<Date | undefined> {
    const [row] = await this.system.sql<{ at: Date | null }>(`SELECT (settings ->> 'restored_at')::timestamptz AS at FROM installation`);
    return row?.at ?? undefined;
  }

  // The sweep must not take a waiting retry for a lost job.
  private async postpone(event: StoredEvent, job: QueuedJob): Promise<void> {
    await this.system.sql(`UPDATE event_deliveries SET due_at = now() + make_interval(secs => $4) WHERE account_id = $1 AND event_id = $2 AND subscriber = $3`,
      [event.account_id, event.id, job.name, (pauseAfter(job.attempt) * 1.5) / 1_000 + 30]);
  }

  private deadDelivery(job: QueuedJob, reason: string): Promise<void> {
    return this.deadLetters.ofDelivery(storedEvent(job), job.name, reason, job.attempt);
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

function storedEvent(job: QueuedJob): StoredEvent {
  const event = job.data as unknown as StoredEvent;
  return { ...event, created_at: new Date(event.created_at) };
}
