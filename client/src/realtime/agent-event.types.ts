import type { components } from '../api/generated';
import type { Availability, Contact, Conversation, EventMessage, Person } from '../api/types';

/** The changed keys of a conversation, in the shape a fetched conversation has. */
export type ConversationChanges = Partial<Omit<Conversation, 'meta'>> & { meta?: Partial<Conversation['meta']> };

export interface ChangedConversation {
  id: number;
  inbox_id: number;
  updated_at: number;
  changes?: ConversationChanges;
}

/** Facts that are stored and numbered: they can be asked for again after a gap. */
export type DurablePayloads = {
  'message.created': EventMessage;
  'message.updated': EventMessage;
  'conversation.created': Conversation;
  'conversation.updated': ChangedConversation;
  'conversation.status_changed': ChangedConversation;
  'conversation.read': ChangedConversation;
  'assignee.changed': ChangedConversation;
  'team.changed': ChangedConversation;
  'conversation.deleted': ChangedConversation;
  'contact.created': Contact;
  'contact.updated': Contact;
  'contact.deleted': { id: number };
  'inbox.updated': { id: number };
  'label.updated': { id: number };
  'team.updated': { id: number };
  'agent.updated': { id: number };
  'notification.created': NotificationNews;
  'notification.updated': NotificationNews;
  'notification.deleted': { notification: { id: number }; unread_count: number; count: number };
  'notifications.changed': { unread_count: number; count: number };
};

/** What the person was told, and how much waits with it. */
export interface NotificationNews { notification: components['schemas']['Notification']; unread_count: number; count: number }

/** What is only true now and is never repeated. */
export type TransientPayloads = {
  'conversation.typing_on': TypingNotice;
  'conversation.typing_off': TypingNotice;
  'conversation.viewing': { conversation_id: number; users: Person[] };
  'presence.update': { users: Record<string, Availability>; contacts: Record<string, 'online'> };
};

export interface TypingNotice {
  conversation_id: number;
  user: Person;
  is_private?: boolean;
}

type Payloads = DurablePayloads & TransientPayloads;

/** One pushed event; `seq` is its place in the account's log, absent when transient. */
export type AgentEvent = {
  [K in keyof Payloads]: { event: K; data: Payloads[K]; seq?: number; account_id?: number };
}[keyof Payloads];

/** Events of `GET …/events` and their paging. */
export interface EventPage {
  payload: AgentEvent[];
  meta: { last_seq: number; complete: boolean };
}
