import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import { ApiProduces } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Readable } from 'node:stream';
import type { z } from 'zod';
import { ContactPresenter } from '../contacts/contact.presenter.js';
import { ConversationReader } from '../conversations/queries/conversation-reader.js';
import { AdministratorOnly, CurrentMember } from '../identity/access/access.decorators.js';
import { ScopeArea } from '../identity/access/token-scopes.js';
import type { Member } from '../identity/access/principal.js';
import { AgentPresenter } from '../identity/agents/agent.presenter.js';
import { CONFIG, type Config } from '../platform/config/config.js';
import { publicUrl } from '../platform/config/public-url.js';
import type { Tx } from '../platform/database/transaction.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { answers } from '../platform/http/answers.js';
import { csvLine } from '../platform/http/csv.js';
import { contentDisposition } from '../platform/storage/file-name.js';
import { MetricsQuery, ResponsesQuery, SurveyMetrics, SurveyResponse, type SurveyFilter } from './csat.dto.js';
import { ResponsesRepository } from './responses.repository.js';
import type { SurveyRow } from './surveys.repository.js';

const HEAD = ['Agent name', 'Rating', 'Feedback', 'Contact name', 'Contact email', 'Contact phone', 'Conversation', 'Recorded at'];
const BATCH = 1000;

/** What people said when they were asked how it was. */
@Controller('api/v1/accounts/:account_id/csat_survey_responses')
@AdministratorOnly()
@ScopeArea('reports')
export class CsatResponsesController {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly responses: ResponsesRepository, private readonly reader: ConversationReader, private readonly contacts: ContactPresenter,
    private readonly agents: AgentPresenter, @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** 25 a page, newest first unless `sort` says otherwise. */
  @Get()
  @answers(SurveyResponse, { isArray: true })
  list(@CurrentMember() me: Member, @Query({ schema: ResponsesQuery }) query: ResponsesQuery): Promise<SurveyResponse[]> {
    return this.unitOfWork.run(me.accountId, async (tx) => this.present(tx, await this.responses.page(tx, query)));
  }

  @Get('metrics')
  @answers(SurveyMetrics)
  metrics(@CurrentMember() me: Member, @Query({ schema: MetricsQuery }) query: SurveyFilter): Promise<z.infer<typeof SurveyMetrics>> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      const ratings = await this.responses.ratings(tx, query);
      return {
        total_count: ratings.reduce((sum, row) => sum + row.n, 0), ratings_count: Object.fromEntries(ratings.map((row) => [String(row.rating), row.n])),
        total_sent_messages_count: await this.responses.sent(tx, query),
      };
    });
  }

  /** All of them as a CSV file. */
  @Get('download')
  @ApiProduces('text/csv')
  download(@CurrentMember() me: Member, @Query({ schema: MetricsQuery }) query: SurveyFilter, @Res() reply: FastifyReply): void {
    void reply.headers({ 'Content-Type': 'text/csv; charset=utf-8', 'Content-Disposition': contentDisposition('attachment', 'csat_report.csv') }).send(Readable.from(this.lines(me, query)));
  }

  private async *lines(me: Member, query: SurveyFilter): AsyncGenerator<string> {
    // Spreadsheets take a file for Latin-1 unless it says otherwise.
    yield `\ufeff${csvLine(HEAD)}`;
    for (let offset = 0; ; offset += BATCH) {
      const rows = await this.unitOfWork.run(me.accountId, (tx) => this.responses.exported(tx, query, BATCH, offset));
      yield rows.map((row) => csvLine([
        row.agent_name, row.rating, row.feedback_message, row.contact_name, row.contact_email, row.contact_phone,
        `${publicUrl(this.config)}/app/accounts/${me.accountId}/conversations/${row.display_id}`, row.answered_at.toISOString(),
      ])).join('');
      if (rows.length < BATCH) return;
    }
  }

  private async present(tx: Tx, rows: SurveyRow[]): Promise<SurveyResponse[]> {
    const conversations = new Map((await this.reader.byIds(tx, rows.map((row) => row.conversation_id))).map((row) => [row.id, row]));
    const people = await this.responses.agents(tx, [...new Set(rows.flatMap((row) => row.assigned_agent_id ?? []))]);
    const agents = new Map((await this.agents.list(tx.accountId, people)).map((agent) => [agent.id, agent]));
    return rows.flatMap((row) => {
      const conversation = conversations.get(row.conversation_id);
      const agent = row.assigned_agent_id === null ? undefined : agents.get(row.assigned_agent_id);
      return conversation ? [{
        id: row.id, rating: row.rating!, feedback_message: row.feedback_message, account_id: row.account_id, message_id: row.message_id, contact: this.contacts.present(conversation.contact),
        conversation_id: conversation.display_id, ...(agent && { assigned_agent: agent }), created_at: Math.floor(row.answered_at!.getTime() / 1000), inbox_id: row.inbox_id,
      }] : [];
    });
  }
}
