import type { FrameMethod } from '../protocol/protocol';
import { frameWindow, pageInfo } from './frame-window';
import { mountLauncher } from './launcher';
import { memoryFor } from './memory';
import { readSettings } from './settings';

type Listener = (detail: unknown) => void;
type Call = [method: string, ...args: unknown[]];
type Api = Record<string, unknown>;

const script = (document.currentScript as HTMLScriptElement | null) ?? document.querySelector<HTMLScriptElement>('script[data-website-token]');
const page = window as unknown as { porchlightSettings?: Record<string, unknown>; $porchlight?: Api | Call[] };

function start(): void {
  const early = page.$porchlight;
  if (early && !Array.isArray(early)) return; // The snippet is on the page twice.
  const settings = readSettings(script, page.porchlightSettings ?? {});
  if (!settings) {
    console.error('Porchlight: data-website-token is missing on the script tag.');
    return;
  }
  const memory = memoryFor(settings.websiteToken);
  const launcher = mountLauncher(settings);
  const listeners: Record<string, Set<Listener>> = {};
  let open = false;
  let unread = 0;
  let scheme = settings.darkMode;
  let locale = settings.locale;
  const systemDark = matchMedia('(prefers-color-scheme: dark)');
  const showScheme = (): void => launcher.showScheme(scheme === 'dark' || (scheme === 'auto' && systemDark.matches));

  const emit = (name: string, detail: unknown): void => {
    listeners[name]?.forEach((listener) => {
      try {
        listener(detail);
      } catch (error) {
        console.error(error);
      }
    });
    window.dispatchEvent(new CustomEvent(`porchlight:${name}`, { detail }));
  };

  const frame = frameWindow(
    settings, launcher.panel, launcher.title,
    () => ({ type: 'init', settings: { locale, darkMode: scheme }, page: pageInfo(), open, kept: memory.kept() }),
    (message) => {
      switch (message.type) {
        case 'ready':
          launcher.showColor(message.color);
          return launcher.showLanguage(message.locale);
        case 'close':
          return toggle('close');
        case 'unread':
          if (message.count === unread) return;
          unread = message.count;
          launcher.showUnread(unread);
          return emit('unread', { count: unread });
        case 'active':
          return memory.write('active', message.active ? '1' : null);
        case 'keep':
          return memory.keep(message.key, message.value);
        case 'event':
          return emit(message.name, message.detail);
        default:
          return;
      }
    },
  );

  function toggle(to?: 'open' | 'close'): void {
    const next = to ? to === 'open' : !open;
    if (next === open) return;
    const inside = document.activeElement?.tagName === 'PORCHLIGHT-CHAT';
    open = next;
    if (open) frame.load();
    launcher.showOpen(open);
    frame.send({ type: 'visibility', open, page: pageInfo() });
    if (open) frame.focus();
    else if (inside) launcher.button.focus();
    emit(open ? 'opened' : 'closed', null);
  }

  const call = (method: FrameMethod, args: unknown[]): void => frame.send({ type: 'call', method, args });
  const forward = (method: FrameMethod) => (...args: unknown[]): void => {
    frame.load();
    call(method, args);
  };

  const api = {
    baseUrl: settings.baseUrl,
    websiteToken: settings.websiteToken,
    get isOpen() { return open; },
    toggle,
    toggleBubbleVisibility: (state?: 'show' | 'hide'): void => launcher.showBubble(state ? state === 'show' : launcher.button.hidden === true),
    setUser(identifier: string, user: Record<string, unknown> = {}): void {
      memory.write('active', '1');
      forward('setUser')(identifier, user);
    },
    setCustomAttributes: forward('setCustomAttributes'),
    deleteCustomAttribute: forward('deleteCustomAttribute'),
    setConversationCustomAttributes: forward('setConversationCustomAttributes'),
    deleteConversationCustomAttribute: forward('deleteConversationCustomAttribute'),
    setLabel: forward('setLabel'),
    removeLabel: forward('removeLabel'),
    setLocale(value: string): void {
      locale = value;
      launcher.showLanguage(value);
      call('setLocale', [value]);
    },
    setColorScheme(value: typeof scheme): void {
      scheme = value;
      showScheme();
      call('setColorScheme', [value]);
    },
    /** Forgets the visitor on this device. */
    reset(): void {
      toggle('close');
      if (frame.loaded() || memory.read('active')) forward('reset')();
      memory.write('active', null);
    },
    on(name: string, listener: Listener): void { (listeners[name] ??= new Set()).add(listener); },
    off(name: string, listener: Listener): void { listeners[name]?.delete(listener); },
    /** Runs calls written as arrays, the form in which they wait before this script is here. */
    push(...calls: Call[]): void {
      for (const [method, ...args] of calls) {
        const run = (api as unknown as Record<string, unknown>)[method];
        if (typeof run === 'function') (run as (...given: unknown[]) => void)(...args);
        else console.error(`Porchlight: there is no method ${String(method)}.`);
      }
    },
  };

  showScheme();
  memory.onKept((key, value) => frame.send({ type: 'kept', key, value }));
  systemDark.addEventListener('change', showScheme);
  launcher.button.addEventListener('click', () => toggle());
  for (const intent of ['pointerenter', 'focus'] as const) launcher.button.addEventListener(intent, () => frame.load(), { once: true });
  launcher.button.addEventListener('keydown', (event) => { if (event.key === 'Escape') toggle('close'); });
  if (memory.read('active')) frame.load();

  page.$porchlight = api as unknown as Api;
  if (Array.isArray(early)) api.push(...early);
  emit('ready', null);
}

start();
