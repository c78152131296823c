import { ref, shallowRef } from 'vue';
import type { Words } from './locales/en';
import { pickLocale, type Locale } from './pick-locale';

const loaders: Record<Locale, () => Promise<{ default: Words }>> = {
  en: () => import('./locales/en'),
  es: () => import('./locales/es'),
  fr: () => import('./locales/fr'),
  de: () => import('./locales/de'),
  ar: () => import('./locales/ar'),
};

const words = shallowRef({} as Words);

/** The language on the screen. */
export const locale = ref<Locale>('en');

/** A sentence in the visitor's language, with `{names}` filled in. */
export function t(key: keyof Words, values: Record<string, string | number> = {}): string {
  return (words.value[key] ?? '').replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
}

/** Loads the first language of `wanted` that we have (English else) and turns the page to it. */
export async function useLocale(wanted: readonly (string | null | undefined)[]): Promise<void> {
  const next = pickLocale(wanted) ?? 'en';
  words.value = (await loaders[next]()).default;
  locale.value = next;
  document.documentElement.lang = next;
  document.documentElement.dir = next === 'ar' ? 'rtl' : 'ltr';
  document.title = t('chat');
}
