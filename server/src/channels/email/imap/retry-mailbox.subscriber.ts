import { Injectable } from '@nestjs/common';
import type { StoredEvent } from '../../../delivery/event-types.js';
import { Subscribes, type Subscriber } from '../../../delivery/subscriber.js';
import '../../../inboxes/inbox.events.js';
import { accountId } from '../../../platform/database/account-id.js';
import { UnitOfWork } from '../../../platform/database/unit-of-work.js';
import { MailboxesRepository } from './mailboxes.repository.js';
import { WatchMailboxes } from './watch-mailboxes.service.js';

/** Whoever adds a mailbox or corrects a password does not want to wait for the end of a pause. */
@Injectable()
@Subscribes({ name: 'retry-mailbox', reaches: 'inside', hears: ['inbox.updated'] })
export class RetryMailbox implements Subscriber<'inbox.updated'> {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly mailboxes: MailboxesRepository, private readonly watch: WatchMailboxes) {}

  async handle(event: StoredEvent<'inbox.updated'>): Promise<void> {
    await this.unitOfWork.run(accountId(event.account_id), (tx) => this.mailboxes.tryNow(tx, event.payload.inbox_id));
    this.watch.lookNow();
  }
}
