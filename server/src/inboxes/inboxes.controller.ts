import { Body, Controller, Delete, Get, Inject, Param, Patch, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ChannelRegistry } from '../channels/contract/channel-registry.js';
import { AdministratorOnly, CurrentMember, MemberOnly, WantsFreshProof } from '../identity/access/access.decorators.js';
import { isAdministrator, maySeeSecrets, shownSecret, type Member } from '../identity/access/principal.js';
import { CONFIG, type Config } from '../platform/config/config.js';
import type { Tx } from '../platform/database/transaction.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { AcceptsImage } from '../platform/http/accepts-files.js';
import { answers, answersEmpty } from '../platform/http/answers.js';
import { notFound } from '../platform/http/problem.js';
import { requestOrigin } from '../platform/http/request-origin.js';
import { pathId } from '../platform/http/schema-fields.js';
import { Avatars, type ReceivedImage } from '../platform/storage/avatars.js';
import { AgentPresenter } from '../identity/agents/agent.presenter.js';
import { AgentList, CreateInbox, InboxList, InboxSchema, UpdateInbox } from './inbox.dto.js';
import { presentInbox } from './inbox.presenter.js';
import { InboxMembersRepository } from './inbox-members.repository.js';
import { InboxSecrets } from './inbox-secrets.service.js';
import { InboxesRepository, type InboxRow } from './inboxes.repository.js';
import { SaveInbox } from './save-inbox.service.js';

type WireInbox = z.infer<typeof InboxSchema>;

/** Configured channels. Agents see those they are members of; administrators see and change all. */
@Controller('api/v1/accounts/:account_id/inboxes')
export class InboxesController {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly inboxes: InboxesRepository, private readonly members: InboxMembersRepository, private readonly save: SaveInbox,
    private readonly secrets: InboxSecrets, private readonly channels: ChannelRegistry, private readonly agents: AgentPresenter, private readonly avatars: Avatars,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get()
  @MemberOnly()
  @answers(InboxList)
  list(@CurrentMember() me: Member, @Req() request: FastifyRequest): Promise<z.infer<typeof InboxList>> {
    return this.unitOfWork.run(me.accountId, async (tx) => ({ payload: (await this.inboxes.list(tx, memberFilter(me))).map((row) => this.present(row, me, request)) }));
  }

  @Post()
  @AdministratorOnly()
  @AcceptsImage()
  @answers(InboxSchema)
  create(@CurrentMember() me: Member, @Body({ schema: CreateInbox }) body: CreateInbox, @Req() request: FastifyRequest): Promise<WireInbox> {
    return this.withPicture(me, body, async (tx, key) => this.show(tx, me, await this.save.create(tx, body, key), request));
  }

  @Get(':id')
  @MemberOnly()
  @answers(InboxSchema)
  find(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number, @Req() request: FastifyRequest): Promise<WireInbox> {
    return this.unitOfWork.run(me.accountId, (tx) => this.show(tx, me, id, request));
  }

  @Patch(':id')
  @AdministratorOnly()
  @AcceptsImage()
  @answers(InboxSchema)
  update(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number, @Body({ schema: UpdateInbox }) body: UpdateInbox, @Req() request: FastifyRequest): Promise<WireInbox> {
    return this.withPicture(me, body, async (tx, key) => {
      await this.save.update(tx, id, body, key);
      return this.show(tx, me, id, request);
    });
  }

  @Delete(':id/avatar')
  @AdministratorOnly()
  @answers(InboxSchema)
  removeAvatar(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number, @Req() request: FastifyRequest): Promise<WireInbox> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      await this.save.removeAvatar(tx, id);
      return this.show(tx, me, id, request);
    });
  }

  @Delete(':id')
  @WantsFreshProof()
  @AdministratorOnly()
  @answersEmpty()
  async remove(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number): Promise<void> {
    await this.unitOfWork.run(me.accountId, (tx) => this.save.remove(tx, id));
  }

  /** The same with its secrets, which a browser is shown as dots elsewhere. */
  @Get(':id/secrets')
  @WantsFreshProof()
  @AdministratorOnly()
  @answers(InboxSchema)
  findWithSecrets(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number, @Req() request: FastifyRequest): Promise<WireInbox> {
    return this.unitOfWork.run(me.accountId, (tx) => this.show(tx, me, id, request));
  }

  @Post(':id/reset_secret')
  @WantsFreshProof()
  @AdministratorOnly()
  @answers(InboxSchema)
  resetSecret(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number, @Req() request: FastifyRequest): Promise<WireInbox> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      await this.save.resetSecret(tx, id);
      return this.show(tx, me, id, request);
    });
  }

  @Get(':id/assignable_agents')
  @MemberOnly()
  @answers(AgentList)
  assignable(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number): Promise<z.infer<typeof AgentList>> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      if (!await this.inboxes.find(tx, id, memberFilter(me))) throw notFound();
      return { payload: await this.agents.list(me.accountId, await this.members.assignable(tx, [id])) };
    });
  }

  private withPicture<T>(me: Member, { avatar }: { avatar?: ReceivedImage }, work: (tx: Tx, key: string | undefined) => Promise<T>): Promise<T> {
    return this.avatars.saveFor({ accountId: me.accountId }, avatar, (key) => this.unitOfWork.run(me.accountId, (tx) => work(tx, key)));
  }

  private async show(tx: Tx, me: Member, id: number, request: FastifyRequest): Promise<WireInbox> {
    const row = await this.inboxes.find(tx, id, memberFilter(me));
    if (!row) throw notFound();
    return this.present(row, me, request);
  }

  private secretsFor(row: InboxRow, me: Member): Record<string, string> {
    return Object.fromEntries(Object.entries(this.secrets.open(row)).map(([name, secret]) => [name, shownSecret(me, secret)]));
  }

  /** The snippet stands on another site, so its address is whole even where PUBLIC_URL is not set. */
  private present(row: InboxRow, me: Member, request: FastifyRequest): WireInbox {
    const isAdmin = maySeeSecrets(me);
    return presentInbox(row, this.channels.get(row.channel_type), isAdmin ? this.secretsFor(row, me) : {}, isAdmin ? 'administrator' : 'agent',
      { publicUrl: requestOrigin(this.config, request), avatarUrl: this.avatars.url(row.avatar_key) });
  }
}

/** Whose membership decides what is seen: nobody's for administrators. */
const memberFilter = (me: Member): number | null => (isAdministrator(me) ? null : me.userId);
