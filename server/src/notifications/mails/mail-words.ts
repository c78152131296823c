/** Words of the mails that tell somebody what waits for them. {account}, {n} and {name} are filled in. */
export interface NotificationMailWords { hello: string; one: string; many: string; open: string; foot: string; preferences: string }

export const NOTIFICATION_MAIL_WORDS: Record<string, NotificationMailWords> = {
  en: {
    hello: 'Hello {name},', one: '{title} · {account}', many: '{n} notifications · {account}', open: 'Open',
    foot: 'You get this mail because you asked to be told. You choose what you are told of here:', preferences: 'Notification preferences',
  },
  es: {
    hello: 'Hola, {name}:', one: '{title} · {account}', many: '{n} notificaciones · {account}', open: 'Abrir',
    foot: 'Recibe este mensaje porque ha pedido que le avisemos. Aquí elige de qué:', preferences: 'Preferencias de notificaciones',
  },
  fr: {
    hello: 'Bonjour {name},', one: '{title} · {account}', many: '{n} notifications · {account}', open: 'Ouvrir',
    foot: 'Vous recevez ce message parce que vous avez demandé à être averti. Choisissez ici de quoi :', preferences: 'Préférences de notification',
  },
  de: {
    hello: 'Hallo {name},', one: '{title} · {account}', many: '{n} Benachrichtigungen · {account}', open: 'Öffnen',
    foot: 'Sie erhalten diese Mail, weil Sie benachrichtigt werden möchten. Worüber, wählen Sie hier:', preferences: 'Einstellungen für Benachrichtigungen',
  },
  ar: {
    hello: 'مرحبًا {name}،', one: '{title} · {account}', many: '{n} إشعارات · {account}', open: 'فتح',
    foot: 'تصلك هذه الرسالة لأنك طلبت إعلامك. يمكنك اختيار ما تُعلَم به هنا:', preferences: 'تفضيلات الإشعارات',
  },
};
