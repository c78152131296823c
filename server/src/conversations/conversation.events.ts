import type { Changes } from '../delivery/changes.js';

/** Keys of a conversation on the wire that `conversation.updated` can name. */
export type ChangedKey =
  | 'priority' | 'labels' | 'custom_attributes' | 'additional_attributes' | 'muted' | 'snoozed_until' | 'unread_count' | 'agent_last_seen_at' | 'contact_last_seen_at'
  | 'last_activity_at' | 'waiting_since' | 'last_message_preview' | 'meta.sender';

declare module '../delivery/event-types.js' {
  interface EventTypes {
    'conversation.created': { display_id: number };
    'conversation.updated': { changed: ChangedKey[]; changes?: Changes };
    'conversation.status_changed': { from: number; to: number; changes?: Changes };
    /** Agents or the contact have seen the conversation up to now. */
    'conversation.read': { by: 'agent' | 'contact' };
    /** People; and bots, where one held it or holds it now. */
    'assignee.changed': { from: number | null; to: number | null; bot?: { from: number | null; to: number | null } };
    'team.changed': { from: number | null; to: number | null };
    /** The row is gone, so the event carries what its audience is found by. */
    'conversation.deleted': { display_id: number; inbox_id: number; contact_inbox_id: number };
    'message.created': { message_id: number };
    'message.updated': { message_id: number; changes?: Changes };
  }
}
