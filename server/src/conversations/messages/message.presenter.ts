import { Injectable } from '@nestjs/common';
import { shownAvailability } from '../../identity/users/availability.js';
import { PeoplePresence } from '../../identity/users/people-presence.js';
import { RemotePictureAddresses } from '../../platform/remote-pictures/remote-picture-addresses.js';
import { Avatars } from '../../platform/storage/avatars.js';
import { FILE_TYPES } from '../attachments/attachment.dto.js';
import { AttachmentPresenter } from '../attachments/attachment.presenter.js';
import { CONTENT_TYPES, DELIVERY_STATES, MessageType, secondsOf, SenderType, STATUSES, WIRE_MESSAGE_STATUSES, WIRE_SENDER_TYPES } from '../conversation-codes.js';
import { shownAttributes } from './message-changes.js';
import type { PublicMessage, WireEventMessage, WireMessage } from './message.dto.js';
import { renderMarkdown, renderPlain, type PictureOf } from './message-markdown.js';
import type { MessageRow } from './messages.repository.js';

/** What a message shows of its conversation. */
export interface ConversationOfMessage {
  display_id: number; assignee_id: number | null; unread_count: number; last_activity_at: Date; status: number; waiting_since: Date | null; last_message_preview: string | null; source_id: string;
}

/** What a contact may read of content_attributes: nothing of our own bookkeeping. */
const PUBLIC_ATTRIBUTES = ['deleted', 'items', 'submitted_values', 'submitted_email', 'display_type', 'image_type', 'in_reply_to', 'button_label'];
const IMAGE = FILE_TYPES.indexOf('image');
const CARDS = CONTENT_TYPES.indexOf('cards');
const NOTHING_PRESENT: Set<number> = new Set();

/** Shows messages: to agents, in events, and to the contact. */
@Injectable()
export class MessagePresenter {
  constructor(private readonly attachments: AttachmentPresenter, private readonly avatars: Avatars, private readonly presence: PeoplePresence, private readonly remote: RemotePictureAddresses) {}

  /** Messages of one conversation in Chatwoot's REST shape. */
  list(rows: MessageRow[], displayId: number): Promise<WireMessage[]> {
    return this.ofMany(rows, () => displayId);
  }

  /** Messages of several conversations, in the same shape. */
  async ofMany(rows: MessageRow[], displayIdOf: (row: MessageRow) => number): Promise<WireMessage[]> {
    const here = await this.presentSenders(rows);
    return rows.map((row) => this.rest(row, displayIdOf(row), here));
  }

  async one(row: MessageRow, displayId: number): Promise<WireMessage> {
    return this.rest(row, displayId, await this.presentSenders([row]));
  }

  /** Who of the people behind these messages has a dashboard open. */
  async presentSenders(rows: MessageRow[]): Promise<Set<number>> {
    const ids = [...new Set(rows.flatMap((row) => (row.user ? [row.user.id] : [])))];
    return ids.length > 0 ? this.presence.present(rows[0]!.account_id, ids) : NOTHING_PRESENT;
  }

  /** The form of events and of messages inside conversations. */
  event(row: MessageRow, conversation: ConversationOfMessage, here: Set<number>): WireEventMessage {
    return {
      ...this.rest(row, conversation.display_id, here),
      account_id: row.account_id, updated_at: row.updated_at.toISOString(), sender_type: WIRE_SENDER_TYPES[row.sender_type] ?? null, sender_id: row.sender_id,
      processed_message_content: row.content, sentiment: {}, external_source_ids: {}, additional_attributes: row.additional_attributes ?? {},
      conversation: {
        id: conversation.display_id, assignee_id: conversation.assignee_id, unread_count: Math.min(conversation.unread_count, 10), last_activity_at: secondsOf(conversation.last_activity_at),
        status: STATUSES[conversation.status]!, waiting_since: secondsOf(conversation.waiting_since), last_message_preview: conversation.last_message_preview,
        contact_inbox: { source_id: conversation.source_id },
      },
    };
  }

  /** The form for the contact. Never call it with a private note or an activity line. */
  toContact(row: MessageRow, displayId: number): PublicMessage {
    const { id, content, content_html, message_type, content_type, content_attributes, created_at, echo_id, in_reply_to, status, delivery, attachments, pictures } = this.rest(row, displayId, NOTHING_PRESENT);
    return {
      id, content, content_html, message_type, content_type, created_at, conversation_id: displayId, in_reply_to, status, delivery: delivery && { ...delivery, error: null },
      content_attributes: Object.fromEntries(Object.entries(content_attributes).filter(([key]) => PUBLIC_ATTRIBUTES.includes(key))),
      ...(echo_id !== undefined && { echo_id }), ...(attachments && { attachments }), ...(pictures && { pictures }), ...this.publicSender(row),
    };
  }

