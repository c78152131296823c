/**
 * The queues. Few, because each costs connections: work is apart only where one kind must not hold up another.
 * `subscribers`: deliveries of events. `jobs`: quick work of our own. `outside`: work that waits for other servers.
 */
export const LANES = ['subscribers', 'jobs', 'outside'] as const;
export type Lane = (typeof LANES)[number];

/** A job to be queued. */
export interface NewJob {
  name: string;
  data: object;
  /** The same id is not queued twice while it waits or runs. */
  id?: string;
  /** At most one running and one waiting per key; an add during a run starts one more run after it. */
  key?: string;
  /** An add while one waits or runs is dropped. For ticks, where the next one comes anyway. */
  onlyOne?: string;
  delayMs?: number;
  /** Tries before it is given up. */
  attempts: number;
}

/** A job as it is handed to its handler. */
export interface QueuedJob {
  id: string;
  name: string;
  data: Record<string, unknown>;
  /** 1 for the first try. */
  attempt: number;
  /** True when a failure now is the last one. */
  lastAttempt: boolean;
  /** A process has died, or was stopped, while it ran this job. */
  cutOff: boolean;
}

/** What the handler wants next, when the job did not simply end: later again, without counting as a try. */
export type HandledJob = void | { retryAfterMs: number };

export interface Worker {
  handle(job: QueuedJob): Promise<HandledJob>;
  /** Called when a job was given up without a last run of its handler: its process died under it too often. */
  abandoned(job: QueuedJob, reason: string): Promise<void>;
}

export interface LaneDepth { waiting: number; active: number; delayed: number; failed: number }

/** Job queues, on Redis or on Postgres; nothing above this folder knows which. Jobs may be lost (a wiped Redis): rows hold the truth. */
export abstract class Queues {
  /** Queues all of them in one round trip. Throws when the queue cannot be reached within a few seconds. */
  abstract add(lane: Lane, jobs: NewJob[]): Promise<void>;
  /** Starts taking jobs of this lane, so many at once. */
  abstract work(lane: Lane, concurrency: number, worker: Worker): Promise<void>;
  /** Stops taking jobs and waits for the running ones, at most so long (milliseconds). */
  abstract stopWork(maxWaitMs: number): Promise<void>;
  /** Throws when the queue cannot be reached. */
  abstract ping(): Promise<void>;
  abstract depths(): Promise<Record<Lane, LaneDepth>>;
}
