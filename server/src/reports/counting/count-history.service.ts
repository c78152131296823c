import { Injectable } from '@nestjs/common';
import type { AccountId } from '../../platform/database/account-id.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { CountConversations } from './count-conversations.service.js';
import { CountingRepository } from './counting.repository.js';
import { HistoryRepository } from './history.repository.js';

// Small enough that those who count what happens now wait for a moment only.
const BATCH = 100;

/** Counts what was there before anybody counted, a batch and a commit at a time; and counts everything again. */
@Injectable()
export class CountHistory {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly counting: CountConversations, private readonly history: HistoryRepository, private readonly repository: CountingRepository) {}

  /** Counts the next conversations of an account. False when there are no more. */
  step(account: AccountId): Promise<boolean> {
    return this.unitOfWork.run(account, async (tx) => {
      const ids = await this.history.next(tx, BATCH);
      await this.counting.count(tx, ids);
      await this.history.proceed(tx, ids);
      return ids.length > 0;
    });
  }

  /** Forgets all that is counted of an account and begins anew, with what still exists. */
  async beginAnew(account: AccountId): Promise<void> {
    await this.unitOfWork.run(account, async (tx) => {
      await this.repository.holdAlone(tx);
      await this.repository.clear(tx);
      await this.history.begin(tx);
    });
  }

  /** Counts an account's history now, to its end. */
  async finish(account: AccountId): Promise<void> {
    while (await this.step(account));
  }
}
