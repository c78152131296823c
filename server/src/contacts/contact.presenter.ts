import { presentSlimInbox } from '../inboxes/inbox.presenter.js';
import type { WireContact } from './contact.dto.js';
import type { ContactRow, IdentityRow } from './contacts.repository.js';

/** Gives Chatwoot's name of a channel for the stored one. */
export type WireTypeOf = (channelType: string) => string;

const seconds = (date: Date): number => Math.floor(date.getTime() / 1000);

/** A person who writes to us, in Chatwoot's `contact` shape. Identities are left out when none are given. */
export function presentContact(row: ContactRow, identities?: IdentityRow[], wireTypeOf?: WireTypeOf): WireContact {
  return {
    id: row.id, name: row.name, email: row.email, phone_number: row.phone_number, identifier: row.identifier, thumbnail: '', blocked: row.blocked,
    availability_status: 'offline', additional_attributes: row.additional_attributes ?? {}, custom_attributes: row.custom_attributes ?? {},
    ...(row.last_activity_at && { last_activity_at: seconds(row.last_activity_at) }), created_at: seconds(row.created_at),
    ...(identities && wireTypeOf && { contact_inboxes: identities.map((identity) => presentIdentity(identity, wireTypeOf)) }),
  };
}

/** One identity of a contact: their address on an inbox. */
export function presentIdentity(row: IdentityRow, wireTypeOf: WireTypeOf): { source_id: string; inbox: ReturnType<typeof presentSlimInbox> } {
  return { source_id: row.source_id, inbox: presentSlimInbox({ id: row.inbox_id, name: row.inbox_name }, wireTypeOf(row.channel_type)) };
}

/** A contact as the sender of a message. */
export function presentContactSender(row: Pick<ContactRow, 'id' | 'name' | 'email' | 'phone_number' | 'identifier' | 'blocked' | 'additional_attributes' | 'custom_attributes'>): Record<string, unknown> {
  return {
    id: row.id, name: row.name, email: row.email, phone_number: row.phone_number, identifier: row.identifier, thumbnail: '', blocked: row.blocked,
    additional_attributes: row.additional_attributes ?? {}, custom_attributes: row.custom_attributes ?? {}, type: 'contact',
  };
}
