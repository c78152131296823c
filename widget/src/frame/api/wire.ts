/** What the server says, snake_case as on the wire. Times are unix seconds unless a name ends in `_at` of ISO origin. */
export interface WirePerson {
  id: number;
  name: string;
  available_name?: string;
  avatar_url?: string;
  thumbnail?: string;
  type?: string;
  availability_status?: string;
}

export interface WireAttachment {
  id: number;
  file_type: string;
  content_type?: string | null;
  extension?: string | null;
  data_url: string;
  thumb_url?: string | null;
  file_size?: number | null;
  width?: number | null;
  height?: number | null;
  fallback_title?: string | null;
}

/** Who wrote it, as Chatwoot numbers it. */
export const messageTypes = { incoming: 0, outgoing: 1, activity: 2, template: 3 } as const;

export interface WireMessage {
  id: number;
  conversation_id?: number;
  content: string | null;
  content_html?: string | null;
  message_type: number;
  content_type: string;
  content_attributes?: { deleted?: boolean; in_reply_to?: number | null; [key: string]: unknown };
  created_at: number;
  private?: boolean;
  echo_id?: string | null;
  in_reply_to?: number | null;
  delivery?: { state: string; error: string | null };
  sender?: WirePerson | null;
  attachments?: WireAttachment[];
  /** Of cards, one for each. */
  pictures?: (string | null)[];
}

export interface WireConversation {
  id: number;
  status: string;
  contact_last_seen_at?: number | string | null;
  agent_last_seen_at?: number | string | null;
  messages?: WireMessage[];
}

export interface WireContact {
  id: number | null;
  name?: string | null;
  email?: string | null;
  phone_number?: string | null;
  identifier?: string | null;
  /** Known to the team, though not said by this visitor and so not shown to them. */
  has_name?: boolean;
  has_email?: boolean;
  has_phone_number?: boolean;
}

/** A question of the form before the chat, as Chatwoot stores it. */
export interface PreChatField {
  name: string;
  label: string;
  type: string;
  field_type: 'standard' | 'contact_attribute' | 'conversation_attribute' | string;
  required?: boolean;
  enabled?: boolean;
  placeholder?: string | null;
  values?: string[];
  regex_pattern?: string | null;
  regex_cue?: string | null;
}

export interface WireConfig {
  auth_token: string;
  website_name?: string;
  website_token: string;
  widget_color: string;
  welcome_title?: string | null;
  welcome_tagline?: string | null;
  avatar_url?: string | null;
  reply_time?: string | null;
  locale?: string | null;
  timezone?: string | null;
  working_hours_enabled?: boolean;
  out_of_office_message?: string | null;
  allow_messages_after_resolved?: boolean;
  pre_chat_form_enabled?: boolean;
  pre_chat_form_options?: { pre_chat_message?: string | null; pre_chat_fields?: PreChatField[] } | null;
  enabled_features?: string[];
  greeting_enabled?: boolean;
  greeting_message?: string | null;
  is_open?: boolean;
  transcript_available?: boolean;
  next_open_at?: number | string | null;
  portal?: { name: string; slug: string } | null;
}

/** Unix seconds from a number, an ISO text or nothing (0). */
export function seconds(value: number | string | null | undefined): number {
  if (typeof value === 'number') return value;
  const parsed = value ? Date.parse(value) : NaN;
  return Number.isNaN(parsed) ? 0 : parsed / 1000;
}
