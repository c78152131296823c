import { Body, Controller, Delete, Get, Inject, Param, Patch, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { answers, answersEmpty } from '../../platform/http/answers.js';
import { requestOrigin } from '../../platform/http/request-origin.js';
import { pathId } from '../../platform/http/schema-fields.js';
import { AdministratorOnly, CurrentMember, CurrentUser, MemberOnly, WantsFreshProof } from '../access/access.decorators.js';
import { Authenticator } from '../access/authenticator.service.js';
import type { Member, Principal, Role } from '../access/principal.js';
import { PendingMembers } from '../invitations/pending-members.repository.js';
import { Agent, AgentChanges, InvitedAgents, NewAgent, NewAgents, ResetLink } from './agent.dto.js';
import { AgentPresenter } from './agent.presenter.js';
import { AgentRepository } from './agent.repository.js';
import { Agents } from './agents.service.js';

/** The people of an account. */
@Controller('api/v1/accounts/:account_id/agents')
export class AgentsController {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly repository: AgentRepository, private readonly agents: Agents, private readonly presenter: AgentPresenter,
    private readonly pending: PendingMembers, private readonly authenticator: Authenticator, @Inject(CONFIG) private readonly config: Config,
  ) {}

  @MemberOnly()
  @Get()
  @answers(Agent, { isArray: true })
  async list(@CurrentMember() member: Member): Promise<Agent[]> {
    const rows = await this.unitOfWork.run(member.accountId, async (tx) => [...await this.repository.list(tx), ...await this.pending.list(tx)]);
    return this.presenter.list(member.accountId, rows, member.role);
  }

  @AdministratorOnly()
  @Post()
  @answers(Agent)
  async invite(
    @CurrentMember() member: Member, @CurrentUser() user: Principal, @Body({ schema: NewAgent }) body: NewAgent, @Req() request: FastifyRequest,
  ): Promise<Agent> {
    this.demandProofFor(user, body.role);
    const { agent, invitationUrl } = await this.agents.invite(member, body, requestOrigin(this.config, request));
    const [shown] = await this.presenter.list(member.accountId, [agent], member.role);
    return { ...shown!, ...(invitationUrl ? { invitation_url: invitationUrl } : {}) };
  }

  /** Invites several people as agents, named by the first part of their address. Who cannot be invited is left out, with the reason. */
  @AdministratorOnly()
  @Post('bulk_create')
  @answers(InvitedAgents)
  async inviteMany(@CurrentMember() member: Member, @Body({ schema: NewAgents }) { emails }: NewAgents, @Req() request: FastifyRequest): Promise<InvitedAgents> {
    const { invited, skipped } = await this.agents.inviteMany(member, emails, requestOrigin(this.config, request));
    const shown = await this.presenter.list(member.accountId, invited.map(({ agent }) => agent), member.role);
    return { payload: shown.map((agent, i) => ({ ...agent, ...(invited[i]!.invitationUrl ? { invitation_url: invited[i]!.invitationUrl } : {}) })), skipped };
  }

  @AdministratorOnly()
  @Patch(':id')
  @answers(Agent)
  async update(
    @CurrentMember() member: Member, @CurrentUser() user: Principal, @Param('id', { schema: pathId }) id: number, @Body({ schema: AgentChanges }) body: AgentChanges,
  ): Promise<Agent> {
    this.demandProofFor(user, body.role);
    const [shown] = await this.presenter.list(member.accountId, [await this.agents.update(member, id, body)], member.role);
    return shown!;
  }

  @AdministratorOnly()
  @Delete(':id')
  @WantsFreshProof()
  @answersEmpty()
  async remove(@CurrentMember() member: Member, @Param('id', { schema: pathId }) id: number): Promise<void> {
    await this.agents.remove(member, id);
  }

  @AdministratorOnly()
  @Post(':id/reset_password')
  @WantsFreshProof()
  @answers(ResetLink)
  async resetPassword(@CurrentMember() member: Member, @Param('id', { schema: pathId }) id: number, @Req() request: FastifyRequest): Promise<z.infer<typeof ResetLink>> {
    const url = await this.agents.resetPassword(member, id, requestOrigin(this.config, request));
    return url === undefined ? {} : { reset_url: url };
  }

  /** Whoever makes an administrator can come back as one. */
  private demandProofFor(user: Principal, role: Role | undefined): void {
    if (role === 'administrator') this.authenticator.demandFreshProof(user);
  }
}
