import { Injectable } from '@nestjs/common';
import { RunsJob, type Job } from '../../delivery/job.js';
import { Clock } from '../../platform/clock/clock.js';
import { AuditLog } from './audit-log.repository.js';

/** Forgets lines of the audit log when their account no longer keeps them. */
@Injectable()
@RunsJob({ name: 'forget-audit-log', everyMs: 86_400_000 })
export class ForgetAuditLog implements Job {
  constructor(private readonly log: AuditLog, private readonly clock: Clock) {}

  run(): Promise<void> {
    return this.log.forget(this.clock.date());
  }
}
