import { Injectable } from '@nestjs/common';
import { DeskRepository } from '../conversations/desk/desk.repository.js';
import { MessageType, SenderType, Status } from '../conversations/conversation-codes.js';
import '../conversations/conversation.events.js';
import { ConversationsRepository, type ConversationRow } from '../conversations/conversations.repository.js';
import { MessagesRepository, type MessageRow } from '../conversations/messages/messages.repository.js';
import type { StoredEvent } from '../delivery/event-types.js';
import { Events } from '../delivery/events.js';
import { ProcessedEvents } from '../delivery/processed-events.js';
import { Subscribes, type Subscriber } from '../delivery/subscriber.js';
import { TeamsRepository } from '../inboxes/teams/teams.repository.js';
import { Clock } from '../platform/clock/clock.js';
import { accountId } from '../platform/database/account-id.js';
import type { Tx } from '../platform/database/transaction.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { Mailer } from '../platform/mailer/mailer.js';
import { Presence } from '../realtime/presence.service.js';
import { mentionedIn } from './mentioned.js';
import { hasFlag, type Kind } from './notification-kinds.js';
import './notification.events.js';
import { NotificationsRepository, type Recipient } from './notifications.repository.js';

type Heard = 'conversation.created' | 'assignee.changed' | 'message.created' | 'conversation.read';
/** What is asked once for events that come together: whether somebody else took the conversation since, and who is in which inbox. */
interface Known { changedHands: boolean; members: Map<number, number[]> }
interface Told { userId: number; kind: Kind; messageId: number | null }

const NAME = 'notify-people';
/** Somebody who is about to look anyway needs no mail. */
const MAIL_AFTER_MS = 120_000;
/** A message concerns whoever has or follows its conversation, or, as a note, whoever it names. */
const CONCERNS_SOMEBODY = `event.type <> 'message.created'
  OR EXISTS (SELECT FROM conversations c WHERE c.account_id = event.account_id AND c.id = event.conversation_id AND c.assignee_id IS NOT NULL)
  OR EXISTS (SELECT FROM conversation_participants p WHERE p.account_id = event.account_id AND p.conversation_id = event.conversation_id)
  OR EXISTS (SELECT FROM messages m WHERE m.account_id = event.account_id AND m.conversation_id = event.conversation_id AND m.id = (event.payload->>'message_id')::bigint AND m.private)`;

