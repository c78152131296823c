import { Injectable } from '@nestjs/common';
import { ChannelRegistry } from '../../channels/contract/channel-registry.js';
import { STATUSES } from '../../conversations/conversation-codes.js';
import { Clock } from '../../platform/clock/clock.js';
import type { Tx } from '../../platform/database/transaction.js';
import { unprocessable } from '../../platform/http/problem.js';
import type { DimensionName } from '../counting/tally.js';
import { isAverage, METRICS, valueOf, type Sums } from './metrics.js';
import { rangeOf, type BotMetrics, type BotSummary, type BotSummaryAnswer, type ChannelSummary, type Distribution, type Matrix, type MatrixQuery, type OutgoingQuery, type OutgoingRow, type SeriesPoint, type SeriesQuery, type SpanQuery, type Summary, type SummaryAnswer, type SummaryQuery, type SummaryRow } from './report.dto.js';
import { bucketsOf, previousOf, type ReportRange } from './report-range.js';
import { ReportFactsRepository } from './report-facts.repository.js';
import { ReportSubject } from './report-subject.service.js';
import { NO_SUMS, SumsRepository } from './sums.repository.js';

const SIX_MONTHS = 184 * 86_400;
const RANGES = ['0-1h', '1-4h', '4-8h', '8-24h', '24h+'] as const;

/** Answers what reports ask. */
@Injectable()
export class AskReports {
  constructor(
    private readonly sums: SumsRepository, private readonly facts: ReportFactsRepository, private readonly subjects: ReportSubject, private readonly channels: ChannelRegistry, private readonly clock: Clock,
  ) {}

  range(given: { since?: number; until?: number }): ReportRange {
    return rangeOf(given, this.clock.now());
  }

  /** One metric over time, also where nothing happened. */
  async series(tx: Tx, query: SeriesQuery): Promise<SeriesPoint[]> {
    const { metric } = query;
    return (await this.groups(tx, query)).map(({ timestamp, sums }) => {
      const value = valueOf(metric, sums, query.business_hours);
      return { value, timestamp, ...(isAverage(metric) && { count: sums[METRICS[metric].count] }) };
    });
  }

  /** Everything over time. */
  async groups(tx: Tx, query: Pick<SeriesQuery, 'type' | 'id' | 'since' | 'until' | 'group_by' | 'timezone_offset'>): Promise<{ timestamp: number; sums: Sums }[]> {
    const id = await this.subjects.idOf(tx, query.type, query.id);
    const [range, offset] = [this.range(query), query.timezone_offset * 3600];
    const buckets = bucketsOf(range, query.group_by, offset);
    const found = await this.sums.series(tx, query.type, id, range, query.group_by, offset);
    return buckets.map((timestamp) => ({ timestamp, sums: found.get(timestamp) ?? NO_SUMS }));
  }

  async summary(tx: Tx, query: SummaryQuery): Promise<SummaryAnswer> {
    const id = await this.subjects.idOf(tx, query.type, query.id);
    const range = this.range(query);
    const over = async (span: ReportRange): Promise<Summary> => present((await this.sums.totals(tx, query.type, [id], span)).get(id)!, query.business_hours);
    return { ...await over(range), previous: await over(previousOf(range)) };
  }

  /** What bots have done with conversations, and in the equally long time before. */
  async botSummary(tx: Tx, query: SpanQuery): Promise<BotSummaryAnswer> {
    const range = this.range(query);
    const over = async (span: ReportRange): Promise<BotSummary> => {
      const sums = (await this.sums.totals(tx, 'account', [0], span)).get(0)!;
      return { bot_resolutions_count: sums.bot_resolutions, bot_handoffs_count: sums.bot_handoffs };
    };
    return { ...await over(range), previous: await over(previousOf(range)) };
  }

  /** How much goes through the inboxes where a bot answers, and what share of their new conversations it ends or hands over. */
  async botMetrics(tx: Tx, query: SpanQuery): Promise<BotMetrics> {
    const totals = [...(await this.sums.totals(tx, 'inbox', await this.facts.botInboxes(tx), this.range(query))).values()];
    const sum = (of: (sums: Sums) => number): number => totals.reduce((n, sums) => n + of(sums), 0);
    const conversations = sum((sums) => sums.conversations);
    const rate = (n: number): number => (conversations === 0 ? 0 : Math.min(100, Math.trunc((n * 100) / conversations)));
    return {
      conversation_count: conversations, message_count: sum((sums) => sums.outgoing_messages), resolution_rate: rate(sum((sums) => sums.bot_resolutions)), handoff_rate: rate(sum((sums) => sums.bot_handoffs)),
    };
  }

