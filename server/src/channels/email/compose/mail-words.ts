/** What a mail of ours says around the text of its writer. */
interface Words {
  wrote: (at: string, who: string) => string;
  from: (agent: string, business: string) => string;
  subject: (business: string) => string;
  forwarded: string; fields: [from: string, date: string, subject: string, to: string];
}

const WORDS: Record<string, Words> = {
  en: {
    wrote: (at, who) => `On ${at}, ${who} wrote:`, from: (agent, business) => `${agent} from ${business}`, subject: (business) => `Message from ${business}`,
    forwarded: 'Forwarded message', fields: ['From', 'Date', 'Subject', 'To'],
  },
  de: {
    wrote: (at, who) => `Am ${at} schrieb ${who}:`, from: (agent, business) => `${agent} von ${business}`, subject: (business) => `Nachricht von ${business}`,
    forwarded: 'Weitergeleitete Nachricht', fields: ['Von', 'Datum', 'Betreff', 'An'],
  },
  fr: {
    wrote: (at, who) => `Le ${at}, ${who} a écrit :`, from: (agent, business) => `${agent} de ${business}`, subject: (business) => `Message de ${business}`,
    forwarded: 'Message transféré', fields: ['De', 'Date', 'Objet', 'À'],
  },
  es: {
    wrote: (at, who) => `El ${at}, ${who} escribió:`, from: (agent, business) => `${agent} de ${business}`, subject: (business) => `Mensaje de ${business}`,
    forwarded: 'Mensaje reenviado', fields: ['De', 'Fecha', 'Asunto', 'Para'],
  },
  ar: {
    wrote: (at, who) => `في ${at}، كتب ${who}:`, from: (agent, business) => `${agent} من ${business}`, subject: (business) => `رسالة من ${business}`,
    forwarded: 'رسالة معاد توجيهها', fields: ['من', 'التاريخ', 'الموضوع', 'إلى'],
  },
};

const languageOf = (locale: string): string => {
  const language = locale.slice(0, 2).toLowerCase();
  return Object.hasOwn(WORDS, language) ? language : 'en';
};

/** Our words in this language, or in English. */
export const mailWords = (locale: string): Words => WORDS[languageOf(locale)]!;

/** A moment as people of this language write it. */
export function writtenDate(locale: string, at: Date): string {
  const language = languageOf(locale);
  return `${new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC', numberingSystem: 'latn' }).format(at)} UTC`;
}

/** The line above the mail before, in this language. */
export const attribution = (locale: string, at: Date, who: string): string => mailWords(locale).wrote(writtenDate(locale, at), who);
