import { Body, Controller, Delete, Get, Param, Patch, Post } from '@nestjs/common';
import { Events } from '../../delivery/events.js';
import { AdministratorOnly, CurrentMember, MemberOnly } from '../../identity/access/access.decorators.js';
import type { Member } from '../../identity/access/principal.js';
import type { Tx } from '../../platform/database/transaction.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { answers, answersEmpty } from '../../platform/http/answers.js';
import { invalid, notFound } from '../../platform/http/problem.js';
import { pathId } from '../../platform/http/schema-fields.js';
import '../inbox.events.js';
import { CreateTeam, TeamSchema, UpdateTeam, type WireTeam } from './team.dto.js';
import { TeamsRepository, type TeamRowFor } from './teams.repository.js';

const present = (me: Member, row: TeamRowFor): WireTeam => ({
  id: row.id, name: row.name, description: row.description, allow_auto_assign: row.allow_auto_assign, account_id: me.accountId, is_member: row.is_member,
});
const taken = () => invalid('name', 'Name has already been taken');

/** The teams of an account. Everybody sees them, administrators keep them. */
@Controller('api/v1/accounts/:account_id/teams')
export class TeamsController {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly teams: TeamsRepository, private readonly events: Events) {}

  @Get()
  @MemberOnly()
  @answers(TeamSchema, { isArray: true })
  list(@CurrentMember() me: Member): Promise<WireTeam[]> {
    return this.unitOfWork.run(me.accountId, async (tx) => (await this.teams.list(tx, me.userId)).map((row) => present(me, row)));
  }

  @Post()
  @AdministratorOnly()
  @answers(TeamSchema)
  create(@CurrentMember() me: Member, @Body({ schema: CreateTeam }) body: CreateTeam): Promise<WireTeam> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      const id = await this.teams.insert(tx, body);
      if (id === undefined) throw taken();
      return this.changed(tx, me, id);
    });
  }

  @Get(':team_id')
  @MemberOnly()
  @answers(TeamSchema)
  show(@CurrentMember() me: Member, @Param('team_id', { schema: pathId }) id: number): Promise<WireTeam> {
    return this.unitOfWork.run(me.accountId, (tx) => this.shown(tx, me, id));
  }

  @Patch(':team_id')
  @AdministratorOnly()
  @answers(TeamSchema)
  update(@CurrentMember() me: Member, @Param('team_id', { schema: pathId }) id: number, @Body({ schema: UpdateTeam }) body: UpdateTeam): Promise<WireTeam> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      if (body.name !== undefined && await this.teams.isNameTaken(tx, body.name, id)) throw taken();
      if (!await this.teams.update(tx, id, body)) throw notFound();
      return this.changed(tx, me, id);
    });
  }

  @Delete(':team_id')
  @AdministratorOnly()
  @answersEmpty()
  async remove(@CurrentMember() me: Member, @Param('team_id', { schema: pathId }) id: number): Promise<void> {
    await this.unitOfWork.run(me.accountId, async (tx) => {
      if (!await this.teams.remove(tx, id)) throw notFound();
      await this.events.append(tx, { type: 'team.updated', actorId: me.userId, payload: { team_id: id, deleted: true } });
    });
  }

  private async changed(tx: Tx, me: Member, id: number): Promise<WireTeam> {
    await this.events.append(tx, { type: 'team.updated', actorId: me.userId, payload: { team_id: id } });
    return this.shown(tx, me, id);
  }

  private async shown(tx: Tx, me: Member, id: number): Promise<WireTeam> {
    const row = await this.teams.seenBy(tx, me.userId, id);
    if (!row) throw notFound();
    return present(me, row);
  }
}
