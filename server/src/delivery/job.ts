import { SetMetadata } from '@nestjs/common';

export const JOB = 'job';

/** How a job ended, when it did not simply end well. */
export type JobOutcome = void | { retryAfterMs: number };

/** One small repeatable step. May run twice and side by side with itself unless a key says otherwise; a vanished row is normal. */
export interface Job<Payload extends object = object> {
  run(payload: Payload): Promise<JobOutcome>;
}

export interface JobOptions {
  /** Unique and stable, verb-noun: `drain-conversation`. */
  name: string;
  /** Tries before the dead letter; with growing pauses between them. Default 8. */
  attempts?: number;
  /**
   * Runs again every so many milliseconds on one process of the installation, never twice at once. Such a job has an empty payload,
   * and a failed run leaves no dead letter: the next one comes anyway.
   */
  everyMs?: number;
  /** Spends its time waiting for other people's servers: gets a queue of its own, so that slow strangers do not hold up our work. */
  waitsForOthers?: boolean;
}

/** Marks a provider as a job; the delivery module finds it at start. */
export const RunsJob = (options: JobOptions): ClassDecorator => SetMetadata(JOB, options);

/** Puts jobs into the queue. A job in the queue is only a hint that may be lost: the truth stays in a row, and a repeated job sweeps for it. */
export abstract class Jobs {
  /** With a key: at most one running and one waiting per key; an add during a run starts one more run after it. Throws when the queue is away. */
  abstract add<Payload extends object>(name: string, payload: Payload, options?: { key?: string; delayMs?: number }): Promise<void>;
  /** The same for many at once, in one round trip. */
  abstract addAll<Payload extends object>(name: string, jobs: { payload: Payload; key?: string }[]): Promise<void>;
}
