import type { components } from '../../api/generated';
import { accountPath, http } from '../../api/http';
import type { Id } from '../../api/types';

export type Notification = components['schemas']['Notification'];
export type NotificationSettings = components['schemas']['NotificationSettings'];
/** What is listed: what waits, everything, or what was put off. */
export type Shown = 'unread' | 'all' | 'snoozed';
export interface NotificationPage { meta: { unread_count: number; count: number; current_page: number }; payload: Notification[] }

const INCLUDES: Record<Shown, string[]> = { unread: [], all: ['read', 'snoozed'], snoozed: ['snoozed'] };
const path = (accountId: Id, rest = '') => accountPath(accountId, `notifications${rest && `/${rest}`}`);

export const fetchNotifications = (accountId: Id, shown: Shown, page: number) => http.get<{ data: NotificationPage }>(path(accountId), { query: { includes: INCLUDES[shown], page } }).then(({ data }) => data);
export const fetchUnreadCount = (accountId: Id) => http.get<number>(path(accountId, 'unread_count'));
export const markRead = (accountId: Id, id: Id) => http.patch<Notification>(path(accountId, String(id)), {});
export const markUnread = (accountId: Id, id: Id) => http.post<Notification>(path(accountId, `${id}/unread`), {});
export const snooze = (accountId: Id, id: Id, until: Date) => http.post<Notification>(path(accountId, `${id}/snooze`), { snoozed_until: Math.floor(until.getTime() / 1000) });
export const removeNotification = (accountId: Id, id: Id) => http.delete(path(accountId, String(id)));
export const readAll = (accountId: Id) => http.post(path(accountId, 'read_all'), {});
export const removeRead = (accountId: Id) => http.post(path(accountId, 'destroy_all'), { type: 'read' });
export const fetchSettings = (accountId: Id) => http.get<NotificationSettings>(accountPath(accountId, 'notification_settings'));
export const saveSettings = (accountId: Id, settings: Pick<NotificationSettings, 'selected_email_flags' | 'selected_push_flags' | 'selected_in_app_flags'>) =>
  http.put<NotificationSettings>(accountPath(accountId, 'notification_settings'), { notification_settings: settings });
