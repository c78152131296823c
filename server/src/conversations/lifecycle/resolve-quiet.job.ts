import { Injectable } from '@nestjs/common';
import { RunsJob, type Job } from '../../delivery/job.js';
import { Clock } from '../../platform/clock/clock.js';
import { accountId } from '../../platform/database/account-id.js';
import { SystemWork, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { PostTemplate } from '../automatic-messages/post-template.service.js';
import { Status } from '../conversation-codes.js';
import { ConversationsRepository } from '../conversations.repository.js';
import { ChangeStatus } from './change-status.service.js';
import { QuietConversationsRepository, type AutoResolve, type QuietConversation } from './quiet-conversations.repository.js';

const BATCH = 200;

/** Resolves open conversations in which nothing was written for as long as their account says. */
@Injectable()
@RunsJob({ name: 'resolve-quiet', everyMs: 60_000 })
export class ResolveQuiet implements Job {
  constructor(
    private readonly system: SystemWork, private readonly unitOfWork: UnitOfWork, private readonly clock: Clock, private readonly quiet: QuietConversationsRepository,
    private readonly conversations: ConversationsRepository, private readonly templates: PostTemplate, private readonly statuses: ChangeStatus,
  ) {}

  async run(): Promise<void> {
    for (let last = 0; ;) {
      const accounts = await this.system.run((tx) => this.quiet.accounts(tx, last, BATCH));
      for (const account of accounts) await this.resolveIn(account);
      if (accounts.length < BATCH) return;
      last = accounts.at(-1)!.account_id;
    }
  }

  private async resolveIn(account: AutoResolve): Promise<void> {
    const until = new Date(this.clock.now() - account.minutes * 60_000);
    // Pages go on behind the last one seen: what could not be resolved does not hold up the rest.
    for (let after: QuietConversation | undefined; ;) {
      const page = await this.system.run((tx) => this.quiet.page(tx, account, until, after, BATCH));
      for (const { id } of page) await this.resolve(account, id, until);
      if (page.length < BATCH) return;
      after = page.at(-1)!;
    }
  }

  private async resolve(account: AutoResolve, id: number, until: Date): Promise<void> {
    await this.unitOfWork.run(accountId(account.account_id), async (tx) => {
      const conversation = await this.conversations.lockById(tx, id);
      // Somebody wrote or acted since the page was read.
      if (!conversation || conversation.status !== Status.open || conversation.last_activity_at > until || (account.ignore_waiting && conversation.waiting_since)) return;
      if (await this.quiet.touchedSince(tx, id, until)) return;
      // Said anew whenever it is resolved anew, and to nobody who is muted.
      if (account.message && !conversation.contact_blocked) await this.templates.post(tx, id, { key: `auto_resolve:${conversation.last_activity_at.getTime()}`, content: account.message });
      await this.statuses.change(tx, conversation, Status.resolved, null, { quietMinutes: account.minutes });
    });
  }
}
