import { Injectable } from '@nestjs/common';
import { ChannelRegistry } from '../channels/contract/channel-registry.js';
import { presentSlimInbox } from '../inboxes/inbox.presenter.js';
import type { InboxRow } from '../inboxes/inboxes.repository.js';
import { Avatars } from '../platform/storage/avatars.js';
import { Presence } from '../realtime/presence.service.js';
import type { WireContact } from './contact.dto.js';
import type { ContactRow, IdentityRow } from './contacts.repository.js';

const seconds = (date: Date): number => Math.floor(date.getTime() / 1000);

/** Shows the people who write to us. */
@Injectable()
export class ContactPresenter {
  constructor(private readonly channels: ChannelRegistry, private readonly presence: Presence, private readonly avatars: Avatars) {}

  /** In Chatwoot's `contact` shape. Identities and labels are left out when none are given. */
  present(row: ContactRow, identities?: IdentityRow[], labels?: string[]): WireContact {
    return {
      id: row.id, name: row.name, email: row.email, phone_number: row.phone_number, identifier: row.identifier, thumbnail: this.avatars.url(row.avatar_key), blocked: row.blocked,
      availability_status: this.presence.contactIsHere(row.account_id, row.id) ? 'online' : 'offline',
      additional_attributes: row.additional_attributes ?? {}, custom_attributes: row.custom_attributes ?? {},
      ...(row.last_activity_at && { last_activity_at: seconds(row.last_activity_at) }), created_at: seconds(row.created_at),
      ...(labels && { labels }),
      ...(identities && { contact_inboxes: identities.map((identity) => this.identity(identity)) }),
    };
  }

  /** One identity of a contact: their address on an inbox. */
  identity(row: IdentityRow): { source_id: string; inbox: ReturnType<typeof presentSlimInbox> } {
    return { source_id: row.source_id, inbox: this.inbox({ id: row.inbox_id, name: row.inbox_name, channel_type: row.channel_type, avatar_key: row.inbox_avatar_key }) };
  }

  /** The inbox beside a contact. */
  inbox(row: Pick<InboxRow, 'id' | 'name' | 'channel_type' | 'avatar_key'>): ReturnType<typeof presentSlimInbox> {
    return presentSlimInbox(row, this.channels.get(row.channel_type).wireType, this.avatars.url(row.avatar_key));
  }
}
