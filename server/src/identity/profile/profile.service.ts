import { Injectable } from '@nestjs/common';
import { Events } from '../../delivery/events.js';
import { Clock } from '../../platform/clock/clock.js';
import { accountId } from '../../platform/database/account-id.js';
import type { SystemTx } from '../../platform/database/transaction.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { invalid, notFound, Problem } from '../../platform/http/problem.js';
import { Log } from '../../platform/logging/log.js';
import { Avatars } from '../../platform/storage/avatars.js';
import { Authenticator } from '../access/authenticator.service.js';
import type { Principal } from '../access/principal.js';
import { ApiTokens } from '../api-tokens/api-tokens.repository.js';
import { CurrentPassword } from '../passwords/current-password.service.js';
import { hashPassword } from '../passwords/password-hash.js';
import { demandGoodPassword } from '../passwords/password.policy.js';
import { Sessions } from '../sessions/sessions.service.js';
import { availabilityCode } from '../users/availability.js';
import type { AvailabilityName } from '../users/user.dto.js';
import { UserRepository } from '../users/user.repository.js';
import type { ProfileChanges } from './profile.dto.js';

const UNIQUE_VIOLATION = '23505';

/** What people change about themselves. */
@Injectable()
export class Profile {
  constructor(
    private readonly users: UserRepository, private readonly sessions: Sessions, private readonly currentPassword: CurrentPassword, private readonly authenticator: Authenticator,
    private readonly apiTokens: ApiTokens, private readonly avatars: Avatars, private readonly system: SystemWork, private readonly events: Events,
    private readonly clock: Clock, private readonly log: Log,
  ) {}

  /** Saves what is given. A new address or password wants the current password; a new password ends all other sessions. */
  async update(principal: Principal, changes: ProfileChanges): Promise<void> {
    const { current_password: current, password, password_confirmation: confirmation, avatar, phone_number: phone, end_tokens: endTokens, ...plain } = changes;
    if (Object.values(changes).every((value) => value === undefined)) throw new Problem('unprocessable', 'param is missing or the value is empty: profile');
    const user = await this.users.withMemberships(principal.userId);
    if (!user) throw notFound();
    const newAddress = plain.email !== undefined && plain.email !== user.email;
    if (newAddress || password !== undefined) {
      await this.currentPassword.demand(user.id, current);
      // Where two-step sign-in is on, the password alone does not prove it.
      if (user.mfa_enabled_at !== null) this.authenticator.demandFreshProof(principal);
    }
    const digest = password === undefined ? undefined
      : await this.goodDigest(password, confirmation, [plain.name ?? user.name, plain.email ?? user.email, ...user.memberships.map((m) => m.account_name)]);
    const avatarKey = avatar && await this.avatars.save({ userId: user.id }, avatar);
    await this.system.run(async (tx) => {
      await this.users.update(tx, user.id, { ...plain, avatar_key: avatarKey, ...(phone !== undefined && { custom_attributes: { ...user.custom_attributes, phone_number: phone } }) }).catch(refuseTakenAddress);
      if (avatarKey !== undefined) this.dropAfterCommit(tx, user.avatar_key);
      if (digest !== undefined) {
        await this.users.setPassword(tx, user.id, digest, this.clock.date());
        await this.sessions.endOthers(tx, user.id, principal.sessionId);
        if (endTokens) await this.apiTokens.deleteAll(tx, user.id);
      }
      await this.tellAccounts(tx, user.id);
    });
  }

  async removeAvatar(userId: number): Promise<void> {
    const user = await this.users.withMemberships(userId);
    if (!user?.avatar_key) return;
    await this.system.run(async (tx) => {
      await this.users.update(tx, userId, { avatar_key: null });
      this.dropAfterCommit(tx, user.avatar_key);
      await this.tellAccounts(tx, userId);
    });
  }

  /** A new API token in place of the old one; readable in this one answer. */
  resetAccessToken(userId: number): Promise<string> {
    return this.system.run((tx) => this.apiTokens.replacePersonal(tx, userId));
  }

  setAvailability(userId: number, account: number, availability: AvailabilityName): Promise<void> {
    return this.setPresence(userId, account, { availability: availabilityCode(availability) });
  }

  setAutoOffline(userId: number, account: number, autoOffline: boolean): Promise<void> {
    return this.setPresence(userId, account, { autoOffline });
  }

  private async setPresence(userId: number, account: number, wanted: { availability?: number; autoOffline?: boolean }): Promise<void> {
    await this.system.run(async (tx) => {
      if (!await this.users.setPresence(tx, userId, account, wanted)) throw notFound();
      await this.events.append(this.system.within(tx, accountId(account)), { type: 'agent.updated', payload: { user_id: userId }, actorId: userId });
    });
  }

  async setActiveAccount(userId: number, account: number): Promise<void> {
    if (!await this.users.setActiveAccount(userId, account, this.clock.date())) throw notFound();
  }

  private async goodDigest(password: string, confirmation: string | undefined, context: string[]): Promise<string> {
    if (confirmation !== undefined && confirmation !== password) throw invalid('password_confirmation', 'The two passwords are not the same.');
    demandGoodPassword(password, context);
    return hashPassword(password);
  }

  private dropAfterCommit(tx: SystemTx, key: string | null): void {
    tx.afterCommit(() => { this.avatars.remove(key).catch((error: unknown) => this.log.warn('an old avatar was left behind', { error })); });
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
