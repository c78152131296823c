import { Injectable } from '@nestjs/common';
import { Events } from '../../delivery/events.js';
import { Clock } from '../../platform/clock/clock.js';
import { accountId } from '../../platform/database/account-id.js';
import type { SystemTx } from '../../platform/database/transaction.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { invalid, notFound } from '../../platform/http/problem.js';
import { OneTimeTokens, type OneTimeToken } from '../one-time-tokens/one-time-tokens.repository.js';
import { CurrentPassword } from '../passwords/current-password.service.js';
import { hashPassword } from '../passwords/password-hash.js';
import { demandGoodPassword } from '../passwords/password.policy.js';
import type { SignInOutcome } from '../sign-in/sign-in.service.js';
import { SignIn } from '../sign-in/sign-in.service.js';
import { UserRepository, type AskingAccount, type UserWithMemberships } from '../users/user.repository.js';
import { FreshStart } from './fresh-start.service.js';
import type { AcceptInvitation, Invitation } from './invitation.dto.js';
import { PendingMembers } from './pending-members.repository.js';

/** A good link, whose it is and where it leads. */
interface Found { token: OneTimeToken; user: UserWithMemberships; account: AskingAccount }

/** Lets an invited person choose a password, or join with the one they have. */
@Injectable()
export class AcceptInvitations {
  constructor(
    private readonly tokens: OneTimeTokens, private readonly users: UserRepository, private readonly pending: PendingMembers, private readonly fresh: FreshStart, private readonly signIn: SignIn,
    private readonly currentPassword: CurrentPassword, private readonly system: SystemWork, private readonly events: Events, private readonly clock: Clock,
  ) {}

  /** Who is invited where. Throws when the link is wrong, old or used. */
  async show(token: string): Promise<Invitation> {
    const found = await this.find(token);
    if (!found) throw notFound();
    return { email: found.user.email, name: found.user.name, account_name: found.account.account_name, has_password: keepsPassword(found) };
  }

  async accept(given: AcceptInvitation): Promise<SignInOutcome> {
    const found = await this.find(given.invitation_token);
    if (!found) throw usedUp();
    const { token, user } = found;
    const digest = await this.judge(found, given);
    await this.system.run(async (tx) => {
      await this.users.lock(tx, user.id);
      if (!await this.tokens.use(tx, 'invitation', given.invitation_token)) throw usedUp();
      await this.tokens.discardShown(tx, user.id);
      await this.tokens.discardInvitations(tx, user.id, found.account.account_id);
      if (digest !== undefined) await this.begin(tx, found, digest, given.name);
      if (token.mailed_to !== null) await this.join(tx, user.id, found.account.account_id);
    });
    return this.signIn.next(user.id, user.mfa_enabled_at !== null);
  }

  /** The digest of a new password; nothing when the person proved the one they have. */
  private async judge(found: Found, given: AcceptInvitation): Promise<string | undefined> {
    const { user } = found;
    if (keepsPassword(found)) {
      await this.currentPassword.demand(user.id, given.password, 'password');
      return undefined;
    }
    demandGoodPassword(given.password, [given.name ?? user.name, user.email, found.account.account_name, ...user.memberships.map((m) => m.account_name)]);
    return hashPassword(given.password);
  }

  /** Only who reads the mail of the address takes the person over, from whoever held them so far. A link that was shown proves nothing. */
  private async begin(tx: SystemTx, { token, user }: Found, digest: string, name: string | undefined): Promise<void> {
    const now = this.clock.date();
    if (token.mailed_to !== null) {
      await this.fresh.of(tx, user.id);
      await this.users.setProved(tx, user.id, now);
    }
    await this.users.setPassword(tx, user.id, digest, now);
    await this.users.confirm(tx, user.id, now);
    await this.users.update(tx, user.id, { name });
  }

  private async join(tx: SystemTx, userId: number, account: number): Promise<void> {
    const within = this.system.within(tx, accountId(account));
    if (await this.pending.join(within, userId)) await this.events.append(within, { type: 'agent.created', payload: { user_id: userId } });
  }

  private async find(secret: string): Promise<Found | undefined> {
    const token = await this.tokens.find('invitation', secret);
    const user = token?.user_id ? await this.users.withMemberships(token.user_id) : undefined;
    const accounts = user && [...user.memberships, ...(token!.mailed_to === null ? [] : user.invitations)];
    const account = accounts?.find((one) => one.account_id === token!.account_id);
    const reached = token && user && (token.mailed_to === null || token.mailed_to === user.email);
    return reached && account ? { token, user, account } : undefined;
  }
}

/** Somebody whose address is proved joins as who they are. */
const keepsPassword = ({ token, user }: Found): boolean => token.mailed_to !== null && user.address_proved && user.confirmed_at !== null;
const usedUp = () => invalid('invitation_token', 'This invitation is no longer valid. Ask for a new one.');
