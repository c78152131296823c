import type { z } from 'zod';
import type { AccountId } from '../../platform/database/account-id.js';
import type { VisitorConversation } from '../contract/ports.js';
import { apiConfig } from './api.config.js';
import type { Client, ClientContact } from './client.js';
import type { ClientContactRecord, ClientContactSchema, ClientConversation, ClientInbox, ClientMessage } from './client.dto.js';

/** What an app may know of the inbox it writes to. */
export const presentClientInbox = ({ inbox }: Client): z.infer<typeof ClientInbox> => ({
  identifier: inbox.public_token, identity_validation_enabled: apiConfig(inbox.channel_config).hmac_mandatory, name: inbox.name, timezone: inbox.timezone,
  working_hours: inbox.working_hours.map((day) => ({ ...day })), working_hours_enabled: inbox.working_hours_enabled, csat_survey_enabled: inbox.csat_survey_enabled, greeting_enabled: inbox.greeting_enabled,
});

/** Facts about a contact go to who gave or proved them: whoever merely claims an address does not learn whose it is. */
const known = (contact: ClientContact) => (contact.speaks_for_contact
  ? { name: contact.name, email: contact.email, phone_number: contact.phone_number, identifier: contact.identifier } : { name: '', email: null, phone_number: null, identifier: null });

export function presentClientContact(contact: ClientContact): z.infer<typeof ClientContactSchema> {
  const { name, email, phone_number } = known(contact);
  return { source_id: contact.source_id, pubsub_token: contact.pubsub_token, id: contact.contact_id, name, email, phone_number };
}

export function presentContactRecord(account: AccountId, contact: ClientContact): z.infer<typeof ClientContactRecord> {
  const own = contact.speaks_for_contact;
  return {
    id: contact.contact_id, ...known(contact), account_id: account, blocked: contact.blocked, additional_attributes: (own && contact.additional_attributes) || {},
    custom_attributes: (own && contact.custom_attributes) || {}, last_activity_at: contact.last_activity_at?.toISOString() ?? null, created_at: contact.created_at.toISOString(), updated_at: contact.updated_at.toISOString(),
  };
}

export const presentClientConversation = (client: Client & { contact: ClientContact }, conversation: VisitorConversation, messages: ClientMessage[]): ClientConversation => ({
  id: conversation.displayId, uuid: conversation.uuid, inbox_id: client.inbox.id, contact_last_seen_at: conversation.contactLastSeenAt, agent_last_seen_at: conversation.agentLastSeenAt,
  status: conversation.status, custom_attributes: conversation.customAttributes, messages, contact: presentContactRecord(client.accountId, client.contact),
});
