import { Injectable } from '@nestjs/common';
import '../../conversations/conversation.events.js';
import type { StoredEvent } from '../../delivery/event-types.js';
import { Subscribes, type Subscriber } from '../../delivery/subscriber.js';
import { accountId } from '../../platform/database/account-id.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { CountConversations } from './count-conversations.service.js';
import { CountingRepository } from './counting.repository.js';

const HEARD = ['conversation.created', 'conversation.updated', 'conversation.deleted', 'assignee.changed', 'team.changed', 'message.created'] as const;
/** Of conversations' changes those of labels. What begins with a message is counted with that message. */
const SAYS_SOMETHING_NEW = `CASE event.type WHEN 'conversation.updated' THEN event.payload->'changed' ? 'labels'
  WHEN 'conversation.created' THEN NOT EXISTS (SELECT FROM messages m WHERE m.account_id = event.account_id AND m.conversation_id = event.conversation_id)
  ELSE true END`;
type Heard = StoredEvent<(typeof HEARD)[number]>;

/** Keeps the reports' counts with what happens in conversations. The thread itself says in which order: an event only says that there is something new. */
@Injectable()
@Subscribes({ name: 'count-conversation', reaches: 'inside', hears: [...HEARD], when: SAYS_SOMETHING_NEW, together: 100 })
export class CountConversation implements Subscriber<Heard['type']> {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly counting: CountConversations, private readonly repository: CountingRepository) {}

  async handle(event: Heard): Promise<void> {
    await this.handleAll([event]);
  }

  async handleAll(events: Heard[]): Promise<void> {
    const idsOf = (some: Heard[]): number[] => [...new Set(some.flatMap(({ conversation_id: id }) => (id === null ? [] : [id])))];
    const gone = idsOf(events.filter((event) => event.type === 'conversation.deleted'));
    const left = idsOf(events).filter((id) => !gone.includes(id));
    await this.unitOfWork.run(accountId(events[0]!.account_id), async (tx) => {
      for (const id of gone) await this.repository.forget(tx, id);
      if (left.length > 0) await this.counting.count(tx, left);
    });
  }
}
