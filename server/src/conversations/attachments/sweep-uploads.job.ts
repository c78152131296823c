import { Injectable } from '@nestjs/common';
import { RunsJob, type Job } from '../../delivery/job.js';
import { Uploads } from '../../platform/storage/uploads.js';

/** Removes files that no message claimed within a day, those of deleted messages, and what a killed process left half written. */
@Injectable()
@RunsJob({ name: 'sweep-uploads', everyMs: 10 * 60_000 })
export class SweepUploadsJob implements Job {
  constructor(private readonly uploads: Uploads) {}

  async run(): Promise<void> {
    await this.uploads.sweepUnfinished();
    while (await this.uploads.sweep() > 0);
  }
}
