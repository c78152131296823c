import { Body, Controller, Delete, Get, Param, Patch, Post } from '@nestjs/common';
import type { z } from 'zod';
import { CurrentPlatformApp, PlatformOnly } from '../../identity/access/access.decorators.js';
import { SessionRevocations } from '../../identity/sessions/session-revocations.js';
import type { SystemTx } from '../../platform/database/transaction.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { answers, answersEmpty } from '../../platform/http/answers.js';
import { pathId } from '../../platform/http/schema-fields.js';
import { CreatePlatformAccount, PlatformAccount, UpdatePlatformAccount, type PlatformAccountChanges } from './platform.dto.js';
import { PlatformPermissions } from './platform-permissions.repository.js';

interface AccountRow { id: number; name: string; locale: string; domain: string | null; support_email: string | null; custom_attributes: Record<string, unknown> | null; limits: Record<string, unknown>; status: number }

const COLUMNS = 'id, name, locale, domain, support_email, custom_attributes, limits, status';
const present = ({ custom_attributes, status, ...rest }: AccountRow): PlatformAccount => ({ ...rest, features: {}, custom_attributes: custom_attributes ?? {}, status: status === 0 ? 'active' : 'suspended' });
const byId = { schema: pathId };

/** Accounts that an app made. */
@Controller('platform/api/v1/accounts')
@PlatformOnly()
export class PlatformAccountsController {
  constructor(private readonly system: SystemWork, private readonly permissions: PlatformPermissions, private readonly revocations: SessionRevocations) {}

  /** Those that are being erased are no longer among them. */
  @Get()
  @answers(PlatformAccount, { isArray: true })
  list(@CurrentPlatformApp() app: number): Promise<PlatformAccount[]> {
    return this.system.run(async (tx) => (await tx.sql<AccountRow>(`SELECT ${COLUMNS} FROM accounts WHERE id = ANY ($1::bigint[]) ORDER BY id`, [await this.permissions.ids(tx, app, 'account')])).map(present));
  }

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

  private async write(tx: SystemTx, id: number, changes: PlatformAccountChanges): Promise<PlatformAccount> {
    const row = await tx.one<AccountRow>(
      `UPDATE accounts SET name = coalesce($2, name), locale = coalesce($3, locale), domain = CASE WHEN $4 THEN $5 ELSE domain END, support_email = CASE WHEN $6 THEN $7 ELSE support_email END,
         status = coalesce($8, status), limits = coalesce($9::jsonb, limits), custom_attributes = coalesce($10::jsonb, custom_attributes), updated_at = now()
       WHERE id = $1 RETURNING ${COLUMNS}`,
      [id, changes.name ?? null, changes.locale ?? null, changes.domain !== undefined, changes.domain ?? null, changes.support_email !== undefined, changes.support_email ?? null,
        changes.status === undefined ? null : changes.status === 'active' ? 0 : 1, changes.limits ? JSON.stringify(changes.limits) : null, changes.custom_attributes ? JSON.stringify(changes.custom_attributes) : null]);
    return present(row!);
  }
}
