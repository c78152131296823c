/** Open, close, title of the frame, unread. The rest of the language comes with the chat. */
const labels: Record<string, [open: string, close: string, chat: string, unread: string]> = {
  en: ['Open chat', 'Close chat', 'Chat', 'Unread messages'],
  es: ['Abrir chat', 'Cerrar chat', 'Chat', 'Mensajes sin leer'],
  fr: ['Ouvrir le chat', 'Fermer le chat', 'Chat', 'Messages non lus'],
  de: ['Chat öffnen', 'Chat schließen', 'Chat', 'Ungelesene Nachrichten'],
  ar: ['فتح المحادثة', 'إغلاق المحادثة', 'محادثة', 'رسائل غير مقروءة'],
};

/** The launcher's words in the first of `wanted` languages we have, else English. */
export function labelsFor(wanted: readonly (string | undefined)[]): { open: string; close: string; chat: string; unread: string } {
  const known = wanted.map((tag) => tag?.toLowerCase().split(/[-_]/)[0] ?? '').find((tag) => tag in labels) ?? 'en';
  const [open, close, chat, unread] = labels[known]!;
  return { open, close, chat, unread };
}
