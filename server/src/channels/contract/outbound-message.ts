/** A message on its way out, with all a channel needs to send it. */
export interface OutboundMessage {
  accountId: number;
  accountName: string;
  conversationId: number;
  conversationDisplayId: number;
  messageId: number;
  /** 1 for the first try. */
  attempt: number;
  content: string | null;
  contentHtml: string;
  contentType: string;
  contentAttributes: Record<string, unknown>;
  inReplyTo: number | null;
  createdAt: Date;
  sender: { id: number; name: string; type: 'user' | 'agent_bot' } | null;
  contact: { id: number; name: string; email: string | null; phoneNumber: string | null; identifier: string | null };
  /** The contact's address on this inbox. */
  sourceId: string;
  /** The whole message in Chatwoot's event form, for channels that pass it on as it is. */
  wire: Record<string, unknown>;
  attachments: OutboundFile[];
  /** Nobody of ours wrote it just now: a greeting, a notice that the office is closed, what a rule says. */
  automatic: boolean;
  conversation: { uuid: string; createdAt: Date; additionalAttributes: Record<string, unknown> };
  /** The account's language. */
  locale: string;
  /** The conversation as Chatwoot's webhooks carry it. Only for channels that are `programmable`. */
  pushed: Record<string, unknown> | null;
  /** The public message just before, for channels that repeat it. Only where the channel `quotes`. */
  before: QuotedMessage | null;
  /** The message of this conversation that is passed on to somebody else. Only where the channel `quotes`. */
  forwarded: (QuotedMessage & { attachments: OutboundFile[] }) | null;
}

/** A file of a message, with its key in our storage. */
export interface OutboundFile { id: number; fileType: string; fileName: string; contentType: string; size: number; url: string; storageKey: string | null }
/** An earlier message of the same conversation. */
export interface QuotedMessage { messageId: number; incoming: boolean; name: string; content: string | null; contentHtml: string; createdAt: Date }

/** What became of one try. */
export type SendOutcome =
  /** The note is shown: part of it did not arrive. */
  | { kind: 'sent'; externalId?: string; note?: string }
  /** Never retry; the reason is shown to the agent. */
  | { kind: 'rejected'; reason: string }
  | { kind: 'retry_after'; ms: number; reason: string }
  /** The request was written and the answer lost. */
  | { kind: 'uncertain'; reason: string };
