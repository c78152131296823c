import type { Notification } from './notifications.api';

interface Actor { meta?: { sender?: { name?: string | null; email?: string | null; thumbnail?: string } } }

/** The contact of the conversation. */
export function whoOf(one: Notification): string {
  const sender = (one.primary_actor as Actor).meta?.sender;
  return sender?.name || sender?.email || '';
}
export const faceOf = (one: Notification): string | null => (one.primary_actor as Actor).meta?.sender?.thumbnail || null;

/** One line that says what happened, in the person's words. */
export function headlineOf(one: Notification, t: (key: string, values?: Record<string, string>) => string): string {
  const name = one.secondary_actor?.sender?.name || whoOf(one);
  return t(`notifications.kinds.${one.notification_type}.line`, { name });
}
