import { Injectable } from '@nestjs/common';
import { Events } from '../../delivery/events.js';
import { LabelsRepository } from '../../inboxes/labels.repository.js';
import type { Tx } from '../../platform/database/transaction.js';
import { ActivityLines, type WrittenLine } from '../activity/activity-lines.service.js';
import type { Actor } from '../actor.js';
import '../conversation.events.js';
import type { ConversationRow } from '../conversations.repository.js';
import { ConversationLabelsRepository } from './conversation-labels.repository.js';

/** Puts labels on conversations. */
@Injectable()
export class LabelConversation {
  constructor(private readonly labels: LabelsRepository, private readonly onConversations: ConversationLabelsRepository, private readonly lines: ActivityLines, private readonly events: Events) {}

  /** Adds and removes some. Call it with the conversation locked. Answers the titles it carries then. */
  async change(tx: Tx, conversation: ConversationRow, { add = [], remove = [] }: { add?: string[]; remove?: string[] }, actor: Actor): Promise<string[]> {
    const carried = await this.onConversations.titles(tx, conversation.label_ids);
    return this.replace(tx, conversation, [...carried, ...add].filter((title) => !remove.includes(title)), actor);
  }

  /** Sets the whole set. Call it with the conversation locked. Answers the titles it carries then. */
  async replace(tx: Tx, conversation: ConversationRow, titles: string[], actor: Actor): Promise<string[]> {
    const before = await this.onConversations.titles(tx, conversation.label_ids);
    const wanted = await this.labels.named(tx, [...new Set(titles)]);
    const after = wanted.map((label) => label.title).sort();
    const added = after.filter((title) => !before.includes(title));
    const removed = before.filter((title) => !after.includes(title));
    if (added.length + removed.length === 0) return after;
    const written: WrittenLine[] = [];
    if (added.length > 0) written.push(await this.lines.write(tx, conversation, { key: 'labels_added', params: { name: actor.name, labels: added.join(', ') } }, actor.userId));
    if (removed.length > 0) written.push(await this.lines.write(tx, conversation, { key: 'labels_removed', params: { name: actor.name, labels: removed.join(', ') } }, actor.userId));
    await this.onConversations.replace(tx, conversation.id, wanted.map((label) => label.id), written.at(-1)!.messageId);
    await this.events.append(tx, { type: 'conversation.updated', conversationId: conversation.id, actorId: actor.userId, payload: { changed: ['labels'], changes: { label_list: [before, after] } } }, ...written.map((line) => line.event));
    return after;
  }
}
