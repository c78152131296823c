import { Body, Controller, Delete, Get, Param, Patch, Post } from '@nestjs/common';
import { AdministratorOnly, CurrentMember, MemberOnly } from '../../identity/access/access.decorators.js';
import type { Member } from '../../identity/access/principal.js';
import { ScopeArea } from '../../identity/access/token-scopes.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { answers, answersEmpty } from '../../platform/http/answers.js';
import { notFound } from '../../platform/http/problem.js';
import { pathId } from '../../platform/http/schema-fields.js';
import { CreateDashboardApp, DashboardAppSchema, UpdateDashboardApp, type WireDashboardApp } from './dashboard-app.dto.js';
import { DashboardAppsRepository, type DashboardAppRow } from './dashboard-apps.repository.js';

const present = (row: DashboardAppRow): WireDashboardApp => ({ id: row.id, title: row.title, content: row.content, created_at: row.created_at.toISOString() });
const presentFound = (row: DashboardAppRow | undefined): WireDashboardApp => {
  if (!row) throw notFound();
  return present(row);
};

/** Pages of other programs, shown beside a conversation. */
@Controller('api/v1/accounts/:account_id/dashboard_apps')
@ScopeArea('settings')
export class DashboardAppsController {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly apps: DashboardAppsRepository) {}

  @Get()
  @MemberOnly()
  @answers(DashboardAppSchema, { isArray: true })
  list(@CurrentMember() me: Member): Promise<WireDashboardApp[]> {
    return this.unitOfWork.run(me.accountId, async (tx) => (await this.apps.list(tx)).map(present));
  }

  @Get(':id')
  @MemberOnly()
  @answers(DashboardAppSchema)
  show(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number): Promise<WireDashboardApp> {
    return this.unitOfWork.run(me.accountId, async (tx) => presentFound(await this.apps.find(tx, id)));
  }

  @Post()
  @AdministratorOnly()
  @answers(DashboardAppSchema)
  create(@CurrentMember() me: Member, @Body({ schema: CreateDashboardApp }) body: CreateDashboardApp): Promise<WireDashboardApp> {
    return this.unitOfWork.run(me.accountId, async (tx) => present(await this.apps.insert(tx, me.userId, body)));
  }

  @Patch(':id')
  @AdministratorOnly()
  @answers(DashboardAppSchema)
  update(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number, @Body({ schema: UpdateDashboardApp }) body: UpdateDashboardApp): Promise<WireDashboardApp> {
    return this.unitOfWork.run(me.accountId, async (tx) => presentFound(await this.apps.update(tx, id, body)));
  }

  @Delete(':id')
  @AdministratorOnly()
  @answersEmpty()
  async remove(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number): Promise<void> {
    await this.unitOfWork.run(me.accountId, async (tx) => { if (!await this.apps.remove(tx, id)) throw notFound(); });
  }
}
