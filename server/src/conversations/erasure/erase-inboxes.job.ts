import { Injectable } from '@nestjs/common';
import { RunsJob, type Job } from '../../delivery/job.js';
import { accountId, type AccountId } from '../../platform/database/account-id.js';
import { SystemWork, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { ErasureRepository } from './erasure.repository.js';

// Small enough that readers of the same tables feel nothing.
const CONVERSATIONS = 200;
const REST = 1000;

/** Removes everything of deleted inboxes, a batch and a commit at a time. What one run does not finish, the next one does. */
@Injectable()
@RunsJob({ name: 'erase-inboxes', everyMs: 15_000 })
export class EraseInboxes implements Job {
  constructor(private readonly system: SystemWork, private readonly unitOfWork: UnitOfWork, private readonly erasure: ErasureRepository) {}

  async run(): Promise<void> {
    for (const inbox of await this.system.run((tx) => this.erasure.deletedInboxes(tx))) await this.erase(accountId(inbox.account_id), inbox.id);
  }

  private async erase(account: AccountId, inboxId: number): Promise<void> {
    // Nobody is told of each conversation: whoever shows them hears that the inbox is gone.
    while (await this.unitOfWork.run(account, async (tx) => (await this.erasure.erase(tx, await this.erasure.lockOfInbox(tx, inboxId, CONVERSATIONS))).length) > 0);
    while (await this.unitOfWork.run(account, (tx) => this.erasure.eraseRest(tx, inboxId, REST)) > 0);
    await this.unitOfWork.run(account, (tx) => this.erasure.eraseInbox(tx, inboxId));
  }
}
