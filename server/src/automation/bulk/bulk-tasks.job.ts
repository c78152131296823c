import { Injectable } from '@nestjs/common';
import { Jobs, RunsJob, type Job } from '../../delivery/job.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { BulkTasksRepository } from './bulk-tasks.repository.js';
import { BulkTasks, RUN_BULK_TASK } from './bulk-tasks.service.js';

/** Finishes a task in the background. */
@Injectable()
@RunsJob({ name: RUN_BULK_TASK })
export class RunBulkTask implements Job<{ account_id: number; id: number }> {
  constructor(private readonly tasks: BulkTasks) {}

  run({ account_id: account, id }: { account_id: number; id: number }): Promise<void> {
    return this.tasks.finish(account, id);
  }
}

/** Takes up tasks whose job was lost, and forgets old ones. */
@Injectable()
@RunsJob({ name: 'sweep-bulk-tasks', everyMs: 60_000 })
export class SweepBulkTasks implements Job {
  constructor(private readonly system: SystemWork, private readonly repository: BulkTasksRepository, private readonly jobs: Jobs) {}

  async run(): Promise<void> {
    const open = await this.system.run(async (tx) => {
      await this.repository.forgetFinished(tx);
      return this.repository.abandoned(tx);
    });
    await this.jobs.addAll(RUN_BULK_TASK, open.map((payload) => ({ payload, key: `${payload.account_id}/${payload.id}` })));
  }
}
