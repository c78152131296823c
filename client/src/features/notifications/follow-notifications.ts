import { i18n, loadMessages } from '../../app/i18n';
import { router } from '../../app/router';
import type { AgentEvent } from '../../realtime/agent-event.types';
import { useRealtime } from '../../realtime/realtime.store';
import { deviceAlerts, playSound, showAlert } from './device-alerts';
import { useNotifications } from './notifications.store';
import { headlineOf, whoOf } from './notification-words';
import { fetchSettings, type Notification } from './notifications.api';

/** News older than this is caught up with, not called out. */
const FRESH_SECONDS = 60;

/** Keeps the bell right, and calls the person, until the returned function is called. */
export function followNotifications(accountId: number): () => void {
  const store = useNotifications();
  const realtime = useRealtime();
  void store.count();
  const leave = realtime.listen({
    apply: (event: AgentEvent) => {
      store.apply(event);
      if (event.event === 'notification.created' && !event.data.notification.read_at) call(accountId, event.data.notification);
    },
    refetch: () => store.refetch(),
  });
  return () => {
    leave();
    store.close();
  };
}

function call(accountId: number, one: Notification): void {
  if (Date.now() / 1000 - one.created_at > FRESH_SECONDS) return;
  if (deviceAlerts.sound) playSound();
  if (!deviceAlerts.browser) return;
  const conversationId = one.primary_actor.id;
  void Promise.all([fetchSettings(accountId), loadMessages(['notifications'])]).then(([wishes]) => wishes.selected_push_flags.includes(`push_${one.notification_type}`) && showAlert({
    tag: `conversation-${accountId}-${conversationId}`, title: headlineOf(one, i18n.global.t as (key: string, values?: Record<string, string>) => string), body: `${whoOf(one)} · #${conversationId}`,
    open: () => void router.push({ name: 'conversation', params: { accountId, conversationId } }),
  })).catch(() => undefined);
}
