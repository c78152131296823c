import type { Scenario } from './scenario.js';

/** Dialogues of a food bank in Spanish, French, German, Arabic, Ukrainian and Portuguese. */
export const OTHERS: Scenario[] = [
  { locale: 'es', labels: ['food-parcel'], lines: [
    'them: Buenos días, ¿qué necesito para recibir una bolsa de comida?',
    'us: Buenos días, {first}. La primera vez no hace falta nada, solo venir el {day} entre las 10 y las 14.',
    'them: Somos {n} en casa. ¿Hay leche para bebé?',
    'us: Sí, se la apartamos. ¿Qué edad tiene?',
    'them: Siete meses. Muchas gracias.',
    'note: Leche de continuación, 7 meses. Familia de {n}.' ] },
  { locale: 'es', labels: ['delivery'], lines: [
    'them: Mi padre está enfermo y no puede salir. ¿Pueden llevarle la comida?',
    'us: Claro. ¿En qué calle vive?',
    'them: En {street}.',
    'us: Pasamos por allí los {day}. Le llamamos antes de llegar.' ] },
  { locale: 'es', labels: ['volunteering'], lines: [
    'them: Hola, hablo español, inglés y un poco de árabe. ¿Les sirve alguien para traducir?',
    'us: ¡Nos sirve muchísimo! ¿Puede venir el {day} por la mañana?',
    'them: Sí, ahí estaré.' ] },
  { locale: 'es', labels: ['urgent', 'food-parcel'], priority: 4, lines: [
    'them: No tenemos nada para los niños esta noche',
    'us: Venga hoy antes de las 18 a {street}, por la puerta de atrás. Hay una bolsa preparada.',
    'them: Dios les bendiga' ] },
  { locale: 'fr', labels: ['food-parcel'], lines: [
    'them: Bonjour, je suis étudiante et je n’arrive plus à finir le mois. Est-ce que j’ai droit à un colis ?',
    'us: Bonjour {first}, bien sûr. Venez {day} entre 10 h et 14 h, sans justificatif la première fois.',
    'them: Merci, je n’osais pas demander.',
    'us: Vous avez bien fait d’écrire.' ] },
  { locale: 'fr', labels: ['donation'], lines: [
    'them: Bonjour, notre école a récolté {n} cartons de conserves. Où les déposer ?',
    'us: Merci à tous ! Au dépôt, {street}, du lundi au vendredi de 8 h à 12 h.',
    'them: Parfait, nous viendrons {day}.' ] },
  { locale: 'fr', labels: ['complaint'], priority: 2, lines: [
    'them: La file était très longue et une dame âgée a dû rester debout.',
    'us: Vous avez raison, {first}, ce n’est pas acceptable. Nous mettrons des chaises dès {day}.',
    'note: Demander six chaises à la paroisse.' ] },
  { locale: 'de', labels: ['food-parcel'], lines: [
    'them: Guten Tag, ich bekomme Grundsicherung. Brauche ich einen Ausweis für die Ausgabe?',
    'us: Guten Tag {first}, beim ersten Mal nicht. Danach stellen wir eine Karte aus. Kommen Sie am {day} zwischen 10 und 14 Uhr.',
    'them: Geht auch jemand anders für mich? Ich bin im Rollstuhl.',
    'us: Ja, mit einem Zettel von Ihnen. Oder wir bringen es Ihnen, das ist kein Aufwand.',
    'them: Das wäre wunderbar. {street}, Erdgeschoss.',
    'note: Lieferung {day}, Erdgeschoss, klingeln bei {first}.' ] },
  { locale: 'de', labels: ['volunteering'], lines: [
    'them: Ich bin seit kurzem in Rente und habe einen Führerschein. Kann ich fahren helfen?',
    'us: Sehr gern! Fahrer fehlen uns {day}. Haben Sie Erfahrung mit einem Sprinter?',
    'them: Vierzig Jahre lang.',
    'us: Dann sind Sie unser Mensch. 🙂' ] },
  { locale: 'de', labels: ['opening-hours'], lines: [
    'them: Haben Sie am {day} offen?',
    'us: Ja, von 10 bis 14 Uhr in der {street}.' ] },
  { locale: 'ar', labels: ['food-parcel'], lines: [
    'them: السلام عليكم، كيف يمكنني الحصول على سلة غذائية؟',
    'us: وعليكم السلام {first}. تعال يوم {day} بين العاشرة والثانية، لا تحتاج إلى أوراق في المرة الأولى.',
    'them: هل الطعام حلال؟ نحن {n} أشخاص.',
    'us: نعم، لدينا رف خاص للطعام الحلال، وسنجهز سلة لكم.',
    'them: جزاكم الله خيرا',
    'note: Halal, family of {n}.' ] },
  { locale: 'ar', labels: ['delivery'], lines: [
    'them: زوجتي مريضة ولا أستطيع تركها. هل توصلون إلى البيت؟',
    'us: نعم، كل {day} بعد الظهر. ما هو العنوان؟',
    'them: {street}، الطابق الثاني.' ] },
  { locale: 'uk', labels: ['food-parcel'], lines: [
    'them: Добрий день! Ми приїхали минулого місяця, нас {n}. Чи можемо отримати продукти?',
    'us: Добрий день, {first}! Так, приходьте у {day} з 10 до 14. Документи не потрібні.',
    'them: Дуже дякуємо!' ] },
  { locale: 'pt', labels: ['food-parcel'], lines: [
    'them: Bom dia, perdi o emprego e preciso de ajuda com alimentos.',
    'us: Bom dia, {first}. Venha na {day} entre 10h e 14h, preparamos um cabaz para {n}.',
    'them: Obrigado de coração.' ] },
];
