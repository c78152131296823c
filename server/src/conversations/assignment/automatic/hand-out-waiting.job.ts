import { Injectable } from '@nestjs/common';
import { RunsJob, type Job } from '../../../delivery/job.js';
import { accountId } from '../../../platform/database/account-id.js';
import { UnitOfWork } from '../../../platform/database/unit-of-work.js';
import { ConversationsRepository } from '../../conversations.repository.js';
import { AssignByTurn } from './assign-by-turn.service.js';
import { TurnsRepository, type WaitingGroup } from './turns.repository.js';

/** Of one inbox and team at a time; the others wait for ten seconds more. */
const BATCH = 100;

/** Somebody came, or has room again: those who have waited longest are next. */
@Injectable()
@RunsJob({ name: 'hand-out-waiting', everyMs: 10_000 })
export class HandOutWaiting implements Job {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly repository: TurnsRepository, private readonly conversations: ConversationsRepository, private readonly turns: AssignByTurn) {}

  async run(): Promise<void> {
    for (const group of await this.repository.groups()) await this.handOut(group);
  }

  private async handOut(group: WaitingGroup): Promise<void> {
    const account = accountId(group.account_id);
    for (const id of await this.unitOfWork.run(account, (tx) => this.repository.longest(tx, group, BATCH))) {
      const outcome = await this.unitOfWork.run(account, async (tx) => {
        const conversation = await this.conversations.lockById(tx, id);
        return conversation && this.turns.give(tx, conversation, { forTeam: conversation.team_id !== null });
      });
      // Nobody has room for this one, so nobody has for the next.
      if (outcome === 'waits') return;
    }
  }
}
