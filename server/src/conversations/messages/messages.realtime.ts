import { Injectable } from '@nestjs/common';
import type { StoredEvent } from '../../delivery/event-types.js';
import { accountId } from '../../platform/database/account-id.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { Pushes, type Frame, type RealtimeSource } from '../../realtime/realtime-source.js';
import { MessageType } from '../conversation-codes.js';
import '../conversation.events.js';
import { ConversationsRepository, type ConversationRow } from '../conversations.repository.js';
import { MessagePresenter } from './message.presenter.js';
import { MessagesRepository, type MessageRow } from './messages.repository.js';

type Pushed = 'message.created' | 'message.updated';

type FramesOf = (event: StoredEvent<Pushed>, row: MessageRow, conversation: ConversationRow, here: Set<number>) => Frame[];

/** Tells agents of messages, and contacts of those that are for them. */
@Injectable()
@Pushes('message.created', 'message.updated')
export class MessagesRealtime implements RealtimeSource<Pushed> {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly messages: MessagesRepository, private readonly conversations: ConversationsRepository, private readonly presenter: MessagePresenter,
  ) {}

  frames(account: number, events: StoredEvent<Pushed>[]): Promise<Map<number, Frame[]>> {
    return this.present(account, events, (event, row, conversation, here) => this.framesOf(event.type, row, conversation, here));
  }

  /** For Chatwoot's clients, with the event they have for a first reply. */
  cableFrames(account: number, events: StoredEvent<Pushed>[]): Promise<Map<number, Frame[]>> {
    return this.present(account, events, ({ type: event, payload }, row, conversation, here) => {
      const [forAgents, ...others] = this.framesOf(event, row, conversation, here) as [Frame, ...Frame[]];
      const changes = 'changes' in payload ? payload.changes ?? {} : {};
      if (event === 'message.updated') return [{ ...forAgents, data: { ...forAgents.data, previous_changes: changes } }, ...others];
      return [forAgents, ...(isFirstReply(row, conversation) ? [{ ...forAgents, event: 'first.reply.created' }] : []), ...others];
    });
  }

  private async present(account: number, events: StoredEvent<Pushed>[], framesOf: FramesOf): Promise<Map<number, Frame[]>> {
    const [rows, conversations] = await this.unitOfWork.run(accountId(account), async (tx) => [
      await this.messages.findMany(tx, events.map((event) => ({ conversationId: event.conversation_id!, id: event.payload.message_id }))),
      await this.conversations.byIds(tx, [...new Set(events.map((event) => event.conversation_id!))]),
    ] as const);
    const here = await this.presenter.presentSenders(rows);
    const byMessage = new Map(rows.map((row) => [row.id, row]));
    const byConversation = new Map(conversations.map((row) => [row.id, row]));
    return new Map(events.flatMap((event): [number, Frame[]][] => {
      const row = byMessage.get(event.payload.message_id);
      const conversation = byConversation.get(event.conversation_id!);
      return row && conversation ? [[event.id, framesOf(event, row, conversation, here)]] : [];
    }));
  }

  private framesOf(event: Pushed, row: MessageRow, conversation: ConversationRow, here: Set<number>): Frame[] {
    const frames: Frame[] = [{ audience: { to: 'inbox', inboxId: conversation.inbox_id }, event, data: this.presenter.event(row, conversation, here) }];
    if (!row.private && row.message_type !== MessageType.activity) {
      frames.push({ audience: { to: 'visitor', contactInboxId: conversation.contact_inbox_id }, event, data: this.presenter.toContact(row, conversation.display_id) });
    }
    return frames;
  }
}

const isFirstReply = (row: MessageRow, { first_reply_at: first }: ConversationRow): boolean =>
  row.message_type === MessageType.outgoing && !row.private && first !== null && first.getTime() === row.created_at.getTime();
