import { Body, Controller, Delete, Get, Inject, Param, Patch, Post, Req, Res } from '@nestjs/common';
import { ApiProduces, ApiResponse } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AdministratorOnly, CurrentMember, MemberOnly } from '../../identity/access/access.decorators.js';
import type { Member } from '../../identity/access/principal.js';
import { ScopeArea } from '../../identity/access/token-scopes.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { answers, answersEmpty } from '../../platform/http/answers.js';
import { notFound } from '../../platform/http/problem.js';
import { requestOrigin } from '../../platform/http/request-origin.js';
import { pathId } from '../../platform/http/schema-fields.js';
import { appFrameHeaders } from '../../platform/pages/page-headers.js';
import { CreateDashboardApp, DashboardAppSchema, UpdateDashboardApp, type WireDashboardApp } from './dashboard-app.dto.js';
import { dashboardAppPage } from './dashboard-app.page.js';
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
  constructor(private readonly unitOfWork: UnitOfWork, private readonly apps: DashboardAppsRepository, @Inject(CONFIG) private readonly config: Config) {}

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

  @Get(':id/frame')
  @MemberOnly()
  @ApiProduces('text/html')
  @ApiResponse({ status: 200, description: 'The page in which the dashboard shows the app.' })
  async frame(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const app = await this.unitOfWork.run(me.accountId, async (tx) => presentFound(await this.apps.find(tx, id)));
    const addresses = app.content.map(({ url }) => url);
    const headers = appFrameHeaders(this.config.PUBLIC_URL?.startsWith('https:') ?? false, [...new Set(addresses.map((url) => new URL(url).origin))]);
    void reply.headers({ ...headers, 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' }).send(dashboardAppPage(app.title, addresses, requestOrigin(this.config, request)));
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
