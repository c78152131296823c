import { Injectable } from '@nestjs/common';
import { RunsJob, type Job } from '../../delivery/job.js';
import { Clock } from '../../platform/clock/clock.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { RunsRepository } from './runs.repository.js';

/** Keeps the log of rules small. */
@Injectable()
@RunsJob({ name: 'forget-automation-runs', everyMs: 3_600_000 })
export class ForgetRuns implements Job {
  constructor(private readonly system: SystemWork, private readonly runs: RunsRepository, private readonly clock: Clock) {}

  run(): Promise<void> {
    return this.system.run((tx) => this.runs.forgetOld(tx, this.clock.date()));
  }
}
