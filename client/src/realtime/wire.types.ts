/** Shapes as they travel: REST answers and realtime events carry the same ones. Times are seconds unless said. */

export type ConversationStatus = 'open' | 'pending' | 'snoozed' | 'resolved';
export type Priority = 'low' | 'medium' | 'high' | 'urgent';
export type Availability = 'online' | 'busy' | 'offline';

/** Whoever can speak in a conversation: an agent, a contact or a bot. */
export interface Person {
  id: number;
  name: string;
  type?: 'user' | 'contact' | 'agent_bot';
  available_name?: string;
  avatar_url?: string;
  thumbnail?: string;
  email?: string | null;
  phone_number?: string | null;
  identifier?: string | null;
  availability_status?: Availability;
  blocked?: boolean;
  additional_attributes?: Record<string, unknown> | null;
  custom_attributes?: Record<string, unknown> | null;
}

export interface Attachment {
  id: number;
  message_id: number;
  file_type: string;
  extension?: string | null;
  content_type?: string | null;
  data_url: string;
  thumb_url: string;
  file_size: number;
  width?: number | null;
  height?: number | null;
  fallback_title?: string | null;
  file_name?: string | null;
  coordinates_lat?: number;
  coordinates_long?: number;
}

export type DeliveryState = 'queued' | 'sending' | 'sent' | 'delivered' | 'read' | 'failed' | 'uncertain';

export interface Delivery {
  state: DeliveryState;
  /** The provider's own words when it refused. */
  error: string | null;
  attempt: number;
}

export const MessageType = { incoming: 0, outgoing: 1, activity: 2, template: 3 } as const;

export interface Message {
  id: number;
  conversation_id: number;
  inbox_id: number;
  content: string | null;
  /** Made safe by the server; the only HTML this client ever shows. */
  content_html?: string | null;
  content_type: string;
  content_attributes: Record<string, unknown> & { deleted?: boolean; in_reply_to?: number | null };
  message_type: number;
  private: boolean;
  status: 'sent' | 'delivered' | 'read' | 'failed';
  delivery?: Delivery | null;
  in_reply_to?: number | null;
  created_at: number;
  updated_at?: string;
  source_id?: string | null;
  echo_id?: string | null;
  sender?: Person | null;
  sender_type?: 'Contact' | 'User' | 'AgentBot' | null;
  sender_id?: number | null;
  attachments?: Attachment[];
}

/** What a message event says about its conversation. */
export interface ConversationGist {
  id?: number;
  assignee_id?: number | null;
  unread_count?: number;
  unread_count_exact?: number;
  last_activity_at?: number;
  status?: ConversationStatus;
  waiting_since?: number;
  last_message_preview?: string | null;
  last_message_sender?: SpokeLast;
}

export interface EventMessage extends Message {
  conversation?: ConversationGist;
}

export type SpokeLast = 'contact' | 'user' | 'bot' | null;

export interface ConversationMeta {
  sender: Person;
  channel: string;
  assignee?: Person | null;
  assignee_type?: string | null;
  team?: { id: number; name: string } | null;
  hmac_verified?: boolean | null;
}

export interface Conversation {
  id: number;
  uuid?: string;
  account_id: number;
  inbox_id: number;
  status: ConversationStatus;
  priority: Priority | null;
  labels: string[];
  muted: boolean;
  can_reply: boolean;
  unread_count: number;
  unread_count_exact?: number;
  /** ISO 8601 text. */
  snoozed_until: string | null;
  additional_attributes: Record<string, unknown>;
  custom_attributes: Record<string, unknown>;
  agent_last_seen_at: number;
  assignee_last_seen_at?: number;
  contact_last_seen_at: number;
  created_at: number;
  /** Seconds with a fraction; grows with every change of the row. */
  updated_at: number;
  timestamp?: number;
  last_activity_at: number;
  first_reply_created_at?: number;
  waiting_since: number;
  last_message_preview?: string | null;
  last_message_sender?: SpokeLast;
  last_non_activity_message?: Message | null;
  meta: ConversationMeta;
}

export interface Contact extends Person {
  created_at?: number;
  last_activity_at?: number;
  contact_inboxes?: { source_id: string; inbox: { id: number; name: string; channel_type: string } }[];
}
