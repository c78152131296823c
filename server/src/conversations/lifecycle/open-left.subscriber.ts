import { Injectable } from '@nestjs/common';
import type { StoredEvent } from '../../delivery/event-types.js';
import { Subscribes, type Subscriber } from '../../delivery/subscriber.js';
import { AnswerersRepository } from '../../inboxes/answerers.repository.js';
import '../../inboxes/inbox.events.js';
import { hasAnswerer } from '../../inboxes/keep-answerers.service.js';
import { accountId } from '../../platform/database/account-id.js';
import type { Tx } from '../../platform/database/transaction.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { Status } from '../conversation-codes.js';
import { ConversationsRepository } from '../conversations.repository.js';
import { ChangeStatus } from './change-status.service.js';
import { LifecycleRepository, type PendingConversation } from './lifecycle.repository.js';

/** So many in one transaction. */
const BATCH = 50;

/** After the last program that answered first in an inbox is gone: what it had, answered or not, is opened for people. A person who puts a conversation aside there later keeps it so. */
@Injectable()
@Subscribes({ name: 'open-left', reaches: 'inside', hears: ['inbox.left_to_people'] })
export class OpenLeft implements Subscriber<'inbox.left_to_people'> {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly answerers: AnswerersRepository, private readonly lifecycle: LifecycleRepository,
    private readonly conversations: ConversationsRepository, private readonly statuses: ChangeStatus,
  ) {}

  async handle(event: StoredEvent<'inbox.left_to_people'>): Promise<void> {
    let page: PendingConversation[] | undefined;
    do page = await this.unitOfWork.run(accountId(event.account_id), (tx) => this.open(tx, event, page?.at(-1)));
    while (page.length === BATCH);
  }

  private async open(tx: Tx, event: StoredEvent<'inbox.left_to_people'>, after: PendingConversation | undefined): Promise<PendingConversation[]> {
    const { inbox_id: inboxId, name } = event.payload;
    const page = await this.lifecycle.pending(tx, inboxId, after, BATCH);
    const locked = await this.conversations.lockByIds(tx, page.map(({ id }) => id));
    // Another program may have come meanwhile: it answers what is written next.
    const inbox = await this.answerers.hold(tx, inboxId);
    if (!inbox || hasAnswerer(inbox)) return [];
    for (const conversation of locked) if (conversation.status === Status.pending) await this.statuses.change(tx, conversation, Status.open, null, { name });
    return page;
  }
}
