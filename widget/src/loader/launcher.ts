import { textOn } from '../appearance/contrast';
import { labelsFor } from './labels';
import type { Settings } from './settings';
import { css, fullScreen } from './styles';

const icons = {
  open: 'M21 11.5a8.4 8.4 0 0 1-12.2 7.5L3 21l2-5.8A8.4 8.4 0 1 1 21 11.5z',
  close: 'M6 6l12 12M18 6L6 18',
};

/** The button and the panel around the iframe, in a shadow root of their own. */
export interface Launcher {
  panel: HTMLElement;
  button: HTMLButtonElement;
  showOpen(open: boolean): void;
  showUnread(count: number): void;
  showColor(color: string): void;
  showLanguage(locale: string | undefined): void;
  showScheme(dark: boolean): void;
  showBubble(visible: boolean): void;
  title(): string;
}

function element<K extends keyof HTMLElementTagNameMap>(tag: K, className: string): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.className = className;
  return made;
}

/** Puts the launcher at the end of the page. */
export function mountLauncher(settings: Settings): Launcher {
  const host = document.createElement('porchlight-chat');
  const root = host.attachShadow({ mode: 'open' });
  try {
    // A constructed sheet needs no 'unsafe-inline' in the host's style-src.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
  } catch {
    root.appendChild(document.createElement('style')).textContent = css;
  }
  const region = element('div', '');
  region.setAttribute('role', 'region');
  const panel = element('div', `panel closed ${settings.position}`);
  const button = element('button', `launcher ${settings.position}`);
  button.type = 'button';
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  const path = svg.appendChild(document.createElementNS(svg.namespaceURI!, 'path'));
  const title = element('span', '');
  title.textContent = settings.launcherTitle;
  const badge = element('span', 'badge');
  badge.setAttribute('aria-hidden', 'true');
  const status = element('span', 'sr');
  status.id = 'unread';
  status.setAttribute('role', 'status');
  button.append(svg, title, badge);
  button.setAttribute('aria-describedby', 'unread');
  region.append(panel, button, status);
  root.append(region);
  // Beside <body>, so that sites which swap or transform their body keep the chat.
  document.documentElement.append(host);

  let labels = labelsFor([settings.locale, ...navigator.languages]);
  let open = false;
  let unread = 0;
  let held = false;
  const render = (): void => {
    const titled = Boolean(settings.launcherTitle) && !open;
    path.setAttribute('d', open ? icons.close : icons.open);
    title.hidden = !titled;
    button.classList.toggle('wide', titled);
    button.setAttribute('aria-label', open ? labels.close : settings.launcherTitle || labels.open);
    button.setAttribute('aria-expanded', String(open));
    badge.hidden = open || unread === 0;
    badge.textContent = unread > 9 ? '9+' : String(unread);
    status.textContent = badge.hidden ? '' : `${labels.unread}: ${unread}`;
    region.setAttribute('aria-label', labels.chat);
    region.classList.toggle('open', open);
    panel.classList.toggle('closed', !open);
  };
  const launcher: Launcher = {
    panel,
    button,
    showOpen: (value) => { open = value; render(); fit(); },
    showUnread: (count) => { unread = count; render(); },
    showColor: (color) => {
      host.style.setProperty('--brand', color);
      host.style.setProperty('--on-brand', textOn(color));
    },
    showLanguage: (locale) => { labels = labelsFor([locale, ...navigator.languages]); render(); },
    showScheme: (dark) => { panel.classList.toggle('dark', dark); },
    showBubble: (visible) => { button.hidden = !visible; },
    title: () => labels.chat,
  };
  // On a phone the chat fills the screen above the keyboard, and what it covers cannot be reached.
  const phone = matchMedia(fullScreen);
  const view = window.visualViewport;
  const fit = (): void => {
    const full = open && phone.matches;
    if (document.body && (full || held)) document.body.inert = held = full;
    const above = full && view?.scale === 1;
    panel.style.height = above ? `${view.height}px` : '';
    panel.style.top = above ? `${view.offsetTop}px` : '';
  };
  phone.addEventListener('change', fit);
  view?.addEventListener('resize', fit);
  launcher.showColor(settings.color);
  launcher.showBubble(!settings.hideMessageBubble);
  render();
  return launcher;
}
