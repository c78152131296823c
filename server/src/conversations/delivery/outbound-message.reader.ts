import { Injectable } from '@nestjs/common';
import { ChannelRegistry } from '../../channels/contract/channel-registry.js';
import type { Channel, ChannelInbox } from '../../channels/contract/channel.js';
import { withItemsAsText } from '../../channels/contract/items-as-text.js';
import type { OutboundFile, OutboundMessage, QuotedMessage } from '../../channels/contract/outbound-message.js';
import { channelInbox } from '../../inboxes/inbox.presenter.js';
import { InboxSecrets } from '../../inboxes/inbox-secrets.service.js';
import { InboxesRepository } from '../../inboxes/inboxes.repository.js';
import type { Tx } from '../../platform/database/transaction.js';
import { OutgoingAddresses } from '../../platform/storage/outgoing-addresses.js';
import { MessageType, SenderType } from '../conversation-codes.js';
import { renderMarkdown, renderPlain } from '../messages/message-markdown.js';
import { MessagePresenter, type ConversationOfMessage } from '../messages/message.presenter.js';
import { MessagesRepository, type MessageRow } from '../messages/messages.repository.js';
import type { WireMessage } from '../messages/message.dto.js';
import { ConversationPresenter } from '../queries/conversation.presenter.js';
import { ConversationReader } from '../queries/conversation-reader.js';
import { pushedConversation } from '../queries/pushed-conversation.js';
import type { Claim } from './outbound.repository.js';

/** A message with the channel that sends it. */
export interface Sendable { channel: Channel; inbox: ChannelInbox; message: OutboundMessage }

type ConversationRow = ConversationOfMessage & {
  inbox_id: number; account_name: string; account_locale: string; uuid: string; created_at: Date; additional_attributes: Record<string, unknown> | null; contact_id: number; contact_name: string; email: string | null; phone_number: string | null; identifier: string | null;
};

const CONVERSATION = `SELECT c.display_id, c.assignee_id, c.unread_count, c.last_activity_at, c.status, c.waiting_since, c.last_message_preview, c.inbox_id, ci.source_id,
  c.uuid, c.created_at, c.additional_attributes, a.locale AS account_locale, a.name AS account_name, ct.id AS contact_id, ct.name AS contact_name, ct.email, ct.phone_number, ct.identifier
  FROM conversations c JOIN accounts a ON a.id = c.account_id JOIN contacts ct ON ct.account_id = c.account_id AND ct.id = c.contact_id
  JOIN contact_inboxes ci ON ci.account_id = c.account_id AND ci.id = c.contact_inbox_id WHERE c.account_id = $1 AND c.id = $2`;

/** Gathers what a channel needs to send a message. */
@Injectable()
export class OutboundMessageReader {
  constructor(
    private readonly channels: ChannelRegistry, private readonly inboxes: InboxesRepository, private readonly secrets: InboxSecrets,
    private readonly messages: MessagesRepository, private readonly presenter: MessagePresenter, private readonly conversations: ConversationReader, private readonly conversationPresenter: ConversationPresenter,
    private readonly addresses: OutgoingAddresses,
  ) {}

  /** Undefined when the message or its inbox is gone, or this build cannot send through it. */
  async read(tx: Tx, conversationId: number, claim: Claim): Promise<Sendable | undefined> {
    const conversation = await tx.one<ConversationRow>(CONVERSATION, [tx.accountId, conversationId]);
    const row = await this.messages.find(tx, conversationId, claim.messageId);
    const inbox = conversation && await this.inboxes.find(tx, conversation.inbox_id);
    const channel = inbox && this.channels.find(inbox.channel_type);
    if (!conversation || !row || !inbox || !channel?.send) return undefined;
    const quoted = channel.capabilities.quotes ? await this.quoted(tx, conversationId, row) : { before: null, forwarded: null };
    return { channel, inbox: channelInbox(inbox, this.secrets.open(inbox)), message: { ...this.message(tx, conversationId, claim, conversation, row, channel), ...quoted, pushed: channel.capabilities.programmable ? await this.pushed(tx, conversationId) : null } };
  }

