import { Injectable } from '@nestjs/common';
import { ChannelRegistry } from '../../channels/contract/channel-registry.js';
import type { ChannelCapabilities } from '../../channels/contract/channel.js';
import { isInteractive } from '../../channels/contract/interactive-items.js';
import { withItemsAsText } from '../../channels/contract/items-as-text.js';
import { Events } from '../../delivery/events.js';
import { NO_PERSON, type Member } from '../../identity/access/principal.js';
import type { Tx } from '../../platform/database/transaction.js';
import { invalid, notFound, Problem, unprocessable } from '../../platform/http/problem.js';
import { AttachmentsRepository } from '../attachments/attachments.repository.js';
import { CONTENT_TYPES, MessageStatus, MessageType, SenderType, Status } from '../conversation-codes.js';
import { conversationChanges } from '../conversation-changes.js';
import '../conversation.events.js';
import { ConversationsRepository, type ConversationRow } from '../conversations.repository.js';
import { FirstStatus } from '../lifecycle/first-status.service.js';
import { OutboundQueue } from '../delivery/outbound-queue.js';
import { checkedAttributes } from '../interactive/check-items.js';
import type { CreateMessage } from './message.dto.js';
import { previewOf } from './message-markdown.js';
import { MessagesRepository, type MessageRow, type Quotable } from './messages.repository.js';

/** In whose name a message is written. Without a person it is something of ours that writes by itself. */
export type Author = { userId: number | null } | { botId: number };
export const authorOf = (me: Member): Author => (me.botId === undefined ? { userId: me.userId } : { botId: me.botId });

function senderOf(author: Author): [number, number | null] {
  if ('botId' in author) return [SenderType.bot, author.botId];
  return author.userId === null ? [SenderType.nobody, null] : [SenderType.user, author.userId];
}

/** Writes a message of ours into a conversation: a reply, a private note, or, where the other side is a program, one in the contact's name. */
@Injectable()
export class PostMessage {
  constructor(
    private readonly conversations: ConversationsRepository, private readonly messages: MessagesRepository, private readonly attachments: AttachmentsRepository,
    private readonly channels: ChannelRegistry, private readonly outbound: OutboundQueue, private readonly events: Events, private readonly beginnings: FirstStatus,
  ) {}

  /** Stores it, once for one echo id of this sender, and leaves sending to the worker. Answers the stored message. */
  async post(tx: Tx, me: Member, displayId: number, given: CreateMessage): Promise<MessageRow> {
    const conversation = await this.conversations.lock(tx, me, displayId);
    if (!conversation) throw notFound();
    return this.write(tx, conversation, authorOf(me), given);
  }

  /** The same for a conversation that is locked already. */
  async write(tx: Tx, conversation: ConversationRow, author: Author, written: CreateMessage): Promise<MessageRow> {
    const given = { ...written, content_attributes: checkedAttributes(written.content_type, written.content_attributes) };
    const { capabilities } = this.channels.get(conversation.channel_type);
    const isIncoming = given.message_type === 'incoming';
    await this.check(tx, conversation, capabilities, given);
    const answered = await this.answered(tx, conversation, given);
    const isSent = !isIncoming && !given.private && capabilities.sendsByWorker;
    const [senderType, senderId] = isIncoming ? [SenderType.contact, conversation.contact_id] : senderOf(author);
    const stored = await this.messages.insert(tx, {
      conversationId: conversation.id, inboxId: conversation.inbox_id, messageType: isIncoming ? MessageType.incoming : MessageType.outgoing, senderType, senderId,
      content: given.content?.trim() ? given.content : null, contentType: CONTENT_TYPES.indexOf(given.content_type), status: isSent ? MessageStatus.queued : MessageStatus.sent,
      private: given.private && !isIncoming, contentAttributes: storedAttributes(given, capabilities, answered), additionalAttributes: saidBesides(given), inReplyTo: answered?.id ?? null, echoId: given.echo_id ?? null, sourceId: given.source_id ?? null,
    });
    if (!stored) return (await this.messages.findByEcho(tx, conversation.id, senderType, senderId!, given.echo_id!))!;
    const files = given.attachments ?? [];
    await this.attachments.insert(tx, { conversationId: conversation.id, messageId: stored.id, files });
    await this.record(tx, conversation, stored, given, senderType, author);
    if (isSent) await this.outbound.enqueue(tx, { conversationId: conversation.id, messageId: stored.id });
    return (await this.messages.find(tx, conversation.id, stored.id))!;
  }

  private async check(tx: Tx, conversation: ConversationRow, capabilities: ChannelCapabilities, given: CreateMessage): Promise<void> {
    const files = given.attachments ?? [];
    if (!given.content?.trim() && files.length === 0 && !isInteractive(given.content_type)) throw new Problem('invalid', "Content can't be blank", { attributes: ['content'], body: { error: "Content can't be blank" } });
    if (given.message_type === 'incoming' && !capabilities.programmable) throw unprocessable('Incoming messages are only allowed in Api inboxes');
    if (!given.private && given.message_type === 'outgoing') {
      if (files.length > 0 && !capabilities.attachments) throw invalid('attachments', 'cannot be sent through this channel');
      if ([...textFor(capabilities, given) ?? ''].length > capabilities.maxLength) throw invalid('content', `is longer than ${capabilities.maxLength} characters`);
    }
    if (given.forwarded_message_id !== undefined && !await this.messages.exists(tx, conversation.id, given.forwarded_message_id)) throw invalid('forwarded_message_id', 'is not a message of this conversation');
  }

