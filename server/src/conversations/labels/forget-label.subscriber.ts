import { Injectable } from '@nestjs/common';
import type { StoredEvent } from '../../delivery/event-types.js';
import { Subscribes, type Subscriber } from '../../delivery/subscriber.js';
import '../../inboxes/inbox.events.js';
import { accountId } from '../../platform/database/account-id.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { ConversationLabelsRepository } from './conversation-labels.repository.js';

/** Takes deleted labels off conversations. They show them no more already; this gives the room back. */
@Injectable()
@Subscribes({ name: 'forget-label', reaches: 'inside', hears: ['label.updated'] })
export class ForgetLabel implements Subscriber<'label.updated'> {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly labels: ConversationLabelsRepository) {}

  async handle(event: StoredEvent<'label.updated'>): Promise<void> {
    if (!event.payload.deleted) return;
    while (await this.unitOfWork.run(accountId(event.account_id), (tx) => this.labels.forget(tx, event.payload.label_id)) > 0);
  }
}
