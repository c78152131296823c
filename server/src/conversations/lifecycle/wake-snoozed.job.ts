import { Injectable } from '@nestjs/common';
import { RunsJob, type Job } from '../../delivery/job.js';
import { Clock } from '../../platform/clock/clock.js';
import { accountId } from '../../platform/database/account-id.js';
import { SystemWork, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { Status } from '../conversation-codes.js';
import { ConversationsRepository } from '../conversations.repository.js';
import { ChangeStatus } from './change-status.service.js';
import { LifecycleRepository } from './lifecycle.repository.js';

const BATCH = 200;

/** Opens snoozed conversations when their time has come. */
@Injectable()
@RunsJob({ name: 'wake-snoozed', everyMs: 10_000 })
export class WakeSnoozed implements Job {
  constructor(
    private readonly system: SystemWork, private readonly unitOfWork: UnitOfWork, private readonly clock: Clock, private readonly lifecycle: LifecycleRepository,
    private readonly conversations: ConversationsRepository, private readonly statuses: ChangeStatus,
  ) {}

  async run(): Promise<void> {
    for (;;) {
      const now = this.clock.date();
      const due = await this.system.run((tx) => this.lifecycle.due(tx, now, BATCH));
      for (const { account_id, id } of due) await this.wake(account_id, id, now);
      if (due.length < BATCH) return;
    }
  }

  private async wake(account: number, id: number, now: Date): Promise<void> {
    await this.unitOfWork.run(accountId(account), async (tx) => {
      // In an inbox that is being erased it is not found; the erasure is faster than the next look.
      const conversation = await this.conversations.lockById(tx, id);
      if (!conversation || conversation.status !== Status.snoozed || !conversation.snoozed_until || conversation.snoozed_until > now) return;
      await this.statuses.change(tx, conversation, Status.open, null, 'time');
    });
  }
}
