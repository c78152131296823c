import { Injectable } from '@nestjs/common';
import { Events } from '../../delivery/events.js';
import type { Tx } from '../../platform/database/transaction.js';
import { ActivityLines } from '../activity/activity-lines.service.js';
import type { Activity } from '../activity/activity-texts.js';
import { STATUSES, Status } from '../conversation-codes.js';
import type { Actor } from '../actor.js';
import '../conversation.events.js';
import { conversationChanges } from '../conversation-changes.js';
import type { ConversationRow } from '../conversations.repository.js';
import { LifecycleRepository } from './lifecycle.repository.js';

/** Who changes a state: one of ours, the contact, or time itself: the end of a snooze, or so many minutes in which nothing was written. */
export type StatusActor = Actor | { contactName: string } | { quietMinutes: number } | 'time';

/** Opens, snoozes, resolves conversations. */
@Injectable()
export class ChangeStatus {
  constructor(private readonly lifecycle: LifecycleRepository, private readonly lines: ActivityLines, private readonly events: Events) {}

  /** Call it with the conversation locked. The same state again changes nothing, except the time to wake. */
  async change(tx: Tx, conversation: ConversationRow, status: number, snoozedUntil: Date | null, actor: StatusActor): Promise<void> {
    const wakesAt = status === Status.snoozed ? snoozedUntil : null;
    if (conversation.status === status && conversation.snoozed_until?.getTime() === wakesAt?.getTime()) return;
    const actorId = actor !== 'time' && 'name' in actor ? actor.userId : undefined;
    const line = await this.lines.write(tx, conversation, told(status, actor), actorId);
    await this.lifecycle.setStatus(tx, conversation.id, status, wakesAt, line.messageId);
    const changes = conversationChanges(conversation, { status, snoozed_until: wakesAt, ...(status === Status.resolved && { waiting_since: null }) });
    await this.events.append(tx, { type: 'conversation.status_changed', conversationId: conversation.id, actorId, payload: { from: conversation.status, to: status, changes } }, line.event);
  }
}

function told(status: number, actor: StatusActor): Activity {
  if (actor === 'time') return { key: 'snooze_ended', params: {} };
  if ('quietMinutes' in actor) return { key: 'auto_resolved', params: { minutes: String(actor.quietMinutes) } };
  return { key: `status_${STATUSES[status]!}`, params: { name: 'name' in actor ? actor.name : actor.contactName } };
}
