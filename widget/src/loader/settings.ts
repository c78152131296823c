import type { ColorScheme } from '../protocol/protocol';
import { safeColor } from '../appearance/contrast';

/** What a site may set in `window.porchlightSettings` or as `data-…` on the script tag. */
export interface Settings {
  websiteToken: string;
  /** Where Porchlight lives; by default where this script came from. */
  baseUrl: string;
  position: 'left' | 'right';
  locale?: string;
  darkMode: ColorScheme;
  hideMessageBubble: boolean;
  /** Text beside the icon; by default the launcher is only the icon. */
  launcherTitle: string;
  color: string;
}

/** Settings from the page: `window.porchlightSettings` first, then the script tag, then defaults. Null without a website token. */
export function readSettings(script: HTMLScriptElement | null, given: Record<string, unknown>): Settings | null {
  const data: Record<string, unknown> = { ...script?.dataset };
  const text = (name: string): string => String(given[name] ?? data[name] ?? '').trim();
  const websiteToken = text('websiteToken');
  if (!websiteToken) return null;
  const base = text('baseUrl') || (script?.src ?? location.href);
  return {
    websiteToken,
    baseUrl: new URL('.', base.endsWith('/') || base === script?.src ? base : `${base}/`).href.replace(/\/$/, ''),
    position: text('position') === 'left' ? 'left' : 'right',
    locale: text('locale') || undefined,
    darkMode: (['light', 'auto', 'dark'] as const).find((mode) => mode === text('darkMode')) ?? 'auto',
    hideMessageBubble: text('hideMessageBubble') === 'true',
    launcherTitle: text('launcherTitle'),
    color: safeColor(text('color')),
  };
}
