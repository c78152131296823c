/** One dialogue to be told with different names. */
export interface Scenario {
  locale?: 'en' | 'es' | 'fr' | 'de' | 'ar' | 'uk' | 'pt';
  labels: string[];
  priority?: 0 | 1 | 2 | 3 | 4;
  /** What the first message (photo) or the first answer (list) carries. */
  attachment?: 'photo' | 'list';
  lines: string[];
}

/** Names, days and streets that fit a language. */
export interface Cast { names: string[]; days: string[] }

export const CASTS: Record<NonNullable<Scenario['locale']>, Cast> = {
  en: { names: ['Grace Miller', 'Tom Becker', 'Aisha Khan', 'Ruth Okafor', 'Ben Carter', 'Hannah Lee', 'Joseph Mwangi', 'Linda Novak', 'Peter Walsh', 'Chloe Adams', 'Daniel Ross', 'Mary O’Neill', 'Kofi Mensah', 'Eve Turner'], days: ['Monday', 'Tuesday', 'Wednesday', 'Friday', 'Saturday'] },
  es: { names: ['Lucía Romero', 'Carlos Vega', 'María José Ortiz', 'Andrés Molina', 'Elena Ruiz', 'Pablo Núñez'], days: ['lunes', 'martes', 'miércoles', 'viernes'] },
  fr: { names: ['Camille Laurent', 'Amadou Diallo', 'Élise Bernard', 'Nicolas Petit', 'Fatou Ndiaye'], days: ['lundi', 'mardi', 'mercredi', 'vendredi'] },
  de: { names: ['Sabine Krüger', 'Jürgen Weiß', 'Emine Yılmaz', 'Klaus Hofmann', 'Anja Schröder'], days: ['Montag', 'Dienstag', 'Mittwoch', 'Freitag'] },
  ar: { names: ['ليلى حداد', 'يوسف منصور', 'سمر الخطيب', 'خالد عيسى'], days: ['الاثنين', 'الثلاثاء', 'الأربعاء', 'الجمعة'] },
  uk: { names: ['Оксана Коваль', 'Андрій Шевченко', 'Ірина Мельник'], days: ['понеділок', 'вівторок', 'середу'] },
  pt: { names: ['João Ferreira', 'Ana Souza', 'Beatriz Lima'], days: ['segunda-feira', 'terça-feira', 'quarta-feira'] },
};

export const STREETS = ['Mill Lane', 'Station Road', 'Church Street', 'Harbour Row', 'Elm Avenue', 'Market Square', 'Bridge Street', 'Orchard Way'];
