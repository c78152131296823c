import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { invalid, notFound } from '../../platform/http/problem.js';
import { OneTimeTokens, type OneTimeToken } from '../one-time-tokens/one-time-tokens.repository.js';
import { hashPassword } from '../passwords/password-hash.js';
import { demandGoodPassword } from '../passwords/password.policy.js';
import type { SignInOutcome } from '../sign-in/sign-in.service.js';
import { SignIn } from '../sign-in/sign-in.service.js';
import { UserRepository, type UserWithMemberships } from '../users/user.repository.js';
import type { AcceptInvitation, Invitation } from './invitation.dto.js';

/** Lets an invited person choose a password. */
@Injectable()
export class AcceptInvitations {
  constructor(
    private readonly tokens: OneTimeTokens, private readonly users: UserRepository, private readonly signIn: SignIn,
    private readonly system: SystemWork, private readonly clock: Clock,
  ) {}

  /** Who is invited where. Throws when the link is wrong, old or used. */
  async show(token: string): Promise<Invitation> {
    const found = await this.find(token);
    if (!found) throw notFound();
    return { email: found.user.email, name: found.user.name, account_name: accountName(found.user, found.token) };
  }

  async accept(given: AcceptInvitation): Promise<SignInOutcome> {
    const found = await this.find(given.invitation_token);
    if (!found) throw usedUp();
    const { user } = found;
    demandGoodPassword(given.password, [given.name ?? user.name, user.email, ...user.memberships.map((m) => m.account_name)]);
    const digest = await hashPassword(given.password);
    const now = this.clock.date();
    await this.system.run(async (tx) => {
      if (!await this.tokens.use(tx, 'invitation', given.invitation_token)) throw usedUp();
      await this.tokens.discard(tx, 'invitation', user.id);
      await this.users.setPassword(tx, user.id, digest, now);
      await this.users.confirm(tx, user.id, now);
      await this.users.update(tx, user.id, { name: given.name });
    });
    return this.signIn.next(user.id, user.mfa_enabled_at !== null);
  }

  private async find(secret: string): Promise<{ token: OneTimeToken; user: UserWithMemberships } | undefined> {
    const token = await this.tokens.find('invitation', secret);
    const user = token?.user_id ? await this.users.withMemberships(token.user_id) : undefined;
    return token && user ? { token, user } : undefined;
  }
}

const usedUp = () => invalid('invitation_token', 'This invitation is no longer valid. Ask for a new one.');
const accountName = (user: UserWithMemberships, token: OneTimeToken): string =>
  (user.memberships.find((m) => m.account_id === token.account_id) ?? user.memberships[0])?.account_name ?? '';
