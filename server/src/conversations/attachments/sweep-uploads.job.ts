import { Injectable } from '@nestjs/common';
import { RunsJob, type Job } from '../../delivery/job.js';
import { Uploads } from '../../platform/storage/uploads.js';

/** Removes files that no message claimed within a day, and those of deleted messages. */
@Injectable()
@RunsJob({ name: 'sweep-uploads', everyMs: 10 * 60_000 })
export class SweepUploadsJob implements Job {
  constructor(private readonly uploads: Uploads) {}

  async run(): Promise<void> {
    while (await this.uploads.sweep() > 0);
  }
}
