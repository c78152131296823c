import { createI18n } from 'vue-i18n';

/*
 * Words live beside what they describe:
 *   src/locales/<language>.json               the frame and the design system
 *   src/features/<name>/locales/<language>.json  one feature; used as t('<name>.…'), fetched when a route of that
 *                                             feature (or one naming it in `meta.messages`) is first opened
 * Every feature has all five languages with equal keys; locales.spec.ts checks it. One language is loaded at a time.
 */
export const languages = [
  { code: 'en', name: 'English', dir: 'ltr' },
  { code: 'es', name: 'Español', dir: 'ltr' },
  { code: 'fr', name: 'Français', dir: 'ltr' },
  { code: 'de', name: 'Deutsch', dir: 'ltr' },
  { code: 'ar', name: 'العربية', dir: 'rtl' },
] as const;
export type Language = (typeof languages)[number]['code'];

type Messages = Record<string, unknown>;
const frameFiles = import.meta.glob<Messages>('../locales/*.json', { import: 'default' });
const featureFiles = import.meta.glob<Messages>('../features/*/locales/*.json', { import: 'default' });
const storageKey = 'porchlight.language';
const wanted = new Set<string>();
const loaded = new Set<string>();
/** The language asked for last; its words may still be on their way. */
let coming: Language | undefined;

export const i18n = createI18n({ legacy: false, locale: 'en', fallbackLocale: 'en', messages: {} as Record<string, never>, missingWarn: import.meta.env.DEV, fallbackWarn: false });

const isLanguage = (code: string | null | undefined): code is Language => languages.some((language) => language.code === code);

/** The person's choice on this device, else the browser's first language that we speak, else English. */
export function startingLanguage(): Language {
  let chosen: string | null = null;
  try {
    chosen = localStorage.getItem(storageKey);
  } catch {
    // Storage is forbidden: ask the browser instead.
  }
  if (isLanguage(chosen)) return chosen;
  return navigator.languages.map((tag) => tag.split('-')[0]).find((code) => isLanguage(code)) as Language | undefined ?? 'en';
}

export const currentLanguage = (): Language => i18n.global.locale.value as Language;

/** Loads a language's words for all that is open, then switches to it: text, direction, `lang`. */
export async function useLanguage(code: string | null | undefined): Promise<void> {
  if (!isLanguage(code)) return;
  coming = code;
  await Promise.all([loadFrame(code), ...[...wanted].map((feature) => loadFeature(code, feature))]);
  if (coming !== code) return;
  i18n.global.locale.value = code as never;
  document.documentElement.lang = code;
  document.documentElement.dir = languages.find((language) => language.code === code)!.dir;
  try {
    localStorage.setItem(storageKey, code);
  } catch {
    // Kept on the profile anyway.
  }
}

/**
 * Makes `t('<feature>.…')` work for these features in the current language, in the one being switched to, and after
 * any later change of language.
 */
export async function loadMessages(features: Iterable<string>): Promise<void> {
  await Promise.all([...features].flatMap((feature) => {
    wanted.add(feature);
    return [...new Set([currentLanguage(), coming ?? currentLanguage()])].map((code) => loadFeature(code, feature));
  }));
}

async function loadFrame(code: Language): Promise<void> {
  await loadOnce(code, `../locales/${code}.json`, frameFiles, (messages) => messages);
}

async function loadFeature(code: Language, feature: string): Promise<void> {
  await loadOnce(code, `../features/${feature}/locales/${code}.json`, featureFiles, (messages) => ({ [feature]: messages }));
}

async function loadOnce(code: Language, path: string, files: Record<string, () => Promise<Messages>>, shape: (messages: Messages) => Messages): Promise<void> {
  const load = files[path];
  if (!load || loaded.has(path)) return;
  i18n.global.mergeLocaleMessage(code, shape(await load()));
  loaded.add(path);
}
