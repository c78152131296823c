import { Injectable } from '@nestjs/common';
import { Status } from '../../conversations/conversation-codes.js';
import { Jobs } from '../../delivery/job.js';
import type { StoredEvent } from '../../delivery/event-types.js';
import { Subscribes, type Subscriber } from '../../delivery/subscriber.js';
import { Clock } from '../../platform/clock/clock.js';
import { accountId } from '../../platform/database/account-id.js';
import type { Tx } from '../../platform/database/transaction.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { drainOf, DRAIN_WEBHOOK } from '../webhooks/drain-webhook.job.js';
import { WebhookDeliveries } from '../webhooks/webhook-deliveries.repository.js';
import { WebhookPayloads } from '../webhooks/webhook-payloads.service.js';
import { AgentBotsRepository } from './agent-bots.repository.js';
import { KeepAgentBots } from './keep-agent-bots.service.js';
import { inInboxWhere } from '../../inboxes/event-inbox.sql.js';

type Heard = 'message.created' | 'message.updated' | 'conversation.created' | 'conversation.status_changed' | 'conversation.updated' | 'assignee.changed' | 'team.changed';

/** Tells the bot of an inbox what happens in its conversations, and the bot that holds a conversation what happens there. */
@Injectable()
@Subscribes({
  name: 'queue-bot-webhooks', reaches: 'outside', when: inInboxWhere('inbox.agent_bot_id IS NOT NULL OR c.agent_bot_id IS NOT NULL'),
  hears: ['message.created', 'message.updated', 'conversation.created', 'conversation.status_changed', 'conversation.updated', 'assignee.changed', 'team.changed'],
})
export class QueueBotWebhooks implements Subscriber<Heard> {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly bots: AgentBotsRepository, private readonly deliveries: WebhookDeliveries, private readonly payloads: WebhookPayloads,
    private readonly jobs: Jobs, private readonly clock: Clock, private readonly keep: KeepAgentBots,
  ) {}

  async handle(event: StoredEvent<Heard>): Promise<void> {
    const webhookIds = await this.unitOfWork.run(accountId(event.account_id), async (tx) => {
      const hooks = await this.hooksOf(tx, event.conversation_id!);
      if (hooks.length === 0) return [];
      for (const { name, payload, conversationId } of await this.payloads.of(tx, event)) {
        const told = nameForBots(event, name);
        if (told) await this.deliveries.add(tx, hooks, { eventId: event.id, seq: event.seq, event: told, payload: { ...payload, event: told }, conversationId, contactId: null, at: this.clock.date() });
      }
      return hooks;
    });
    for (const webhookId of webhookIds) {
      const { payload, key } = drainOf({ accountId: event.account_id, webhookId });
      await this.jobs.add(DRAIN_WEBHOOK, payload, { key });
    }
  }

  /** A bot that serves all accounts may hold a conversation where no inbox has it: it is told there from then on. */
  private async hooksOf(tx: Tx, conversationId: number): Promise<number[]> {
    const hooks: number[] = [];
    for (const bot of await this.bots.hearing(tx, conversationId)) {
      if (bot.outgoing_url && !await this.bots.webhookOf(tx, bot.id)) await this.keep.connect(tx, bot.id, bot.outgoing_url);
      const webhook = await this.bots.webhookOf(tx, bot.id);
      if (webhook) hooks.push(webhook.id);
    }
    return hooks;
  }
}

/** Bots hear of opening and resolving by names of their own; what is new they hear with its first message. */
function nameForBots(event: StoredEvent<Heard>, name: string): string | undefined {
  if (name === 'conversation_created') return undefined;
  if (event.type !== 'conversation.status_changed' || name !== 'conversation_status_changed') return name;
  if (event.payload.to === Status.open) return 'conversation_opened';
  return event.payload.to === Status.resolved ? 'conversation_resolved' : name;
}
