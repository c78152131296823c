import { accountPath, http } from './http';
import type { Agent, Id, Inbox, PreChatOptions, ReplyTime, WorkingHours } from './types';

/** Fields that live on the channel; sent nested, answered flat. */
export interface ChannelChanges {
  website_url?: string; widget_color?: string; welcome_title?: string; welcome_tagline?: string; reply_time?: ReplyTime; allowed_domains?: string;
  hmac_mandatory?: boolean; pre_chat_form_enabled?: boolean; pre_chat_form_options?: PreChatOptions; selected_feature_flags?: string[]; webhook_url?: string;
}
export interface InboxChanges {
  name?: string; greeting_enabled?: boolean; greeting_message?: string; working_hours_enabled?: boolean; working_hours?: WorkingHours[]; timezone?: string;
  out_of_office_message?: string; allow_messages_after_resolved?: boolean; lock_to_single_conversation?: boolean; enable_auto_assignment?: boolean; auto_assignment_config?: { max_assignment_limit: number | null }; sender_name_type?: string; business_name?: string | null; csat_survey_enabled?: boolean; csat_config?: Record<string, unknown>; portal_id?: Id | null; channel?: ChannelChanges;
}

export const fetchInboxes = (accountId: Id) => http.get<{ payload: Inbox[] }>(accountPath(accountId, 'inboxes')).then((answer) => answer.payload);
export const fetchInbox = (accountId: Id, id: Id) => http.get<Inbox>(accountPath(accountId, `inboxes/${id}`));
export const createInbox = (accountId: Id, body: { name: string; channel: ChannelChanges & { type: 'web_widget' | 'api' | 'email' } }) => http.post<Inbox>(accountPath(accountId, 'inboxes'), body);
export const updateInbox = (accountId: Id, id: Id, changes: InboxChanges) => http.patch<Inbox>(accountPath(accountId, `inboxes/${id}`), changes);
export function uploadInboxPicture(accountId: Id, id: Id, file: File, onProgress?: (percent: number) => void): Promise<Inbox> {
  const form = new FormData();
  form.append('avatar', file);
  return http.upload<Inbox>('PATCH', accountPath(accountId, `inboxes/${id}`), form, { onProgress });
}
export const removeInboxPicture = (accountId: Id, id: Id) => http.delete<Inbox>(accountPath(accountId, `inboxes/${id}/avatar`));
/** The inbox disappears at once; its conversations are removed in the background. */
export const deleteInbox = (accountId: Id, id: Id) => http.delete(accountPath(accountId, `inboxes/${id}`));
/** The same with its keys, for which a fresh proof is asked. */
export const fetchInboxSecrets = (accountId: Id, id: Id) => http.get<Inbox>(accountPath(accountId, `inboxes/${id}/secrets`));
export const resetInboxSecret = (accountId: Id, id: Id) => http.post<Inbox>(accountPath(accountId, `inboxes/${id}/reset_secret`));

export const fetchInboxMembers = (accountId: Id, inboxId: Id) => http.get<{ payload: Agent[] }>(accountPath(accountId, `inbox_members/${inboxId}`)).then((answer) => answer.payload);
/** Replaces the whole set. */
export const setInboxMembers = (accountId: Id, inboxId: Id, userIds: Id[]) =>
  http.patch<{ payload: Agent[] }>(accountPath(accountId, 'inbox_members'), { inbox_id: inboxId, user_ids: userIds }).then((answer) => answer.payload);
