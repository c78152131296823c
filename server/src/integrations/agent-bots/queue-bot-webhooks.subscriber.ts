import { Injectable } from '@nestjs/common';
import { Status } from '../../conversations/conversation-codes.js';
import { Jobs } from '../../delivery/job.js';
import type { StoredEvent } from '../../delivery/event-types.js';
import { Subscribes, type Subscriber } from '../../delivery/subscriber.js';
import { Clock } from '../../platform/clock/clock.js';
import { accountId } from '../../platform/database/account-id.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { drainOf, DRAIN_WEBHOOK } from '../webhooks/drain-webhook.job.js';
import { WebhookDeliveries } from '../webhooks/webhook-deliveries.repository.js';
import { WebhookPayloads } from '../webhooks/webhook-payloads.service.js';
import { AgentBotsRepository } from './agent-bots.repository.js';
import { inInboxWhere } from '../../inboxes/event-inbox.sql.js';

type Heard = 'message.created' | 'message.updated' | 'conversation.created' | 'conversation.status_changed' | 'conversation.updated' | 'assignee.changed' | 'team.changed';

/** Tells the bot of an inbox what happens in its conversations. */
@Injectable()
@Subscribes({
  name: 'queue-bot-webhooks', reaches: 'outside', when: inInboxWhere('inbox.agent_bot_id IS NOT NULL'),
  hears: ['message.created', 'message.updated', 'conversation.created', 'conversation.status_changed', 'conversation.updated', 'assignee.changed', 'team.changed'],
})
export class QueueBotWebhooks implements Subscriber<Heard> {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly bots: AgentBotsRepository, private readonly deliveries: WebhookDeliveries, private readonly payloads: WebhookPayloads,
    private readonly jobs: Jobs, private readonly clock: Clock,
  ) {}

  async handle(event: StoredEvent<Heard>): Promise<void> {
    const webhookId = await this.unitOfWork.run(accountId(event.account_id), async (tx) => {
      const place = await tx.one<{ inbox_id: number }>('SELECT c.inbox_id FROM conversations c WHERE c.account_id = $1 AND c.id = $2', [tx.accountId, event.conversation_id]);
      const bot = place && await this.bots.ofInbox(tx, place.inbox_id);
      const webhook = bot && await this.bots.webhookOf(tx, bot.id);
      if (!webhook) return undefined;
      for (const { name, payload, conversationId } of await this.payloads.of(tx, event)) {
        const told = nameForBots(event, name);
        if (told) await this.deliveries.add(tx, [webhook.id], { eventId: event.id, seq: event.seq, event: told, payload: { ...payload, event: told }, conversationId, contactId: null, at: this.clock.date() });
      }
      return webhook.id;
    });
    if (webhookId === undefined) return;
    const { payload, key } = drainOf({ accountId: event.account_id, webhookId });
    await this.jobs.add(DRAIN_WEBHOOK, payload, { key });
  }
}

/** Bots hear of opening and resolving by names of their own; what is new they hear with its first message. */
function nameForBots(event: StoredEvent<Heard>, name: string): string | undefined {
  if (name === 'conversation_created') return undefined;
  if (event.type !== 'conversation.status_changed' || name !== 'conversation_status_changed') return name;
  if (event.payload.to === Status.open) return 'conversation_opened';
  return event.payload.to === Status.resolved ? 'conversation_resolved' : name;
}
