/** What the help centre's pages say by themselves. */
export interface HelpWords { search: string; searchLabel: string; home: string; results: string; none: string; empty: string; updated: string; missing: string; missingMore: string; more: string; languages: string; articles: string; skip: string; back: string }

const WORDS: Record<string, HelpWords> = {
  en: { search: 'Search', searchLabel: 'Search the articles', home: 'All topics', results: 'Found for “{q}”', none: 'Nothing was found. Try other words.', empty: 'There are no articles yet.', updated: 'Last changed on {day}', missing: 'This page does not exist', missingMore: 'It may have moved. Look for it among all topics.', more: 'More articles', languages: 'Languages', articles: 'Articles', skip: 'Skip to the content', back: 'Back to {name}' },
  es: { search: 'Buscar', searchLabel: 'Buscar en los artículos', home: 'Todos los temas', results: 'Encontrado para «{q}»', none: 'No se encontró nada. Prueba con otras palabras.', empty: 'Aún no hay artículos.', updated: 'Último cambio: {day}', missing: 'Esta página no existe', missingMore: 'Puede haberse movido. Búscala entre todos los temas.', more: 'Más artículos', languages: 'Idiomas', articles: 'Artículos', skip: 'Ir al contenido', back: 'Volver a {name}' },
  fr: { search: 'Rechercher', searchLabel: 'Rechercher dans les articles', home: 'Tous les thèmes', results: 'Trouvé pour « {q} »', none: 'Rien trouvé. Essayez d’autres mots.', empty: 'Il n’y a pas encore d’article.', updated: 'Dernière modification le {day}', missing: 'Cette page n’existe pas', missingMore: 'Elle a peut-être été déplacée. Cherchez-la parmi tous les thèmes.', more: 'Autres articles', languages: 'Langues', articles: 'Articles', skip: 'Aller au contenu', back: 'Retour à {name}' },
  de: { search: 'Suchen', searchLabel: 'In den Artikeln suchen', home: 'Alle Themen', results: 'Gefunden zu „{q}“', none: 'Nichts gefunden. Versuche andere Wörter.', empty: 'Noch gibt es keine Artikel.', updated: 'Zuletzt geändert am {day}', missing: 'Diese Seite gibt es nicht', missingMore: 'Vielleicht ist sie umgezogen. Suche sie unter allen Themen.', more: 'Weitere Artikel', languages: 'Sprachen', articles: 'Artikel', skip: 'Zum Inhalt', back: 'Zurück zu {name}' },
  ar: { search: 'بحث', searchLabel: 'البحث في المقالات', home: 'كل المواضيع', results: 'نتائج «{q}»', none: 'لم يُعثر على شيء. جرّب كلمات أخرى.', empty: 'لا توجد مقالات بعد.', updated: 'آخر تعديل في {day}', missing: 'هذه الصفحة غير موجودة', missingMore: 'ربما نُقلت. ابحث عنها ضمن كل المواضيع.', more: 'مقالات أخرى', languages: 'اللغات', articles: 'المقالات', skip: 'الانتقال إلى المحتوى', back: 'العودة إلى {name}' },
};

/** In the language of the page, or English. */
export const helpWords = (locale: string): HelpWords => WORDS[locale.slice(0, 2)] ?? WORDS['en']!;
const RIGHT_TO_LEFT = new Set(['ar', 'fa', 'he', 'ur', 'ps', 'yi', 'ckb', 'dv', 'sd', 'ug']);
export const directionOf = (locale: string): 'rtl' | 'ltr' => (RIGHT_TO_LEFT.has(locale.split(/[_-]/)[0]!) ? 'rtl' : 'ltr');
/** As HTML and Intl spell it: `pt-BR`. */
export const languageTag = (locale: string): string => locale.replace('_', '-');

/** The language's own name for itself. */
export function nameOfLanguage(locale: string): string {
  try {
    return new Intl.DisplayNames([languageTag(locale)], { type: 'language' }).of(languageTag(locale)) ?? locale;
  } catch {
    return locale;
  }
}
