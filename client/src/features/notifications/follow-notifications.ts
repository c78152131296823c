import { i18n, loadMessages } from '../../app/i18n';
import { router } from '../../app/router';
import { useSession } from '../../app/session';
import type { AgentEvent } from '../../realtime/agent-event.types';
import { useRealtime } from '../../realtime/realtime.store';
import { deviceAlerts, playSound, showAlert } from './device-alerts';
import { useNotifications } from './notifications.store';
import { headlineOf, whoOf } from './notification-words';
import { fetchSettings, type Notification } from './notifications.api';
import { isPushedHere, resumePush } from './push-device';

/** News older than this is caught up with, not called out. */
const FRESH_SECONDS = 60;

/** Keeps the bell right, and calls the person, until the returned function is called. */
export function followNotifications(accountId: number): () => void {
  const store = useNotifications();
  const realtime = useRealtime();
  void store.count();
  // Not being told elsewhere is no reason to be in the way here; the settings page says what is wrong.
  void resumePush(useSession().user!.id).catch(() => undefined);
  const worker = followWorker();
  const leave = realtime.listen({
    apply: (event: AgentEvent) => {
      store.apply(event);
      if (event.event === 'notification.created' && !event.data.notification.read_at) call(accountId, event.data.notification);
    },
    refetch: () => store.refetch(),
  });
  return () => {
    leave();
    worker();
    store.close();
  };
}

/** Opens the conversation of a push that was clicked, in this window instead of another. */
function followWorker(): () => void {
  const open = ({ data }: MessageEvent<{ type?: string; path?: string } | undefined>) => {
    if (data?.type === 'porchlight-open' && data.path?.startsWith(BASE)) void router.push(data.path.slice(BASE.length - 1));
  };
  navigator.serviceWorker?.addEventListener('message', open);
  return () => navigator.serviceWorker?.removeEventListener('message', open);
}
const BASE = import.meta.env.BASE_URL;

function call(accountId: number, one: Notification): void {
  if (Date.now() / 1000 - one.created_at > FRESH_SECONDS) return;
  if (deviceAlerts.sound) playSound();
  // The service worker calls, whether this page is open or not.
  if (!deviceAlerts.browser || isPushedHere(useSession().user!.id)) return;
  const conversationId = one.primary_actor.id;
  void Promise.all([fetchSettings(accountId), loadMessages(['notifications'])]).then(([wishes]) => wishes.selected_push_flags.includes(`push_${one.notification_type}`) && showAlert({
    tag: `conversation-${accountId}-${conversationId}`, title: headlineOf(one, i18n.global.t as (key: string, values?: Record<string, string>) => string), body: `${whoOf(one)} · #${conversationId}`,
    open: () => void router.push({ name: 'conversation', params: { accountId, conversationId } }),
  })).catch(() => undefined);
}
