import { Injectable } from '@nestjs/common';
import { RunsJob, type Job } from '../../delivery/job.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { CountsRepository } from './counts.repository.js';

/** Keeps the list of unfolded changes short, so that counting stays cheap. */
@Injectable()
@RunsJob({ name: 'fold-conversation-counts', everyMs: 5_000 })
export class FoldConversationCounts implements Job {
  constructor(private readonly system: SystemWork, private readonly counts: CountsRepository) {}

  async run(): Promise<void> {
    while (await this.system.run((tx) => this.counts.fold(tx)) > 0);
  }
}
