import { Injectable } from '@nestjs/common';
import type { ChatOpening } from '../../channels/contract/chat-openings.js';
import { tellingOf } from '../../channels/contract/telling-of.js';
import { ContactPresenter } from '../../contacts/contact.presenter.js';
import '../../contacts/contact.events.js';
import { ContactsRepository, type ContactRow } from '../../contacts/contacts.repository.js';
import '../../conversations/conversation.events.js';
import { MessageType, Status, STATUSES } from '../../conversations/conversation-codes.js';
import { MessagePresenter } from '../../conversations/messages/message.presenter.js';
import { MessagesRepository } from '../../conversations/messages/messages.repository.js';
import { ConversationPresenter } from '../../conversations/queries/conversation.presenter.js';
import { ConversationReader, type HydratedConversation } from '../../conversations/queries/conversation-reader.js';
import { pushedConversation } from '../../conversations/queries/pushed-conversation.js';
import type { Changes } from '../../delivery/changes.js';
import type { StoredEvent } from '../../delivery/event-types.js';
import '../../inboxes/inbox.events.js';
import { InboxesRepository } from '../../inboxes/inboxes.repository.js';
import type { Tx } from '../../platform/database/transaction.js';
import type { ShownTyping } from '../../realtime/typing.service.js';
import type { PassingEvent, WebhookEvent } from './webhook.dto.js';

export type ToldEvent = 'conversation.created' | 'conversation.updated' | 'conversation.status_changed' | 'assignee.changed' | 'team.changed' | 'message.created' | 'message.updated'
  | 'contact.created' | 'contact.updated' | 'inbox.updated';
/** What one event becomes for receivers. */
export interface Told { name: WebhookEvent; payload: Record<string, unknown>; inboxId: number | null; conversationId: number | null; contactId: number | null; conversation?: HydratedConversation }

const MESSAGE_TYPES = ['incoming', 'outgoing', 'activity', 'template'] as const;

/** Chatwoot's webhook payloads, of things as they are now, but for what the event itself says of them. */
@Injectable()
export class WebhookPayloads {
  constructor(
    private readonly reader: ConversationReader, private readonly conversations: ConversationPresenter, private readonly messages: MessagesRepository, private readonly presenter: MessagePresenter,
    private readonly contacts: ContactsRepository, private readonly contactPresenter: ContactPresenter, private readonly inboxes: InboxesRepository,
  ) {}

  /** Empty when what the event tells of is gone, or is nobody else's business. */
  async of(tx: Tx, event: StoredEvent<ToldEvent>): Promise<Told[]> {
    const account = await this.account(tx);
    switch (event.type) {
      case 'message.created':
      case 'message.updated': return this.ofMessage(tx, event, account);
      case 'contact.created':
      case 'contact.updated': return this.ofContact(tx, event, account);
      case 'inbox.updated': return this.ofInbox(tx, event, account);
      case 'conversation.created':
      case 'conversation.updated':
      case 'conversation.status_changed':
      case 'assignee.changed':
      case 'team.changed': return this.ofConversation(tx, event, account);
    }
  }

  /** Somebody types, or has stopped. Undefined when the conversation is gone. */
  async ofTyping(tx: Tx, { conversation, user, isPrivate }: ShownTyping, event: PassingEvent): Promise<object | undefined> {
    const found = await this.conversation(tx, conversation.id);
    return found && { event, account: await this.account(tx), user, conversation: found.pushed, is_private: isPrivate };
  }

  /** Somebody opened the chat. Who has never written is no contact yet, and has no conversation. */
  async ofOpening(tx: Tx, { inboxId, sourceId, info }: ChatOpening): Promise<object | undefined> {
    const inbox = await this.inboxes.find(tx, inboxId);
    if (!inbox) return undefined;
    const identity = await tx.one<{ id: number; contact_id: number; conversation_id: number | null }>(
      `SELECT ci.id, ci.contact_id, (SELECT c.id FROM conversations c WHERE c.account_id = $1 AND c.contact_inbox_id = ci.id ORDER BY c.id DESC LIMIT 1) AS conversation_id
       FROM contact_inboxes ci WHERE ci.account_id = $1 AND ci.inbox_id = $2 AND ci.source_id = $3`, [tx.accountId, inboxId, sourceId]);
    const account = await this.account(tx);
    const contact = identity && await this.contacts.find(tx, identity.contact_id);
    const current = identity?.conversation_id ? await this.conversation(tx, identity.conversation_id) : undefined;
    return {
      event: 'webwidget_triggered', id: identity?.id ?? null, account, contact: contact ? this.contact(contact, account) : null, inbox: { id: inbox.id, name: inbox.name },
      current_conversation: current?.pushed ?? null, source_id: sourceId, event_info: info,
    };
  }

  private async account(tx: Tx): Promise<{ id: number; name: string }> {
    return (await tx.one<{ id: number; name: string }>('SELECT id, name FROM accounts WHERE id = $1', [tx.accountId]))!;
  }

