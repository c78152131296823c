import type { WireMessage } from '../api/wire';

export interface Option { title: string; value: unknown; description?: string }
export type Action = { type: 'link'; text: string; uri: string } | { type: 'postback'; text: string; payload: unknown };
export interface Card { title: string; description?: string; actions?: Action[] }
export interface Field {
  name: string; label: string; type: string; placeholder?: string; default?: unknown; required?: boolean; pattern?: string; pattern_error?: string; title?: string;
  options?: { label: string; value: unknown }[];
}
export interface Article { title: string; description?: string; link: string }

/** What a message lists. Messages from before the server looked at it may hold anything. */
export function itemsOf<Item>(message: WireMessage): Item[] {
  const items = message.content_attributes?.['items'];
  return Array.isArray(items) ? items.filter((item) => item && typeof item === 'object') as Item[] : [];
}

/** What was answered to it, if anything. */
export function answersOf<Answer>(message: WireMessage): Answer[] {
  const answers = message.content_attributes?.['submitted_values'];
  return Array.isArray(answers) ? answers as Answer[] : [];
}

/** A link that leads to the web and nowhere else. */
export const webLink = (address: unknown): string | undefined => (typeof address === 'string' && /^https?:/i.test(address) ? address : undefined);
