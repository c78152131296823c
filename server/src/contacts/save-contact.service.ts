import { Injectable } from '@nestjs/common';
import { Events } from '../delivery/events.js';
import type { Tx } from '../platform/database/transaction.js';
import { notFound, Problem } from '../platform/http/problem.js';
import { CheckAttributes } from './attributes/check-attributes.service.js';
import { contactChanges } from './contact-changes.js';
import type { CreateContact, UpdateContact } from './contact.dto.js';
import './contact.events.js';
import { ContactsRepository, type ContactRow } from './contacts.repository.js';

/** How unique fields are called in sentences. */
export const TAKEN_WORDS = { email: 'Email', phone_number: 'Phone number', identifier: 'Identifier' } as const;

/** Creates and changes people by hand of an agent or an integration. */
@Injectable()
export class SaveContact {
  constructor(private readonly contacts: ContactsRepository, private readonly attributeValues: CheckAttributes, private readonly events: Events) {}

  async create(tx: Tx, contact: CreateContact, avatarKey?: string): Promise<ContactRow> {
    await this.refuseTaken(tx, contact);
    const row = await this.contacts.insert(tx, await this.withCheckedAttributes(tx, contact));
    // Somebody was faster between the check and the insert.
    if (!row) throw taken(['email']);
    if (avatarKey) await this.contacts.writeAvatar(tx, row.id, avatarKey);
    await this.events.append(tx, { type: 'contact.created', payload: { contact_id: row.id } });
    return { ...row, avatar_key: avatarKey ?? null };
  }

  async update(tx: Tx, id: number, contact: UpdateContact): Promise<ContactRow> {
    const before = await this.contacts.lock(tx, id);
    if (!before) throw notFound();
    await this.refuseTaken(tx, contact, id);
    const row = await this.contacts.update(tx, id, await this.withCheckedAttributes(tx, contact));
    await this.events.append(tx, { type: 'contact.updated', payload: { contact_id: id, changes: contactChanges(before, row) } });
    return row;
  }

  /** Takes these attributes of the account's own making away from a contact. */
  async removeAttributes(tx: Tx, id: number, names: string[]): Promise<ContactRow> {
    const before = await this.contacts.lock(tx, id);
    if (!before) throw notFound();
    const row = await this.contacts.removeAttributes(tx, id, names);
    await this.events.append(tx, { type: 'contact.updated', payload: { contact_id: id, changes: contactChanges(before, row) } });
    return row;
  }

  private async withCheckedAttributes<C extends UpdateContact>(tx: Tx, contact: C): Promise<C> {
    return { ...contact, custom_attributes: await this.attributeValues.checked(tx, 'contact_attribute', contact.custom_attributes) };
  }

  private async refuseTaken(tx: Tx, contact: UpdateContact, exceptId?: number): Promise<void> {
    const fields = await this.contacts.taken(tx, contact, exceptId);
    if (fields.length > 0) throw taken(fields);
  }
}

function taken(fields: (keyof typeof TAKEN_WORDS)[]): Problem {
  return new Problem('invalid', fields.map((field) => `${TAKEN_WORDS[field]} has already been taken`).join(', '), { attributes: fields });
}
