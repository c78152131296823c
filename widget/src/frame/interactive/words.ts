import { locale } from '../i18n/i18n';

/** The words that only these pieces need travel with them. */
const words = {
  en: { options: 'Choose an answer', answered: 'Your answer:', newTab: '(opens in a new tab)' },
  es: { options: 'Elija una respuesta', answered: 'Su respuesta:', newTab: '(se abre en otra pestaña)' },
  fr: { options: 'Choisissez une réponse', answered: 'Votre réponse :', newTab: '(s’ouvre dans un nouvel onglet)' },
  de: { options: 'Wählen Sie eine Antwort', answered: 'Ihre Antwort:', newTab: '(öffnet sich in einem neuen Tab)' },
  ar: { options: 'اختر إجابة', answered: 'إجابتك:', newTab: '(يفتح في علامة تبويب جديدة)' },
};

/** A sentence in the visitor's language. */
export const word = (key: keyof typeof words.en): string => words[locale.value][key];
