import type { components } from './generated';

/* The wire's shapes, snake_case as they travel, by the names the dashboard uses. They come from `generated.ts`, which
   `npm run api:sync` makes from the server's schemas; what stands here beside them is narrower than the document can say. */
type Schemas = components['schemas'];

export type Id = number;
/** Seconds since 1970; 0 means "never" where the wire says so. */
export type Seconds = number;
export type Role = Membership['role'];
export type Availability = Membership['availability'];

export type User = Schemas['User'];
export type Membership = Schemas['Membership'];
export type MfaChallenge = Schemas['MfaDue'];
export type Account = Schemas['Account'];
export type Installation = Schemas['Installation'];
export type Invitation = Schemas['Invitation'];
export type Session = Schemas['Session'];
export type MfaState = Schemas['MfaState'];
export type MfaEnrolment = Schemas['MfaEnrolment'];
export type Agent = Schemas['Agent'];
/** Someone as conversations name them: an agent without what only administrators see. */
export type Colleague = Agent;
export type Label = Schemas['Label'];

export type ChannelType = 'Channel::WebWidget' | 'Channel::Api' | (string & {});
export type WorkingHours = Schemas['Inbox']['working_hours'][number];
export interface PreChatField { name: string; type: string; label: string; placeholder?: string; field_type?: string; enabled: boolean; required: boolean; values?: string[] }
export interface PreChatOptions { pre_chat_message?: string; pre_chat_fields?: PreChatField[] }
export type ReplyTime = 'in_a_few_minutes' | 'in_a_few_hours' | 'in_a_day';
/** What an inbox has of its own channel; the document leaves these open because every channel adds its own. */
export interface ChannelFields {
  website_url?: string | null; website_token?: string | null; web_widget_script?: string | null; widget_color?: string | null; welcome_title?: string | null;
  welcome_tagline?: string | null; allowed_domains?: string | null; hmac_mandatory?: boolean | null; hmac_token?: string | null; reply_time?: ReplyTime | null;
  pre_chat_form_enabled?: boolean | null; pre_chat_form_options?: PreChatOptions | null; selected_feature_flags?: string[] | null;
  inbox_identifier?: string | null; webhook_url?: string | null; secret?: string | null; email?: string | null; has_signature?: boolean;
}
export type Inbox = Schemas['Inbox'] & ChannelFields;

export type Contact = Schemas['Contact'];
export type Person = Schemas['Person'] & {
  available_name?: string; avatar_url?: string; thumbnail?: string; availability_status?: Availability; email?: string | null; phone_number?: string | null;
};
export type Attachment = Omit<Schemas['Attachment'], 'file_type' | 'account_id'> & { file_type: Schemas['Attachment']['file_type'] | (string & {}); fallback_title?: string | null; coordinates_lat?: number; coordinates_long?: number };
export type DeliveryState = NonNullable<Schemas['Message']['delivery']>['state'];
/** 0 incoming, 1 outgoing, 2 activity, 3 template. */
export type MessageType = 0 | 1 | 2 | 3;
type Narrowed<T extends { message_type: number; content_attributes: object }> = Omit<T, 'message_type' | 'content_attributes' | 'sender' | 'attachments' | 'conversation'> & {
  message_type: MessageType; content_attributes: T['content_attributes'] & { deleted?: boolean }; sender?: Person | null; attachments?: Attachment[];
};
export type Message = Narrowed<Schemas['Message']>;
export type ConversationStatus = Schemas['Conversation']['status'];
export type EventMessage = Narrowed<Schemas['EventMessage']> & { conversation?: Omit<Schemas['EventMessage']['conversation'], 'status'> & { status: ConversationStatus } };
export type Conversation = Omit<Schemas['Conversation'], 'messages' | 'last_non_activity_message' | 'meta'> & {
  messages: EventMessage[]; last_non_activity_message: EventMessage | null;
  meta: Omit<Schemas['Conversation']['meta'], 'assignee'> & { assignee?: Colleague | Schemas['AssignedBot'] | null };
};
export type Priority = NonNullable<Conversation['priority']>;
export interface ConversationCounts { mine_count: number; assigned_count: number; unassigned_count: number; all_count: number }
