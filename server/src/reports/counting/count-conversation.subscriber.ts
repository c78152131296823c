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
@Subscribes({ name: 'count-conversation', reaches: 'inside', hears: [...HEARD], when: SAYS_SOMETHING_NEW })
export class CountConversation implements Subscriber<Heard['type']> {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly counting: CountConversations, private readonly repository: CountingRepository) {}

  async handle(event: Heard): Promise<void> {
    const id = event.conversation_id;
    if (id === null) return;
    await this.unitOfWork.run(accountId(event.account_id), (tx) => (event.type === 'conversation.deleted' ? this.repository.forget(tx, id) : this.counting.count(tx, [id])));
  }
}
