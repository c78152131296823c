import { Injectable } from '@nestjs/common';
import { Jobs, RunsJob, type Job, type JobOutcome } from '../../delivery/job.js';
import { Clock } from '../../platform/clock/clock.js';
import { Log } from '../../platform/logging/log.js';
import { PushMessagesRepository, type PushKey } from './push-messages.repository.js';
import { LEASE_MS, SendPush } from './send-push.service.js';

export const DRAIN_PUSHES = 'drain-pushes';
export const drainOf = (key: PushKey): { payload: PushKey; key: string } => ({ payload: key, key: `${key.accountId}-${key.subscriptionId}` });

/** Messages to one device in a row; what is left is the sweeper's. */
const IN_A_ROW = 50;
const AFTER_FAILURE_MS = 3_000;
const AT_ONCE = 500;

/** Tells one device what waits for it. */
@Injectable()
@RunsJob({ name: DRAIN_PUSHES, waitsForOthers: true })
export class DrainPushes implements Job<PushKey> {
  constructor(private readonly send: SendPush, private readonly log: Log) {}

  async run(key: PushKey): Promise<JobOutcome> {
    try {
      for (let n = 0; n < IN_A_ROW; n += 1) if (!await this.send.next(key)) return;
    } catch (error) {
      this.log.error('a device could not be told; it is tried again', { account_id: key.accountId, subscription_id: key.subscriptionId, error });
      return { retryAfterMs: AFTER_FAILURE_MS };
    }
  }
}

/** Starts what is due and nobody works on: waits that are over, and what an emptied queue forgot. */
@Injectable()
@RunsJob({ name: 'sweep-pushes', everyMs: 5_000 })
export class SweepPushes implements Job {
  constructor(private readonly messages: PushMessagesRepository, private readonly jobs: Jobs, private readonly clock: Clock) {}

  async run(): Promise<void> {
    await this.jobs.addAll(DRAIN_PUSHES, (await this.messages.overdue(this.clock.date(), LEASE_MS, AT_ONCE)).map(drainOf));
  }
}
