import { Injectable } from '@nestjs/common';
import type { NewEvent } from '../../delivery/event-types.js';
import type { Tx } from '../../platform/database/transaction.js';
import { MessageStatus, MessageType, SenderType } from '../conversation-codes.js';
import '../conversation.events.js';
import type { ConversationRow } from '../conversations.repository.js';
import { MessagesRepository } from '../messages/messages.repository.js';
import { activityText, type Activity } from './activity-texts.js';

/** A line that is written: its id belongs into the conversation's own update, its event into the transaction's. */
export interface WrittenLine { messageId: number; event: NewEvent }

/** Writes into the thread what was done with a conversation. */
@Injectable()
export class ActivityLines {
  constructor(private readonly messages: MessagesRepository) {}

  /** Call it with the conversation locked. The text is in the account's language; clients translate by key. */
  async write(tx: Tx, conversation: ConversationRow, activity: Activity, actorId?: number): Promise<WrittenLine> {
    const stored = await this.messages.insert(tx, {
      conversationId: conversation.id, inboxId: conversation.inbox_id, messageType: MessageType.activity, senderType: SenderType.nobody, senderId: null,
      content: activityText(activity, conversation.account_locale), contentType: 0, status: MessageStatus.sent, private: false,
      contentAttributes: { activity }, inReplyTo: null, echoId: null, sourceId: null,
    });
    return { messageId: stored!.id, event: { type: 'message.created', conversationId: conversation.id, actorId, payload: { message_id: stored!.id } } };
  }
}
