/** What somebody reads whose page names an inbox that does not exist. */
const WORDS = {
  en: { title: 'Chat is not available', text: 'This chat does not exist any more. If this is your website, check the snippet on it.' },
  es: { title: 'El chat no está disponible', text: 'Este chat ya no existe. Si este es su sitio web, compruebe el fragmento de código.' },
  fr: { title: 'Le chat est indisponible', text: 'Ce chat n’existe plus. Si ce site est le vôtre, vérifiez le code inséré.' },
  de: { title: 'Der Chat ist nicht verfügbar', text: 'Diesen Chat gibt es nicht mehr. Wenn dies Ihre Website ist, prüfen Sie das eingebaute Snippet.' },
  ar: { title: 'الدردشة غير متاحة', text: 'لم تعد هذه الدردشة موجودة. إذا كان هذا موقعك، فتحقق من المقطع المضاف إليه.' },
} as const;

/** A whole small page, in the first language of the browser that we speak. */
export function missingChatPage(acceptLanguage: string | undefined): string {
  const wanted = (acceptLanguage ?? '').toLowerCase().split(',').map((part) => part.trim().slice(0, 2));
  const language = wanted.find((code): code is keyof typeof WORDS => Object.hasOwn(WORDS, code)) ?? 'en';
  const { title, text } = WORDS[language];
  return `<!doctype html><html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">`
    + `<meta name="color-scheme" content="light dark"><title>${title}</title></head><body style="font:16px/1.5 system-ui;margin:2rem"><h1 style="font-size:1.25rem">${title}</h1><p>${text}</p></body></html>`;
}
