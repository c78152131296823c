import { Injectable } from '@nestjs/common';
import { Events } from '../../delivery/events.js';
import { Clock } from '../../platform/clock/clock.js';
import { accountId } from '../../platform/database/account-id.js';
import type { SystemTx } from '../../platform/database/transaction.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { invalid, notFound, Problem } from '../../platform/http/problem.js';
import type { Principal } from '../access/principal.js';
import { hashPassword, passwordMatches } from '../passwords/password-hash.js';
import { demandGoodPassword } from '../passwords/password.policy.js';
import { Sessions } from '../sessions/sessions.service.js';
import { CODES_BY_PERSON } from '../throttles/limits.js';
import { Throttles } from '../throttles/throttles.service.js';
import { availabilityCode } from '../users/availability.js';
import type { AvailabilityName } from '../users/user.dto.js';
import { UserRepository } from '../users/user.repository.js';
import type { ProfileChanges } from './profile.dto.js';

const UNIQUE_VIOLATION = '23505';

/** What people change about themselves. */
@Injectable()
export class Profile {
  constructor(
    private readonly users: UserRepository, private readonly sessions: Sessions, private readonly throttles: Throttles,
    private readonly system: SystemWork, private readonly events: Events, private readonly clock: Clock,
  ) {}

  /** Saves what is given. A new address or password wants the current password; a new password ends all other sessions. */
  async update(principal: Principal, changes: ProfileChanges): Promise<void> {
    const { current_password: current, password, password_confirmation: confirmation, ...plain } = changes;
    if (Object.values(changes).every((value) => value === undefined)) throw new Problem('unprocessable', 'param is missing or the value is empty: profile');
    const user = await this.users.withMemberships(principal.userId);
    if (!user) throw notFound();
    const newAddress = plain.email !== undefined && plain.email !== user.email;
    if (newAddress || password !== undefined) await this.demandPassword(user.id, current);
    const digest = password === undefined ? undefined
      : await this.goodDigest(password, confirmation, [plain.name ?? user.name, plain.email ?? user.email, ...user.memberships.map((m) => m.account_name)]);
    await this.system.run(async (tx) => {
      await this.users.update(tx, user.id, plain).catch(refuseTakenAddress);
      if (digest !== undefined) {
        await this.users.setPassword(tx, user.id, digest, this.clock.date());
        await this.sessions.endOthers(tx, user.id, principal.sessionId);
      }
      await this.tellAccounts(tx, user.id);
    });
  }

  async setAvailability(userId: number, account: number, availability: AvailabilityName): Promise<void> {
    await this.system.run(async (tx) => {
      if (!await this.users.setAvailability(tx, userId, account, availabilityCode(availability))) throw notFound();
      await this.events.append(this.system.within(tx, accountId(account)), { type: 'agent.updated', payload: { user_id: userId }, actorId: userId });
    });
  }

  async setActiveAccount(userId: number, account: number): Promise<void> {
    if (!await this.users.setActiveAccount(userId, account, this.clock.date())) throw notFound();
  }

  /** Throws unless this is the person's password; 429 after too many wrong ones. */
  async demandPassword(userId: number, given: string | undefined): Promise<void> {
    const wrong = new Problem('unprocessable', 'The current password is not right.', { body: { attributes: ['current_password'] } });
    if (given === undefined) throw wrong;
    await this.throttles.take(CODES_BY_PERSON, String(userId));
    const credentials = await this.users.credentials(userId);
    if (!await passwordMatches(given, credentials?.password_digest)) throw wrong;
    await this.throttles.giveBack(CODES_BY_PERSON, String(userId));
  }

  private async goodDigest(password: string, confirmation: string | undefined, context: string[]): Promise<string> {
    if (confirmation !== undefined && confirmation !== password) throw invalid('password_confirmation', 'The two passwords are not the same.');
    demandGoodPassword(password, context);
    return hashPassword(password);
  }

  /** Colleagues show this person by name and picture. */
  private async tellAccounts(tx: SystemTx, userId: number): Promise<void> {
    for (const account of await this.users.accountIds(tx, userId)) {
      await this.events.append(this.system.within(tx, accountId(account)), { type: 'agent.updated', payload: { user_id: userId }, actorId: userId });
    }
  }
}

function refuseTakenAddress(error: { code?: string }): never {
  if (error.code === UNIQUE_VIOLATION) throw invalid('email', 'This address belongs to somebody else already.');
  throw error;
}
