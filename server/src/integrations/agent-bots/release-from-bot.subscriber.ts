import { Injectable } from '@nestjs/common';
import { Status } from '../../conversations/conversation-codes.js';
import { ConversationsRepository } from '../../conversations/conversations.repository.js';
import { ChangeStatus } from '../../conversations/lifecycle/change-status.service.js';
import type { StoredEvent } from '../../delivery/event-types.js';
import { Subscribes, type Subscriber } from '../../delivery/subscriber.js';
import { NO_PERSON } from '../../identity/access/principal.js';
import { accountId } from '../../platform/database/account-id.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import '../webhooks/webhook.events.js';

/** Opens what waits for a bot that does not answer, so that people see it. */
@Injectable()
@Subscribes({ name: 'release-from-bot', reaches: 'inside', hears: ['bot.unreachable'] })
export class ReleaseFromBot implements Subscriber<'bot.unreachable'> {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly conversations: ConversationsRepository, private readonly statuses: ChangeStatus) {}

  async handle(event: StoredEvent<'bot.unreachable'>): Promise<void> {
    await this.unitOfWork.run(accountId(event.account_id), async (tx) => {
      const conversation = await this.conversations.lockById(tx, event.conversation_id!);
      if (conversation?.status !== Status.pending) return;
      const bot = await tx.one<{ name: string }>('SELECT b.name FROM webhooks w JOIN agent_bots b ON b.id = w.agent_bot_id WHERE w.account_id = $1 AND w.id = $2', [tx.accountId, event.payload.webhook_id]);
      await this.statuses.change(tx, conversation, Status.open, null, { userId: NO_PERSON, name: bot?.name ?? '' });
    });
  }
}
