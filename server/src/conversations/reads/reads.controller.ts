import { Body, Controller, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { Events } from '../../delivery/events.js';
import { BotsToo, CurrentMember, MemberOnly } from '../../identity/access/access.decorators.js';
import type { Member } from '../../identity/access/principal.js';
import type { Tx } from '../../platform/database/transaction.js';
import { answers, answersEmpty } from '../../platform/http/answers.js';
import { formBool, pathId } from '../../platform/http/schema-fields.js';
import { Typing } from '../../realtime/typing.service.js';
import { ActOnConversation } from '../act-on-conversation.service.js';
import { conversationChanges } from '../conversation-changes.js';
import '../conversation.events.js';
import { ConversationSchema, type WireConversation } from '../queries/conversation.dto.js';
import { ConversationPresenter } from '../queries/conversation.presenter.js';
import { ConversationReader } from '../queries/conversation-reader.js';
import { ReadsRepository } from './reads.repository.js';

const TypingStatus = z.object({ typing_status: z.enum(['on', 'off']), is_private: formBool.default(false) });

/** What others see of an agent at a conversation: what they have read, and that they type. */
@Controller('api/v1/accounts/:account_id/conversations/:id')
@MemberOnly()
export class ReadsController {
  constructor(
    private readonly act: ActOnConversation, private readonly reads: ReadsRepository, private readonly reader: ConversationReader, private readonly presenter: ConversationPresenter,
    private readonly typing: Typing, private readonly events: Events,
  ) {}

  @Post('update_last_seen')
  @answers(ConversationSchema)
  seen(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number): Promise<WireConversation> {
    return this.act.run(me, id, async (tx, conversation) => {
      const news = await this.reads.markSeen(tx, conversation.id, me.userId);
      if (news) await this.events.append(tx, { type: 'conversation.read', conversationId: conversation.id, actorId: me.userId, payload: { by: 'agent' } });
      return this.show(tx, me, id);
    });
  }

  @Post('unread')
  @answers(ConversationSchema)
  unread(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number): Promise<WireConversation> {
    return this.act.run(me, id, async (tx, conversation) => {
      const news = await this.reads.markUnread(tx, conversation.id, me.userId);
      if (news) {
        await this.events.append(tx, { type: 'conversation.updated', conversationId: conversation.id, actorId: me.userId, payload: { changed: ['unread_count', 'agent_last_seen_at'], changes: conversationChanges(conversation, news) } });
      }
      return this.show(tx, me, id);
    });
  }

  @Post('toggle_typing_status')
  @BotsToo()
  @answersEmpty()
  async toggleTyping(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number, @Body({ schema: TypingStatus }) body: z.infer<typeof TypingStatus>): Promise<void> {
    const place = await this.act.read(me, id, async (_tx, row) =>
      ({ id: row.id, displayId: row.display_id, inboxId: row.inbox_id, contactId: row.contact_id, contactInboxId: row.contact_inbox_id }));
    await this.typing.set(me.accountId, place, { userId: me.userId, isPrivate: body.is_private }, body.typing_status === 'on');
  }

  private async show(tx: Tx, me: Member, id: number): Promise<WireConversation> {
    return this.presenter.one(tx, (await this.reader.find(tx, me, id))!);
  }
}
