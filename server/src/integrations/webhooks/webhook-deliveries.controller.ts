import { Controller, Get, Param, Post, Query } from '@nestjs/common';
import { Jobs } from '../../delivery/job.js';
import { AdministratorOnly, CurrentMember } from '../../identity/access/access.decorators.js';
import type { Member } from '../../identity/access/principal.js';
import { Clock } from '../../platform/clock/clock.js';
import type { Tx } from '../../platform/database/transaction.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { answers } from '../../platform/http/answers.js';
import { notFound } from '../../platform/http/problem.js';
import { pathId } from '../../platform/http/schema-fields.js';
import { OutgoingAddresses } from '../../platform/storage/outgoing-addresses.js';
import { drainOf, DRAIN_WEBHOOK } from './drain-webhook.job.js';
import { DeliveriesQuery, DeliveryList, OneDelivery, ReplayedDeliveries } from './webhook.dto.js';
import { DELIVERIES_PER_PAGE, State, STATES, WebhookDeliveries, type AttemptRow, type DeliveryRow } from './webhook-deliveries.repository.js';
import { WebhooksRepository } from './webhooks.repository.js';

const seconds = (date: Date): number => Math.floor(date.getTime() / 1000);

/** What a webhook was told and how that went; and telling it again. */
@Controller('api/v1/accounts/:account_id/webhooks/:webhook_id/deliveries')
@AdministratorOnly()
export class WebhookDeliveriesController {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly webhooks: WebhooksRepository, private readonly deliveries: WebhookDeliveries, private readonly jobs: Jobs, private readonly clock: Clock,
    private readonly addresses: OutgoingAddresses,
  ) {}

  @Get()
  @answers(DeliveryList)
  list(@CurrentMember() me: Member, @Param('webhook_id', { schema: pathId }) webhookId: number, @Query({ schema: DeliveriesQuery }) query: DeliveriesQuery): Promise<DeliveryList> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      if (!await this.webhooks.find(tx, webhookId)) throw notFound();
      const rows = await this.deliveries.list(tx, webhookId, query);
      return { payload: rows.slice(0, DELIVERIES_PER_PAGE).map((row) => present(row, row.duration_ms)), meta: { current_page: query.page, has_more: rows.length > DELIVERIES_PER_PAGE } };
    });
  }

  @Get(':id')
  @answers(OneDelivery)
  show(@CurrentMember() me: Member, @Param('webhook_id', { schema: pathId }) webhookId: number, @Param('id', { schema: pathId }) id: number): Promise<OneDelivery> {
    return this.unitOfWork.run(me.accountId, (tx) => this.one(tx, webhookId, id));
  }

  /** Under the same delivery id, so that a receiver that has it can tell. */
  @Post(':id/replay')
  @answers(OneDelivery)
  async replay(@CurrentMember() me: Member, @Param('webhook_id', { schema: pathId }) webhookId: number, @Param('id', { schema: pathId }) id: number): Promise<OneDelivery> {
    const again = await this.unitOfWork.run(me.accountId, async (tx) => {
      await this.one(tx, webhookId, id);
      await this.deliveries.again(tx, id, this.clock.date());
      return this.one(tx, webhookId, id);
    });
    await this.drain(me, webhookId);
    return again;
  }

  /** All that were given up, oldest first. */
  @Post('replay')
  @answers(ReplayedDeliveries)
  async replayAll(@CurrentMember() me: Member, @Param('webhook_id', { schema: pathId }) webhookId: number): Promise<ReplayedDeliveries> {
    const replayed = await this.unitOfWork.run(me.accountId, async (tx) => {
      if (!await this.webhooks.find(tx, webhookId)) throw notFound();
      return this.deliveries.allAgain(tx, webhookId, this.clock.date());
    });
    if (replayed > 0) await this.drain(me, webhookId);
    return { payload: { replayed } };
  }

  // A queue that is away costs seconds: the sweeper finds what waits.
  private async drain(me: Member, webhookId: number): Promise<void> {
    const { payload, key } = drainOf({ accountId: me.accountId, webhookId });
    await this.jobs.add(DRAIN_WEBHOOK, payload, { key }).catch(() => undefined);
  }

  private async one(tx: Tx, webhookId: number, id: number): Promise<OneDelivery> {
    const row = await this.webhooks.find(tx, webhookId) && await this.deliveries.find(tx, webhookId, id);
    if (!row) throw notFound();
    const tries = await this.deliveries.attempts(tx, id);
    return { payload: { ...present(row, tries.at(-1)?.duration_ms ?? null), body: this.addresses.renewed(row.body, tx.accountId), tries: tries.map(presentAttempt) } };
  }
}

function present(row: DeliveryRow, duration: number | null): DeliveryList['payload'][number] {
  return {
    id: row.id, delivery: row.delivery, event: row.event, state: STATES[row.state]!, attempts: row.attempts, created_at: seconds(row.created_at), finished_at: row.finished_at && seconds(row.finished_at),
    next_try_at: row.state === State.waiting ? seconds(row.due_at) : null, last_status: row.last_status, last_error: row.last_error, duration_ms: duration,
  };
}

const presentAttempt = (row: AttemptRow): OneDelivery['payload']['tries'][number] =>
  ({ number: row.number, at: row.at.getTime() / 1000, status: row.status, duration_ms: row.duration_ms, answer: row.answer, error: row.error });
