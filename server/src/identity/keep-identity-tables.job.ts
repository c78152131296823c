import { Injectable } from '@nestjs/common';
import { RunsJob, type Job } from '../delivery/job.js';
import { Clock } from '../platform/clock/clock.js';
import { OneTimeTokens } from './one-time-tokens/one-time-tokens.repository.js';
import { SessionRepository } from './sessions/session.repository.js';
import { ThrottleRepository } from '../platform/throttles/throttle.repository.js';

const HOUR = 3_600_000;

/** Drops sessions, one-time tokens and counts whose time is over. Nothing depends on it: what is over does not count anyway. */
@Injectable()
@RunsJob({ name: 'keep-identity-tables', everyMs: HOUR })
export class KeepIdentityTables implements Job {
  constructor(
    private readonly sessions: SessionRepository, private readonly tokens: OneTimeTokens, private readonly throttles: ThrottleRepository, private readonly clock: Clock,
  ) {}

  async run(): Promise<void> {
    const now = this.clock.date();
    await this.sessions.sweep(now);
    await this.tokens.sweep();
    await this.throttles.sweep(now);
  }
}
