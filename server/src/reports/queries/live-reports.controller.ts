import { Controller, Get, Query } from '@nestjs/common';
import { AdministratorOnly, CurrentMember } from '../../identity/access/access.decorators.js';
import type { Member } from '../../identity/access/principal.js';
import { ScopeArea } from '../../identity/access/token-scopes.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { answers } from '../../platform/http/answers.js';
import { notFound } from '../../platform/http/problem.js';
import { AccountNow, GroupedNowQuery, GroupNow, NowQuery } from './report.dto.js';
import { ReportFactsRepository } from './report-facts.repository.js';

/** How things stand at this moment. */
@Controller('api/v2/accounts/:account_id/live_reports')
@AdministratorOnly()
@ScopeArea('reports')
export class LiveReportsController {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly facts: ReportFactsRepository) {}

  /** Of the whole account, or of one team. */
  @Get('conversation_metrics')
  @answers(AccountNow)
  now(@CurrentMember() me: Member, @Query({ schema: NowQuery }) { team_id: teamId }: NowQuery): Promise<AccountNow> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      if (teamId !== undefined && !await this.facts.exists(tx, 'team', teamId)) throw notFound();
      return this.facts.openNow(tx, teamId);
    });
  }

  /** Of each team or person that has open conversations; those of nobody come last, under null. */
  @Get('grouped_conversation_metrics')
  @answers(GroupNow, { isArray: true })
  grouped(@CurrentMember() me: Member, @Query({ schema: GroupedNowQuery }) { group_by: column }: GroupedNowQuery): Promise<GroupNow[]> {
    return this.unitOfWork.run(me.accountId, async (tx) => (await this.facts.openBy(tx, column)).map(({ id, ...counts }) => ({ ...counts, [column]: id })));
  }
}
