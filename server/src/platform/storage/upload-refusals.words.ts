/** Why files are not taken. The chat and the dashboard show these sentences as they are. */
const WORDS = {
  en: {
    yours: 'Too many files in a short time. Text still goes through; send the file again later.',
    account: 'No more files are taken here today. Text still goes through.',
    large: 'This is more than is taken in files at once.',
    full: 'There is hardly any room left on this server, so it takes no files now. Text still goes through.',
  },
  es: {
    yours: 'Demasiados archivos en poco tiempo. El texto sí se envía; vuelva a enviar el archivo más tarde.',
    account: 'Hoy ya no se aceptan más archivos aquí. El texto sí se envía.',
    large: 'Es más de lo que se acepta en archivos de una vez.',
    full: 'Apenas queda espacio en este servidor, así que ahora no acepta archivos. El texto sí se envía.',
  },
  fr: {
    yours: 'Trop de fichiers en peu de temps. Le texte passe toujours ; renvoyez le fichier plus tard.',
    account: 'Plus aucun fichier n’est accepté ici aujourd’hui. Le texte passe toujours.',
    large: 'C’est plus que ce qui est accepté en fichiers en une fois.',
    full: 'Il ne reste presque plus de place sur ce serveur, il n’accepte donc pas de fichiers. Le texte passe toujours.',
  },
  de: {
    yours: 'Zu viele Dateien in kurzer Zeit. Text geht weiterhin durch; senden Sie die Datei später noch einmal.',
    account: 'Heute werden hier keine Dateien mehr angenommen. Text geht weiterhin durch.',
    large: 'Das ist mehr, als auf einmal an Dateien angenommen wird.',
    full: 'Auf diesem Server ist kaum noch Platz, deshalb nimmt er gerade keine Dateien an. Text geht weiterhin durch.',
  },
  ar: {
    yours: 'ملفات كثيرة في وقت قصير. ما زال بإمكانك إرسال النصوص؛ أعد إرسال الملف لاحقًا.',
    account: 'لا تُقبل ملفات أخرى هنا اليوم. ما زال بإمكانك إرسال النصوص.',
    large: 'هذا أكثر مما يُقبل من الملفات دفعة واحدة.',
    full: 'لم تبقَ مساحة تُذكر على هذا الخادم، لذلك لا يقبل الملفات الآن. ما زال بإمكانك إرسال النصوص.',
  },
} as const;

export type RefusalWord = keyof (typeof WORDS)['en'];

/** The sentences in the first language of the browser that we speak. */
export function refusalWords(acceptLanguage: string | undefined): Record<RefusalWord, string> {
  const wanted = (acceptLanguage ?? '').toLowerCase().split(',').map((part) => part.trim().slice(0, 2));
  return WORDS[wanted.find((code): code is keyof typeof WORDS => Object.hasOwn(WORDS, code)) ?? 'en'];
}
