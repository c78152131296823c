import type { Message } from '../../api/types';

export interface Option { title: string; value?: unknown; description?: string }
export interface Card { title: string; description?: string; actions?: { type: string; text: string; uri?: unknown }[] }
export interface Field { name: string; label: string; options?: { label: string; value: unknown }[] }
export interface Article { title: string; description?: string; link: string }
/** One thing that was chosen (title, value) or filled in (name, value). */
export interface Answer { name?: string; title?: string; value?: unknown }

const objects = (given: unknown): object[] => (Array.isArray(given) ? given.filter((one) => typeof one === 'object' && one !== null) : []);

/** What a message lists. Messages from before the server looked at it may hold anything. */
export const itemsOf = (message: Message): object[] => objects(message.content_attributes['items']);

/** What was answered to it, if anything. */
export const answersOf = (message: Message): Answer[] => objects(message.content_attributes['submitted_values']);

export const hasAnswer = (message: Message): boolean => answersOf(message).length > 0 || Boolean(message.content_attributes['submitted_email']);

/** Whether this option is the one that was answered. Two may stand for one value. */
export const isOffered = (option: Option, answer: Answer): boolean => option.value === answer.value && option.title === (answer.title ?? option.title);

/** A link that leads to the web and nowhere else. */
export const webLink = (address: unknown): string | undefined => (typeof address === 'string' && /^https?:/i.test(address) ? address : undefined);
