/* Wire shapes, snake_case as they travel. This file is the only place features take them from: when `generated.ts`
   (made from the server's /api/openapi.json) covers a shape, its line here becomes a re-export of that schema. */
export type Id = number;
/** Seconds since 1970; 0 means "never" where the wire says so. */
export type Seconds = number;
export type Role = 'administrator' | 'agent';
export type Availability = 'online' | 'busy' | 'offline';

export interface Membership {
  id: Id; name: string; status: string; active_at: string | null; role: Role; permissions: string[];
  availability: Availability; availability_status: Availability; auto_offline: boolean;
}
export interface User {
  id: Id; account_id: Id | null; name: string; available_name: string; display_name: string | null; email: string; avatar_url: string;
  confirmed: boolean; message_signature: string | null; role: Role | null; ui_settings: Record<string, unknown>; pubsub_token: string;
  accounts: Membership[]; locale: string | null; timezone: string | null; mfa_enabled: boolean; mfa_setup_required: boolean;
}
export interface MfaChallenge { mfa_required: true; mfa_token: string }
export interface Account { id: Id; name: string; locale: string; timezone?: string | null; domain: string | null; support_email: string | null; settings: Record<string, unknown>; features: Record<string, boolean>; created_at: string }
export interface Installation { needs_setup: boolean; version: string; mail_configured: boolean }
export interface Invitation { email: string; name: string; account_name: string }
export interface Session { id: Id | string; current: boolean; browser_name: string | null; platform_name: string | null; ip_address: string | null; created_at: Seconds | string; last_activity_at: Seconds | string }
export interface MfaState { enabled: boolean; backup_codes_left: number }
export interface MfaEnrolment { provisioning_url: string; secret: string; qr_svg: string }

export interface Agent {
  id: Id; account_id: Id | null; name: string; available_name: string; email: string; role: Role; thumbnail: string; confirmed: boolean;
  availability_status: Availability; auto_offline: boolean; provider?: string; mfa_enabled?: boolean; invitation_url?: string | null;
}
export interface Label { id: Id; title: string; description: string | null; color: string; show_on_sidebar: boolean | null }

export type ChannelType = 'Channel::WebWidget' | 'Channel::Api' | (string & {});
export interface WorkingHours { day_of_week: number; closed_all_day: boolean; open_all_day: boolean; open_hour: number | null; open_minutes: number | null; close_hour: number | null; close_minutes: number | null }
export interface PreChatField { name: string; type: string; label: string; placeholder?: string; field_type?: string; enabled: boolean; required: boolean; values?: string[] }
export interface PreChatOptions { pre_chat_message?: string; pre_chat_fields?: PreChatField[] }
export type ReplyTime = 'in_a_few_minutes' | 'in_a_few_hours' | 'in_a_day';
export interface Inbox {
  id: Id; name: string; avatar_url: string; channel_id: Id; channel_type: ChannelType; provider?: string | null;
  greeting_enabled: boolean; greeting_message: string | null; working_hours_enabled: boolean; working_hours: WorkingHours[]; timezone: string;
  out_of_office_message: string | null; enable_auto_assignment: boolean; allow_messages_after_resolved: boolean; lock_to_single_conversation: boolean;
  enable_email_collect?: boolean; csat_survey_enabled?: boolean; sender_name_type?: string; business_name?: string | null;
  website_url?: string | null; website_token?: string | null; web_widget_script?: string | null; widget_color?: string | null; welcome_title?: string | null;
  welcome_tagline?: string | null; allowed_domains?: string | null; hmac_mandatory?: boolean | null; hmac_token?: string | null; reply_time?: ReplyTime | null;
  pre_chat_form_enabled?: boolean | null; pre_chat_form_options?: PreChatOptions | null; widget_last_seen_at?: Seconds | null; widget_last_seen_url?: string | null;
  inbox_identifier?: string | null; webhook_url?: string | null; secret?: string | null; selected_feature_flags?: string[] | null;
}

export interface Contact {
  id: Id; name: string | null; email: string | null; phone_number: string | null; identifier: string | null; thumbnail: string; blocked: boolean;
  availability_status?: 'online' | 'offline'; additional_attributes: Record<string, unknown>; custom_attributes: Record<string, unknown>;
  last_activity_at?: Seconds; created_at?: Seconds; contact_inboxes?: { source_id: string; inbox: { id: Id; name: string; channel_type: ChannelType } }[];
}
export interface Person {
  id: Id; name: string | null; type: 'user' | 'contact' | 'agent_bot'; available_name?: string; avatar_url?: string; thumbnail?: string;
  availability_status?: Availability; email?: string | null; phone_number?: string | null;
}
export interface Attachment {
  id: Id; message_id: Id; file_type: 'image' | 'audio' | 'video' | 'file' | (string & {}); extension: string | null; content_type: string | null;
  data_url: string; thumb_url: string; file_size: number; width: number | null; height: number | null;
  file_name?: string | null; fallback_title?: string | null;
}
export type DeliveryState = 'queued' | 'sending' | 'sent' | 'delivered' | 'read' | 'failed' | 'uncertain';
/** 0 incoming, 1 outgoing, 2 activity, 3 template. */
export type MessageType = 0 | 1 | 2 | 3;
export interface Message {
  id: Id; conversation_id: Id; inbox_id: Id; content: string | null; content_html: string | null; content_type: string; content_attributes: Record<string, unknown> & { deleted?: boolean };
  message_type: MessageType; private: boolean; status: 'sent' | 'delivered' | 'read' | 'failed'; created_at: Seconds; source_id: string | null; echo_id?: string | null;
  in_reply_to: Id | null; delivery: { state: DeliveryState; error: string | null; attempt: number } | null; sender?: Person | null; attachments?: Attachment[];
}
export interface EventMessage extends Message {
  account_id: Id; updated_at: string; sender_type: 'Contact' | 'User' | 'AgentBot' | null; sender_id: Id | null;
  conversation?: { id: Id; assignee_id: Id | null; unread_count: number; last_activity_at: Seconds; status?: ConversationStatus; waiting_since?: Seconds; last_message_preview?: string | null };
}
export type ConversationStatus = 'open' | 'pending' | 'snoozed' | 'resolved';
export type Priority = 'low' | 'medium' | 'high' | 'urgent';
export interface Conversation {
  id: Id; uuid: string; account_id: Id; inbox_id: Id; status: ConversationStatus; priority: Priority | null; labels: string[]; muted: boolean; can_reply: boolean;
  unread_count: number; unread_count_exact?: number; snoozed_until: string | null; additional_attributes: Record<string, unknown>; custom_attributes: Record<string, unknown>;
  agent_last_seen_at: Seconds; assignee_last_seen_at: Seconds; contact_last_seen_at: Seconds; created_at: Seconds; updated_at: number; timestamp: Seconds; last_activity_at: Seconds;
  first_reply_created_at: Seconds; waiting_since: Seconds; messages: EventMessage[]; last_non_activity_message: EventMessage | null;
  last_message_preview?: string | null; last_message_sender?: 'contact' | 'user' | 'bot' | null;
  meta: { sender: Contact; channel: ChannelType; assignee?: Agent | null; assignee_type?: 'User' | 'AgentBot'; team?: { id: Id; name: string } | null; hmac_verified: boolean | null };
}
export interface ConversationCounts { mine_count: number; assigned_count: number; unassigned_count: number; all_count: number }
