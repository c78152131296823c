import type { Tx } from '../../platform/database/transaction.js';
import type { StagedFile } from '../../platform/storage/staged-file.js';

/** Who writes, as the channel knows them. */
export interface InboundSender {
  /** Their address on this inbox; unique there. */
  sourceId: string;
  name?: string;
  email?: string;
  phoneNumber?: string;
  identifier?: string;
  hmacVerified?: boolean;
  additionalAttributes?: Record<string, unknown>;
  customAttributes?: Record<string, unknown>;
}

/** A message from outside, parsed and not yet stored. */
export interface InboundMessage {
  kind: 'message_received';
  /** The provider's id of it, or the visitor's echo id: the same twice is the same message. */
  externalId: string;
  sender: InboundSender;
  content: string | null;
  contentType?: string;
  contentAttributes?: Record<string, unknown>;
  /** Our message id that it answers, when known. */
  inReplyTo?: number;
  /** The sender's own id, given back in the answer. */
  echoId?: string;
  sourceId?: string;
  attachments: StagedFile[];
  /** Opens a conversation of its own although another one is open. A repeated message stays where it was. */
  newConversation?: boolean;
  /** Our id of the conversation it goes to, where the channel names one. Must be the sender's own, or it is not found, unless they join it. */
  conversationId?: number;
  /** The conversation may be somebody else's, also on another inbox: the sender takes part in it under their own name. The channel has checked that they may. */
  joins?: boolean;
  /** One of ours wrote it outside, e.g. in their mail program: stored as their reply, which has left already. Needs `conversationId` and `joins`. */
  writtenBy?: { userId: number };
  /** No person wrote it: nothing that an inbox says by itself answers it. */
  automatic?: boolean;
  /** Kept, and heard by nobody: it wakes no conversation, and nobody waits for an answer. */
  quiet?: boolean;
  /** Runs in the transaction that stores the message, for what the channel itself keeps of it. */
  alsoStore?: (tx: Tx, stored: { messageId: number; conversationId: number; conversationDisplayId: number; contactId: number; inboxId: number }) => Promise<void>;
  /** For a conversation that this message opens. */
  conversation?: { additionalAttributes?: Record<string, unknown>; customAttributes?: Record<string, unknown> };
}

/** News about a message we sent. */
export interface InboundStatus {
  kind: 'message_status';
  externalId: string;
  /** Our message id. */
  messageId: number;
  status: 'sent' | 'delivered' | 'read' | 'failed';
  /** In words for the agent. Without a status that is news, it is shown beside the one that is known. */
  reason?: string;
}

export type InboundEvent = InboundMessage | InboundStatus;
