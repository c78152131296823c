import { Injectable } from '@nestjs/common';
import { RunsJob, type Job } from '../../delivery/job.js';
import { Clock } from '../../platform/clock/clock.js';
import { accountId } from '../../platform/database/account-id.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { CountHistory } from './count-history.service.js';
import { HistoryRepository } from './history.repository.js';

const EVERY = 30_000;

/** Counts what was there before reports were, in the background. What one run does not finish, the next one does. */
@Injectable()
@RunsJob({ name: 'count-history', everyMs: EVERY })
export class CountHistoryJob implements Job {
  constructor(private readonly system: SystemWork, private readonly repository: HistoryRepository, private readonly history: CountHistory, private readonly clock: Clock) {}

  async run(): Promise<void> {
    const until = this.clock.now() + EVERY;
    for (const id of await this.system.run((tx) => this.repository.unfinished(tx))) {
      while (this.clock.now() < until && await this.history.step(accountId(id)));
    }
  }
}
