import { createApp, watch } from 'vue';
import App from './App.vue';
import { markSeen } from './conversation';
import { meetHost, tellHost } from './host/bridge';
import { carryOut } from './host/calls';
import { t } from './i18n/i18n';
import { flush, resumeOutbox, startOutbox } from './outbox/sender';
import { followOtherTabs, load, renewSession, takeSettings, watchFreshness } from './session';
import { chat, embedded, reading, unread } from './state';
import { changedElsewhere } from './storage';
import './styles.css';

/** The live connection, fetched after the first view is on the screen. */
async function goLive(): Promise<void> {
  const { goLive: connect } = await import('./realtime/live');
  connect();
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
      calls = calls.then(() => loaded).then(async () => { if (await carryOut(message.method, message.args)) await goLive(); });
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
  followOtherTabs(() => void goLive());
  startOutbox(renewSession);

  watch(() => chat.phase, (phase) => {
    if (phase !== 'ready') return;
    resumeOutbox();
    ready();
  });
  await load();
  // Nobody is waiting for news before there is a conversation or an open window.
  const stop = watch(() => chat.phase === 'ready' && (chat.open || chat.conversation !== null), (wanted) => {
    if (!wanted) return;
    queueMicrotask(() => stop());
    setTimeout(() => void goLive(), 200);
  }, { immediate: true });
}

void start();
