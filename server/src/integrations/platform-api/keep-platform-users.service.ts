import { Injectable } from '@nestjs/common';
import { Events } from '../../delivery/events.js';
import { ApiTokens } from '../../identity/api-tokens/api-tokens.repository.js';
import { hashPassword } from '../../identity/passwords/password-hash.js';
import { demandGoodPassword } from '../../identity/passwords/password.policy.js';
import { Sessions } from '../../identity/sessions/sessions.service.js';
import { UserRepository } from '../../identity/users/user.repository.js';
import '../../identity/users/user.events.js';
import { Clock } from '../../platform/clock/clock.js';
import { accountId } from '../../platform/database/account-id.js';
import type { SystemTx } from '../../platform/database/transaction.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { invalid, unprocessable } from '../../platform/http/problem.js';
import { Log } from '../../platform/logging/log.js';
import { Avatars } from '../../platform/storage/avatars.js';
import type { CreatePlatformUser, UpdatePlatformUser } from './platform.dto.js';
import { PlatformMembers } from './platform-members.service.js';
import { PlatformPermissions } from './platform-permissions.repository.js';

const UNIQUE_VIOLATION = '23505';

/** Makes, changes and removes people for an app. */
@Injectable()
export class KeepPlatformUsers {
  constructor(
    private readonly system: SystemWork, private readonly permissions: PlatformPermissions, private readonly users: UserRepository, private readonly tokens: ApiTokens,
    private readonly sessions: Sessions, private readonly clock: Clock, private readonly members: PlatformMembers, private readonly events: Events,
    private readonly avatars: Avatars, private readonly log: Log,
  ) {}

  /** Somebody who was there before is not changed: their token stays empty, and unless this app made them, it may only add them to its accounts. */
  async create(app: number, given: CreatePlatformUser): Promise<{ id: number; token: string; made: boolean }> {
    const digest = await this.digest(given.password, [given.name, given.email]);
    return this.system.run(async (tx) => {
      const made = await tx.one<{ id: number }>(
        'INSERT INTO users (name, email, display_name, custom_attributes, confirmed_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (email) DO NOTHING RETURNING id',
        [given.name, given.email, given.display_name ?? null, given.custom_attributes ? JSON.stringify(given.custom_attributes) : null, this.clock.date()]);
      if (!made) {
        const { id } = (await tx.one<{ id: number }>('SELECT id FROM users WHERE email = $1', [given.email]))!;
        return { id, token: '', made: await this.permissions.acquaint(tx, app, id) };
      }
      const { id } = made;
      await this.permissions.permit(tx, app, 'user', id);
      await tx.sql('INSERT INTO user_credentials (user_id) VALUES ($1)', [id]);
      if (digest !== undefined) await this.users.setPassword(tx, id, digest, this.clock.date());
      return { id, token: await this.tokens.replacePersonal(tx, id), made: true };
    });
  }

  /** What is said of custom attributes is added to those that are there. */
  async update(app: number, id: number, given: UpdatePlatformUser): Promise<void> {
    const { password, custom_attributes: attributes, ...columns } = given;
    const digest = await this.digest(password, [given.name ?? '', given.email ?? '']);
    await this.system.run(async (tx) => {
      await this.permissions.demand(tx, app, 'user', id);
      await this.users.update(tx, id, columns).catch((error: { code?: string }) => {
        if (error.code === UNIQUE_VIOLATION) throw invalid('email', 'This address belongs to somebody else already.');
        throw error;
      });
      if (attributes) await tx.sql(`UPDATE users SET custom_attributes = coalesce(custom_attributes, '{}') || $2::jsonb WHERE id = $1`, [id, JSON.stringify(attributes)]);
      await this.tellAccounts(tx, id);
      if (digest === undefined) return;
      await this.users.setPassword(tx, id, digest, this.clock.date());
      await this.sessions.endOthers(tx, id);
    });
  }

  /** Takes the person out of all accounts and forgets them. What they wrote stays, without a name. */
  async remove(app: number, id: number): Promise<void> {
    await this.system.run(async (tx) => {
      await this.permissions.demand(tx, app, 'user', id);
      await this.refuseLastAdministrator(tx, id);
      await this.sessions.endOthers(tx, id);
      await this.tokens.deleteAll(tx, id);
      for (const account of await this.users.accountIds(tx, id)) await this.members.takeOut(tx, account, id);
      const gone = await tx.one<{ avatar_key: string | null }>('DELETE FROM users WHERE id = $1 RETURNING avatar_key', [id]);
      await this.permissions.forget(tx, 'user', id);
      tx.afterCommit(() => { this.avatars.remove(gone?.avatar_key).catch((error: unknown) => this.log.warn('an old avatar was left behind', { error })); });
    });
  }

  /** Colleagues show this person by name. */
  private async tellAccounts(tx: SystemTx, id: number): Promise<void> {
    for (const account of await this.users.accountIds(tx, id)) await this.events.append(this.system.within(tx, accountId(account)), { type: 'agent.updated', payload: { user_id: id } });
  }

  private async refuseLastAdministrator(tx: SystemTx, id: number): Promise<void> {
    const alone = await tx.sql(
      `SELECT FROM account_users m JOIN accounts a ON a.id = m.account_id AND a.deleted_at IS NULL WHERE m.user_id = $1 AND m.role = 1
         AND EXISTS (SELECT FROM account_users o WHERE o.account_id = m.account_id AND o.user_id <> $1)
         AND NOT EXISTS (SELECT FROM account_users o WHERE o.account_id = m.account_id AND o.user_id <> $1 AND o.role = 1) LIMIT 1`, [id]);
    if (alone.length > 0) throw unprocessable('An account needs an administrator. Make somebody else one first.');
  }

  private async digest(password: string | undefined, context: string[]): Promise<string | undefined> {
    if (password === undefined) return undefined;
    demandGoodPassword(password, context);
    return hashPassword(password);
  }
}
