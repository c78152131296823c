import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { DelayedError, Queue, Worker as BullWorker, type Job, type JobsOptions } from 'bullmq';
import { CONFIG, type Config } from '../config/config.js';
import { Log } from '../logging/log.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { openQueueBackend, type QueueBackend } from './queue-backend.js';
import { pauseAfter } from './pause-after.js';
import { LANES, Queues, type Lane, type LaneDepth, type NewJob, type QueuedJob, type Worker } from './queues.js';
import { within } from './within.js';

const REACH_MS = 5_000;
const CUT_OFF_MS = 1_000;
const AWAY = 'The queue cannot be reached.';
/** A dead process's jobs are taken over within lock plus check. */
const LOCK_MS = 10_000;
const STALLED_CHECK_MS = 5_000;
const MAX_STALLED = 10;
/** After a lost connection. BullMQ would wait 15 s, both before it works again and before it closes. */
const RETRY_MS = 500;
/** Jobs that are added one by one. */
const FEW = 6;

/** The queues on BullMQ. */
@Injectable()
export class BullmqQueues extends Queues implements OnModuleInit, OnApplicationShutdown {
  private backend!: QueueBackend;
  private readonly queues = new Map<Lane, Queue>();
  private readonly workers: BullWorker[] = [];

  constructor(@Inject(CONFIG) private readonly config: Config, private readonly redis: RedisConnections, private readonly log: Log) {
    super();
  }

  async onModuleInit(): Promise<void> {
    this.backend = await openQueueBackend(this.config, this.redis, this.log);
    const { options, factory } = this.backend.producer;
    for (const lane of LANES) {
      const queue = new Queue(lane, options as never, factory as never);
      queue.on('error', (error) => this.log.debug('queue', { lane, error: error.message }));
      this.queues.set(lane, queue);
    }
    // Starting does not depend on the queue; but when it is there, the first adds should find it connected.
    await within(REACH_MS, this.backend.ping(), AWAY).catch(() => this.log.warn('the queue cannot be reached yet'));
  }

  async add(lane: Lane, jobs: NewJob[]): Promise<void> {
    if (jobs.length === 0) return;
    this.demandReachable();
    const queue = this.queues.get(lane)!;
    // On Postgres addBulk makes temporary tables, which costs as much as several statements of one job each. What throws in the middle may leave some of them queued.
    const adding: Promise<unknown> = jobs.length <= FEW
      ? Promise.all(jobs.map((job) => queue.add(job.name, job.data, bullOptions(job))))
      : queue.addBulk(jobs.map((job) => ({ name: job.name, data: job.data, opts: bullOptions(job) })));
    await within(REACH_MS, adding, AWAY);
  }

  async work(lane: Lane, concurrency: number, worker: Worker): Promise<void> {
    const { options, factory } = this.backend.consumer;
    const bull = new BullWorker(lane, (job: Job, token?: string) => this.run(worker, job, token), {
      ...options, concurrency, runRetryDelay: RETRY_MS, lockDuration: LOCK_MS, stalledInterval: STALLED_CHECK_MS, maxStalledCount: MAX_STALLED,
      settings: { backoffStrategy: pauseAfter },
    } as never, factory as never);
    bull.on('error', (error) => this.log.debug('worker', { lane, error: error.message }));
    bull.on('failed', (job, error) => {
      if (!job || !/stalled/.test(error.message)) return;
      worker.abandoned(queuedJob(job), error.message).catch((failure: unknown) => this.log.error('an abandoned job could not be recorded', { lane, job: job.name, error: failure }));
    });
    this.workers.push(bull);
  }

  private async run(worker: Worker, job: Job, token: string | undefined): Promise<void> {
    const outcome = await worker.handle(queuedJob(job));
    if (!outcome) return;
    await job.moveToDelayed(Date.now() + Math.ceil(outcome.retryAfterMs), token);
    throw new DelayedError();
  }

  async stopWork(maxWaitMs: number): Promise<void> {
    const workers = this.workers.splice(0);
    // Pausing waits for running jobs like close() does, but can be given up: only the first close() counts, a forced second one would do nothing.
    await within(maxWaitMs, Promise.allSettled(workers.map((worker) => worker.pause())), 'late').catch(() => undefined);
    // Without its server a worker would wait for ever, even when it is told not to wait.
    await within(CUT_OFF_MS, Promise.allSettled(workers.map((worker) => worker.close(true))), 'late').catch(() => undefined);
  }

  async ping(): Promise<void> {
    this.demandReachable();
    await within(REACH_MS, this.backend.ping(), AWAY);
  }

  private demandReachable(): void {
    if (!this.backend.reachable()) throw new Error(AWAY);
  }

  async depths(): Promise<Record<Lane, LaneDepth>> {
    this.demandReachable();
    const counts = await within(REACH_MS, Promise.all(LANES.map((lane) => this.queues.get(lane)!.getJobCounts('wait', 'prioritized', 'active', 'delayed', 'failed'))), AWAY);
    return Object.fromEntries(LANES.map((lane, i) => {
      const n = counts[i]!;
      return [lane, { waiting: (n['wait'] ?? 0) + (n['prioritized'] ?? 0), active: n['active'] ?? 0, delayed: n['delayed'] ?? 0, failed: n['failed'] ?? 0 }];
    })) as Record<Lane, LaneDepth>;
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.workers.length > 0) await this.stopWork(0);
    await within(CUT_OFF_MS, Promise.allSettled([...this.queues.values()].map((queue) => queue.close())), 'late').catch(() => undefined);
    await this.backend?.close();
  }
}

function bullOptions(job: NewJob): JobsOptions {
  return {
    attempts: job.attempts, backoff: { type: 'custom' }, removeOnComplete: true, stackTraceLimit: 0,
    // Kept for a while because of BullMQ: it tells of a job that stalled too often only when the job is still there.
    removeOnFail: { age: 3_600, count: 1_000 },
    ...(job.id !== undefined ? { jobId: job.id } : {}),
    // Whole milliseconds: BullMQ's tables take no others.
    ...(job.delayMs ? { delay: Math.ceil(job.delayMs) } : {}),
    // A plain job id per key would lose the add that arrives while the last run is ending.
    ...(job.key !== undefined ? { deduplication: { id: job.key, keepLastIfActive: true } } : job.onlyOne !== undefined ? { deduplication: { id: job.onlyOne } } : {}),
  };
}

function queuedJob(job: Job): QueuedJob {
  const attempt = job.attemptsMade + 1;
  return { id: job.id ?? '', name: job.name, data: job.data as Record<string, unknown>, attempt, lastAttempt: attempt >= (job.opts.attempts ?? 1), cutOff: job.stalledCounter > 0 };
}