  private rest(row: MessageRow, displayId: number, here: Set<number>): WireMessage {
    const isOutgoing = (row.message_type === MessageType.outgoing || row.message_type === MessageType.template) && !row.private;
    const sender = this.sender(row, here);
    return {
      id: row.id, content: row.content, content_html: row.message_type === MessageType.activity ? renderPlain(row.content) : renderMarkdown(row.content, this.picturesOf(row)),
      inbox_id: row.inbox_id, conversation_id: displayId, message_type: row.message_type, content_type: CONTENT_TYPES[row.content_type] ?? 'text',
      status: WIRE_MESSAGE_STATUSES[row.status] ?? 'sent', content_attributes: attributesOf(row), created_at: secondsOf(row.created_at), private: row.private, source_id: row.source_id,
      ...(row.echo_id !== null && { echo_id: row.echo_id }), ...(sender && { sender }),
      ...(row.attachments && { attachments: row.attachments.map((attachment) => this.attachments.present(attachment)) }), in_reply_to: row.in_reply_to,
      ...(row.content_type === CARDS && { pictures: this.cardPictures(row) }), delivery: isOutgoing ? { state: DELIVERY_STATES[row.status] ?? 'sent', error: row.external_error, attempt: row.attempt } : null,
    };
  }

  /** Our own addresses of the pictures on cards, card by card: whoever looks at them asks no other server. */
  private cardPictures(row: MessageRow): (string | null)[] {
    const cards = row.content_attributes?.['items'];
    return (Array.isArray(cards) ? cards as { media_url?: unknown }[] : []).map((card) => {
      const address = card?.media_url;
      return typeof address === 'string' && /^https?:\/\//i.test(address) ? this.remote.of(row.account_id, address) : null;
    });
  }

  /** Pictures shown inside the text, by the name of their file. */
  private picturesOf(row: MessageRow): PictureOf | undefined {
    const files = row.attachments;
    return files ? (name) => {
      const file = files.find((one) => one.file_name === name && one.file_type === IMAGE);
      return file && this.attachments.present(file).data_url;
    } : undefined;
  }

  private sender(row: MessageRow, here: Set<number>): WireMessage['sender'] {
    if (row.sender_type === SenderType.user && row.user) {
      const { user } = row;
      const face = this.avatars.url(user.avatar_key);
      return {
        id: user.id, name: user.name, available_name: user.display_name || user.name, avatar_url: face, thumbnail: face, type: 'user',
        availability_status: user.availability === null ? 'offline' : shownAvailability(user.availability, user.auto_offline ?? true, here.has(user.id)),
      };
    }
    if (row.sender_type === SenderType.contact && row.contact) {
      const { contact } = row;
      return {
        id: contact.id, name: contact.name, email: contact.email, phone_number: contact.phone_number, identifier: contact.identifier, thumbnail: this.avatars.url(contact.avatar_key),
        blocked: contact.blocked, additional_attributes: contact.additional_attributes ?? {}, custom_attributes: contact.custom_attributes ?? {}, type: 'contact',
      };
    }
    if (row.sender_type === SenderType.bot && row.bot) return { id: row.bot.id, name: row.bot.name, avatar_url: this.avatars.url(row.bot.avatar_key), type: 'agent_bot' };
    return undefined;
  }

  /** Names and faces of ours only. */
  private publicSender(row: MessageRow): { sender?: Record<string, unknown> } {
    if (row.user && row.sender_type === SenderType.user) {
      const face = this.avatars.url(row.user.avatar_key);
      const shown = row.user.display_name || row.user.name;
      return { sender: { id: row.user.id, name: shown, available_name: shown, avatar_url: face, thumbnail: face, type: 'user' } };
    }
    if (row.bot && row.sender_type === SenderType.bot) return { sender: { id: row.bot.id, name: row.bot.name, avatar_url: this.avatars.url(row.bot.avatar_key), type: 'agent_bot' } };
    // Without a name: whoever merely claimed an address must not learn whose it is. Visitors know that they are themselves.
    if (row.contact && row.sender_type === SenderType.contact) return { sender: { id: row.contact.id, name: '', thumbnail: '', type: 'contact' } };
    return {};
  }
}

function attributesOf(row: MessageRow): Record<string, unknown> {
  return {
    ...shownAttributes(row), ...(row.in_reply_to !== null && { in_reply_to: row.in_reply_to }),
  };
}
