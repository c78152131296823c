import { Injectable } from '@nestjs/common';
import { Jobs, RunsJob, type Job } from '../../delivery/job.js';
import { DRAIN_CONVERSATION } from './outbound-queue.js';
import { OutboundRepository } from './outbound.repository.js';

const AT_ONCE = 500;

/** Finds messages that are due and forgotten: their job was lost with the queue, their retry's time has come, or their worker died. */
@Injectable()
@RunsJob({ name: 'sweep-outbound-messages', everyMs: 5_000 })
export class SweepOutbound implements Job {
  constructor(private readonly outbound: OutboundRepository, private readonly jobs: Jobs) {}

  async run(): Promise<void> {
    const found = await this.outbound.overdue(AT_ONCE);
    await this.jobs.addAll(DRAIN_CONVERSATION, found.map((conversation) => ({ payload: conversation, key: `${conversation.accountId}-${conversation.conversationId}` })));
  }
}