  /** The channel of a conversation, when its inbox is still there. */
  async channelOf(tx: Tx, conversationId: number): Promise<Channel | undefined> {
    const found = await tx.one<{ channel_type: string }>(
      'SELECT i.channel_type FROM conversations c JOIN inboxes i ON i.account_id = c.account_id AND i.id = c.inbox_id WHERE c.account_id = $1 AND c.id = $2', [tx.accountId, conversationId]);
    return found && this.channels.find(found.channel_type);
  }

  private message(tx: Tx, conversationId: number, claim: Claim, conversation: ConversationRow, row: MessageRow, { capabilities }: Channel): Omit<OutboundMessage, 'before' | 'forwarded' | 'pushed'> {
    const wire = this.addresses.whole(this.presenter.event(row, conversation, new Set()));
    const { sender } = wire;
    const content = capabilities.showsItems ? row.content : withItemsAsText(wire.content_type, row.content, row.content_attributes);
    return {
      accountId: tx.accountId, accountName: conversation.account_name, conversationId, conversationDisplayId: conversation.display_id, messageId: row.id, attempt: claim.attempt,
      content, contentHtml: renderMarkdown(content, pictureOf(row)), contentType: wire.content_type, contentAttributes: wire.content_attributes, inReplyTo: row.in_reply_to, createdAt: row.created_at,
      sender: sender && sender.type !== 'contact' ? { id: sender.id, name: sender.name, type: sender.type } : null,
      contact: { id: conversation.contact_id, name: conversation.contact_name, email: conversation.email, phoneNumber: conversation.phone_number, identifier: conversation.identifier },
      sourceId: conversation.source_id, wire,
      attachments: filesOf(row, wire), automatic: row.message_type === MessageType.template || row.sender_type === SenderType.nobody, locale: conversation.account_locale,
      conversation: { uuid: conversation.uuid, createdAt: conversation.created_at, additionalAttributes: conversation.additional_attributes ?? {} },
    };
  }

  private async pushed(tx: Tx, conversationId: number): Promise<Record<string, unknown> | null> {
    const [row] = await this.conversations.byIds(tx, [conversationId]);
    return row ? this.addresses.whole(pushedConversation(row, await this.conversationPresenter.one(tx, row, 'said'))) : null;
  }

  private async quoted(tx: Tx, conversationId: number, row: MessageRow): Promise<Pick<OutboundMessage, 'before' | 'forwarded'>> {
    const [before] = (await this.messages.thread(tx, conversationId, { before: row.id }, 'contact')).slice(-1);
    const forwardedId = row.content_attributes?.['forwarded_message_id'];
    const forwarded = typeof forwardedId === 'number' ? await this.messages.find(tx, conversationId, forwardedId) : undefined;
    return {
      before: before && !before.deleted_at ? quotedMessage(before) : null,
      forwarded: forwarded && !forwarded.deleted_at && !forwarded.private ? { ...quotedMessage(forwarded), attachments: filesOf(forwarded, this.addresses.whole(await this.presenter.one(forwarded, 0))) } : null,
    };
  }
}

/** Files with their keys, which never leave over the wire. */
function filesOf(row: MessageRow, wire: Pick<WireMessage, 'attachments'>): OutboundFile[] {
  const keys = new Map((row.attachments ?? []).map((file) => [file.id, file.storage_key]));
  return (wire.attachments ?? []).map((file) => ({
    id: file.id, fileType: file.file_type, fileName: file.file_name ?? 'file', contentType: file.content_type ?? 'application/octet-stream', size: file.file_size, url: file.data_url,
    storageKey: keys.get(file.id) ?? null,
  }));
}

function quotedMessage(row: MessageRow): QuotedMessage {
  const incoming = row.message_type === MessageType.incoming;
  return {
    messageId: row.id, incoming, name: row.contact?.name ?? row.user?.display_name ?? row.user?.name ?? '', content: row.content,
    contentHtml: incoming ? renderPlain(row.content) : renderMarkdown(row.content), createdAt: row.created_at,
  };
}

/** Names pictures inside the text by their attachment, for channels that send them along: `cid:17`. */
const pictureOf = (row: MessageRow) => (name: string): string | undefined => {
  const file = row.attachments?.find((one) => one.file_name === name);
  return file && `cid:${file.id}`;
};
