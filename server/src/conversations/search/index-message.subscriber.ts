import { Injectable } from '@nestjs/common';
import type { StoredEvent } from '../../delivery/event-types.js';
import { Subscribes, type Subscriber } from '../../delivery/subscriber.js';
import { accountId } from '../../platform/database/account-id.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import '../conversation.events.js';
import { MessageSearchRepository } from './message-search.repository.js';

type Heard = 'message.created' | 'message.updated';

/** Keeps what was said findable. */
@Injectable()
@Subscribes({ name: 'index-message', reaches: 'inside', hears: ['message.created', 'message.updated'], together: 100 })
export class IndexMessageSubscriber implements Subscriber<Heard> {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly search: MessageSearchRepository) {}

  async handle(event: StoredEvent<Heard>): Promise<void> {
    await this.handleAll([event]);
  }

  async handleAll(events: StoredEvent<Heard>[]): Promise<void> {
    await this.unitOfWork.run(accountId(events[0]!.account_id), (tx) => (
      this.search.refresh(tx, events.map((event) => ({ conversationId: event.conversation_id!, messageId: event.payload.message_id })))));
  }
}
