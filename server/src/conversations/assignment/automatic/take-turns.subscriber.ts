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
  together: 20, when: `event.type = 'team.changed' OR ${inInboxWhere('inbox.enable_auto_assignment')}`,
})
export class TakeTurns implements Subscriber<Heard> {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly conversations: ConversationsRepository, private readonly turns: AssignByTurn) {}

  async handle(event: StoredEvent<Heard>): Promise<void> {
    await this.handleAll([event]);
  }

  async handleAll(events: StoredEvent<Heard>[]): Promise<void> {
    const heard = events.filter((event) => (event.type === 'conversation.status_changed' ? event.payload.to === Status.open : event.type === 'team.changed' ? event.payload.to !== null : true));
    if (heard.length === 0) return;
    const forTeam = new Set(heard.filter((event) => event.type === 'team.changed').map((event) => event.conversation_id));
    await this.unitOfWork.run(accountId(heard[0]!.account_id), async (tx) => {
      const conversations = await this.conversations.lockByIds(tx, [...new Set(heard.map((event) => event.conversation_id!))]);
      await this.turns.giveAll(tx, conversations.map((conversation) => ({ conversation, forTeam: forTeam.has(conversation.id) })));
    });
  }
}
