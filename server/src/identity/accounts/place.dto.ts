import { z } from 'zod';

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const LANGUAGES = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' });
const isLanguage = (name: string): boolean => LANGUAGES.of(/^[a-z]{2,3}/.exec(name)?.[0] ?? 'und') !== undefined;

/** A zone of the time zone database: `Europe/Berlin`. */
export const timezoneName = z.string().max(64).refine(isTimezone, 'is not a time zone');
/** A language, with or without region: `de`, `pt_BR`. */
export const localeName = z.string().regex(/^[a-z]{2,3}([_-][A-Za-z]{2,4})?$/, 'is not a language').refine(isLanguage, 'is not a language');
