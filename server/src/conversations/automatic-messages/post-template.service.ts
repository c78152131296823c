import { Injectable } from '@nestjs/common';
import { ChannelRegistry } from '../../channels/contract/channel-registry.js';
import { Events } from '../../delivery/events.js';
import type { Tx } from '../../platform/database/transaction.js';
import { CONTENT_TYPES, MessageStatus, MessageType, SenderType } from '../conversation-codes.js';
import '../conversation.events.js';
import { ConversationsRepository } from '../conversations.repository.js';
import { OutboundQueue } from '../delivery/outbound-queue.js';
import { previewOf } from '../messages/message-markdown.js';
import { MessagesRepository } from '../messages/messages.repository.js';
import { AutomaticMessagesRepository } from './automatic-messages.repository.js';

/** A message that an inbox writes by itself. */
export interface Template {
  /** What makes it the same message: said once in a conversation. At most 64 characters. */
  key: string;
  content: string;
  contentType?: 'text' | 'input_email' | 'input_csat';
  contentAttributes?: object;
}

/** Writes what an inbox says by itself. */
@Injectable()
export class PostTemplate {
  constructor(
    private readonly conversations: ConversationsRepository, private readonly messages: MessagesRepository, private readonly repository: AutomaticMessagesRepository,
    private readonly channels: ChannelRegistry, private readonly outbound: OutboundQueue, private readonly events: Events,
  ) {}

  /** The key is kept as the message's echo id; the conversation's lock makes looking before writing safe. Undefined when it was said before. */
  async post(tx: Tx, conversationId: number, template: Template): Promise<{ id: number; at: string } | undefined> {
    const conversation = await this.conversations.lockById(tx, conversationId);
    if (!conversation || await this.repository.wasSaid(tx, conversationId, template.key)) return undefined;
    const byWorker = this.channels.get(conversation.channel_type).capabilities.sendsByWorker;
    const stored = await this.messages.insert(tx, {
      conversationId, inboxId: conversation.inbox_id, messageType: MessageType.template, senderType: SenderType.nobody, senderId: null, content: template.content,
      contentType: CONTENT_TYPES.indexOf(template.contentType ?? 'text'), status: byWorker ? MessageStatus.queued : MessageStatus.sent, private: false,
      contentAttributes: template.contentAttributes ?? null, inReplyTo: null, echoId: template.key, sourceId: null,
    });
    await this.conversations.recordAutomatic(tx, conversationId, { messageId: stored!.id, at: stored!.at, preview: previewOf(template.content) });
    await this.events.append(tx, { type: 'message.created', conversationId, payload: { message_id: stored!.id } });
    if (byWorker) await this.outbound.enqueue(tx, { conversationId, messageId: stored!.id });
    return stored;
  }
}
