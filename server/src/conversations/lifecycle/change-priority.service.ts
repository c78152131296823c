import { Injectable } from '@nestjs/common';
import { Events } from '../../delivery/events.js';
import type { Tx } from '../../platform/database/transaction.js';
import { ActivityLines } from '../activity/activity-lines.service.js';
import { PRIORITIES, type PriorityName } from '../conversation-codes.js';
import type { Actor } from '../actor.js';
import '../conversation.events.js';
import { conversationChanges } from '../conversation-changes.js';
import type { ConversationRow } from '../conversations.repository.js';
import { LifecycleRepository } from './lifecycle.repository.js';

/** Says how urgent a conversation is. */
@Injectable()
export class ChangePriority {
  constructor(private readonly lifecycle: LifecycleRepository, private readonly lines: ActivityLines, private readonly events: Events) {}

  /** Call it with the conversation locked. */
  async change(tx: Tx, conversation: ConversationRow, priority: PriorityName | null, actor: Actor): Promise<void> {
    const code = PRIORITIES.indexOf(priority);
    if (conversation.priority === code) return;
    const line = await this.lines.write(tx, conversation,
      priority ? { key: 'priority_set', params: { name: actor.name, priority } } : { key: 'priority_removed', params: { name: actor.name } }, actor.userId);
    await this.lifecycle.setPriority(tx, conversation.id, code, line.messageId);
    await this.events.append(tx, { type: 'conversation.updated', conversationId: conversation.id, actorId: actor.userId, payload: { changed: ['priority'], changes: conversationChanges(conversation, { priority: code }) } }, line.event);
  }
}
