import type { Conversation, Message } from '../../../api/types';

/** Who a mail goes to, and which message it passes on. */
export interface Recipients { to: string[]; cc: string[]; bcc: string[]; forwards: number | null }

/** The addresses a mail's header named. */
interface MailNotes { from?: string[]; to?: string[]; cc?: string[]; new_participant?: boolean }

const ADDRESS = /^[^\s@<>(),;:"[\]\\]+@[^\s@<>(),;:"[\]\\]+\.[^\s@<>(),;:"[\]\\.]+$/;

/** Whether somebody could be reached there. */
export const isAddress = (text: string): boolean => text.length <= 254 && ADDRESS.test(text);

/** Addresses as people type and paste them: with commas, semicolons, spaces, names and brackets. */
export function addressesIn(text: string): string[] {
  const bare = text.replace(/"[^"]*"/g, ' ').replace(/[^,;<>\n]*<([^<>]*)>/g, ' $1 ');
  return bare.split(/[\s,;]+/).map((one) => one.trim().toLowerCase()).filter(Boolean);
}

/** Without doubles, and without those in the other list. */
export const without = (list: readonly string[], others: readonly string[]): string[] => [...new Set(list)].filter((address) => !others.includes(address));

/** Our own addresses, also with a word after a plus. */
const isOwn = (address: string, own: readonly string[]): boolean => own.includes(address.replace(/\+[^@]*@/, '@'));

/** Whom an answer goes to: who wrote last, or the contact where somebody unknown came in; with `all`, also whom they wrote to. */
export function answerTo(conversation: Conversation, messages: readonly Message[], own: readonly string[], all: boolean): Recipients {
  const contact = conversation.meta.sender.email?.toLowerCase() ?? '';
  const last = messages.findLast((message) => message.message_type === 0 && message.content_attributes?.['email']);
  const mail = (last?.content_attributes?.['email'] ?? {}) as MailNotes;
  const lower = (list: string[] | undefined): string[] => (list ?? []).map((address) => address.toLowerCase()).filter((address) => isAddress(address) && !isOwn(address, own));
  const writer = mail.new_participant ? [] : lower(mail.from).slice(0, 1);
  const to = writer.length > 0 ? writer : [contact].filter(Boolean);
  return { to, cc: all ? without([...lower(mail.to), ...lower(mail.cc)], to) : [], bcc: [], forwards: null };
}

/** Whether there is anybody besides whom to answer. */
export const hasOthers = (conversation: Conversation, messages: readonly Message[], own: readonly string[]): boolean => answerTo(conversation, messages, own, true).cc.length > 0;
