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
  attachments: { id: number; fileType: string; fileName: string; contentType: string; size: number; url: string }[];
}

/** What became of one try. */
export type SendOutcome =
  | { kind: 'sent'; externalId?: string }
  /** Never retry; the reason is shown to the agent. */
  | { kind: 'rejected'; reason: string }
  | { kind: 'retry_after'; ms: number; reason: string }
  /** The request was written and the answer lost. */
  | { kind: 'uncertain'; reason: string };
