import { Injectable } from '@nestjs/common';
import { ChannelRegistry } from '../../channels/contract/channel-registry.js';
import { Events } from '../../delivery/events.js';
import type { Tx } from '../../platform/database/transaction.js';
import { notFound, Problem, unprocessable } from '../../platform/http/problem.js';
import { AttachmentsRepository } from '../attachments/attachments.repository.js';
import { DELIVERY_STATES, MessageStatus, MessageType } from '../conversation-codes.js';
import '../conversation.events.js';
import type { ConversationRow } from '../conversations.repository.js';
import { OutboundQueue } from '../delivery/outbound-queue.js';
import type { UpdateMessageStatus } from './message.dto.js';
import { messageChanges } from './message-changes.js';
import { MessagesRepository, type MessageRow } from './messages.repository.js';

/** What stays of a deleted message, as Chatwoot's clients know it. */
export const DELETED_TEXT = 'This message was deleted';

/** Changes messages that are there: deletes them, takes reports of what became of them, sends them again. Call it with the conversation locked. */
@Injectable()
export class ChangeMessage {
  constructor(
    private readonly messages: MessagesRepository, private readonly attachments: AttachmentsRepository, private readonly channels: ChannelRegistry,
    private readonly outbound: OutboundQueue, private readonly events: Events,
  ) {}

  /** The text and the files go, the place in the thread stays. */
  async delete(tx: Tx, conversation: ConversationRow, id: number, actorId: number): Promise<MessageRow> {
    const message = await this.find(tx, conversation, id);
    if (message.message_type === MessageType.activity) throw unprocessable('What was done with a conversation cannot be deleted.');
    if (message.deleted_at) return message;
    await this.attachments.remove(tx, { conversationId: conversation.id, messageId: id });
    await this.messages.bury(tx, conversation.id, id, DELETED_TEXT);
    return this.changed(tx, conversation, message, actorId);
  }

  /** A report of the program behind the inbox. What says less than is known already changes nothing. */
  async report(tx: Tx, conversation: ConversationRow, id: number, given: UpdateMessageStatus, actorId: number): Promise<MessageRow> {
    const message = await this.find(tx, conversation, id);
    if (!this.channels.get(conversation.channel_type).capabilities.programmable) throw new Problem('forbidden', 'Message status update is only allowed for API inboxes');
    const status = MessageStatus[given.status];
    if (message.message_type === MessageType.incoming || message.private || !isNews(message.status, status)) return message;
    await this.messages.setStatus(tx, conversation.id, id, status, given.status === 'failed' ? given.external_error ?? null : null);
    return this.changed(tx, conversation, message, actorId);
  }

  /** Sends once more what failed, what nobody knows the end of, and what did not reach everybody. */
  async retry(tx: Tx, conversation: ConversationRow, id: number, actorId: number): Promise<MessageRow> {
    const message = await this.find(tx, conversation, id);
    const channel = this.channels.get(conversation.channel_type);
    const mayRetry = message.status === MessageStatus.failed || message.status === MessageStatus.uncertain
      || (message.status !== MessageStatus.queued && await channel.leftSomebodyOut?.(tx, { conversationId: conversation.id, messageId: id }));
    if (!mayRetry || message.deleted_at || message.private || message.message_type === MessageType.incoming || !channel.capabilities.sendsByWorker) {
      throw unprocessable(`This message cannot be sent again: it is ${DELIVERY_STATES[message.status]}.`);
    }
    await this.messages.setStatus(tx, conversation.id, id, MessageStatus.queued, null);
    await this.outbound.enqueue(tx, { conversationId: conversation.id, messageId: id });
    return this.changed(tx, conversation, message, actorId);
  }

  private async find(tx: Tx, conversation: ConversationRow, id: number): Promise<MessageRow> {
    const message = await this.messages.find(tx, conversation.id, id);
    if (!message) throw notFound();
    return message;
  }

  private async changed(tx: Tx, conversation: ConversationRow, before: MessageRow, actorId: number): Promise<MessageRow> {
    const after = await this.find(tx, conversation, before.id);
    await this.events.append(tx, { type: 'message.updated', conversationId: conversation.id, actorId, payload: { message_id: before.id, changes: messageChanges(before, after) } });
    return after;
  }
}

/** Read is more than delivered, delivered more than sent. Failure is news until somebody has read it. */
export function isNews(known: number, reported: number): boolean {
  if (known === reported || known === MessageStatus.read) return false;
  if (reported === MessageStatus.failed || known > MessageStatus.read) return true;
  return reported > known;
}
