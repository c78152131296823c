import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import type { z } from 'zod';
import { AdministratorOnly, CurrentMember, MemberOnly } from '../identity/access/access.decorators.js';
import { isAdministrator, type Member } from '../identity/access/principal.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { answers, answersEmpty } from '../platform/http/answers.js';
import { notFound } from '../platform/http/problem.js';
import { pathId } from '../platform/http/schema-fields.js';
import { AgentPresenter } from '../identity/agents/agent.presenter.js';
import { ChangeMembers } from './change-members.service.js';
import { AgentList, AssignableQuery, InboxMembers } from './inbox.dto.js';
import { InboxMembersRepository } from './inbox-members.repository.js';
import { InboxesRepository } from './inboxes.repository.js';

type Agents = z.infer<typeof AgentList>;

/** Who works in an inbox, and to whom its conversations can be given. */
@Controller('api/v1/accounts/:account_id')
export class InboxMembersController {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly inboxes: InboxesRepository, private readonly members: InboxMembersRepository, private readonly changes: ChangeMembers,
    private readonly agents: AgentPresenter,
  ) {}

  @Get('inbox_members/:inbox_id')
  @MemberOnly()
  @answers(AgentList)
  list(@CurrentMember() me: Member, @Param('inbox_id', { schema: pathId }) inboxId: number): Promise<Agents> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      if (!await this.inboxes.find(tx, inboxId, isAdministrator(me) ? null : me.userId)) throw notFound();
      return { payload: await this.agents.list(me.accountId, await this.members.members(tx, inboxId)) };
    });
  }

  @Post('inbox_members')
  @AdministratorOnly()
  @answers(AgentList)
  add(@CurrentMember() me: Member, @Body({ schema: InboxMembers }) body: InboxMembers): Promise<Agents> {
    return this.change(me, 'add', body);
  }

  @Patch('inbox_members')
  @AdministratorOnly()
  @answers(AgentList)
  replace(@CurrentMember() me: Member, @Body({ schema: InboxMembers }) body: InboxMembers): Promise<Agents> {
    return this.change(me, 'replace', body);
  }

  @Delete('inbox_members')
  @AdministratorOnly()
  @answersEmpty()
  async remove(@CurrentMember() me: Member, @Body({ schema: InboxMembers }) body: InboxMembers): Promise<void> {
    await this.change(me, 'remove', body);
  }

  @Get('assignable_agents')
  @MemberOnly()
  @answers(AgentList)
  assignable(@CurrentMember() me: Member, @Query({ schema: AssignableQuery }) query: z.infer<typeof AssignableQuery>): Promise<Agents> {
    return this.unitOfWork.run(me.accountId, async (tx) =>
      ({ payload: await this.agents.list(me.accountId, await this.members.assignable(tx, [...new Set(query.inbox_ids)])) }));
  }

  private change(me: Member, how: 'add' | 'replace' | 'remove', body: InboxMembers): Promise<Agents> {
    return this.unitOfWork.run(me.accountId, async (tx) => ({ payload: await this.agents.list(me.accountId, await this.changes.change(tx, how, body)) }));
  }
}
