import { Injectable } from '@nestjs/common';
import { ChannelRegistry } from '../channels/contract/channel-registry.js';
import { ActivityLines } from '../conversations/activity/activity-lines.service.js';
import type { Actor } from '../conversations/actor.js';
import { Status } from '../conversations/conversation-codes.js';
import { conversationChanges } from '../conversations/conversation-changes.js';
import type { ConversationRow } from '../conversations/conversations.repository.js';
import { ChangeStatus } from '../conversations/lifecycle/change-status.service.js';
import { Events } from '../delivery/events.js';
import type { Tx } from '../platform/database/transaction.js';
import { SpamRepository } from './spam.repository.js';

/** Puts conversations into the spam folder and takes them out, and learns from it who sends spam. Nothing is deleted. */
@Injectable()
export class MarkSpam {
  constructor(
    private readonly spam: SpamRepository, private readonly channels: ChannelRegistry, private readonly statuses: ChangeStatus, private readonly lines: ActivityLines, private readonly events: Events,
  ) {}

  /** Call it with the conversation locked. The same again changes nothing. */
  async set(tx: Tx, conversation: ConversationRow, isSpam: boolean, actor: Actor): Promise<void> {
    const before = conversation.additional_attributes?.['spam'];
    if ((before !== undefined) === isSpam) return;
    const line = await this.lines.write(tx, conversation, { key: isSpam ? 'spam_marked' : 'spam_unmarked', params: { name: actor.name } }, actor.userId);
    const after = isSpam ? await this.spam.mark(tx, conversation.id, actor.name, line.messageId) : await this.spam.unmark(tx, conversation.id, line.messageId);
    await this.channels.get(conversation.channel_type).learn?.(tx, conversation.source_id, isSpam ? 'spam' : 'wanted', isSpam || before === 'by_hand');
    await this.events.append(tx, {
      type: 'conversation.updated', conversationId: conversation.id, actorId: actor.userId,
      payload: { changed: ['additional_attributes', 'unread_count', 'waiting_since'], changes: conversationChanges(conversation, after) },
    }, line.event);
    await this.statuses.change(tx, conversation, isSpam ? Status.resolved : Status.open, null, actor);
  }
}