/** Tells people what concerns them: work given to them, names called in notes, messages where they are involved. Whoever did it is not told. */
@Injectable()
@Subscribes({ name: NAME, reaches: 'outside', hears: ['conversation.created', 'assignee.changed', 'message.created', 'conversation.read'], when: CONCERNS_SOMEBODY, together: 50 })
export class NotifyPeople implements Subscriber<Heard> {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly processed: ProcessedEvents, private readonly conversations: ConversationsRepository, private readonly messages: MessagesRepository,
    private readonly notifications: NotificationsRepository, private readonly desk: DeskRepository, private readonly teams: TeamsRepository, private readonly presence: Presence,
    private readonly mailer: Mailer, private readonly events: Events, private readonly clock: Clock,
  ) {}

  async handle(event: StoredEvent<Heard>): Promise<void> {
    await this.handleAll([event]);
  }

  async handleAll(events: StoredEvent<Heard>[]): Promise<void> {
    await this.unitOfWork.run(accountId(events[0]!.account_id), async (tx) => {
      const ids = new Set(events.flatMap((event) => event.conversation_id ?? []));
      const conversations = new Map((await this.conversations.byIds(tx, [...ids])).map((conversation) => [conversation.id, conversation]));
      // In one order, so that two who tell the same people at once do not wait for each other.
      const found = events.filter((event) => conversations.has(event.conversation_id!)).sort((a, b) => a.conversation_id! - b.conversation_id! || a.id - b.id);
      if (found.length === 0) return;
      const first = await this.processed.firstTimes(tx, found, NAME);
      const changedHands = await this.notifications.changedHandsSince(tx, first);
      const members = new Map<number, number[]>();
      for (const event of first) await this.handleOne(tx, event, conversations.get(event.conversation_id!)!, { changedHands: changedHands.has(event.id), members });
    });
  }

  private async handleOne(tx: Tx, event: StoredEvent<Heard>, conversation: ConversationRow, known: Known): Promise<void> {
    if (event.type === 'conversation.read') return this.markRead(tx, event, conversation);
    const told = (await this.toldBy(tx, event, conversation, known))
      // Nobody wants to hear from somebody who was muted, but a colleague who calls by name means it.
      .filter(({ userId, kind }) => userId !== event.actor_id && (!conversation.contact_blocked || kind === 'conversation_mention'));
    const recipients = told.length === 0 ? [] : await this.notifications.recipients(tx, conversation.inbox_id, told.map(({ userId }) => userId));
    for (const recipient of recipients) await this.tell(tx, event, conversation, told.find(({ userId }) => userId === recipient.user_id)!, recipient);
  }

  private async toldBy(tx: Tx, event: StoredEvent<Exclude<Heard, 'conversation.read'>>, conversation: ConversationRow, { changedHands, members: known }: Known): Promise<Told[]> {
    // Who had it for a moment only is not told.
    if (event.type === 'assignee.changed') return event.payload.to === conversation.assignee_id && conversation.status !== Status.pending ? assignment(conversation.assignee_id) : [];
    // Events come late and in no promised order: what happened before somebody took it over was not for them.
    const assigned = changedHands ? null : conversation.assignee_id;
    if (event.type === 'conversation.created') {
      const members = known.get(conversation.inbox_id) ?? await this.notifications.inboxMembers(tx, conversation.inbox_id);
      known.set(conversation.inbox_id, members);
      return [...assignment(assigned), ...members.filter((userId) => userId !== assigned).map((userId): Told => ({ userId, kind: 'conversation_creation', messageId: null }))];
    }
    const message = await this.messages.find(tx, conversation.id, event.payload.message_id);
    return message ? this.toldByMessage(tx, conversation, message, assigned) : [];
  }

  private async toldByMessage(tx: Tx, conversation: ConversationRow, message: MessageRow, assigned: number | null): Promise<Told[]> {
    const ofPeople = message.sender_type === SenderType.contact || message.sender_type === SenderType.user;
    if (!ofPeople || message.message_type === MessageType.activity || message.deleted_at) return [];
    const messageId = message.id;
    const sender = message.sender_type === SenderType.user ? message.sender_id : null;
    const mentioned = message.private ? await this.mentioned(tx, conversation, message) : [];
    // Who takes a conversation over follows it too, but only from then on.
    const participants = (await this.notifications.participants(tx, conversation.id)).filter((id) => assigned !== null || id !== conversation.assignee_id);
    // Whoever looks at the conversation sees the message arrive; whoever has read it by now knows.
    const looking = (await this.presence.viewers(tx.accountId, conversation.display_id)).map((person) => person.id);
    const aware = new Set([...mentioned, ...looking, ...await this.notifications.readersSince(tx, conversation.id, message.created_at)]);
    const others = [...new Set([...(assigned === null ? [] : [assigned]), ...participants])].filter((id) => !aware.has(id));
    return [
      ...mentioned.map((userId): Told => ({ userId, kind: 'conversation_mention', messageId })),
      ...others.map((userId): Told => ({ userId, kind: userId === assigned ? 'assigned_conversation_new_message' : 'participating_conversation_new_message', messageId })),
    ].filter(({ userId }) => userId !== sender);
  }

  /** Those called by name who may see the conversation; they follow it from now on. */
  private async mentioned(tx: Tx, conversation: ConversationRow, message: MessageRow): Promise<number[]> {
    const { users, teams } = mentionedIn(message.content);
    const members = [];
    for (const team of teams) members.push(...(await this.teams.members(tx, team)).map((member) => member.id));
    const named = [...new Set([...users, ...members])].filter((id) => id !== message.sender_id);
    if (named.length === 0) return [];
    const able = (await this.notifications.recipients(tx, conversation.inbox_id, named)).map((recipient) => recipient.user_id);
    await this.desk.addParticipants(tx, conversation.id, able);
    return able;
  }

  private async tell(tx: Tx, event: StoredEvent<Heard>, conversation: ConversationRow, { userId, kind, messageId }: Told, wishes: Recipient): Promise<void> {
    const byMail = hasFlag(wishes.email_flags, kind);
    const inApp = hasFlag(wishes.in_app_flags, kind);
    if (!byMail && !inApp && !hasFlag(wishes.push_flags, kind)) return;
    // When it happened decides what is told last.
    const at = event.created_at;
    const put = await this.notifications.put(tx, {
      userId, conversationId: conversation.id, messageId, kind, at,
      // Who does not want it in the dashboard has it there as read: it is found among the old ones, and does not count.
      readAt: inApp ? null : at, mailDueAt: byMail && this.mailer.configured ? new Date(this.clock.now() + MAIL_AFTER_MS) : null,
    });
    if (!put) return;
    const { id, replaced } = put;
    await this.events.append(tx,
      ...(replaced === null ? [] : [{ type: 'notification.deleted' as const, conversationId: conversation.id, payload: { notification_id: replaced, user_id: userId } }]),
      { type: 'notification.created', conversationId: conversation.id, payload: { notification_id: id, user_id: userId } });
  }

  /** Who has read the conversation has seen what they were told of it. */
  private async markRead(tx: Tx, event: StoredEvent<'conversation.read'>, conversation: ConversationRow): Promise<void> {
    if (event.payload.by !== 'agent' || event.actor_id === null) return;
    for (const id of await this.notifications.readAll(tx, event.actor_id, this.clock.date(), conversation.id)) {
      await this.events.append(tx, { type: 'notification.updated', conversationId: conversation.id, payload: { notification_id: id, user_id: event.actor_id } });
    }
  }
}

const assignment = (userId: number | null): Told[] => (userId === null ? [] : [{ userId, kind: 'conversation_assignment', messageId: null }]);
