import { Injectable } from '@nestjs/common';
import { Jobs } from '../../delivery/job.js';
import type { StoredEvent } from '../../delivery/event-types.js';
import { Subscribes, type Subscriber } from '../../delivery/subscriber.js';
import { Clock } from '../../platform/clock/clock.js';
import { accountId } from '../../platform/database/account-id.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { drainOf, DRAIN_WEBHOOK, QUEUE_WEBHOOKS } from './drain-webhook.job.js';
import type { WebhookEvent } from './webhook.dto.js';
import { WebhookDeliveries } from './webhook-deliveries.repository.js';
import { WebhookPayloads, type ToldEvent } from './webhook-payloads.service.js';
import { WebhooksRepository } from './webhooks.repository.js';

/** Which names an event can be told by. */
const NAMES: Record<ToldEvent, WebhookEvent[]> = {
  'conversation.created': ['conversation_created'], 'conversation.updated': ['conversation_updated'], 'assignee.changed': ['conversation_updated'], 'team.changed': ['conversation_updated'],
  'conversation.status_changed': ['conversation_status_changed', 'conversation_updated'], 'message.created': ['message_created'], 'message.updated': ['message_updated'],
  'contact.created': ['contact_created'], 'contact.updated': ['contact_updated'], 'inbox.updated': ['inbox_created', 'inbox_updated'],
};

/** Writes down what each webhook is to be told, as things are now, and starts telling it. */
@Injectable()
@Subscribes({
  name: QUEUE_WEBHOOKS, reaches: 'outside', hears: Object.keys(NAMES) as ToldEvent[],
  when: 'EXISTS (SELECT FROM webhooks w WHERE w.account_id = event.account_id AND w.agent_bot_id IS NULL AND NOT w.of_inbox AND w.disabled_at IS NULL)',
})
export class QueueWebhooks implements Subscriber<ToldEvent> {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly webhooks: WebhooksRepository, private readonly deliveries: WebhookDeliveries, private readonly payloads: WebhookPayloads,
    private readonly jobs: Jobs, private readonly clock: Clock,
  ) {}

  async handle(event: StoredEvent<ToldEvent>): Promise<void> {
    const told = await this.unitOfWork.run(accountId(event.account_id), async (tx) => {
      const ids = new Set<number>();
      if (!await this.webhooks.any(tx, NAMES[event.type])) return ids;
      for (const { name, payload, inboxId, conversationId, contactId } of await this.payloads.of(tx, event)) {
        const wanting = await this.webhooks.wanting(tx, name, inboxId);
        if (wanting.length > 0) await this.deliveries.add(tx, wanting, { eventId: event.id, seq: event.seq, event: name, payload, conversationId, contactId, at: this.clock.date() });
        for (const id of wanting) ids.add(id);
      }
      return ids;
    });
    await this.jobs.addAll(DRAIN_WEBHOOK, [...told].map((webhookId) => drainOf({ accountId: event.account_id, webhookId })));
  }
}
