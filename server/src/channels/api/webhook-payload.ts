import type { ChannelInbox } from '../contract/channel.js';
import type { OutboundMessage } from '../contract/outbound-message.js';
import { tellingOf } from '../contract/telling-of.js';

const object = (value: unknown): Record<string, unknown> => (typeof value === 'object' && value !== null ? value as Record<string, unknown> : {});

/** Chatwoot's `message_created` webhook: the event message, with names and ISO times where its webhooks have them. */
export function messageCreated(message: OutboundMessage, inbox: ChannelInbox): Record<string, unknown> {
  const contact = {
    id: message.contact.id, name: message.contact.name, email: message.contact.email, phone_number: message.contact.phoneNumber, identifier: message.contact.identifier, type: 'contact',
  };
  return {
    ...message.wire,
    event: 'message_created',
    id: message.messageId, content: message.content, content_type: message.contentType, content_attributes: message.contentAttributes,
    message_type: 'outgoing', created_at: message.createdAt.toISOString(), private: false,
    account: { id: message.accountId, name: message.accountName },
    inbox: { id: inbox.id, name: inbox.name },
    conversation: {
      ...object(message.wire['conversation']), ...tellingOf(message.pushed, message.wire),
      id: message.conversationDisplayId, inbox_id: inbox.id, channel: 'Channel::Api',
      contact_inbox: { ...object(message.pushed?.['contact_inbox']), source_id: message.sourceId, inbox_id: inbox.id, contact_id: message.contact.id },
      meta: { ...object(message.pushed?.['meta']), sender: { ...object(object(message.pushed?.['meta'])['sender']), ...contact } },
    },
  };
}
