import { Controller, Get, Query } from '@nestjs/common';
import { AdministratorOnly, CurrentMember } from '../../identity/access/access.decorators.js';
import type { Member } from '../../identity/access/principal.js';
import { ScopeArea } from '../../identity/access/token-scopes.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { answers } from '../../platform/http/answers.js';
import { AskReports } from './ask-reports.service.js';
import { ChannelSummary, SpanQuery, SummaryRow } from './report.dto.js';

/** The same figures for each agent, inbox, team, label or channel. */
@Controller('api/v2/accounts/:account_id/summary_reports')
@AdministratorOnly()
@ScopeArea('reports')
export class SummaryReportsController {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly reports: AskReports) {}

  @Get('agent')
  @answers(SummaryRow, { isArray: true })
  agent(@CurrentMember() me: Member, @Query({ schema: SpanQuery }) query: SpanQuery): Promise<SummaryRow[]> {
    return this.unitOfWork.run(me.accountId, (tx) => this.reports.rows(tx, 'agent', query));
  }

  @Get('inbox')
  @answers(SummaryRow, { isArray: true })
  inbox(@CurrentMember() me: Member, @Query({ schema: SpanQuery }) query: SpanQuery): Promise<SummaryRow[]> {
    return this.unitOfWork.run(me.accountId, (tx) => this.reports.rows(tx, 'inbox', query));
  }

  @Get('team')
  @answers(SummaryRow, { isArray: true })
  team(@CurrentMember() me: Member, @Query({ schema: SpanQuery }) query: SpanQuery): Promise<SummaryRow[]> {
    return this.unitOfWork.run(me.accountId, (tx) => this.reports.rows(tx, 'team', query));
  }

  @Get('label')
  @answers(SummaryRow, { isArray: true })
  label(@CurrentMember() me: Member, @Query({ schema: SpanQuery }) query: SpanQuery): Promise<SummaryRow[]> {
    return this.unitOfWork.run(me.accountId, (tx) => this.reports.rows(tx, 'label', query));
  }

  /** What became of the conversations that began in the span. At most six months. */
  @Get('channel')
  @answers(ChannelSummary)
  channel(@CurrentMember() me: Member, @Query({ schema: SpanQuery }) query: SpanQuery): Promise<ChannelSummary> {
    return this.unitOfWork.run(me.accountId, (tx) => this.reports.channelRows(tx, query));
  }
}
