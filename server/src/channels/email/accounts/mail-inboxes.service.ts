import { Injectable } from '@nestjs/common';
import { channelInbox } from '../../../inboxes/inbox.presenter.js';
import { InboxSecrets } from '../../../inboxes/inbox-secrets.service.js';
import { InboxesRepository } from '../../../inboxes/inboxes.repository.js';
import type { AccountId } from '../../../platform/database/account-id.js';
import { UnitOfWork } from '../../../platform/database/unit-of-work.js';
import type { ChannelInbox } from '../../contract/channel.js';

/** Finds mail inboxes with what they keep secret. */
@Injectable()
export class MailInboxes {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly inboxes: InboxesRepository, private readonly secrets: InboxSecrets) {}

  /** Undefined when there is none, or when it is of another kind. */
  async find(account: AccountId, id: number): Promise<ChannelInbox | undefined> {
    const row = await this.unitOfWork.run(account, (tx) => this.inboxes.find(tx, id));
    return row?.channel_type === 'email' ? channelInbox(row, this.secrets.open(row)) : undefined;
  }
}
