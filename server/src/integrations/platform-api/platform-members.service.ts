import { Injectable } from '@nestjs/common';
import { Events } from '../../delivery/events.js';
import { ROLE_CODE, roleOf } from '../../identity/access/principal.js';
import { AgentRepository } from '../../identity/agents/agent.repository.js';
import { SessionRevocations } from '../../identity/sessions/session-revocations.js';
import '../../identity/users/user.events.js';
import { accountId } from '../../platform/database/account-id.js';
import type { SystemTx } from '../../platform/database/transaction.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import type { PlatformMembership } from './platform.dto.js';
import { PlatformPermissions } from './platform-permissions.repository.js';

/** Who belongs to the accounts of an app. Colleagues hear of it, and what somebody had who leaves is somebody's again, as when an administrator does it. */
@Injectable()
export class PlatformMembers {
  constructor(
    private readonly system: SystemWork, private readonly permissions: PlatformPermissions, private readonly agents: AgentRepository, private readonly revocations: SessionRevocations,
    private readonly events: Events,
  ) {}

  /** Throws Problem `not_found` and `not_permitted`, here and below, for what is not there and what this app did not make. */
  list(app: number, account: number): Promise<PlatformMembership[]> {
    return this.system.run(async (tx) => {
      await this.permissions.demand(tx, app, 'account', account);
      const rows = await tx.sql<{ user_id: number; role: number }>('SELECT user_id, role FROM account_users WHERE account_id = $1 ORDER BY user_id', [account]);
      return rows.map((row) => ({ account_id: account, user_id: row.user_id, role: roleOf(row.role) }));
    });
  }

  /** Without a role, a member keeps theirs. Who was asked to join and had not agreed is a member then. */
  join(app: number, account: number, userId: number, role: PlatformMembership['role'] | undefined): Promise<PlatformMembership> {
    return this.system.run(async (tx) => {
      await this.permissions.demand(tx, app, 'account', account);
      await this.permissions.demandKnown(tx, app, userId);
      await tx.sql('DELETE FROM pending_members WHERE account_id = $1 AND user_id = $2', [account, userId]);
      const row = (await tx.one<{ role: number; joined: boolean }>(
        `INSERT INTO account_users AS m (account_id, user_id, role) VALUES ($1, $2, $3) ON CONFLICT (account_id, user_id) DO UPDATE SET role = coalesce($4, m.role) RETURNING role, xmax = 0 AS joined`,
        [account, userId, ROLE_CODE[role ?? 'agent'], role === undefined ? null : ROLE_CODE[role]]))!;
      await this.events.append(this.system.within(tx, accountId(account)), { type: row.joined ? 'agent.created' : 'agent.updated', payload: { user_id: userId } });
      tx.afterCommit(() => this.revocations.tell({ userIds: [userId] }));
      return { account_id: account, user_id: userId, role: roleOf(row.role) };
    });
  }

  /** Nothing happens when somebody whom the app knows does not belong to it; anybody else is refused as everywhere. */
  async leave(app: number, account: number, userId: number): Promise<void> {
    await this.system.run(async (tx) => {
      await this.permissions.demand(tx, app, 'account', account);
      if (!await this.takeOut(tx, account, userId)) await this.permissions.demandKnown(tx, app, userId);
      tx.afterCommit(() => this.revocations.tell({ userIds: [userId] }));
    });
  }

  /** Takes somebody out of an account. False when they do not belong to it. */
  async takeOut(tx: SystemTx, account: number, userId: number): Promise<boolean> {
    const within = this.system.within(tx, accountId(account));
    if (!await this.agents.find(within, userId)) return false;
    await this.agents.removeMember(within, userId);
    await this.events.append(within, { type: 'agent.deleted', payload: { user_id: userId } });
    return true;
  }
}
