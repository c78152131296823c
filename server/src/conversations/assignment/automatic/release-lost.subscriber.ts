import { Injectable } from '@nestjs/common';
import type { StoredEvent } from '../../../delivery/event-types.js';
import { Subscribes, type Subscriber } from '../../../delivery/subscriber.js';
import '../../../identity/users/user.events.js';
import '../../../inboxes/inbox.events.js';
import { accountId } from '../../../platform/database/account-id.js';
import { UnitOfWork } from '../../../platform/database/unit-of-work.js';
import { ConversationsRepository } from '../../conversations.repository.js';
import { AssignConversation } from '../assign-conversation.service.js';
import { AssignByTurn } from './assign-by-turn.service.js';
import { TurnsRepository } from './turns.repository.js';

type Heard = 'inbox.updated' | 'agent.updated' | 'agent.deleted';

const BATCH = 100;

/** Takes conversations from people who no longer see them, so that they are somebody's again. What is resolved stays as it was. */
@Injectable()
@Subscribes({ name: 'release-lost', reaches: 'inside', hears: ['inbox.updated', 'agent.updated', 'agent.deleted'] })
export class ReleaseLost implements Subscriber<Heard> {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly repository: TurnsRepository, private readonly conversations: ConversationsRepository,
    private readonly assignment: AssignConversation, private readonly turns: AssignByTurn,
  ) {}

  async handle(event: StoredEvent<Heard>): Promise<void> {
    if (event.type === 'inbox.updated' && !event.payload.members_changed) return;
    const account = accountId(event.account_id);
    const of = event.type === 'inbox.updated' ? { inboxId: event.payload.inbox_id } : { userId: event.payload.user_id };
    for (;;) {
      const lost = await this.unitOfWork.run(account, (tx) => this.repository.lost(tx, of, BATCH));
      for (const id of lost) {
        await this.unitOfWork.run(account, async (tx) => {
          const conversation = await this.conversations.lockById(tx, id);
          if (!conversation?.assignee_id || (await this.repository.rules(tx, [id])).get(id)!.assignee_sees_it) return;
          if (await this.turns.give(tx, conversation) !== 'given') await this.assignment.assign(tx, conversation, null, 'turn');
        });
      }
      if (lost.length < BATCH) return;
    }
  }
}