  private async ofMessage(tx: Tx, event: StoredEvent<'message.created' | 'message.updated'>, account: object): Promise<Told[]> {
    const found = await this.conversation(tx, event.conversation_id!);
    const row = found && await this.messages.find(tx, found.row.id, event.payload.message_id);
    if (!found || !row || row.message_type === MessageType.activity) return [];
    const wire = this.presenter.event(row, found.row, await this.presenter.presentSenders([row]));
    const payload = {
      ...wire, event: event.type.replace('.', '_'), account, created_at: row.created_at.toISOString(), message_type: MESSAGE_TYPES[row.message_type],
      // What programs find there they pass on to the contact, so no note is put there.
      conversation: row.private ? found.pushed : tellingOf(found.pushed, wire),
      inbox: { id: row.inbox_id, name: found.inboxName },
      ...(event.type === 'message.updated' && { changed_attributes: changedAttributes(event.payload.changes) }),
      ...(wire.sender?.type === 'user' && { sender: { ...wire.sender, email: row.user?.email } }),
      ...(wire.sender?.type === 'contact' && { sender: { ...wire.sender, account, avatar: wire.sender['thumbnail'] } }),
    };
    return [{ name: event.type === 'message.created' ? 'message_created' : 'message_updated', payload, inboxId: row.inbox_id, conversationId: found.row.id, contactId: null, conversation: found.row }];
  }

  private async ofConversation(tx: Tx, event: StoredEvent<'conversation.created' | 'conversation.updated' | 'conversation.status_changed' | 'assignee.changed' | 'team.changed'>, account: object): Promise<Told[]> {
    const found = await this.conversation(tx, event.conversation_id!);
    if (!found) return [];
    const then = stateAt(event);
    const told = (name: WebhookEvent, more: object = {}): Told => ({
      name, payload: { ...found.pushed, ...then, account, event: name, ...more }, inboxId: found.row.inbox_id, conversationId: found.row.id, contactId: null, conversation: found.row,
    });
    if (event.type === 'conversation.created') return [told('conversation_created')];
    const changed_attributes = changedAttributes(changesOf(event));
    // Another time to wake is no other state.
    if (event.type !== 'conversation.status_changed' || event.payload.from === event.payload.to) return [told('conversation_updated', { changed_attributes })];
    return [told('conversation_status_changed', { changed_attributes }), told('conversation_updated', { changed_attributes })];
  }

  private async ofContact(tx: Tx, event: StoredEvent<'contact.created' | 'contact.updated'>, account: object): Promise<Told[]> {
    const row = await this.contacts.find(tx, event.payload.contact_id);
    if (!row) return [];
    const told = (name: WebhookEvent, more: object = {}): Told[] =>
      [{ name, payload: { ...this.contact(row, account), event: name, ...more }, inboxId: null, conversationId: null, contactId: row.id }];
    if (event.type === 'contact.created') return told('contact_created');
    const changed_attributes = changedAttributes(event.payload.changes);
    return changed_attributes.length > 0 ? told('contact_updated', { changed_attributes }) : [];
  }

  private async ofInbox(tx: Tx, event: StoredEvent<'inbox.updated'>, account: object): Promise<Told[]> {
    const row = await this.inboxes.find(tx, event.payload.inbox_id);
    if (!row) return [];
    const name = event.payload.created ? 'inbox_created' : 'inbox_updated';
    return [{ name, payload: { id: row.id, name: row.name, account, event: name }, inboxId: row.id, conversationId: null, contactId: null }];
  }

  private contact(row: ContactRow, account: object): Record<string, unknown> {
    const { id, name, email, phone_number, identifier, thumbnail, blocked, additional_attributes, custom_attributes } = this.contactPresenter.present(row);
    return { account, additional_attributes, avatar: thumbnail, custom_attributes, email, id, identifier, name, phone_number, thumbnail, blocked };
  }

  private async conversation(tx: Tx, id: number): Promise<{ row: HydratedConversation; pushed: Record<string, unknown>; inboxName: string } | undefined> {
    const [row] = await this.reader.byIds(tx, [id]);
    const inbox = row && await this.inboxes.find(tx, row.inbox_id);
    if (!row || !inbox) return undefined;
    return { row, pushed: pushedConversation(row, await this.conversations.one(tx, row, 'said')), inboxName: inbox.name };
  }
}

function changesOf(event: StoredEvent<'conversation.updated' | 'conversation.status_changed' | 'assignee.changed' | 'team.changed'>): Changes | undefined {
  switch (event.type) {
    case 'assignee.changed': return { ...(!event.payload.bot || event.payload.from !== event.payload.to ? { assignee_id: [event.payload.from, event.payload.to] } : {}), ...(event.payload.bot && { assignee_agent_bot_id: [event.payload.bot.from, event.payload.bot.to] }) };
    case 'team.changed': return { team_id: [event.payload.from, event.payload.to] };
    case 'conversation.updated':
    case 'conversation.status_changed': return event.payload.changes;
  }
}

/** The state a change led to, where the event keeps it: a webhook may be written after the next change. */
function stateAt(event: StoredEvent<'conversation.created' | 'conversation.updated' | 'conversation.status_changed' | 'assignee.changed' | 'team.changed'>): object {
  if (event.type === 'conversation.status_changed') {
    const { to, changes } = event.payload;
    const wakesAt = to === Status.snoozed ? changes?.['snoozed_until'] : [null, null];
    return { status: STATUSES[to], ...(wakesAt && { snoozed_until: wakesAt[1] }) };
  }
  const { priority, label_list: labels } = (event.type === 'conversation.updated' && event.payload.changes) || {};
  return { ...(priority && { priority: priority[1] }), ...(labels && { labels: labels[1] }) };
}

const changedAttributes = (changes: Changes = {}): object[] => Object.entries(changes).map(([key, [before, after]]) => ({ [key]: { previous_value: before, current_value: after } }));
