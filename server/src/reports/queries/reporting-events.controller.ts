import { Controller, Get, Param, Query } from '@nestjs/common';
import { ConversationsRepository } from '../../conversations/conversations.repository.js';
import { AdministratorOnly, CurrentMember, MemberOnly } from '../../identity/access/access.decorators.js';
import type { Member } from '../../identity/access/principal.js';
import { ScopeArea } from '../../identity/access/token-scopes.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { answers } from '../../platform/http/answers.js';
import { notFound } from '../../platform/http/problem.js';
import { pathId } from '../../platform/http/schema-fields.js';
import { EventsAnswer, EventsQuery, WireReportingEvent } from './reporting-events.dto.js';
import { PAGE, ReportingEventsRepository, type ReportingEventRow } from './reporting-events.repository.js';

/** What happened in conversations, one by one. */
@Controller('api/v1/accounts/:account_id')
@ScopeArea('reports')
export class ReportingEventsController {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly events: ReportingEventsRepository, private readonly conversations: ConversationsRepository) {}

  /** 25 a page, newest first. */
  @Get('reporting_events')
  @AdministratorOnly()
  @answers(EventsAnswer)
  list(@CurrentMember() me: Member, @Query({ schema: EventsQuery }) query: EventsQuery): Promise<EventsAnswer> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      const count = await this.events.count(tx, query);
      const rows = await this.events.page(tx, query);
      return { payload: rows.map((row) => present(me.accountId, row)), meta: { count, current_page: query.page, total_pages: Math.ceil(count / PAGE) } };
    });
  }

  /** Those of one conversation, as they happened. */
  @Get('conversations/:id/reporting_events')
  @MemberOnly()
  @answers(WireReportingEvent, { isArray: true })
  ofConversation(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number): Promise<WireReportingEvent[]> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      const conversation = await this.conversations.find(tx, me, id);
      if (!conversation) throw notFound();
      return (await this.events.ofConversation(tx, conversation.id)).map((row) => present(me.accountId, row));
    });
  }
}

/** An event is made when what it tells of has happened, whenever it was counted. */
const present = (accountId: number, row: ReportingEventRow): WireReportingEvent => ({
  id: row.id, name: row.name, value: row.value, value_in_business_hours: row.value_in_business_hours, event_start_time: row.event_start_time.toISOString(), event_end_time: row.event_end_time.toISOString(),
  account_id: accountId, conversation_id: row.display_id, inbox_id: row.inbox_id, user_id: row.user_id, created_at: row.event_end_time.toISOString(), updated_at: row.recorded_at.toISOString(),
});
