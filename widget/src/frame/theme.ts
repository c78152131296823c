import { safeColor, textOn } from '../appearance/contrast';
import { chat } from './state';

const dark = matchMedia('(prefers-color-scheme: dark)');

/** Turns the page light or dark and into the inbox's colour. */
export function applyTheme(): void {
  const root = document.documentElement;
  const scheme = chat.settings.darkMode ?? 'auto';
  root.dataset.theme = scheme === 'dark' || (scheme === 'auto' && dark.matches) ? 'dark' : 'light';
  const brand = safeColor(chat.config.widget_color);
  root.style.setProperty('--brand', brand);
  root.style.setProperty('--on-brand', textOn(brand));
}

dark.addEventListener('change', applyTheme);
