import type { ChannelInbox } from './channel.js';
import type { InboundMessage, InboundStatus } from './inbound-event.js';

/** The doors of the core that a channel with its own public HTTP uses. `conversations` provides them; channels never import it. */

export interface IngestedMessage {
  messageId: number;
  conversationId: number;
  conversationDisplayId: number;
  contactId: number;
  contactInboxId: number;
  /** True when the same external id was here before: the ids are those of the first time. */
  duplicate: boolean;
}

/** The one way in for messages from outside: receipt, identity, conversation, message and event in one transaction. */
export abstract class IngestPort {
  abstract ingest(inbox: { accountId: number; id: number }, message: InboundMessage): Promise<IngestedMessage>;
}

/** The same for channels that answer with what they stored. `conversations` provides it. */
export abstract class ContactWritesPort {
  /** Stores the message, and gives it as its contact sees it. Throws 404 when a conversation that is named is not there. */
  abstract write(inbox: { accountId: number; id: number }, message: InboundMessage): Promise<IngestedMessage & { message: Record<string, unknown> }>;
}

/** A conversation as its own contact may see it. */
export interface VisitorConversation {
  id: number;
  displayId: number;
  uuid: string;
  status: 'open' | 'resolved' | 'pending' | 'snoozed';
  contactLastSeenAt: number;
  agentLastSeenAt: number;
  customAttributes: Record<string, unknown>;
}

/** Reads and small acts of a contact in their own conversation: no notes, no activity lines, nobody else's. */
export abstract class VisitorThreadPort {
  /** The newest conversation of an identity, or undefined. */
  abstract current(accountId: number, contactInboxId: number): Promise<VisitorConversation | undefined>;
  /** Whether somebody of this name on an inbox has a conversation. */
  abstract hasBegun(accountId: number, inboxId: number, sourceId: string): Promise<boolean>;
  /** All conversations of an identity, newest first; at most 100. */
  abstract all(accountId: number, contactInboxId: number): Promise<VisitorConversation[]>;
  /** The identity's conversation of this number, or undefined. */
  abstract byNumber(accountId: number, contactInboxId: number, displayId: number): Promise<VisitorConversation | undefined>;
  /** Public messages, oldest first; `before`: 20 older, `after`: up to 100 newer; in public message shape with content_html and delivery. */
  abstract messages(accountId: number, conversationId: number, page: { before?: number; after?: number }): Promise<Record<string, unknown>[]>;
  abstract message(accountId: number, conversationId: number, messageId: number): Promise<Record<string, unknown> | undefined>;
  /** The contact has seen everything up to now. */
  abstract markSeen(accountId: number, conversationId: number): Promise<void>;
  abstract resolve(accountId: number, conversationId: number): Promise<void>;
  /** Opens an empty conversation (pre-chat forms without a message, API inboxes). */
  abstract open(accountId: number, inboxId: number, contactInboxId: number, attributes: { additional?: Record<string, unknown>; custom?: Record<string, unknown> }): Promise<VisitorConversation>;
  abstract mergeCustomAttributes(accountId: number, conversationId: number, set: Record<string, unknown>, remove: string[]): Promise<void>;
  abstract typing(accountId: number, conversationId: number, on: boolean): Promise<void>;
  /** Puts one of the account's labels on the conversation, or takes it off. False, and nothing changes, when there is no such label. */
  abstract label(accountId: number, conversationId: number, title: string, on: boolean): Promise<boolean>;
}

/** What an inbox says by itself: greetings, office hours. `conversations` provides it. */
export abstract class TemplatePort {
  /** Writes a template message (message_type 3) into the conversation. The same key again writes nothing; false then, or when the conversation is gone. */
  abstract post(accountId: number, conversationId: number, template: { key: string; content: string }): Promise<boolean>;
}

/** Answers to questions that a message asks: forms, addresses. `conversations` provides it. */
export abstract class AnswersPort {
  /** Keeps what the contact filled in with the message that asked. The message as it is then, or undefined when the conversation has no such public message. */
  abstract submit(accountId: number, conversationId: number, messageId: number, answer: { submitted_values?: unknown; submitted_email?: string }): Promise<Record<string, unknown> | undefined>;
}

/** News from outside about messages we sent. `conversations` provides it. */
export abstract class StatusPort {
  /** Takes the news once per external id. What says less than is known already changes nothing. False when it changed nothing, or the message is gone. */
  abstract report(inbox: { accountId: number; id: number }, conversationId: number, status: InboundStatus): Promise<boolean>;
}

/** What was said in a conversation, by mail. Whatever channel sends mail provides it. */
export abstract class TranscriptPort {
  /** Whether the account has an inbox to send it from. */
  abstract available(accountId: number): Promise<boolean>;
  /** Sends it there; null stands for the contact's own address. Throws a Problem that says why not. */
  abstract send(accountId: number, conversationId: number, to: string | null): Promise<void>;
}

/** Secrets of an inbox that change by themselves, such as tokens. `inboxes` provides it. */
export abstract class InboxSecretsPort {
  /** Stores these beside the others, and settings that come with them. */
  abstract replace(inbox: Pick<ChannelInbox, 'accountId' | 'id'>, secrets: Record<string, string>, config?: Record<string, unknown>): Promise<void>;
}
