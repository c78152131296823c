import { changesBetween, type Changes } from '../delivery/changes.js';
import type { ContactRow } from './contacts.repository.js';

type Facts = Partial<Pick<ContactRow, 'name' | 'email' | 'phone_number' | 'identifier' | 'blocked' | 'additional_attributes' | 'custom_attributes'>>;

/** What is different about a person, called as on the wire. */
export const contactChanges = (before: Facts, after: Facts): Changes => changesBetween(told(before), told(after));

function told({ name, email, phone_number, identifier, blocked, additional_attributes: additional, custom_attributes: custom }: Facts): Record<string, unknown> {
  return { name, email, phone_number, identifier, blocked, additional_attributes: additional ?? {}, custom_attributes: custom ?? {} };
}
