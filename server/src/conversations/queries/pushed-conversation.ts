import type { WireConversation } from './conversation.dto.js';
import type { HydratedConversation } from './conversation-reader.js';

/** A conversation as webhooks and ActionCable carry it: Chatwoot's `webhook_data`, with short persons and its row of contact_inboxes. Present it with the message that was `said`. */
export function pushedConversation(row: HydratedConversation, wire: WireConversation): Record<string, unknown> & { id: number } {
  const { sender, assignee, assignee_type: assigneeType, hmac_verified: hmacVerified, team } = wire.meta as WireConversation['meta'] & { team?: unknown };
  return {
    additional_attributes: wire.additional_attributes, can_reply: wire.can_reply, channel: wire.meta.channel,
    contact_inbox: { id: row.contact_inbox_id, contact_id: row.contact_id, inbox_id: row.inbox_id, source_id: row.source_id, hmac_verified: row.hmac_verified },
    id: wire.id, uuid: wire.uuid, inbox_id: wire.inbox_id, messages: wire.messages, labels: wire.labels,
    meta: {
      sender: { ...sender, type: 'contact' }, assignee: assignee ? { ...assignee, avatar_url: assignee.thumbnail, type: assigneeType === 'User' ? 'user' : 'agent_bot' } : null,
      assignee_type: assigneeType ?? null, team: team ?? null, hmac_verified: hmacVerified,
    },
    status: wire.status, custom_attributes: wire.custom_attributes, snoozed_until: wire.snoozed_until, unread_count: wire.unread_count, first_reply_created_at: wire.first_reply_created_at,
    priority: wire.priority, waiting_since: wire.waiting_since, agent_last_seen_at: wire.agent_last_seen_at, contact_last_seen_at: wire.contact_last_seen_at,
    last_activity_at: wire.last_activity_at, timestamp: wire.timestamp, created_at: wire.created_at, updated_at: wire.updated_at,
  };
}

/** The same for its contact: every key, and nothing that is for agents' eyes only. */
export function pushedToContact(row: HydratedConversation, wire: WireConversation): Record<string, unknown> & { id: number } {
  const { meta, priority: _priority, ...pushed } = pushedConversation(row, wire);
  const { assignee } = meta as { assignee: { id: number; available_name: string; avatar_url: string; thumbnail: string; type: string } | null };
  return {
    ...pushed, messages: [], labels: [], additional_attributes: {}, unread_count: 0, priority: null, contact_inbox: { id: row.contact_inbox_id, source_id: row.source_id, inbox_id: row.inbox_id },
    meta: {
      sender: { id: row.contact_id, name: '', thumbnail: '', type: 'contact' }, hmac_verified: row.hmac_verified, team: null, assignee_type: wire.meta.assignee_type ?? null,
      assignee: assignee && { id: assignee.id, name: assignee.available_name, available_name: assignee.available_name, avatar_url: assignee.avatar_url, thumbnail: assignee.thumbnail, type: assignee.type },
    },
  };
}
