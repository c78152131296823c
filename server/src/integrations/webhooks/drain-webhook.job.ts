import { Injectable } from '@nestjs/common';
import { Jobs, RunsJob, type Job, type JobOutcome } from '../../delivery/job.js';
import { Clock } from '../../platform/clock/clock.js';
import { Log } from '../../platform/logging/log.js';
import { DeliverWebhook, LEASE_MS } from './deliver-webhook.service.js';
import { WebhookDeliveries, type WebhookKey } from './webhook-deliveries.repository.js';

export const QUEUE_WEBHOOKS = 'queue-webhooks';
export const DRAIN_WEBHOOK = 'drain-webhook';
export const drainOf = (webhook: WebhookKey): { payload: WebhookKey; key: string } => ({ payload: webhook, key: `${webhook.accountId}-${webhook.webhookId}` });

/** Deliveries to one address in a row, before others get their turn. */
const IN_A_ROW = 50;
/** Longer waits are the sweeper's. */
const OWN_WAIT_MS = 1_000;
const AFTER_FAILURE_MS = 3_000;
const AT_ONCE = 500;
const DAY = 86_400_000;
const KEPT_DAYS = 30;

/** Tells one address what waits for it, in order. */
@Injectable()
@RunsJob({ name: DRAIN_WEBHOOK, waitsForOthers: true })
export class DrainWebhook implements Job<WebhookKey> {
  constructor(private readonly deliver: DeliverWebhook, private readonly jobs: Jobs, private readonly log: Log) {}

  async run(webhook: WebhookKey): Promise<JobOutcome> {
    try {
      for (let n = 0; n < IN_A_ROW; n += 1) {
        const step = await this.deliver.next(webhook);
        if (step.did === 'nothing') return;
        if (step.did === 'wait') return step.ms <= OWN_WAIT_MS ? { retryAfterMs: step.ms } : undefined;
      }
    } catch (error) {
      this.log.error('a webhook could not be drained; it is tried again', { account_id: webhook.accountId, webhook_id: webhook.webhookId, error });
      return { retryAfterMs: AFTER_FAILURE_MS };
    }
    const { payload, key } = drainOf(webhook);
    await this.jobs.add(DRAIN_WEBHOOK, payload, { key });
  }
}

/** Starts what is due and nobody works on: waits that are over, and what an emptied queue forgot. */
@Injectable()
@RunsJob({ name: 'sweep-webhooks', everyMs: 5_000 })
export class SweepWebhooks implements Job {
  constructor(private readonly deliveries: WebhookDeliveries, private readonly jobs: Jobs, private readonly clock: Clock) {}

  async run(): Promise<void> {
    await this.jobs.addAll(DRAIN_WEBHOOK, (await this.deliveries.overdue(this.clock.date(), LEASE_MS, AT_ONCE)).map(drainOf));
  }
}

/** Forgets deliveries after a month. */
@Injectable()
@RunsJob({ name: 'forget-webhook-deliveries', everyMs: DAY })
export class ForgetWebhookDeliveries implements Job {
  constructor(private readonly deliveries: WebhookDeliveries, private readonly clock: Clock) {}

  run(): Promise<void> {
    return this.deliveries.forget(new Date(this.clock.now() - KEPT_DAYS * DAY));
  }
}
