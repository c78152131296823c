import type { z } from 'zod';
import type { Tx } from '../../platform/database/transaction.js';
import type { OutboundMessage, SendOutcome } from './outbound-message.js';

/** What a channel can do. Composer and thread ask for these, never for a channel's name. */
export interface ChannelCapabilities {
  attachments: boolean;
  /** Longest text of one message, in characters. */
  maxLength: number;
  /** Whether sending the same message twice has one effect, so that an unknown outcome may be retried. */
  idempotentSend: boolean;
  /** Whether outgoing messages wait for a worker; false where committing is delivering, as in web chat. */
  sendsByWorker: boolean;
  typing: boolean;
  readReceipts: boolean;
  /** People leave without an address to reach them at, so the inbox may ask for one. */
  asksForEmail?: boolean;
  /** Questions such as ratings are shown and answered inside the thread; elsewhere people follow a link. */
  asksInThread?: boolean;
  /** Options, cards, forms and lists of articles arrive as what they are; elsewhere they are told in words. */
  showsItems?: boolean;
  /** How often within an hour an inbox may answer one person by itself, where programs answer programs. Without it as often as it has reason to. */
  automaticAnswersPerHour?: number;
  /** The other side is a program of the customer's own: it may write messages in the contact's name and report delivery states over our API. */
  programmable?: boolean;
  /** People are reached at their mail address: it is their source id, and messages may name other recipients. */
  addressed?: boolean;
  /** A message repeats the one before, and may pass one on. */
  quotes?: boolean;
  /** How long one send may take, in milliseconds, where 25 seconds are too few. */
  sendMs?: number;
}

/** An inbox as its channel sees it: settings checked by the channel's own schemas, secrets opened. */
export interface ChannelInbox {
  id: number;
  accountId: number;
  name: string;
  /** How agents are named to people: friendly, with their own name, or professional, with the business's only. */
  senderNameType: string;
  businessName: string | null;
  publicToken: string;
  config: Record<string, unknown>;
  secrets: Record<string, string>;
}

/** All knowledge of one kind of channel. One folder each, listed in channels/index.ts. */
export interface Channel {
  /** Stable id, as stored in inboxes.channel_type and sent as `channel.type`: `web_widget`, `api`. */
  readonly id: string;
  /** Chatwoot's name of it: `Channel::WebWidget`. */
  readonly wireType: string;
  readonly capabilities: ChannelCapabilities;
  /** Settings an administrator may give, flat, in wire names. Unknown keys are dropped. */
  readonly configSchema: z.ZodType<Record<string, unknown>>;
  /** Those of the settings that are kept sealed with the secrets, under the same name. Given as null they stay as they are, given empty they go. */
  readonly secretSettings?: readonly string[];
  /** Settings of a new inbox that the administrator did not give. */
  newConfig(): Record<string, unknown>;
  /** Secrets of a new inbox, e.g. its HMAC key. */
  newSecrets(): Record<string, string>;
  /** Channel-specific keys of the inbox on the wire; secrets only for administrators. Field by field. */
  present(inbox: ChannelInbox, audience: 'administrator' | 'agent', publicUrl: string): Record<string, unknown>;
  /** Sends one message outside any transaction. Only for channels with `sendsByWorker`. Never throws for the provider's answers. */
  send?(message: OutboundMessage, inbox: ChannelInbox): Promise<SendOutcome>;
  /** Whether a sent message did not reach everybody, so that sending it again reaches only the others. */
  leftSomebodyOut?(tx: Tx, message: { conversationId: number; messageId: number }): Promise<boolean>;
  /** Learns from what somebody said about a conversation with this source id; `takesBack` when they said the other before. */
  learn?(tx: Tx, sourceId: string, said: 'spam' | 'wanted', takesBack: boolean): Promise<void>;
}
