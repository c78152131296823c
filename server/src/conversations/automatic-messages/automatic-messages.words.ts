/** What an inbox says when nobody has put it into words. */
const ASK_FOR_EMAIL = {
  en: 'Leave your email address and we can reply even when you are gone.',
  es: 'Deje su correo electrónico y podremos responderle aunque ya no esté aquí.',
  fr: 'Laissez votre adresse e-mail et nous pourrons vous répondre même après votre départ.',
  de: 'Hinterlassen Sie Ihre E-Mail-Adresse, dann können wir auch antworten, wenn Sie nicht mehr da sind.',
  ar: 'اترك بريدك الإلكتروني لنتمكن من الرد عليك حتى بعد مغادرتك.',
} as const;

/** The question for an address, in the first of these languages that we speak. */
export function askForEmail(...languages: (string | null | undefined)[]): string {
  const known = languages.map((language) => language?.slice(0, 2).toLowerCase()).find((code): code is keyof typeof ASK_FOR_EMAIL => Object.hasOwn(ASK_FOR_EMAIL, code ?? ''));
  return ASK_FOR_EMAIL[known ?? 'en'];
}
