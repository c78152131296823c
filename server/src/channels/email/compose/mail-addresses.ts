import { domainToASCII, domainToUnicode } from 'node:url';
import type { MailPerson } from './mail-draft.js';

// Control characters end a header, bidi overrides and line separators make one read differently than it is.
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]+/g;
const LOCAL = /^[^\s\u0000-\u001f\u007f<>()[\]\\,;:"@]+$/;
const MAX_NAME = 200;

/** A text that can stand in a header: one line, nothing that steers how it is shown. */
export const headerText = (text: string, max = 900): string => text.replace(UNSAFE, ' ').replace(/ {2,}/g, ' ').trim().slice(0, max).toWellFormed();

/** The address in the form it is sent to: domain in ASCII, the part before the @ as given. Undefined when it is none. */
export function mailAddress(given: string): string | undefined {
  const text = given.trim().normalize('NFC');
  const at = text.lastIndexOf('@');
  const local = text.slice(0, at);
  if (at < 1 || local.length > 64 || text.length > 254 || !LOCAL.test(local) || local.startsWith('.') || local.endsWith('.') || local.includes('..')) return undefined;
  const domain = domainToASCII(text.slice(at + 1));
  if (domain === '' || domain.length > 253 || !/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(domain)) return undefined;
  return `${local}@${domain.toLowerCase()}`;
}

/** Whether two addresses lead to the same mailbox, as far as one can tell from outside. */
export const isSameMailbox = (a: string, b: string): boolean => mailAddress(a)?.toLowerCase() === mailAddress(b)?.toLowerCase();

/** A person as a header names them. Undefined when the address is none. */
export function mailPerson(name: string, address: string): MailPerson | undefined {
  const safe = mailAddress(address);
  if (safe === undefined) return undefined;
  const shown = headerText(name, MAX_NAME);
  // A name that looks like another address would be read as the sender.
  return { name: shown.includes('@') ? '' : shown, address: safe };
}

/** Recipients without doubles: whoever is in To is not in Cc as well, and nobody of `without` is in either. */
export function withoutDoubles(lists: { to: MailPerson[]; cc: MailPerson[]; bcc: MailPerson[] }, without: readonly string[] = []): { to: MailPerson[]; cc: MailPerson[]; bcc: MailPerson[] } {
  const seen = new Set(without.map((address) => address.toLowerCase()));
  const fresh = (list: MailPerson[]): MailPerson[] => list.filter(({ address }) => {
    const key = address.toLowerCase();
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  return { to: fresh(lists.to), cc: fresh(lists.cc), bcc: fresh(lists.bcc) };
}

/** The address with a word that comes back in answers: `help+word@example.org`. */
export function taggedAddress(address: string, tag: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, at)}+${tag}${address.slice(at)}`;
}

/** The address as people read it. */
export function shownAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, at)}@${domainToUnicode(address.slice(at + 1))}`;
}

/** What follows the @. */
export const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);
