import { Body, Controller, Delete, Get, Param, Patch, Post, Query, UseGuards } from '@nestjs/common';
import type { z } from 'zod';
import { BotsToo, CurrentMember, MemberOnly } from '../../identity/access/access.decorators.js';
import type { Member } from '../../identity/access/principal.js';
import { ReadsOnly } from '../../identity/access/token-scopes.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { AcceptsFiles } from '../../platform/http/accepts-files.js';
import { answers } from '../../platform/http/answers.js';
import { notFound } from '../../platform/http/problem.js';
import { pathId } from '../../platform/http/schema-fields.js';
import { ActOnConversation } from '../act-on-conversation.service.js';
import { ConversationPresenter } from '../queries/conversation.presenter.js';
import { ConversationReader } from '../queries/conversation-reader.js';
import { ChangeMessage } from './change-message.service.js';
import { CreateMessage, MessageSchema, Thread, ThreadQuery, TranslateMessage, Translation, UpdateMessageStatus, type WireMessage } from './message.dto.js';
import { MessagePresenter } from './message.presenter.js';
import { MessagesRepository } from './messages.repository.js';
import { OwnConversationGuard } from './own-conversation.guard.js';
import { PostMessage } from './post-message.service.js';

/** A conversation's thread. */
@Controller('api/v1/accounts/:account_id/conversations/:conversation_id/messages')
@MemberOnly()
export class MessagesController {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly reader: ConversationReader, private readonly messages: MessagesRepository, private readonly posting: PostMessage,
    private readonly presenter: MessagePresenter, private readonly conversationPresenter: ConversationPresenter,
    private readonly act: ActOnConversation, private readonly changes: ChangeMessage,
  ) {}

  @Get()
  @answers(Thread)
  list(
    @CurrentMember() me: Member, @Param('conversation_id', { schema: pathId }) displayId: number, @Query({ schema: ThreadQuery }) query: ThreadQuery,
  ): Promise<z.infer<typeof Thread>> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      const conversation = await this.reader.find(tx, me, displayId);
      if (!conversation) throw notFound();
      const rows = await this.messages.thread(tx, conversation.id, query);
      return { meta: await this.conversationPresenter.threadMeta(conversation), payload: await this.presenter.list(rows, displayId) };
    });
  }

  @Post()
  @BotsToo()
  @UseGuards(OwnConversationGuard)
  @AcceptsFiles()
  @answers(MessageSchema)
  create(
    @CurrentMember() me: Member, @Param('conversation_id', { schema: pathId }) displayId: number, @Body({ schema: CreateMessage }) body: CreateMessage,
  ): Promise<WireMessage> {
    return this.unitOfWork.run(me.accountId, async (tx) => this.presenter.one(await this.posting.post(tx, me, displayId, body), displayId));
  }

  /** The message stays as a mark; the answer is that mark. */
  @Delete(':id')
  @answers(MessageSchema)
  remove(@CurrentMember() me: Member, @Param('conversation_id', { schema: pathId }) displayId: number, @Param('id', { schema: pathId }) id: number): Promise<WireMessage> {
    return this.act.run(me, displayId, async (tx, conversation) => this.presenter.one(await this.changes.delete(tx, conversation, id, me.userId), displayId));
  }

  @Patch(':id')
  @answers(MessageSchema)
  report(
    @CurrentMember() me: Member, @Param('conversation_id', { schema: pathId }) displayId: number, @Param('id', { schema: pathId }) id: number,
    @Body({ schema: UpdateMessageStatus }) body: UpdateMessageStatus,
  ): Promise<WireMessage> {
    return this.act.run(me, displayId, async (tx, conversation) => this.presenter.one(await this.changes.report(tx, conversation, id, body, me.userId), displayId));
  }

  @Post(':id/retry')
  @answers(MessageSchema)
  retry(@CurrentMember() me: Member, @Param('conversation_id', { schema: pathId }) displayId: number, @Param('id', { schema: pathId }) id: number): Promise<WireMessage> {
    return this.act.run(me, displayId, async (tx, conversation) => this.presenter.one(await this.changes.retry(tx, conversation, id, me.userId), displayId));
  }

  /** No service translates here: the content is null, as with Chatwoot where none is set up. */
  @Post(':id/translate')
  @ReadsOnly()
  @answers(Translation)
  translate(
    @CurrentMember() me: Member, @Param('conversation_id', { schema: pathId }) displayId: number, @Param('id', { schema: pathId }) id: number, @Body({ schema: TranslateMessage }) _body: TranslateMessage,
  ): Promise<z.infer<typeof Translation>> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      const conversation = await this.reader.find(tx, me, displayId);
      if (!conversation || !await this.messages.exists(tx, conversation.id, id)) throw notFound();
      return { content: null };
    });
  }
}
