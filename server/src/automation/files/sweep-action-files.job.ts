import { Injectable } from '@nestjs/common';
import { RunsJob, type Job } from '../../delivery/job.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { ActionFilesRepository } from './action-files.repository.js';

/** Removes files that were uploaded for an action and that no macro or rule names any more. */
@Injectable()
@RunsJob({ name: 'sweep-action-files', everyMs: 60 * 60_000 })
export class SweepActionFiles implements Job {
  constructor(private readonly system: SystemWork, private readonly files: ActionFilesRepository) {}

  async run(): Promise<void> {
    while (await this.system.run((tx) => this.files.sweep(tx)) > 0);
  }
}
