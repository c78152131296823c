import { Injectable } from '@nestjs/common';
import { Events } from '../delivery/events.js';
import { availabilityCode } from '../identity/users/availability.js';
import type { AvailabilityName } from '../identity/users/user.dto.js';
import '../identity/users/user.events.js';
import { accountId } from '../platform/database/account-id.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';

/** What a person chose to be seen as, when they say so over their socket. */
@Injectable()
export class AgentAvailability {
  constructor(private readonly work: UnitOfWork, private readonly events: Events) {}

  /** Stores the choice. Saying the same again changes nothing. */
  async choose(account: number, userId: number, availability: AvailabilityName): Promise<void> {
    await this.work.run(accountId(account), async (tx) => {
      const changed = await tx.one('UPDATE account_users SET availability = $3 WHERE account_id = $1 AND user_id = $2 AND availability <> $3 RETURNING user_id',
        [account, userId, availabilityCode(availability)]);
      if (changed) await this.events.append(tx, { type: 'agent.updated', payload: { user_id: userId }, actorId: userId });
    });
  }
}
