import { Injectable } from '@nestjs/common';
import type { StoredEvent } from '../../delivery/event-types.js';
import { Subscribes, type Subscriber } from '../../delivery/subscriber.js';
import '../../inboxes/inbox.events.js';
import { accountId } from '../../platform/database/account-id.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { AssignmentRepository } from './assignment.repository.js';

/** Takes conversations from deleted teams. They show them no more already. */
@Injectable()
@Subscribes({ name: 'forget-team', reaches: 'inside', hears: ['team.updated'] })
export class ForgetTeam implements Subscriber<'team.updated'> {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly assignments: AssignmentRepository) {}

  async handle(event: StoredEvent<'team.updated'>): Promise<void> {
    if (!event.payload.deleted) return;
    while (await this.unitOfWork.run(accountId(event.account_id), (tx) => this.assignments.forgetTeam(tx, event.payload.team_id)) > 0);
  }
}
