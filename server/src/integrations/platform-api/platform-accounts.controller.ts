import { Body, Controller, Delete, Get, Param, Patch, Post } from '@nestjs/common';
import type { z } from 'zod';
import { CurrentPlatformApp, PlatformOnly } from '../../identity/access/access.decorators.js';
import { ROLE_CODE, roleOf } from '../../identity/access/principal.js';
import { AgentRepository } from '../../identity/agents/agent.repository.js';
import { SessionRevocations } from '../../identity/sessions/session-revocations.js';
import { accountId } from '../../platform/database/account-id.js';
import type { SystemTx } from '../../platform/database/transaction.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { answers, answersEmpty } from '../../platform/http/answers.js';
import { notFound } from '../../platform/http/problem.js';
import { pathId } from '../../platform/http/schema-fields.js';
import { CreatePlatformAccount, DropMembership, PlatformAccount, PlatformMembership, SetMembership, UpdatePlatformAccount, type PlatformAccountChanges } from './platform.dto.js';
import { PlatformPermissions } from './platform-permissions.repository.js';

interface AccountRow { id: number; name: string; locale: string; domain: string | null; support_email: string | null; custom_attributes: Record<string, unknown> | null; limits: Record<string, unknown>; status: number }

const byId = { schema: pathId };

/** Accounts that an app made, and who belongs to them. */
@Controller('platform/api/v1/accounts')
@PlatformOnly()
export class PlatformAccountsController {
  constructor(private readonly system: SystemWork, private readonly permissions: PlatformPermissions, private readonly agents: AgentRepository, private readonly revocations: SessionRevocations) {}

  @Post()
  @answers(PlatformAccount)
  create(@CurrentPlatformApp() app: number, @Body({ schema: CreatePlatformAccount }) body: z.infer<typeof CreatePlatformAccount>): Promise<PlatformAccount> {
    return this.system.run(async (tx) => {
      const made = await tx.one<{ id: number }>('INSERT INTO accounts (name) VALUES ($1) RETURNING id', [body.name]);
      await this.permissions.permit(tx, app, 'account', made!.id);
      return this.write(tx, made!.id, body);
    });
  }

  @Get(':platform_account_id')
  @answers(PlatformAccount)
  show(@CurrentPlatformApp() app: number, @Param('platform_account_id', byId) id: number): Promise<PlatformAccount> {
    return this.system.run(async (tx) => {
      await this.permissions.demand(tx, app, 'account', id);
      return this.write(tx, id, {});
    });
  }

  @Patch(':platform_account_id')
  @answers(PlatformAccount)
  update(@CurrentPlatformApp() app: number, @Param('platform_account_id', byId) id: number, @Body({ schema: UpdatePlatformAccount }) body: PlatformAccountChanges): Promise<PlatformAccount> {
    return this.system.run(async (tx) => {
      await this.permissions.demand(tx, app, 'account', id);
      return this.write(tx, id, body);
    });
  }

  /** Nobody reaches it from now on; its contents are erased in the background. */
  @Delete(':platform_account_id')
  @answersEmpty()
  async remove(@CurrentPlatformApp() app: number, @Param('platform_account_id', byId) id: number): Promise<void> {
    await this.system.run(async (tx) => {
      await this.permissions.demand(tx, app, 'account', id);
      await tx.sql('UPDATE accounts SET status = 1, deleted_at = now(), updated_at = now() WHERE id = $1', [id]);
      await this.permissions.forget(tx, 'account', id);
      const users = await tx.sql<{ user_id: number }>('SELECT user_id FROM account_users WHERE account_id = $1', [id]);
      tx.afterCommit(() => this.revocations.tell({ userIds: users.map((row) => row.user_id) }));
    });
  }

  @Get(':platform_account_id/account_users')
  @answers(PlatformMembership, { isArray: true })
  members(@CurrentPlatformApp() app: number, @Param('platform_account_id', byId) id: number): Promise<PlatformMembership[]> {
    return this.system.run(async (tx) => {
      await this.permissions.demand(tx, app, 'account', id);
      const rows = await tx.sql<{ user_id: number; role: number }>('SELECT user_id, role FROM account_users WHERE account_id = $1 ORDER BY user_id', [id]);
      return rows.map((row) => ({ account_id: id, user_id: row.user_id, role: roleOf(row.role) }));
    });
  }

  /** Somebody who belongs to it already gets the role. */
  @Post(':platform_account_id/account_users')
  @answers(PlatformMembership)
  async join(@CurrentPlatformApp() app: number, @Param('platform_account_id', byId) id: number, @Body({ schema: SetMembership }) body: z.infer<typeof SetMembership>): Promise<PlatformMembership> {
    await this.system.run(async (tx) => {
      await this.permissions.demand(tx, app, 'account', id);
      await this.permissions.demandKnown(tx, app, body.user_id);
      await tx.sql('INSERT INTO account_users (account_id, user_id, role) VALUES ($1, $2, $3) ON CONFLICT (account_id, user_id) DO UPDATE SET role = excluded.role', [id, body.user_id, ROLE_CODE[body.role]]);
      tx.afterCommit(() => this.revocations.tell({ userIds: [body.user_id] }));
    });
    return { account_id: id, user_id: body.user_id, role: body.role };
  }

  @Delete(':platform_account_id/account_users')
  @answersEmpty()
  async leave(@CurrentPlatformApp() app: number, @Param('platform_account_id', byId) id: number, @Body({ schema: DropMembership }) body: z.infer<typeof DropMembership>): Promise<void> {
    await this.system.run(async (tx) => {
      await this.permissions.demand(tx, app, 'account', id);
      const account = this.system.within(tx, accountId(id));
      if (!await this.agents.find(account, body.user_id)) throw notFound();
      await this.agents.removeMember(account, body.user_id);
      tx.afterCommit(() => this.revocations.tell({ userIds: [body.user_id] }));
    });
  }

  private async write(tx: SystemTx, id: number, changes: PlatformAccountChanges): Promise<PlatformAccount> {
    const row = await tx.one<AccountRow>(
      `UPDATE accounts SET name = coalesce($2, name), locale = coalesce($3, locale), domain = CASE WHEN $4 THEN $5 ELSE domain END, support_email = CASE WHEN $6 THEN $7 ELSE support_email END,
         status = coalesce($8, status), limits = coalesce($9::jsonb, limits), custom_attributes = coalesce($10::jsonb, custom_attributes), updated_at = now()
       WHERE id = $1 RETURNING id, name, locale, domain, support_email, custom_attributes, limits, status`,
      [id, changes.name ?? null, changes.locale ?? null, changes.domain !== undefined, changes.domain ?? null, changes.support_email !== undefined, changes.support_email ?? null,
        changes.status === undefined ? null : changes.status === 'active' ? 0 : 1, changes.limits ? JSON.stringify(changes.limits) : null, changes.custom_attributes ? JSON.stringify(changes.custom_attributes) : null]);
    const { custom_attributes, status, ...rest } = row!;
    return { ...rest, features: {}, custom_attributes: custom_attributes ?? {}, status: status === 0 ? 'active' : 'suspended' };
  }
}
