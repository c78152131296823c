/** What a mail of ours says around the text of its writer. */
interface Words { wrote: (at: string, who: string) => string }

const WORDS: Record<string, Words> = {
  en: { wrote: (at, who) => `On ${at}, ${who} wrote:` },
  de: { wrote: (at, who) => `Am ${at} schrieb ${who}:` },
  fr: { wrote: (at, who) => `Le ${at}, ${who} a écrit :` },
  es: { wrote: (at, who) => `El ${at}, ${who} escribió:` },
  ar: { wrote: (at, who) => `في ${at}، كتب ${who}:` },
};

/** The line above the mail before, in this language. */
export function attribution(locale: string, at: Date, who: string): string {
  const language = locale.slice(0, 2).toLowerCase();
  const known = Object.hasOwn(WORDS, language) ? language : 'en';
  const when = new Intl.DateTimeFormat(known === 'en' ? 'en-GB' : known, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC', numberingSystem: 'latn' }).format(at);
  return WORDS[known]!.wrote(`${when} UTC`, who);
}