  /** The same for each agent, inbox, team or label. */
  async rows(tx: Tx, kind: Exclude<DimensionName, 'account'>, query: SpanQuery): Promise<SummaryRow[]> {
    const subjects = await this.facts.subjects(tx, kind);
    const totals = await this.sums.totals(tx, kind, subjects.map((subject) => subject.id), this.range(query));
    return subjects.map(({ id, name }) => {
      const summary = present(totals.get(id)!, query.business_hours);
      return {
        id, name, conversations_count: summary.conversations_count, resolved_conversations_count: summary.resolutions_count, avg_resolution_time: summary.avg_resolution_time,
        avg_first_response_time: summary.avg_first_response_time, avg_reply_time: summary.reply_time,
      };
    });
  }

  /** What became of the conversations that began in the span, by channel. */
  async channelRows(tx: Tx, query: SpanQuery): Promise<ChannelSummary> {
    const range = this.range(query);
    if (range.until - range.since > SIX_MONTHS) throw unprocessable('Date range cannot exceed 6 months');
    const types = await this.channelTypes(tx);
    const answer: ChannelSummary = {};
    for (const { inbox_id: inboxId, status, n } of await this.facts.statuses(tx, range)) {
      const type = types.get(inboxId);
      if (type === undefined) continue;
      const row = answer[type] ??= { open: 0, resolved: 0, pending: 0, snoozed: 0, total: 0 };
      row[STATUSES[status]!] += n;
      row.total += n;
    }
    return answer;
  }

  /** How long people waited for a first answer, by channel. */
  async distribution(tx: Tx, query: SpanQuery): Promise<Distribution> {
    const types = await this.channelTypes(tx);
    const totals = await this.sums.totals(tx, 'inbox', [...types.keys()], this.range(query));
    const answer: Distribution = {};
    for (const [inboxId, sums] of totals) {
      if (sums.first_responses === 0) continue;
      const row = answer[types.get(inboxId)!] ??= { '0-1h': 0, '1-4h': 0, '4-8h': 0, '8-24h': 0, '24h+': 0 };
      const within = [sums.first_responses_1h, sums.first_responses_4h, sums.first_responses_8h, sums.first_responses_24h];
      [...within, sums.first_responses - within.reduce((a, b) => a + b)].forEach((n, i) => { row[RANGES[i]!] += n; });
    }
    return answer;
  }

  async matrix(tx: Tx, query: MatrixQuery): Promise<Matrix> {
    const wanted = (ids: number[] | undefined) => ({ id }: { id: number }): boolean => ids === undefined || ids.includes(id);
    const inboxes = (await this.facts.subjects(tx, 'inbox')).filter(wanted(query.inbox_ids));
    const labels = (await this.facts.subjects(tx, 'label')).filter(wanted(query.label_ids));
    const counts = new Map((await this.facts.labelled(tx, this.range(query))).map((row) => [`${row.inbox_id} ${row.label_id}`, row.n]));
    return {
      inboxes, labels: labels.map(({ id, name }) => ({ id, title: name })), matrix: inboxes.map((inbox) => labels.map((label) => counts.get(`${inbox.id} ${label.id}`) ?? 0)),
    };
  }

  async outgoing(tx: Tx, query: OutgoingQuery): Promise<OutgoingRow[]> {
    const subjects = await this.facts.subjects(tx, query.group_by);
    const totals = await this.sums.totals(tx, query.group_by, subjects.map((subject) => subject.id), this.range(query));
    return subjects.map(({ id, name }) => ({ id, name, outgoing_messages_count: totals.get(id)!.outgoing_messages }));
  }

  private async channelTypes(tx: Tx): Promise<Map<number, string>> {
    return new Map((await this.facts.inboxChannels(tx)).map((inbox) => [inbox.id, this.channels.get(inbox.channel_type).wireType]));
  }
}

const present = (sums: Sums, isBusiness: boolean): Summary => ({
  conversations_count: sums.conversations, incoming_messages_count: sums.incoming_messages, outgoing_messages_count: sums.outgoing_messages,
  avg_first_response_time: valueOf('avg_first_response_time', sums, isBusiness), avg_resolution_time: valueOf('avg_resolution_time', sums, isBusiness), resolutions_count: sums.resolutions,
  reply_time: valueOf('reply_time', sums, isBusiness), bot_resolutions_count: sums.bot_resolutions, bot_handoffs_count: sums.bot_handoffs,
});
