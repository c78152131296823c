import { Injectable } from '@nestjs/common';
import { accountId } from '../../platform/database/account-id.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { PushedConversations } from '../../realtime/cable/pushed-conversations.js';
import { ConversationPresenter } from './conversation.presenter.js';
import { ConversationReader } from './conversation-reader.js';
import { pushedConversation, pushedToContact } from './pushed-conversation.js';

/** Conversations for what realtime tells by itself. */
@Injectable()
export class ReadPushedConversations extends PushedConversations {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly reader: ConversationReader, private readonly presenter: ConversationPresenter) {
    super();
  }

  of(account: number, conversationId: number): Promise<{ forAgents: object; forContact: object } | undefined> {
    return this.unitOfWork.run(accountId(account), async (tx) => {
      const [row] = await this.reader.byIds(tx, [conversationId]);
      if (!row) return undefined;
      const wire = await this.presenter.one(tx, row, 'said');
      return { forAgents: pushedConversation(row, wire), forContact: pushedToContact(row, wire) };
    });
  }
}
