/** Words of the mails that tell somebody what waits for them. {account}, {n} and {name} are filled in. */
export interface NotificationMailWords { hello: string; one: string; many: string; open: string; foot: string; preferences: string; off: OffWords }
/** Words of the page that turns these mails off. */
export interface OffWords { ask: string; askMore: string; turnOff: string; done: string; doneMore: string; missing: string; missingMore: string }

export const NOTIFICATION_MAIL_WORDS: Record<string, NotificationMailWords> = {
  en: {
    hello: 'Hello {name},', one: '{title} · {account}', many: '{n} notifications · {account}', open: 'Open',
    foot: 'You get this mail because you asked to be told. You choose what you are told of here:', preferences: 'Notification preferences',
    off: {
      ask: 'No more mails of notifications from {account}?', askMore: 'In the dashboard you are told as before.', turnOff: 'Turn them off',
      done: 'You get no more mails of notifications from {account}.', doneMore: 'Changed your mind? You choose what you are told of here:',
      missing: 'This link leads nowhere', missingMore: 'It may have been cut off by the mail program. You can turn these mails off in the dashboard, under Settings, Notifications.',
    },
  },
  es: {
    hello: 'Hola, {name}:', one: '{title} · {account}', many: '{n} notificaciones · {account}', open: 'Abrir',
    foot: 'Recibe este mensaje porque ha pedido que le avisemos. Aquí elige de qué:', preferences: 'Preferencias de notificaciones',
    off: {
      ask: '¿No recibir más avisos por correo de {account}?', askMore: 'En el panel se le seguirá avisando como antes.', turnOff: 'Desactivarlos',
      done: 'Ya no recibirá avisos por correo de {account}.', doneMore: '¿Ha cambiado de idea? Aquí elige de qué se le avisa:',
      missing: 'Este enlace no lleva a ninguna parte', missingMore: 'Puede que el programa de correo lo haya cortado. Puede desactivar estos correos en el panel, en Ajustes, Notificaciones.',
    },
  },
  fr: {
    hello: 'Bonjour {name},', one: '{title} · {account}', many: '{n} notifications · {account}', open: 'Ouvrir',
    foot: 'Vous recevez ce message parce que vous avez demandé à être averti. Choisissez ici de quoi :', preferences: 'Préférences de notification',
    off: {
      ask: 'Ne plus recevoir d’e-mails de notification de {account} ?', askMore: 'Dans le tableau de bord, vous serez averti comme avant.', turnOff: 'Les désactiver',
      done: 'Vous ne recevrez plus d’e-mails de notification de {account}.', doneMore: 'Vous avez changé d’avis ? Choisissez ici de quoi vous êtes averti :',
      missing: 'Ce lien ne mène nulle part', missingMore: 'Le logiciel de messagerie l’a peut-être coupé. Vous pouvez désactiver ces e-mails dans le tableau de bord, sous Paramètres, Notifications.',
    },
  },
  de: {
    hello: 'Hallo {name},', one: '{title} · {account}', many: '{n} Benachrichtigungen · {account}', open: 'Öffnen',
    foot: 'Sie erhalten diese Mail, weil Sie benachrichtigt werden möchten. Worüber, wählen Sie hier:', preferences: 'Einstellungen für Benachrichtigungen',
    off: {
      ask: 'Keine Mails mit Benachrichtigungen von {account} mehr?', askMore: 'In der Oberfläche werden Sie weiter benachrichtigt.', turnOff: 'Abschalten',
      done: 'Sie bekommen keine Mails mit Benachrichtigungen von {account} mehr.', doneMore: 'Doch anders? Worüber Sie benachrichtigt werden, wählen Sie hier:',
      missing: 'Dieser Link führt nirgendwohin', missingMore: 'Vielleicht hat ihn das Mailprogramm abgeschnitten. In der Oberfläche lassen sich diese Mails unter Einstellungen, Benachrichtigungen abschalten.',
    },
  },
  ar: {
    hello: 'مرحبًا {name}،', one: '{title} · {account}', many: '{n} إشعارات · {account}', open: 'فتح',
    foot: 'تصلك هذه الرسالة لأنك طلبت إعلامك. يمكنك اختيار ما تُعلَم به هنا:', preferences: 'تفضيلات الإشعارات',
    off: {
      ask: 'هل تريد إيقاف رسائل الإشعارات من {account}؟', askMore: 'ستستمر في تلقي الإشعارات داخل لوحة التحكم كما كان.', turnOff: 'إيقافها',
      done: 'لن تصلك بعد الآن رسائل إشعارات من {account}.', doneMore: 'غيّرت رأيك؟ يمكنك اختيار ما تُعلَم به هنا:',
      missing: 'هذا الرابط لا يؤدي إلى شيء', missingMore: 'ربما اقتطعه برنامج البريد. يمكنك إيقاف هذه الرسائل من لوحة التحكم، ضمن الإعدادات ثم الإشعارات.',
    },
  },
};

/** Of the languages we speak the person's own, else English. */
export function mailLanguage(locale: string | null): string {
  const wanted = (locale ?? 'en').slice(0, 2).toLowerCase();
  return Object.hasOwn(NOTIFICATION_MAIL_WORDS, wanted) ? wanted : 'en';
}
