import { Injectable } from '@nestjs/common';
import { MessagePresenter } from '../conversations/messages/message.presenter.js';
import { MessagesRepository } from '../conversations/messages/messages.repository.js';
import { ConversationPresenter } from '../conversations/queries/conversation.presenter.js';
import { ConversationReader } from '../conversations/queries/conversation-reader.js';
import { pushedConversation } from '../conversations/queries/pushed-conversation.js';
import type { Tx } from '../platform/database/transaction.js';
import { RecipientsDirectory } from './recipients-directory.js';
import { withoutMentionLinks } from './mentioned.js';
import type { WireNotification } from './notification.dto.js';
import { kindOf } from './notification-kinds.js';
import { notificationTitle } from './notification.words.js';
import type { NotificationRow } from './notifications.repository.js';

const BODY = 160;
/** So much of a text is looked through for it: links of mentions go. */
const READ_FOR_BODY = 2_000;
const seconds = (date: Date): number => Math.floor(date.getTime() / 1000);

/** Shows notifications with the conversation and the message they are about. */
@Injectable()
export class NotificationPresenter {
  constructor(
    private readonly reader: ConversationReader, private readonly conversations: ConversationPresenter, private readonly messages: MessagesRepository,
    private readonly messagePresenter: MessagePresenter, private readonly people: RecipientsDirectory,
  ) {}

  /** In their order; those whose conversation is gone are left out. */
  async list(tx: Tx, rows: NotificationRow[]): Promise<WireNotification[]> {
    const hydrated = await this.reader.byIds(tx, [...new Set(rows.map((row) => row.conversation_id))]);
    const wires = await this.conversations.list(tx, hydrated, 'said');
    const messages = await this.messages.listed(tx, rows.flatMap((row) => (row.message_id === null ? [] : [{ conversationId: row.conversation_id, id: row.message_id }])));
    const here = await this.messagePresenter.presentSenders(messages);
    const people = await this.people.of(tx, rows.map((row) => row.user_id));
    const byConversation = new Map(hydrated.map((row, n) => [row.id, { row, wire: wires[n]! }]));
    const byMessage = new Map(messages.map((message) => [message.id, message]));
    return rows.flatMap((row) => {
      const found = byConversation.get(row.conversation_id);
      const user = people.get(row.user_id);
      if (!found || !user) return [];
      const message = row.message_id === null ? undefined : byMessage.get(row.message_id);
      const secondary = message ? this.messagePresenter.event(message, found.row, here) : null;
      const kind = kindOf(row.kind);
      return [{
        id: row.id, notification_type: kind, push_message_title: notificationTitle(row.locale, kind, { id: found.row.display_id, inbox: row.inbox_name }),
        push_message_body: bodyOf(secondary?.sender?.name, message?.content ?? null) ?? bodyOf(found.row.contact.name, found.row.last_message_preview) ?? '',
        primary_actor_type: 'Conversation' as const, primary_actor_id: row.conversation_id, primary_actor: pushedConversation(found.row, found.wire) as WireNotification['primary_actor'],
        read_at: row.read_at?.toISOString() ?? null, secondary_actor: secondary, user, created_at: seconds(row.created_at), last_activity_at: seconds(row.last_activity_at),
        snoozed_until: row.snoozed_until?.toISOString() ?? null, meta: row.meta,
      }];
    });
  }
}

function bodyOf(name: string | undefined, text: string | null): string | undefined {
  const plain = withoutMentionLinks((text ?? '').trimStart().slice(0, READ_FOR_BODY).toWellFormed()).replace(/\s+/g, ' ').trim();
  if (!plain) return undefined;
  return `${name ? `${name}: ` : ''}${plain.length > BODY ? `${[...plain].slice(0, BODY).join('')}…` : plain}`;
}
