import type { Conversation } from '../../../api/types';

/** Puts the people's names in for `{{contact.name}}` and the like; a name nobody knows stays, so that the writer sees it. */
export function fillSavedText(text: string, conversation: Pick<Conversation, 'id' | 'meta'>, agentName: string): string {
  const { sender } = conversation.meta;
  const [first = '', ...rest] = sender.name.split(' ');
  const known: Record<string, string> = {
    'contact.name': sender.name, 'contact.first_name': first, 'contact.last_name': rest.join(' '), 'contact.email': sender.email ?? '', 'contact.phone': sender.phone_number ?? '',
    'conversation.id': String(conversation.id), 'agent.name': agentName, 'agent.first_name': agentName.split(' ')[0] ?? '',
  };
  return text.replace(/\{\{\s*([a-z_.]{1,50})\s*\}\}/g, (whole, name: string) => (Object.hasOwn(known, name) ? known[name]! : whole));
}
