const tagOf = (code: string) => code.replace('_', '-');

/** A language's name in the language of who reads, such as "German". */
export function languageName(code: string, reader: string): string {
  try {
    return new Intl.DisplayNames([reader], { type: 'language' }).of(tagOf(code)) ?? code;
  } catch {
    return code;
  }
}

/** Languages a help centre may be written in. */
const CODES = [
  'af', 'sq', 'am', 'ar', 'hy', 'az', 'eu', 'be', 'bn', 'bs', 'bg', 'my', 'ca', 'zh_CN', 'zh_TW', 'hr', 'cs', 'da', 'nl', 'en', 'et', 'fa', 'fi', 'fr', 'gl', 'ka', 'de', 'el', 'gu', 'ha', 'he', 'hi', 'hu', 'is', 'id', 'ga', 'it',
  'ja', 'kn', 'kk', 'km', 'ko', 'ku', 'ky', 'lo', 'lv', 'lt', 'mk', 'ms', 'ml', 'mt', 'mr', 'mn', 'ne', 'no', 'ps', 'pl', 'pt', 'pt_BR', 'pa', 'ro', 'ru', 'sr', 'si', 'sk', 'sl', 'so', 'es', 'sw', 'sv', 'tl', 'ta', 'te', 'th', 'ti', 'tr',
  'uk', 'ur', 'uz', 'vi', 'cy', 'yo', 'zu',
];
export const languageOptions = (reader: string): { value: string; label: string; detail: string }[] => CODES
  .map((value) => ({ value, label: languageName(value, reader), detail: languageName(value, tagOf(value)) })).sort((a, b) => a.label.localeCompare(b.label, reader));
