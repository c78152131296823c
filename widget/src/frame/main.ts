import { computed, createApp, nextTick, watch } from 'vue';
import App from './App.vue';
import { markSeen, refresh } from './conversation';
import { meetHost, tellHost } from './host/bridge';
import { carryOut } from './host/calls';
import { t } from './i18n/i18n';
import { latePiece } from './late-piece';
import { flush, resumeOutbox, startOutbox } from './outbox/sender';
import { followOtherTabs, load, renewSession, takeSettings, watchFreshness } from './session';
import { chat, embedded, reading, unread } from './state';
import { changedElsewhere } from './storage';
import './styles.css';

/** The server keeps nothing of people who only look, so there is nothing to hear about before they wrote. */
const hasNews = computed(() => chat.phase === 'ready' && Boolean(chat.conversation ?? chat.contact.id));

/** Connects while there is news to hear; the code for it is fetched after the first view is on the screen. */
function stayLive(): void {
  let live: typeof import('./realtime/live') | null = null;
  let coming: Promise<typeof import('./realtime/live')> | undefined;
  watch(hasNews, async (wanted) => {
    if (!wanted) return live?.disconnect();
    await nextTick();
    live = await (coming ??= latePiece(() => import('./realtime/live'), async () => { if (hasNews.value) await refresh(); }));
    if (hasNews.value) live.connect();
  }, { immediate: true });
}

async function start(): Promise<void> {
  let calls: Promise<unknown> = Promise.resolve();
  let ready: () => void = () => undefined;
  const loaded = new Promise<void>((resolve) => { ready = resolve; });
  const settings = meetHost((message) => {
    if (message.type === 'visibility') chat.open = message.open;
    else if (message.type === 'kept') changedElsewhere(message.key, message.value);
    // One after the other: setUser and then setCustomAttributes means attributes of that user.
    else if (message.type === 'call') {
      calls = calls.then(() => loaded).then(() => carryOut(message.method, message.args));
    }
  });
  takeSettings(await settings);
  createApp(App).mount('#app');
  addEventListener('online', () => { chat.online = true; void flush(); });
  addEventListener('offline', () => { chat.online = false; });
  document.addEventListener('visibilitychange', () => { chat.visible = document.visibilityState === 'visible'; });
  watchFreshness();
  watch([unread, reading], () => {
    markSeen();
    tellHost({ type: 'unread', count: unread.value });
    if (!embedded) document.title = unread.value ? `(${unread.value}) ${t('chat')}` : t('chat');
  });
  followOtherTabs();
  startOutbox(renewSession);

  watch(() => chat.phase, (phase) => {
    if (phase !== 'ready') return;
    resumeOutbox();
    ready();
  });
  await load();
  stayLive();
}

void start();
