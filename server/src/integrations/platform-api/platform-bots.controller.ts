import { Body, Controller, Delete, Get, Param, Patch, Post } from '@nestjs/common';
import type { z } from 'zod';
import { CurrentPlatformApp, PlatformOnly } from '../../identity/access/access.decorators.js';
import type { SystemTx } from '../../platform/database/transaction.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { AcceptsImage } from '../../platform/http/accepts-files.js';
import { answers, answersEmpty } from '../../platform/http/answers.js';
import { invalid } from '../../platform/http/problem.js';
import { pathId } from '../../platform/http/schema-fields.js';
import { AgentBotsRepository, type AgentBotRow } from '../agent-bots/agent-bots.repository.js';
import { KeepAgentBots } from '../agent-bots/keep-agent-bots.service.js';
import { CreatePlatformBot, PlatformBot, UpdatePlatformBot } from './platform.dto.js';
import { PlatformPermissions } from './platform-permissions.repository.js';

const byId = { schema: pathId };

/** Bots that an app made: for one account, or for all. */
@Controller('platform/api/v1/agent_bots')
@PlatformOnly()
export class PlatformBotsController {
  constructor(private readonly system: SystemWork, private readonly permissions: PlatformPermissions, private readonly bots: AgentBotsRepository, private readonly keep: KeepAgentBots) {}

  @Get()
  @answers(PlatformBot, { isArray: true })
  list(@CurrentPlatformApp() app: number): Promise<PlatformBot[]> {
    return this.system.run(async (tx) => {
      const ids = new Set(await this.permissions.ids(tx, app, 'agent_bot'));
      return (await this.bots.list(tx)).filter((bot) => ids.has(bot.id)).map((bot) => this.present(bot));
    });
  }

  @Post()
  @AcceptsImage()
  @answers(PlatformBot)
  create(@CurrentPlatformApp() app: number, @Body({ schema: CreatePlatformBot }) body: z.infer<typeof CreatePlatformBot>): Promise<PlatformBot> {
    return this.keep.withPicture(body.account_id ?? null, body.avatar, (key) => this.system.run(async (tx) => {
      if (body.account_id != null) await this.permissions.demand(tx, app, 'account', body.account_id);
      const id = await this.keep.create(tx, body.account_id ?? null, body);
      await this.permissions.permit(tx, app, 'agent_bot', id);
      await this.keep.setFace(tx, id, null, key, body.avatar_url);
      return this.one(tx, id);
    }));
  }

  @Get(':platform_bot_id')
  @answers(PlatformBot)
  show(@CurrentPlatformApp() app: number, @Param('platform_bot_id', byId) id: number): Promise<PlatformBot> {
    return this.reached(app, id, (tx) => this.one(tx, id));
  }

  @Patch(':platform_bot_id')
  @AcceptsImage()
  @answers(PlatformBot)
  update(@CurrentPlatformApp() app: number, @Param('platform_bot_id', byId) id: number, @Body({ schema: UpdatePlatformBot }) body: z.infer<typeof UpdatePlatformBot>): Promise<PlatformBot> {
    const { account_id: account, ...changes } = body;
    return this.keep.withPicture(null, body.avatar, (key) => this.reached(app, id, async (tx) => {
      if (account !== undefined && account !== (await this.bots.find(tx, id))!.account_id) throw invalid('account_id', 'cannot be changed: make another bot in that account');
      await this.keep.update(tx, id, null, changes);
      await this.keep.setFace(tx, id, null, key, body.avatar_url);
      return this.one(tx, id);
    }));
  }

  @Delete(':platform_bot_id')
  @answersEmpty()
  async remove(@CurrentPlatformApp() app: number, @Param('platform_bot_id', byId) id: number): Promise<void> {
    await this.reached(app, id, async (tx) => {
      await this.keep.remove(tx, id, null);
      await this.permissions.forget(tx, 'agent_bot', id);
    });
  }

  private reached<T>(app: number, id: number, work: (tx: SystemTx) => Promise<T>): Promise<T> {
    return this.system.run(async (tx) => {
      await this.permissions.demand(tx, app, 'agent_bot', id);
      return work(tx);
    });
  }

  private async one(tx: SystemTx, id: number): Promise<PlatformBot> {
    return this.present((await this.bots.find(tx, id))!);
  }

  private present(bot: AgentBotRow): PlatformBot {
    return { id: bot.id, name: bot.name, description: bot.description, outgoing_url: bot.outgoing_url, account_id: bot.account_id, access_token: this.bots.tokenOf(bot) };
  }
}
