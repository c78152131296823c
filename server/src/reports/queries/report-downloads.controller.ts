import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiProduces } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AdministratorOnly, CurrentMember } from '../../identity/access/access.decorators.js';
import type { Member } from '../../identity/access/principal.js';
import { ScopeArea } from '../../identity/access/token-scopes.js';
import type { Tx } from '../../platform/database/transaction.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { csvLine } from '../../platform/http/csv.js';
import { contentDisposition } from '../../platform/storage/file-name.js';
import type { DimensionName } from '../counting/tally.js';
import { AskReports } from './ask-reports.service.js';
import { METRIC_NAMES, valueOf } from './metrics.js';
import { GroupedSpanQuery, SpanQuery } from './report.dto.js';

type Line = readonly (string | number | null)[];
const rounded = (value: number | null): number | null => (value === null ? null : Math.round(value));
const two = (n: number): string => String(n).padStart(2, '0');

/** Reports as CSV files. Times are in seconds, an empty cell is the mean of nothing. */
@Controller('api/v2/accounts/:account_id/reports')
@AdministratorOnly()
@ScopeArea('reports')
@ApiProduces('text/csv')
export class ReportDownloadsController {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly reports: AskReports) {}

  @Get('agents')
  agents(@CurrentMember() me: Member, @Query({ schema: SpanQuery }) query: SpanQuery, @Res() reply: FastifyReply): Promise<void> {
    return this.send(me, reply, 'agents_report', (tx) => this.rows(tx, 'agent', 'Agent name', query));
  }

  @Get('inboxes')
  inboxes(@CurrentMember() me: Member, @Query({ schema: SpanQuery }) query: SpanQuery, @Res() reply: FastifyReply): Promise<void> {
    return this.send(me, reply, 'inboxes_report', (tx) => this.rows(tx, 'inbox', 'Inbox name', query));
  }

  @Get('labels')
  labels(@CurrentMember() me: Member, @Query({ schema: SpanQuery }) query: SpanQuery, @Res() reply: FastifyReply): Promise<void> {
    return this.send(me, reply, 'labels_report', (tx) => this.rows(tx, 'label', 'Label', query));
  }

  @Get('teams')
  teams(@CurrentMember() me: Member, @Query({ schema: SpanQuery }) query: SpanQuery, @Res() reply: FastifyReply): Promise<void> {
    return this.send(me, reply, 'teams_report', (tx) => this.rows(tx, 'team', 'Team name', query));
  }

  /** Everything over time. */
  @Get('conversations_summary')
  summary(@CurrentMember() me: Member, @Query({ schema: GroupedSpanQuery }) query: GroupedSpanQuery, @Res() reply: FastifyReply): Promise<void> {
    return this.send(me, reply, 'conversations_summary_report', async (tx) => [
      ['Start', ...METRIC_NAMES],
      ...(await this.reports.groups(tx, { ...query, type: 'account' })).map(({ timestamp, sums }) =>
        [new Date(timestamp * 1000).toISOString(), ...METRIC_NAMES.map((metric) => rounded(valueOf(metric, sums, query.business_hours)))]),
    ]);
  }

  /** New conversations by day and hour. */
  @Get('conversation_traffic')
  traffic(@CurrentMember() me: Member, @Query({ schema: GroupedSpanQuery }) query: GroupedSpanQuery, @Res() reply: FastifyReply): Promise<void> {
    return this.send(me, reply, 'conversation_traffic_reports', async (tx) => {
      const hours = await this.reports.groups(tx, { ...query, type: 'account', group_by: 'hour' });
      const counts = new Map<string, number[]>();
      for (const { timestamp, sums } of hours) {
        const local = new Date((timestamp + query.timezone_offset * 3600) * 1000);
        const day = local.toISOString().slice(0, 10);
        if (!counts.has(day)) counts.set(day, new Array<number>(24).fill(0));
        counts.get(day)![local.getUTCHours()] = sums.conversations;
      }
      const days = [...counts.keys()];
      return [['Start of the hour', ...days], ...Array.from({ length: 24 }, (_, hour) => [`${two(hour)}:00`, ...days.map((day) => counts.get(day)![hour]!)])];
    });
  }

  private async rows(tx: Tx, kind: Exclude<DimensionName, 'account'>, title: string, query: SpanQuery): Promise<Line[]> {
    return [
      [title, 'Conversations', 'Average first response time (s)', 'Average resolution time (s)', 'Average customer waiting time (s)', 'Resolutions'],
      ...(await this.reports.rows(tx, kind, query)).map((row) =>
        [row.name, row.conversations_count, rounded(row.avg_first_response_time), rounded(row.avg_resolution_time), rounded(row.avg_reply_time), row.resolved_conversations_count]),
    ];
  }

  private async send(me: Member, reply: FastifyReply, name: string, make: (tx: Tx) => Promise<Line[]>): Promise<void> {
    const lines = await this.unitOfWork.run(me.accountId, make);
    // Spreadsheets take a file for Latin-1 unless it says otherwise.
    void reply.headers({ 'Content-Type': 'text/csv; charset=utf-8', 'Content-Disposition': contentDisposition('attachment', `${name}.csv`) }).send(`\ufeff${lines.map(csvLine).join('')}`);
  }
}
