import { effectScope, watch } from 'vue';
import type { HostMessage } from '../protocol/protocol';
import { authorize, request, RequestFailed } from './api/http';
import type { WireConfig, WireContact, WirePerson } from './api/wire';
import { refresh } from './conversation';
import { page, tellHost } from './host/bridge';
import { locale, t, useLocale } from './i18n/i18n';
import { pickLocale } from './i18n/pick-locale';
import { newEchoId } from './outbox/queue';
import { chat } from './state';
import { inOneTab, storage } from './storage';
import { applyTheme } from './theme';

let loadedAt = 0;

const browserLocales = (): readonly (string | undefined)[] => [chat.settings.locale, ...navigator.languages];

/** Speaks with this token from now on, also at the next visit. */
export function keepToken(token: string | null): void {
  authorize(token ?? '');
  storage.write('token', token);
}

/** Asks the server who the visitor is and what the chat looks like. A token that is no longer good is replaced. */
export async function openSession(): Promise<boolean> {
  return inOneTab('session', async () => {
    const token = storage.read('token');
    authorize(token ?? '');
    const ask = (): Promise<{ website_channel_config: WireConfig; contact: WireContact }> =>
      request('POST', 'config', { locale: pickLocale(browserLocales()) ?? undefined, referer_url: page.url });
    let answer;
    let known = Boolean(token);
    try {
      answer = await ask();
    } catch (error) {
      if (!(error instanceof RequestFailed) || error.status !== 401 || !token) throw error;
      known = false;
      authorize('');
      answer = await ask();
    }
    loadedAt = Date.now();
    chat.config = answer.website_channel_config;
    chat.contact = answer.contact ?? {};
    keepToken(chat.config.auth_token);
    if (!known) storage.write('visitor', newEchoId());
    return known;
  });
}

/** Takes the settings of the host page. */
export function takeSettings(message: HostMessage | null): void {
  if (message?.type !== 'init') {
    chat.open = true;
    return;
  }
  chat.settings = message.settings;
  chat.open = message.open;
  storage.takeKept(message.kept);
}

/** Loads everything the first view needs; afterwards `chat.phase` says how it went. */
export async function load(): Promise<void> {
  chat.phase = 'loading';
  applyTheme();
  try {
    // The language comes with the first request unless only the inbox can decide it.
    const early = pickLocale(browserLocales()) ? useLocale(browserLocales()) : null;
    const session = openSession();
    session.catch(() => undefined);
    await early;
    const known = await session;
    await (early ?? useLocale([...browserLocales(), chat.config.locale]));
    applyTheme();
    const members = request<{ payload: WirePerson[] }>('GET', 'inbox_members').then((answer) => { chat.agents = answer.payload; });
    members.catch(() => undefined); // Who is online is a courtesy.
    if (known) await refresh();
    chat.view = chat.conversation && chat.conversation.status !== 'resolved' ? 'thread' : 'home';
    chat.phase = 'ready';
    tellHost({ type: 'ready', color: chat.config.widget_color, locale: locale.value });
    tellHost({ type: 'active', active: Boolean(chat.conversation ?? chat.contact.identifier) });
  } catch (error) {
    const status = error instanceof RequestFailed ? error.status : 0;
    if (!(error instanceof RequestFailed)) console.error(error);
    if (status === 403) console.warn(`Porchlight: ${(error as RequestFailed).reason}`);
    if (!t('chat')) await useLocale(browserLocales()).catch(() => undefined);
    chat.phase = status === 404 || status === 403 ? 'missing' : 'failed';
  }
}

let reloadTimer = 0;

/** Follows other tabs: a renewed token is taken over, another visitor (reset, setUser, first token) means loading anew. */
export function followOtherTabs(): void {
  storage.onChange('token', (token) => authorize(token ?? ''));
  storage.onChange('visitor', () => {
    clearTimeout(reloadTimer);
    reloadTimer = window.setTimeout(() => void reload(), 50);
  });
}

/** Forgets the conversation on the screen and loads for whoever the token now stands for. */
export async function reload(): Promise<void> {
  Object.assign(chat, {
    conversation: null, messages: [], outbox: [], complete: true, seenId: 0, agentSeenAt: 0, typing: null, fresh: false, introduction: null, view: 'home',
  });
  await load();
}

/** A new token when the server no longer takes the old one. When that makes another visitor, or the team erased this one, what is on the screen goes too. */
export async function renewSession(): Promise<void> {
  const known = await openSession();
  if (!known || (chat.conversation && !chat.contact.id)) await reload();
}

/** Hours and appearance go stale while a tab stays open for days. */
export function watchFreshness(): void {
  effectScope(true).run(() => {
    watch(() => chat.open && chat.visible, (shown) => {
      chat.now = Date.now();
      if (shown && chat.phase === 'ready' && Date.now() - loadedAt > 300_000) openSession().then(applyTheme, () => undefined);
    });
  });
  setInterval(() => { chat.now = Date.now(); }, 60_000);
}
