import { Injectable } from '@nestjs/common';
import type { StoredEvent } from '../../../delivery/event-types.js';
import { Subscribes, type Subscriber } from '../../../delivery/subscriber.js';
import { accountId } from '../../../platform/database/account-id.js';
import { UnitOfWork } from '../../../platform/database/unit-of-work.js';
import { Status } from '../../conversation-codes.js';
import '../../conversation.events.js';
import { ConversationsRepository } from '../../conversations.repository.js';
import { AssignByTurn } from './assign-by-turn.service.js';
import { inInboxWhere } from '../../../inboxes/event-inbox.sql.js';

type Heard = 'conversation.created' | 'conversation.status_changed' | 'team.changed';

/** Finds somebody for conversations that begin, open again or come to a team. */
@Injectable()
@Subscribes({
  name: 'take-turns', reaches: 'inside', hears: ['conversation.created', 'conversation.status_changed', 'team.changed'],
  when: `event.type = 'team.changed' OR ${inInboxWhere('inbox.enable_auto_assignment')}`,
})
export class TakeTurns implements Subscriber<Heard> {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly conversations: ConversationsRepository, private readonly turns: AssignByTurn) {}

  async handle(event: StoredEvent<Heard>): Promise<void> {
    if (event.type === 'conversation.status_changed' && event.payload.to !== Status.open) return;
    if (event.type === 'team.changed' && event.payload.to === null) return;
    await this.unitOfWork.run(accountId(event.account_id), async (tx) => {
      const conversation = await this.conversations.lockById(tx, event.conversation_id!);
      if (conversation) await this.turns.give(tx, conversation, { forTeam: event.type === 'team.changed' });
    });
  }
}