  /**
   * The message that this one answers. Programs made for Chatwoot name it among the attributes, by our id or by their own, and mean what the other side quotes: that it
   * lies in an older conversation, or nowhere any more, must not cost the message. Our own field is meant as it stands.
   */
  private async answered(tx: Tx, conversation: ConversationRow, { in_reply_to: named, content_attributes: attributes }: CreateMessage): Promise<Quotable | undefined> {
    if (named !== undefined) {
      const found = await this.messages.quotable(tx, conversation, { id: named });
      if (!found) throw invalid('in_reply_to', 'is not a message of this conversation');
      return found;
    }
    const { in_reply_to: id, in_reply_to_external_id: theirs } = attributes ?? {};
    if (/^\d{1,15}$/.test(String(id ?? ''))) return this.messages.quotable(tx, conversation, { id: Number(id) });
    return typeof theirs === 'string' && theirs !== '' && theirs.length <= 255 ? this.messages.quotable(tx, conversation, { sourceId: theirs }) : undefined;
  }

  private async record(tx: Tx, conversation: ConversationRow, stored: { id: number; at: string }, given: CreateMessage, senderType: number, author: Author): Promise<void> {
    const userId = 'botId' in author ? NO_PERSON : author.userId;
    const facts = { messageId: stored.id, at: stored.at, preview: previewOf(given.content ?? null) ?? given.attachments?.[0]?.fileName ?? previewOf(withItemsAsText(given.content_type, null, given.content_attributes)) };
    // Whoever's token a program has, the contact wrote it: its owner wants to hear of it like everybody else.
    const isIncoming = given.message_type === 'incoming';
    const created = { type: 'message.created' as const, conversationId: conversation.id, actorId: isIncoming ? undefined : userId ?? undefined, payload: { message_id: stored.id } };
    if (isIncoming) {
      const stays = conversation.contact_blocked || conversation.status === Status.pending;
      const status = stays ? conversation.status : conversation.status === Status.resolved ? await this.beginnings.again(tx, conversation.inbox_id) : Status.open;
      await this.conversations.recordIncoming(tx, conversation.id, facts, { status, quiet: conversation.contact_blocked });
      const changes = conversationChanges(conversation, { status, snoozed_until: null });
      const reopened = { type: 'conversation.status_changed' as const, conversationId: conversation.id, payload: { from: conversation.status, to: status, changes } };
      return this.events.append(tx, ...(status === conversation.status ? [created] : [reopened, created]));
    }
    if (given.private) await this.conversations.recordNote(tx, conversation.id, facts, senderType);
    else if ('botId' in author) await this.conversations.recordBotReply(tx, conversation.id, facts);
    else if (userId === null) await this.conversations.recordAutomatic(tx, conversation.id, facts);
    else await this.conversations.recordReply(tx, conversation.id, facts, { type: senderType, userId });
    return this.events.append(tx, created);
  }
}

/** What the contact reads of it. */
const textFor = (capabilities: ChannelCapabilities, { content, content_type: type, content_attributes: attributes }: CreateMessage): string | null =>
  (capabilities.showsItems ? content ?? null : withItemsAsText(type, content ?? null, attributes));

/** The answered message has a column of its own; what says that a message is deleted is ours alone to write. */
function storedAttributes(given: CreateMessage, capabilities: ChannelCapabilities, answered: Quotable | undefined): Record<string, unknown> | null {
  const { in_reply_to: _answered, deleted: _deleted, external_error: _error, to_emails: _to, cc_emails: _cc, bcc_emails: _bcc, forwarded_message_id: _forwarded, ...rest } = given.content_attributes ?? {};
  const quoted = answered?.source_id != null && { in_reply_to_external_id: answered.source_id };
  const stored = { ...rest, ...quoted, ...(given.external_created_at != null && { external_created_at: given.external_created_at }), ...(capabilities.addressed && !given.private && recipientsOf(given)) };
  return Object.keys(stored).length > 0 ? stored : null;
}

/** Where Chatwoot keeps them. */
function saidBesides({ template_params, campaign_id }: CreateMessage): Record<string, unknown> | null {
  const besides = { ...(template_params != null && { template_params }), ...(campaign_id != null && { campaign_id }) };
  return Object.keys(besides).length > 0 ? besides : null;
}

/** Who a message is for, where that is not simply the contact. */
function recipientsOf({ to_emails, cc_emails, bcc_emails, forwarded_message_id }: CreateMessage): Record<string, unknown> {
  return {
    ...(to_emails?.length && { to_emails }), ...(cc_emails?.length && { cc_emails }), ...(bcc_emails?.length && { bcc_emails }), ...(forwarded_message_id !== undefined && { forwarded_message_id }),
  };
}
