import { Injectable } from '@nestjs/common';
import { RunsJob, type Job } from '../../delivery/job.js';
import { UploadBudgets } from '../../platform/storage/upload-budgets.js';
import { Uploads } from '../../platform/storage/uploads.js';

/** Removes files that no message claimed within a day, those of deleted messages, and what a killed process left half written or reserved. */
@Injectable()
@RunsJob({ name: 'sweep-uploads', everyMs: 10 * 60_000 })
export class SweepUploadsJob implements Job {
  constructor(private readonly uploads: Uploads, private readonly budgets: UploadBudgets) {}

  async run(): Promise<void> {
    await this.budgets.sweep();
    await this.uploads.sweepUnfinished();
    while (await this.uploads.sweep() > 0);
  }
}
