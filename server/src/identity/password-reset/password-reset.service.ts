import { Injectable } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { Events } from '../../delivery/events.js';
import { Clock } from '../../platform/clock/clock.js';
import { accountId } from '../../platform/database/account-id.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { invalid, Problem } from '../../platform/http/problem.js';
import { Mailer } from '../../platform/mailer/mailer.js';
import { ApiTokens } from '../api-tokens/api-tokens.repository.js';
import { OneTimeTokens } from '../one-time-tokens/one-time-tokens.repository.js';
import { hashPassword } from '../passwords/password-hash.js';
import { demandGoodPassword } from '../passwords/password.policy.js';
import { Sessions } from '../sessions/sessions.service.js';
import { RESET_BY_MAIL } from '../throttles/limits.js';
import { Throttles } from '../throttles/throttles.service.js';
import { UserRepository } from '../users/user.repository.js';
import type { ResetPassword } from './password-reset.dto.js';

/** Longer than finding somebody and noting the wish takes, so that the answer's time tells nothing. */
const UNIFORM_MS = 150;

const usedUp = () => invalid('reset_password_token', 'This link is no longer valid. Ask for a new one.');

/** Gets people who forgot their password a new one. */
@Injectable()
export class PasswordReset {
  constructor(
    private readonly users: UserRepository, private readonly tokens: OneTimeTokens, private readonly apiTokens: ApiTokens, private readonly sessions: Sessions, private readonly throttles: Throttles,
    private readonly mailer: Mailer, private readonly system: SystemWork, private readonly events: Events, private readonly clock: Clock,
  ) {}

  /** Sends the link if somebody has this address. Takes the same time and tells nothing either way. */
  async request(email: string): Promise<void> {
    await Promise.all([this.noteWish(email), pause(UNIFORM_MS)]);
  }

  /** Sets the password and ends all sessions. The person signs in anew, with their second factor. */
  async set(given: ResetPassword): Promise<void> {
    const token = await this.tokens.find('password_reset', given.reset_password_token);
    const user = token?.user_id ? await this.users.withMemberships(token.user_id) : undefined;
    // A link that went to an address the person has given up belongs to whoever reads mail there.
    if (!user || (token!.mailed_to !== null && token!.mailed_to !== user.email)) throw usedUp();
    demandGoodPassword(given.password, [user.name, user.email, ...user.memberships.map((m) => m.account_name)]);
    const digest = await hashPassword(given.password);
    const now = this.clock.date();
    await this.system.run(async (tx) => {
      if (!await this.tokens.use(tx, 'password_reset', given.reset_password_token)) throw usedUp();
      await this.tokens.discard(tx, 'password_reset', user.id);
      await this.users.setPassword(tx, user.id, digest, now);
      await this.users.confirm(tx, user.id, now);
      if (token!.mailed_to === null) await this.users.setProved(tx, user.id, null);
      await this.sessions.endOthers(tx, user.id);
      if (given.end_tokens) await this.apiTokens.deleteAll(tx, user.id);
    });
  }

  private async noteWish(email: string): Promise<void> {
    if (!this.mailer.configured || await this.tooMany(email)) return;
    const found = await this.users.credentialsByEmail(email);
    if (!found) return;
    await this.system.run(async (tx) => {
      const [account] = await this.users.accountIds(tx, found.user_id);
      if (account === undefined) return;
      await this.events.append(this.system.within(tx, accountId(account)), { type: 'user.password_reset_requested', payload: { user_id: found.user_id } });
    });
  }

  // Too many mails to one address are not sent, and the answer stays the same: it must not tell that somebody else asks too.
  private async tooMany(email: string): Promise<boolean> {
    try {
      await this.throttles.take(RESET_BY_MAIL, email);
      return false;
    } catch (error) {
      if (error instanceof Problem) return true;
      throw error;
    }
  }
}
