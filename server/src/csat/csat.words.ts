const QUESTION = {
  en: 'How did we do? Please rate this conversation.',
  es: '¿Qué tal lo hemos hecho? Valore esta conversación, por favor.',
  fr: 'Comment cela s’est-il passé ? Merci de noter cette conversation.',
  de: 'Wie waren wir? Bitte bewerten Sie dieses Gespräch.',
  ar: 'كيف كانت خدمتنا؟ يرجى تقييم هذه المحادثة.',
} as const;
type Language = keyof typeof QUESTION;

/** What stands on the survey's page. */
export interface SurveyWords {
  title: string; question: string; ratings: [string, string, string, string, string]; comment: string; send: string; change: string; thanks: string; thanksMore: string;
  missing: string; missingMore: string; over: string; failed: string; choose: string; outOf: string;
}

const PAGE: Record<Language, SurveyWords> = {
  en: {
    title: 'Your opinion', question: QUESTION.en, ratings: ['Very bad', 'Bad', 'Okay', 'Good', 'Very good'], comment: 'Would you like to tell us more? (optional)', send: 'Send',
    change: 'Change my answer', thanks: 'Thank you.', thanksMore: 'Your answer has reached us. You can still change it for some days.', missing: 'There is no such survey',
    missingMore: 'The link is not complete, or the conversation does not exist any more.', over: 'This survey has ended. Answers can be changed for two weeks.',
    failed: 'That did not work. Please try again.', choose: 'Please choose one of the five.', outOf: '{n} out of 5',
  },
  es: {
    title: 'Su opinión', question: QUESTION.es, ratings: ['Muy mal', 'Mal', 'Regular', 'Bien', 'Muy bien'], comment: '¿Quiere contarnos más? (opcional)', send: 'Enviar',
    change: 'Cambiar mi respuesta', thanks: 'Gracias.', thanksMore: 'Hemos recibido su respuesta. Aún puede cambiarla durante unos días.', missing: 'Esta encuesta no existe',
    missingMore: 'El enlace no está completo o la conversación ya no existe.', over: 'Esta encuesta ha terminado. Las respuestas se pueden cambiar durante dos semanas.',
    failed: 'No ha funcionado. Inténtelo de nuevo.', choose: 'Elija una de las cinco.', outOf: '{n} de 5',
  },
  fr: {
    title: 'Votre avis', question: QUESTION.fr, ratings: ['Très mal', 'Mal', 'Moyen', 'Bien', 'Très bien'], comment: 'Souhaitez-vous nous en dire plus ? (facultatif)', send: 'Envoyer',
    change: 'Modifier ma réponse', thanks: 'Merci.', thanksMore: 'Nous avons reçu votre réponse. Vous pouvez encore la modifier pendant quelques jours.', missing: 'Cette enquête n’existe pas',
    missingMore: 'Le lien est incomplet, ou la conversation n’existe plus.', over: 'Cette enquête est terminée. Les réponses peuvent être modifiées pendant deux semaines.',
    failed: 'Cela n’a pas fonctionné. Réessayez.', choose: 'Choisissez l’une des cinq réponses.', outOf: '{n} sur 5',
  },
  de: {
    title: 'Ihre Meinung', question: QUESTION.de, ratings: ['Sehr schlecht', 'Schlecht', 'In Ordnung', 'Gut', 'Sehr gut'], comment: 'Möchten Sie uns mehr sagen? (freiwillig)', send: 'Senden',
    change: 'Antwort ändern', thanks: 'Danke.', thanksMore: 'Ihre Antwort ist angekommen. Sie können sie noch einige Tage lang ändern.', missing: 'Diese Umfrage gibt es nicht',
    missingMore: 'Der Link ist nicht vollständig, oder das Gespräch gibt es nicht mehr.', over: 'Diese Umfrage ist beendet. Antworten lassen sich zwei Wochen lang ändern.',
    failed: 'Das hat nicht geklappt. Bitte versuchen Sie es noch einmal.', choose: 'Bitte wählen Sie eine der fünf Antworten.', outOf: '{n} von 5',
  },
  ar: {
    title: 'رأيك', question: QUESTION.ar, ratings: ['سيئة جدًا', 'سيئة', 'مقبولة', 'جيدة', 'جيدة جدًا'], comment: 'هل تود إخبارنا بالمزيد؟ (اختياري)', send: 'إرسال',
    change: 'تغيير إجابتي', thanks: 'شكرًا لك.', thanksMore: 'لقد وصلتنا إجابتك. لا يزال بإمكانك تغييرها خلال الأيام القادمة.', missing: 'لا يوجد استبيان بهذا العنوان',
    missingMore: 'الرابط غير مكتمل، أو لم تعد المحادثة موجودة.', over: 'انتهى هذا الاستبيان. يمكن تغيير الإجابات خلال أسبوعين.',
    failed: 'لم ينجح ذلك. يرجى المحاولة مرة أخرى.', choose: 'يرجى اختيار واحدة من الخمس.', outOf: '{n} من 5',
  },
};

const isKnown = (code: string | undefined): code is Language => code !== undefined && Object.hasOwn(QUESTION, code);
/** The first of these languages that we speak, English if none. */
export function languageOf(...wanted: (string | null | undefined)[]): Language {
  return wanted.map((code) => code?.slice(0, 2).toLowerCase()).find(isKnown) ?? 'en';
}

/** The question in words of our own, where the inbox has none. */
export const questionIn = (language: Language): string => QUESTION[language];
export const surveyWords = (language: Language): SurveyWords => PAGE[language];
/** Languages a browser names, best first. */
export const acceptedLanguages = (header: string | undefined): string[] => (header ?? '').split(',').map((part) => part.trim());
