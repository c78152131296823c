import type { Conversation } from '../../../api/types';

/** Where a text is written, and by whom. */
export interface Place {
  conversation: Pick<Conversation, 'id' | 'meta' | 'custom_attributes'>;
  inbox: { id: number; name: string } | undefined;
  account: string;
  agent: { name: string; email: string };
}

const NAME = /\{\{\s*([\w.-]{1,300})\s*\}\}/g;
/** An attribute that this one has not. */
const ATTRIBUTE = /^(contact|conversation)\.custom_attribute\./;

/** The same names, and the same values, as macros and rules put in (server: fill-variables). */
function known({ conversation, inbox, account, agent }: Place): Record<string, string> {
  const { sender } = conversation.meta;
  const [first = '', ...rest] = sender.name.split(' ');
  const [agentFirst = '', ...agentRest] = agent.name.split(' ');
  return {
    ...attributes('contact', sender.custom_attributes), ...attributes('conversation', conversation.custom_attributes),
    'contact.id': String(sender.id), 'contact.name': sender.name, 'contact.first_name': first, 'contact.last_name': rest.join(' '), 'contact.email': sender.email ?? '', 'contact.phone': sender.phone_number ?? '',
    'contact.phone_number': sender.phone_number ?? '', 'conversation.id': String(conversation.id), 'conversation.display_id': String(conversation.id), 'inbox.id': String(inbox?.id ?? ''), 'inbox.name': inbox?.name ?? '',
    'account.name': account, 'agent.name': agent.name, 'agent.first_name': agentFirst, 'agent.last_name': agentRest.join(' '), 'agent.email': agent.email,
  };
}
const attributes = (of: string, values: object = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => typeof value !== 'object').map(([key, value]) => [`${of}.custom_attribute.${key}`, String(value)]));

/** Puts values in for `{{contact.name}}` and the like; a name nobody knows stays. */
export function fillSavedText(text: string, place: Place): string {
  if (!text.includes('{{')) return text;
  const values = known(place);
  return text.replace(NAME, (whole, name: string) => (Object.hasOwn(values, name) ? values[name]! : ATTRIBUTE.test(name) ? '' : whole));
}

/** The names in the text for which nothing would be put in, as they are written. */
export const unfilledIn = (text: string, place: Place): string[] => [...new Set(fillSavedText(text, place).match(NAME))].filter((name) => text.includes(name));
