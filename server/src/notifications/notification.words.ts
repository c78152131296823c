import type { Kind } from './notification-kinds.js';

type Sentences = Record<Kind, string>;
const SENTENCES: Record<string, Sentences> = {
  en: {
    conversation_creation: 'A conversation (#{id}) has been created in {inbox}', conversation_assignment: 'A conversation (#{id}) has been assigned to you',
    assigned_conversation_new_message: 'A new message is created in conversation (#{id})', conversation_mention: 'You have been mentioned in conversation (#{id})',
    participating_conversation_new_message: 'A new message is created in conversation (#{id})',
  },
  es: {
    conversation_creation: 'Nueva conversación (#{id}) en {inbox}', conversation_assignment: 'Se le ha asignado la conversación (#{id})',
    assigned_conversation_new_message: 'Nuevo mensaje en la conversación (#{id})', conversation_mention: 'Le han mencionado en la conversación (#{id})',
    participating_conversation_new_message: 'Nuevo mensaje en la conversación (#{id})',
  },
  fr: {
    conversation_creation: 'Nouvelle conversation (#{id}) dans {inbox}', conversation_assignment: 'La conversation (#{id}) vous a été attribuée',
    assigned_conversation_new_message: 'Nouveau message dans la conversation (#{id})', conversation_mention: 'Vous avez été mentionné dans la conversation (#{id})',
    participating_conversation_new_message: 'Nouveau message dans la conversation (#{id})',
  },
  de: {
    conversation_creation: 'Neues Gespräch (#{id}) in {inbox}', conversation_assignment: 'Das Gespräch (#{id}) wurde Ihnen zugewiesen',
    assigned_conversation_new_message: 'Neue Nachricht im Gespräch (#{id})', conversation_mention: 'Sie wurden im Gespräch (#{id}) erwähnt',
    participating_conversation_new_message: 'Neue Nachricht im Gespräch (#{id})',
  },
  ar: {
    conversation_creation: 'محادثة جديدة (#{id}) في {inbox}', conversation_assignment: 'أُسندت إليك المحادثة (#{id})',
    assigned_conversation_new_message: 'رسالة جديدة في المحادثة (#{id})', conversation_mention: 'ذُكرت في المحادثة (#{id})',
    participating_conversation_new_message: 'رسالة جديدة في المحادثة (#{id})',
  },
};

/** One line that says what happened, in the person's language. */
export function notificationTitle(language: string | null, kind: Kind, facts: { id: number; inbox: string }): string {
  const sentences = SENTENCES[(language ?? 'en').slice(0, 2).toLowerCase()] ?? SENTENCES['en']!;
  return sentences[kind].replace('{id}', String(facts.id)).replace('{inbox}', () => facts.inbox);
}
