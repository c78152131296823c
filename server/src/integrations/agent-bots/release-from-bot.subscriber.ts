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
import { AgentBotsRepository } from './agent-bots.repository.js';

/** So many in one transaction. */
const BATCH = 50;

/** Opens what waits for a bot that does not answer, or is gone, so that people see it. */
@Injectable()
@Subscribes({ name: 'release-from-bot', reaches: 'inside', hears: ['bot.unreachable', 'bot.removed'] })
export class ReleaseFromBot implements Subscriber<'bot.unreachable' | 'bot.removed'> {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly conversations: ConversationsRepository, private readonly statuses: ChangeStatus, private readonly bots: AgentBotsRepository,
  ) {}

  async handle(event: StoredEvent<'bot.unreachable' | 'bot.removed'>): Promise<void> {
    if (event.type === 'bot.removed') {
      let last: number | undefined = 0;
      do last = await this.releaseSome(event, last);
      while (last !== undefined);
      return;
    }
    await this.unitOfWork.run(accountId(event.account_id), async (tx) => {
      const conversation = await this.conversations.lockById(tx, event.conversation_id!);
      if (conversation?.status !== Status.pending) return;
      const bot = await tx.one<{ name: string }>('SELECT b.name FROM webhooks w JOIN agent_bots b ON b.id = w.agent_bot_id WHERE w.account_id = $1 AND w.id = $2', [tx.accountId, event.payload.webhook_id]);
      await this.statuses.change(tx, conversation, Status.open, null, { userId: NO_PERSON, name: bot?.name ?? '' });
    });
  }

  /** Opens the next ones it held and answers the last of them, or undefined when it held no more. */
  private releaseSome(event: StoredEvent<'bot.removed'>, after: number): Promise<number | undefined> {
    const { bot_id: botId, name } = event.payload;
    return this.unitOfWork.run(accountId(event.account_id), async (tx) => {
      const ids = await this.bots.held(tx, botId, after, BATCH);
      for (const conversation of await this.conversations.lockByIds(tx, ids)) {
        if (conversation.status === Status.pending && conversation.agent_bot_id === botId) await this.statuses.change(tx, conversation, Status.open, null, { userId: NO_PERSON, name });
      }
      return ids.at(-1);
    });
  }
}
