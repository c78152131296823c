import { Controller, Get, Query } from '@nestjs/common';
import { AdministratorOnly, CurrentMember } from '../../identity/access/access.decorators.js';
import type { Member } from '../../identity/access/principal.js';
import { ScopeArea } from '../../identity/access/token-scopes.js';
import { AgentPresenter } from '../../identity/agents/agent.presenter.js';
import type { Tx } from '../../platform/database/transaction.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { answers } from '../../platform/http/answers.js';
import { notFound } from '../../platform/http/problem.js';
import { HistoryRepository } from '../counting/history.repository.js';
import { AskReports } from './ask-reports.service.js';
import {
  BotMetrics, BotSummaryAnswer, Distribution, LiveAnswer, LiveQuery, Matrix, MatrixQuery, OutgoingQuery, OutgoingRow, ProgressAnswer, SeriesPoint, SeriesQuery, SpanQuery, SummaryAnswer, SummaryQuery, type AgentNow,
} from './report.dto.js';
import { ReportFactsRepository } from './report-facts.repository.js';

/** What happened, over time and altogether. Spans are widened to whole quarters of an hour. */
@Controller('api/v2/accounts/:account_id/reports')
@AdministratorOnly()
@ScopeArea('reports')
export class ReportsController {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly reports: AskReports, private readonly facts: ReportFactsRepository, private readonly agents: AgentPresenter, private readonly history: HistoryRepository,
  ) {}

  @Get()
  @answers(SeriesPoint, { isArray: true })
  series(@CurrentMember() me: Member, @Query({ schema: SeriesQuery }) query: SeriesQuery): Promise<SeriesPoint[]> {
    return this.unitOfWork.run(me.accountId, (tx) => this.reports.series(tx, query));
  }

  /** With the equally long time before, for comparing. */
  @Get('summary')
  @answers(SummaryAnswer)
  summary(@CurrentMember() me: Member, @Query({ schema: SummaryQuery }) query: SummaryQuery): Promise<SummaryAnswer> {
    return this.unitOfWork.run(me.accountId, (tx) => this.reports.summary(tx, query));
  }

  /** What bots have ended and handed over, with the equally long time before. */
  @Get('bot_summary')
  @answers(BotSummaryAnswer)
  botSummary(@CurrentMember() me: Member, @Query({ schema: SpanQuery }) query: SpanQuery): Promise<BotSummaryAnswer> {
    return this.unitOfWork.run(me.accountId, (tx) => this.reports.botSummary(tx, query));
  }

  /** Of the inboxes where a bot answers now: new conversations, messages sent, and the share that the bot ended or handed over. */
  @Get('bot_metrics')
  @answers(BotMetrics)
  botMetrics(@CurrentMember() me: Member, @Query({ schema: SpanQuery }) query: SpanQuery): Promise<BotMetrics> {
    return this.unitOfWork.run(me.accountId, (tx) => this.reports.botMetrics(tx, query));
  }

  /** How things stand now: of the account, or of its agents, 25 a page. */
  @Get('conversations')
  @answers(LiveAnswer, { description: 'For the account one object, for agents a list' })
  now(@CurrentMember() me: Member, @Query({ schema: LiveQuery }) query: LiveQuery): Promise<LiveAnswer> {
    return this.unitOfWork.run(me.accountId, async (tx): Promise<LiveAnswer> => (query.type === 'account' ? this.facts.openNow(tx) : this.agentsNow(tx, query)));
  }

  @Get('first_response_time_distribution')
  @answers(Distribution)
  distribution(@CurrentMember() me: Member, @Query({ schema: SpanQuery }) query: SpanQuery): Promise<Distribution> {
    return this.unitOfWork.run(me.accountId, (tx) => this.reports.distribution(tx, query));
  }

  @Get('inbox_label_matrix')
  @answers(Matrix)
  matrix(@CurrentMember() me: Member, @Query({ schema: MatrixQuery }) query: MatrixQuery): Promise<Matrix> {
    return this.unitOfWork.run(me.accountId, (tx) => this.reports.matrix(tx, query));
  }

  @Get('outgoing_messages_count')
  @answers(OutgoingRow, { isArray: true })
  outgoing(@CurrentMember() me: Member, @Query({ schema: OutgoingQuery }) query: OutgoingQuery): Promise<OutgoingRow[]> {
    return this.unitOfWork.run(me.accountId, (tx) => this.reports.outgoing(tx, query));
  }

  /** How far counting has come with what was there before anybody counted. */
  @Get('progress')
  @answers(ProgressAnswer)
  progress(@CurrentMember() me: Member): Promise<ProgressAnswer> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      const found = await this.history.find(tx);
      return { counted: found?.counted ?? 0, total: found?.total ?? 0, finished: Boolean(found?.finished_at) };
    });
  }

  private async agentsNow(tx: Tx, query: LiveQuery): Promise<AgentNow[]> {
    const people = await this.facts.people(tx, query.page, query.user_id);
    if (query.user_id !== undefined && people.length === 0 && query.page === 1) throw notFound();
    const open = new Map((await this.facts.openOf(tx, people.map((person) => person.id))).map((row) => [row.id, row]));
    return (await this.agents.list(tx.accountId, people)).map((agent) => ({
      id: agent.id, name: agent.available_name, email: agent.email, thumbnail: agent.thumbnail, availability: agent.availability_status,
      metric: { open: open.get(agent.id)?.open ?? 0, unattended: open.get(agent.id)?.unattended ?? 0 },
    }));
  }
}
