import { Body, Controller, Delete, Get, Param, Patch, Post } from '@nestjs/common';
import type { z } from 'zod';
import { Events } from '../../delivery/events.js';
import { AdministratorOnly, CurrentMember, MemberOnly, WantsFreshProof } from '../../identity/access/access.decorators.js';
import { isAdministrator, type Member } from '../../identity/access/principal.js';
import '../../inboxes/inbox.events.js';
import { InboxesRepository } from '../../inboxes/inboxes.repository.js';
import { SystemWork, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { AcceptsImage } from '../../platform/http/accepts-files.js';
import { answers, answersEmpty } from '../../platform/http/answers.js';
import { invalid, notFound } from '../../platform/http/problem.js';
import { pathId } from '../../platform/http/schema-fields.js';
import { AgentBotSchema, CreateAgentBot, InboxBot, SetAgentBot, UpdateAgentBot, type WireAgentBot } from './agent-bot.dto.js';
import { AgentBotsRepository } from './agent-bots.repository.js';
import { KeepAgentBots } from './keep-agent-bots.service.js';

/** Programs that answer in conversations, and which inbox has which. */
@Controller('api/v1/accounts/:account_id')
export class AgentBotsController {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly system: SystemWork, private readonly bots: AgentBotsRepository, private readonly keep: KeepAgentBots,
    private readonly inboxes: InboxesRepository, private readonly events: Events,
  ) {}

  @Get('agent_bots')
  @MemberOnly()
  @answers(AgentBotSchema, { isArray: true })
  list(@CurrentMember() me: Member): Promise<WireAgentBot[]> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      const shown: WireAgentBot[] = [];
      for (const bot of await this.bots.list(tx)) shown.push(await this.keep.present(tx, bot, me));
      return shown;
    });
  }

  @Post('agent_bots')
  @WantsFreshProof()
  @AdministratorOnly()
  @AcceptsImage()
  @answers(AgentBotSchema)
  async create(@CurrentMember() me: Member, @Body({ schema: CreateAgentBot }) body: CreateAgentBot): Promise<WireAgentBot> {
    const id = await this.keep.withPicture(me.accountId, body.avatar, (key) => this.system.run(async (tx) => {
      const made = await this.keep.create(tx, me.accountId, body);
      await this.keep.setFace(tx, made, me.accountId, key, body.avatar_url);
      return made;
    }));
    return this.show(me, id);
  }

  @Get('agent_bots/:id')
  @MemberOnly()
  @answers(AgentBotSchema)
  show(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number): Promise<WireAgentBot> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      const bot = await this.bots.find(tx, id);
      if (!bot) throw notFound();
      return this.keep.present(tx, bot, me);
    });
  }

  @Patch('agent_bots/:id')
  @AdministratorOnly()
  @AcceptsImage()
  @answers(AgentBotSchema)
  async update(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number, @Body({ schema: UpdateAgentBot }) body: UpdateAgentBot): Promise<WireAgentBot> {
    await this.keep.withPicture(me.accountId, body.avatar, (key) => this.system.run(async (tx) => {
      await this.keep.update(tx, id, me.accountId, body);
      await this.keep.setFace(tx, id, me.accountId, key, body.avatar_url);
    }));
    return this.show(me, id);
  }

  @Delete('agent_bots/:id/avatar')
  @AdministratorOnly()
  @answers(AgentBotSchema)
  async removeAvatar(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number): Promise<WireAgentBot> {
    await this.system.run((tx) => this.keep.setPicture(tx, id, me.accountId, null));
    return this.show(me, id);
  }

  /** The same with its token and secret, which a browser is shown as dots elsewhere. */
  @Get('agent_bots/:id/secrets')
  @WantsFreshProof()
  @AdministratorOnly()
  @answers(AgentBotSchema)
  showWithSecrets(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number): Promise<WireAgentBot> {
    return this.show(me, id);
  }

  @Post('agent_bots/:id/reset_access_token')
  @WantsFreshProof()
  @AdministratorOnly()
  @answers(AgentBotSchema)
  async resetAccessToken(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number): Promise<WireAgentBot> {
    await this.system.run((tx) => this.keep.resetToken(tx, id, me.accountId));
    return this.show(me, id);
  }

  @Post('agent_bots/:id/reset_secret')
  @WantsFreshProof()
  @AdministratorOnly()
  @answers(AgentBotSchema)
  async resetSecret(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number): Promise<WireAgentBot> {
    await this.unitOfWork.run(me.accountId, (tx) => this.keep.resetSecret(tx, id));
    return this.show(me, id);
  }

  @Delete('agent_bots/:id')
  @AdministratorOnly()
  @answersEmpty()
  async remove(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number): Promise<void> {
    await this.system.run((tx) => this.keep.remove(tx, id, me.accountId));
  }

  @Get('inboxes/:inbox_id/agent_bot')
  @MemberOnly()
  @answers(InboxBot)
  ofInbox(@CurrentMember() me: Member, @Param('inbox_id', { schema: pathId }) inboxId: number): Promise<z.infer<typeof InboxBot>> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      if (!await this.inboxes.find(tx, inboxId, isAdministrator(me) ? null : me.userId)) throw notFound();
      const bot = await this.bots.ofInbox(tx, inboxId);
      return { agent_bot: bot ? await this.keep.present(tx, bot, me) : {} };
    });
  }

  /** New conversations of the inbox begin as the bot's (pending) until it hands them over. */
  @Post('inboxes/:inbox_id/set_agent_bot')
  @AdministratorOnly()
  @answersEmpty()
  async setOfInbox(@CurrentMember() me: Member, @Param('inbox_id', { schema: pathId }) inboxId: number, @Body({ schema: SetAgentBot }) body: z.infer<typeof SetAgentBot>): Promise<void> {
    await this.unitOfWork.run(me.accountId, async (tx) => {
      if (!await this.inboxes.find(tx, inboxId)) throw notFound();
      const bot = body.agent_bot ? await this.bots.find(tx, body.agent_bot) : undefined;
      if (body.agent_bot && !bot) throw invalid('agent_bot', 'is no bot of this account');
      await this.keep.setOfInbox(tx, inboxId, bot);
      await this.events.append(tx, { type: 'inbox.updated', actorId: me.userId, payload: { inbox_id: inboxId } });
    });
  }
}
