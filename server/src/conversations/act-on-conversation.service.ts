import { Injectable } from '@nestjs/common';
import type { Member } from '../identity/access/principal.js';
import type { Tx } from '../platform/database/transaction.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { notFound } from '../platform/http/problem.js';
import { ConversationsRepository, type ConversationRow } from './conversations.repository.js';

/** How a member comes to a conversation: in one transaction, if they may see it. */
@Injectable()
export class ActOnConversation {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly conversations: ConversationsRepository) {}

  /** Works on the locked row. Throws Problem `not_found` when the member does not see a conversation of this number. */
  run<T>(me: Member, displayId: number, work: (tx: Tx, conversation: ConversationRow) => Promise<T>): Promise<T> {
    return this.unitOfWork.run(me.accountId, async (tx) => work(tx, found(await this.conversations.lock(tx, me, displayId))));
  }

  /** The same for work that changes nothing of the row: without the lock. */
  read<T>(me: Member, displayId: number, work: (tx: Tx, conversation: ConversationRow) => Promise<T>): Promise<T> {
    return this.unitOfWork.run(me.accountId, async (tx) => work(tx, found(await this.conversations.find(tx, me, displayId))));
  }
}

function found(conversation: ConversationRow | undefined): ConversationRow {
  if (!conversation) throw notFound();
  return conversation;
}
