import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import type { z } from 'zod';
import { BotsToo, CurrentMember, MemberOnly } from '../../identity/access/access.decorators.js';
import { ReadsOnly } from '../../identity/access/token-scopes.js';
import type { Member } from '../../identity/access/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { FilterBody } from '../../platform/filters/filter.dto.js';
import { answers } from '../../platform/http/answers.js';
import { notFound } from '../../platform/http/problem.js';
import { pathId } from '../../platform/http/schema-fields.js';
import { ConversationMatches, ConversationMeta, ConversationPage, ConversationSchema, FilteredConversations, type WireConversation } from './conversation.dto.js';
import { ConversationPresenter } from './conversation.presenter.js';
import { ConversationReader } from './conversation-reader.js';
import { ConversationFilter, FilterPage, ListConversations, SearchConversations } from './list.dto.js';
import { ListConversationsService } from './list-conversations.service.js';

/** Reading conversations: the list, its counts, one of them. Agents see those of their inboxes. */
@Controller('api/v1/accounts/:account_id/conversations')
@MemberOnly()
export class ConversationsController {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly lists: ListConversationsService, private readonly reader: ConversationReader, private readonly presenter: ConversationPresenter,
  ) {}

  @Get()
  @answers(ConversationPage)
  list(@CurrentMember() me: Member, @Query({ schema: ListConversations }) query: ListConversations): Promise<z.infer<typeof ConversationPage>> {
    return this.unitOfWork.run(me.accountId, async (tx) => ({ data: await this.lists.page(tx, me, query) }));
  }

  @Get('meta')
  @answers(ConversationMeta)
  meta(@CurrentMember() me: Member, @Query({ schema: ConversationFilter }) query: ConversationFilter): Promise<z.infer<typeof ConversationMeta>> {
    return this.unitOfWork.run(me.accountId, async (tx) => ({ meta: await this.lists.meta(tx, me, query) }));
  }

  /** Conversations of any status in which something like it was said, or with somebody of that name. */
  @Get('search')
  @answers(ConversationMatches)
  search(@CurrentMember() me: Member, @Query({ schema: SearchConversations }) query: SearchConversations): Promise<z.infer<typeof ConversationMatches>> {
    return this.unitOfWork.run(me.accountId, (tx) => this.lists.page(tx, me, { q: query.q, page: query.page, status: 'all', assignee_type: 'all', sort_by: 'latest' }));
  }

  /** Conversations of any status that the conditions let through, last activity first. */
  @Post('filter')
  @ReadsOnly()
  @answers(FilteredConversations)
  filter(@CurrentMember() me: Member, @Query({ schema: FilterPage }) query: FilterPage, @Body({ schema: FilterBody }) body: z.infer<typeof FilterBody>): Promise<z.infer<typeof FilteredConversations>> {
    return this.unitOfWork.run(me.accountId, (tx) => this.lists.filtered(tx, me, body.payload, query));
  }

  @Get(':id')
  @BotsToo()
  @answers(ConversationSchema)
  show(@CurrentMember() me: Member, @Param('id', { schema: pathId }) displayId: number): Promise<WireConversation> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      const row = await this.reader.find(tx, me, displayId);
      if (!row) throw notFound();
      return this.presenter.one(tx, row);
    });
  }
}
