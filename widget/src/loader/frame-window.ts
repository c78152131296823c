import { comesFrom, readFrameMessage, seal, type FrameMessage, type HostMessage, type PageInfo } from '../protocol/protocol';
import type { Settings } from './settings';

/** The iframe with the chat: made on first need, spoken to only after it said hello. */
export interface FrameWindow {
  load(): void;
  loaded(): boolean;
  send(message: HostMessage): void;
  focus(): void;
}

/** Where the visitor is now. */
export function pageInfo(): PageInfo {
  return { url: location.href, title: document.title, referrer: document.referrer };
}

/** Prepares the iframe inside `panel`; `init` gives the first message, `receive` gets what the chat says. */
export function frameWindow(
  settings: Settings, panel: HTMLElement, title: () => string, init: () => HostMessage, receive: (message: FrameMessage) => void,
): FrameWindow {
  const origin = new URL(settings.baseUrl).origin;
  let frame: HTMLIFrameElement | null = null;
  let greeted = false;
  let waiting: HostMessage[] = [];
  const post = (message: HostMessage): void => frame?.contentWindow?.postMessage(seal(message), origin);

  window.addEventListener('message', (event) => {
    if (!frame || !comesFrom(event, origin, frame.contentWindow)) return;
    const message = readFrameMessage(event.data);
    if (!message) return;
    if (message.type !== 'hello') return receive(message);
    // Said again after the chat reloaded itself: it needs its settings again, not the calls it already has.
    greeted = true;
    post(init());
    for (const held of waiting.splice(0)) post(held);
  });

  return {
    load() {
      if (frame) return;
      frame = document.createElement('iframe');
      frame.title = title();
      frame.allow = 'fullscreen';
      frame.src = `${settings.baseUrl}/widget?website_token=${encodeURIComponent(settings.websiteToken)}`;
      panel.append(frame);
    },
    loaded: () => frame !== null,
    send(message) {
      if (greeted) post(message);
      else if (message.type === 'call') waiting = [...waiting, message];
    },
    focus: () => frame?.focus(),
  };
}
