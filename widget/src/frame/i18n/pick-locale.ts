/** The languages we speak. */
export const locales = ['en', 'es', 'fr', 'de', 'ar'] as const;
export type Locale = (typeof locales)[number];

/** The first language among `wanted` tags ("pt_BR", "ar-EG", …) that we have, or null. */
export function pickLocale(wanted: readonly (string | null | undefined)[]): Locale | null {
  for (const tag of wanted) {
    const language = tag?.toLowerCase().split(/[-_]/)[0];
    const known = locales.find((one) => one === language);
    if (known) return known;
  }
  return null;
}
