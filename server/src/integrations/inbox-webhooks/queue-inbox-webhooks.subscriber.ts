import { Injectable } from '@nestjs/common';
import { Jobs } from '../../delivery/job.js';
import type { StoredEvent } from '../../delivery/event-types.js';
import { Subscribes, type Subscriber } from '../../delivery/subscriber.js';
import { Clock } from '../../platform/clock/clock.js';
import { accountId } from '../../platform/database/account-id.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { drainOf, DRAIN_WEBHOOK } from '../webhooks/drain-webhook.job.js';
import { WebhookDeliveries } from '../webhooks/webhook-deliveries.repository.js';
import { WebhookPayloads } from '../webhooks/webhook-payloads.service.js';
import { InboxWebhooks } from './inbox-webhooks.repository.js';
import { inInboxWhere } from '../../inboxes/event-inbox.sql.js';

type Heard = 'message.created' | 'message.updated' | 'conversation.created' | 'conversation.status_changed' | 'conversation.updated' | 'assignee.changed' | 'team.changed';

/** Tells the program behind an API inbox what happens in its conversations. Answers to people it is sent by the channel, once each, and not here again. */
@Injectable()
@Subscribes({
  name: 'queue-inbox-webhooks', reaches: 'outside', when: inInboxWhere(`inbox.channel_type = 'api'`),
  hears: ['message.created', 'message.updated', 'conversation.created', 'conversation.status_changed', 'conversation.updated', 'assignee.changed', 'team.changed'],
})
export class QueueInboxWebhooks implements Subscriber<Heard> {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly inboxWebhooks: InboxWebhooks, private readonly deliveries: WebhookDeliveries, private readonly payloads: WebhookPayloads,
    private readonly jobs: Jobs, private readonly clock: Clock,
  ) {}

  async handle(event: StoredEvent<Heard>): Promise<void> {
    const webhookId = await this.unitOfWork.run(accountId(event.account_id), async (tx) => {
      const id = await this.inboxWebhooks.ofConversation(tx, event.conversation_id!);
      if (id === undefined) return undefined;
      for (const { name, payload, conversationId } of await this.payloads.of(tx, event)) {
        if (isSentByChannel(name, payload)) continue;
        await this.deliveries.add(tx, [id], { eventId: event.id, seq: event.seq, event: name, payload, conversationId, contactId: null, at: this.clock.date() });
      }
      return id;
    });
    if (webhookId === undefined) return;
    const { payload, key } = drainOf({ accountId: event.account_id, webhookId });
    await this.jobs.add(DRAIN_WEBHOOK, payload, { key });
  }
}

const isSentByChannel = (name: string, { message_type: type, private: isNote }: Record<string, unknown>): boolean => name === 'message_created' && type !== 'incoming' && isNote !== true;
