import { Injectable } from '@nestjs/common';
import type { StoredEvent } from '../../../delivery/event-types.js';
import { Subscribes, type Subscriber } from '../../../delivery/subscriber.js';
import { accountId } from '../../../platform/database/account-id.js';
import { UnitOfWork } from '../../../platform/database/unit-of-work.js';
import { ChatsRepository } from './chats.repository.js';
import { inInboxWhere } from '../../../inboxes/event-inbox.sql.js';

/** So long a visitor may read in the chat before it goes by mail. What is written meanwhile goes along. */
export const PATIENCE_S = 120;

/** Notes that an answer may have to follow its visitor. */
@Injectable()
@Subscribes({ name: 'note-unread-answer', reaches: 'inside', hears: ['message.created'], when: inInboxWhere(`inbox.channel_config->>'continuity_via_email' = 'true'`) })
export class NoteUnreadSubscriber implements Subscriber<'message.created'> {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly chats: ChatsRepository) {}

  async handle(event: StoredEvent<'message.created'>): Promise<void> {
    await this.unitOfWork.run(accountId(event.account_id), (tx) => this.chats.watch(tx, event.conversation_id!, event.payload.message_id, PATIENCE_S));
  }
}
