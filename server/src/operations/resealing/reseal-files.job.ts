import { Injectable } from '@nestjs/common';
import { RunsJob, type Job } from '../../delivery/job.js';
import { ResealFiles } from './reseal-files.service.js';

/** Most of the pause between two runs, and less than a process has for leaving. */
const STEP_MS = 15_000;

/** After the keys were changed: stored files follow, a few at a time. */
@Injectable()
@RunsJob({ name: 'reseal-files', everyMs: 20_000 })
export class ResealFilesJob implements Job {
  constructor(private readonly files: ResealFiles) {}

  run(): Promise<void> {
    return this.files.step(STEP_MS);
  }
}
