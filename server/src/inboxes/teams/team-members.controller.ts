import { Body, Controller, Delete, Get, Param, Patch, Post } from '@nestjs/common';
import { Events } from '../../delivery/events.js';
import { AdministratorOnly, CurrentMember, MemberOnly } from '../../identity/access/access.decorators.js';
import type { Member } from '../../identity/access/principal.js';
import { Agent } from '../../identity/agents/agent.dto.js';
import { AgentPresenter } from '../../identity/agents/agent.presenter.js';
import type { Tx } from '../../platform/database/transaction.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { answers, answersEmpty } from '../../platform/http/answers.js';
import { invalid, notFound } from '../../platform/http/problem.js';
import { pathId } from '../../platform/http/schema-fields.js';
import '../inbox.events.js';
import { InboxMembersRepository } from '../inbox-members.repository.js';
import { TeamMembers } from './team.dto.js';
import { TeamsRepository } from './teams.repository.js';

const byId = { schema: pathId };

/** Who is in a team. */
@Controller('api/v1/accounts/:account_id/teams/:team_id/team_members')
export class TeamMembersController {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly teams: TeamsRepository, private readonly people: InboxMembersRepository, private readonly agents: AgentPresenter,
    private readonly events: Events,
  ) {}

  @Get()
  @MemberOnly()
  @answers(Agent, { isArray: true })
  list(@CurrentMember() me: Member, @Param('team_id', byId) id: number): Promise<Agent[]> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      if (!await this.teams.find(tx, id)) throw notFound();
      return this.agents.list(me.accountId, await this.teams.members(tx, id));
    });
  }

  /** Answers those who were not in it before. */
  @Post()
  @AdministratorOnly()
  @answers(Agent, { isArray: true })
  add(@CurrentMember() me: Member, @Param('team_id', byId) id: number, @Body({ schema: TeamMembers }) body: TeamMembers): Promise<Agent[]> {
    return this.change(me, id, body, async (tx, userIds) => {
      const added = await this.teams.add(tx, id, userIds);
      return (await this.shown(tx, me, id)).filter((agent) => added.includes(agent.id));
    });
  }

  @Patch()
  @AdministratorOnly()
  @answers(Agent, { isArray: true })
  replace(@CurrentMember() me: Member, @Param('team_id', byId) id: number, @Body({ schema: TeamMembers }) body: TeamMembers): Promise<Agent[]> {
    return this.change(me, id, body, async (tx, userIds) => {
      await this.teams.keepOnly(tx, id, userIds);
      await this.teams.add(tx, id, userIds);
      return this.shown(tx, me, id);
    });
  }

  @Delete()
  @AdministratorOnly()
  @answersEmpty()
  async remove(@CurrentMember() me: Member, @Param('team_id', byId) id: number, @Body({ schema: TeamMembers }) body: TeamMembers): Promise<void> {
    await this.change(me, id, body, (tx, userIds) => this.teams.removeMembers(tx, id, userIds));
  }

  private async shown(tx: Tx, me: Member, id: number): Promise<Agent[]> {
    return this.agents.list(me.accountId, await this.teams.members(tx, id));
  }

  private change<T>(me: Member, id: number, body: TeamMembers, work: (tx: Tx, userIds: number[]) => Promise<T>): Promise<T> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      if (!await this.teams.lock(tx, id)) throw notFound();
      const userIds = [...new Set(body.user_ids)];
      if ((await this.people.peopleOf(tx, userIds)).length !== userIds.length) throw invalid('user_ids', 'names somebody who is not in this account');
      const answer = await work(tx, userIds);
      await this.events.append(tx, { type: 'team.updated', actorId: me.userId, payload: { team_id: id } });
      return answer;
    });
  }
}
