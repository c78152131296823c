import { Injectable } from '@nestjs/common';
import '../../contacts/contact.events.js';
import { Events } from '../../delivery/events.js';
import type { Tx } from '../../platform/database/transaction.js';
import { ActivityLines } from '../activity/activity-lines.service.js';
import { Status } from '../conversation-codes.js';
import type { Actor } from '../actor.js';
import '../conversation.events.js';
import type { ConversationRow } from '../conversations.repository.js';
import { ChangeStatus } from './change-status.service.js';
import { LifecycleRepository } from './lifecycle.repository.js';

/** Stops listening to a contact, and listens again. What they write meanwhile is kept and wakes nobody. */
@Injectable()
export class MuteContact {
  constructor(private readonly lifecycle: LifecycleRepository, private readonly statuses: ChangeStatus, private readonly lines: ActivityLines, private readonly events: Events) {}

  /** Call it with the conversation locked. Muting resolves it too. */
  async set(tx: Tx, conversation: ConversationRow, muted: boolean, actor: Actor): Promise<void> {
    if (conversation.contact_blocked === muted) return;
    const line = await this.lines.write(tx, conversation, { key: muted ? 'muted' : 'unmuted', params: { name: actor.name } }, actor.userId);
    await this.lifecycle.noteLine(tx, conversation.id, line.messageId);
    await this.lifecycle.setBlocked(tx, conversation.contact_id, muted);
    await this.events.append(tx, { type: 'conversation.updated', conversationId: conversation.id, actorId: actor.userId, payload: { changed: ['muted'], changes: { muted: [!muted, muted] } } }, line.event,
      { type: 'contact.updated', actorId: actor.userId, payload: { contact_id: conversation.contact_id, changes: { blocked: [!muted, muted] } } });
    if (muted) await this.statuses.change(tx, conversation, Status.resolved, null, actor);
  }
}
