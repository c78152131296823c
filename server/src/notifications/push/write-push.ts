import { RIGHT_TO_LEFT } from '../../identity/mails/write-mail.js';
import type { WireNotification } from '../notification.dto.js';

/** What the service worker of the dashboard is told. It has no words of its own. */
export interface PushPayload { id: number; title: string; body: string; path: string; tag: string; lang: string; dir: 'ltr' | 'rtl' }

/** One line that says what happened and whom it is about; what was written only where the person asked for it, since a locked screen shows it to anybody. */
export function writePush(account: number, locale: string | null, notification: WireNotification, showsText: boolean): PushPayload {
  const conversation = notification.primary_actor as { id: number; meta?: { sender?: { name?: string | null } } };
  const lang = (locale ?? 'en').slice(0, 2).toLowerCase();
  return {
    id: notification.id, title: notification.push_message_title, body: showsText ? notification.push_message_body : conversation.meta?.sender?.name ?? '',
    path: `/app/accounts/${account}/conversations/${conversation.id}`, tag: `conversation-${account}-${conversation.id}`, lang, dir: RIGHT_TO_LEFT.has(lang) ? 'rtl' : 'ltr',
  };
}
