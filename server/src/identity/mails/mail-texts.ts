/** Words of the installation's own mails. {name}, {inviter}, {account} and {email} are filled in. */
export interface MailTexts {
  hello: string;
  invitation: { subject: string; body: string; button: string; foot: string };
  joining: { subject: string; body: string; button: string; foot: string };
  reset: { subject: string; body: string; button: string; foot: string };
  exported: { subject: string; body: string; button: string; foot: string };
}

export const MAIL_TEXTS: Record<string, MailTexts> = {
  en: {
    hello: 'Hello {name},',
    invitation: {
      subject: 'You are invited to {account}', body: '{inviter} has invited you to answer people together in {account}. Choose a password to begin.', button: 'Accept the invitation',
      foot: 'The link works once, for seven days. If you did not expect it, you can ignore this mail.',
    },
    joining: {
      subject: 'You are invited to {account}', body: '{inviter} has invited you to answer people together in {account}. You keep the password you have.', button: 'Accept the invitation',
      foot: 'The link works once, for seven days. If you did not expect it, you can ignore this mail.',
    },
    reset: {
      subject: 'Choose a new password', body: 'Somebody asked for a new password for {email}. If that was you, choose one here.', button: 'Choose a new password',
      foot: 'The link works once, for two hours. If it was not you, ignore this mail: your password stays as it is.',
    },
    exported: {
      subject: 'Your list of contacts is ready', body: 'The contacts of {account} that you asked for are written into a file.', button: 'Get the file',
      foot: 'The file is kept for one day. It holds personal data: keep it safe, and delete it when you are done.',
    },
  },
  es: {
    hello: 'Hola, {name}:',
    invitation: {
      subject: 'Te han invitado a {account}', body: '{inviter} te ha invitado a atender a las personas en equipo en {account}. Elige una contraseña para empezar.', button: 'Aceptar la invitación',
      foot: 'El enlace funciona una sola vez, durante siete días. Si no lo esperabas, puedes ignorar este mensaje.',
    },
    joining: {
      subject: 'Te han invitado a {account}', body: '{inviter} te ha invitado a atender a las personas en equipo en {account}. Conservas la contraseña que ya tienes.', button: 'Aceptar la invitación',
      foot: 'El enlace funciona una sola vez, durante siete días. Si no lo esperabas, puedes ignorar este mensaje.',
    },
    reset: {
      subject: 'Elige una contraseña nueva', body: 'Alguien ha pedido una contraseña nueva para {email}. Si has sido tú, elígela aquí.', button: 'Elegir una contraseña nueva',
      foot: 'El enlace funciona una sola vez, durante dos horas. Si no has sido tú, ignora este mensaje: tu contraseña no cambia.',
    },
    exported: {
      subject: 'Tu lista de contactos está lista', body: 'Los contactos de {account} que has pedido están en un archivo.', button: 'Obtener el archivo',
      foot: 'El archivo se conserva durante un día. Contiene datos personales: guárdalo bien y bórralo cuando termines.',
    },
  },
  fr: {
    hello: 'Bonjour {name},',
    invitation: {
      subject: 'Vous êtes invité(e) à rejoindre {account}', body: '{inviter} vous invite à répondre en équipe dans {account}. Choisissez un mot de passe pour commencer.', button: 'Accepter l’invitation',
      foot: 'Le lien fonctionne une seule fois, pendant sept jours. Si vous ne l’attendiez pas, vous pouvez ignorer ce message.',
    },
    joining: {
      subject: 'Vous êtes invité(e) à rejoindre {account}', body: '{inviter} vous invite à répondre en équipe dans {account}. Vous gardez votre mot de passe actuel.', button: 'Accepter l’invitation',
      foot: 'Le lien fonctionne une seule fois, pendant sept jours. Si vous ne l’attendiez pas, vous pouvez ignorer ce message.',
    },
    reset: {
      subject: 'Choisissez un nouveau mot de passe', body: 'Quelqu’un a demandé un nouveau mot de passe pour {email}. Si c’est vous, choisissez-le ici.', button: 'Choisir un nouveau mot de passe',
      foot: 'Le lien fonctionne une seule fois, pendant deux heures. Si ce n’est pas vous, ignorez ce message : votre mot de passe ne change pas.',
    },
    exported: {
      subject: 'Votre liste de contacts est prête', body: 'Les contacts de {account} que vous avez demandés sont dans un fichier.', button: 'Obtenir le fichier',
      foot: 'Le fichier est conservé un jour. Il contient des données personnelles : gardez-le en lieu sûr et supprimez-le ensuite.',
    },
  },
  de: {
    hello: 'Hallo {name},',
    invitation: {
      subject: 'Einladung zu {account}', body: '{inviter} hat dich eingeladen, in {account} gemeinsam Anfragen zu beantworten. Wähle ein Passwort, um loszulegen.', button: 'Einladung annehmen',
      foot: 'Der Link funktioniert einmal und sieben Tage lang. Wenn du ihn nicht erwartet hast, kannst du diese Mail ignorieren.',
    },
    joining: {
      subject: 'Einladung zu {account}', body: '{inviter} hat dich eingeladen, in {account} gemeinsam Anfragen zu beantworten. Du behältst dein bisheriges Passwort.', button: 'Einladung annehmen',
      foot: 'Der Link funktioniert einmal und sieben Tage lang. Wenn du ihn nicht erwartet hast, kannst du diese Mail ignorieren.',
    },
    reset: {
      subject: 'Neues Passwort wählen', body: 'Jemand hat für {email} ein neues Passwort angefordert. Wenn du das warst, wähle es hier.', button: 'Neues Passwort wählen',
      foot: 'Der Link funktioniert einmal und zwei Stunden lang. Wenn du es nicht warst, ignoriere diese Mail: Dein Passwort bleibt, wie es ist.',
    },
    exported: {
      subject: 'Deine Kontaktliste ist fertig', body: 'Die Kontakte von {account}, um die du gebeten hast, stehen in einer Datei.', button: 'Datei holen',
      foot: 'Die Datei wird einen Tag lang aufbewahrt. Sie enthält persönliche Daten: Bewahre sie sicher auf und lösche sie danach.',
    },
  },
  ar: {
    hello: 'مرحبًا {name}،',
    invitation: {
      subject: 'دعوة للانضمام إلى {account}', body: 'دعاك {inviter} للرد على الناس معًا في {account}. اختر كلمة مرور للبدء.', button: 'قبول الدعوة',
      foot: 'يعمل الرابط مرة واحدة ولمدة سبعة أيام. إذا لم تكن تتوقعه فيمكنك تجاهل هذه الرسالة.',
    },
    joining: {
      subject: 'دعوة للانضمام إلى {account}', body: 'دعاك {inviter} للرد على الناس معًا في {account}. تبقى كلمة مرورك الحالية كما هي.', button: 'قبول الدعوة',
      foot: 'يعمل الرابط مرة واحدة ولمدة سبعة أيام. إذا لم تكن تتوقعه فيمكنك تجاهل هذه الرسالة.',
    },
    reset: {
      subject: 'اختر كلمة مرور جديدة', body: 'طلب شخص ما كلمة مرور جديدة للحساب {email}. إذا كنت أنت من طلبها فاخترها هنا.', button: 'اختيار كلمة مرور جديدة',
      foot: 'يعمل الرابط مرة واحدة ولمدة ساعتين. إذا لم تكن أنت من طلبها فتجاهل هذه الرسالة وستبقى كلمة مرورك كما هي.',
    },
    exported: {
      subject: 'قائمة جهات الاتصال جاهزة', body: 'كُتبت جهات اتصال {account} التي طلبتها في ملف.', button: 'الحصول على الملف',
      foot: 'يُحفظ الملف ليوم واحد. فيه بيانات شخصية: احفظه في مكان آمن واحذفه عندما تنتهي.',
    },
  },
};
