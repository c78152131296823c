import { Injectable } from '@nestjs/common';
import type { NewEvent } from '../../delivery/event-types.js';
import { Events } from '../../delivery/events.js';
import { LabelsRepository } from '../../inboxes/labels.repository.js';
import type { Tx } from '../../platform/database/transaction.js';
import { Problem } from '../../platform/http/problem.js';
import type { AttributeRow } from '../attributes/attributes.repository.js';
import { checkedBy } from '../attributes/check-attributes.service.js';
import '../contact.events.js';
import type { UpdateContact } from '../contact.dto.js';
import { ContactsRepository, type ContactRow } from '../contacts.repository.js';
import { IdentitiesRepository } from '../identities.repository.js';
import { TAKEN_WORDS } from '../save-contact.service.js';
import type { CsvRecord } from './csv-reader.js';
import type { Column } from './import-columns.js';
import { personOf, RejectedRow, type ImportedPerson } from './import-row.js';
import type { StepCounts } from './imports.repository.js';

/** Takes in people as rows of a file say who they are. The same row twice changes nothing the second time. */
@Injectable()
export class ImportPeople {
  constructor(private readonly contacts: ContactsRepository, private readonly identities: IdentitiesRepository, private readonly labels: LabelsRepository, private readonly events: Events) {}

  async take(tx: Tx, columns: readonly Column[], definitions: readonly AttributeRow[], records: readonly CsvRecord[], actorId: number): Promise<StepCounts> {
    const counts: StepCounts = { done: records.length, created: 0, updated: 0, rejects: [] };
    const told: NewEvent[] = [];
    const known = new Map<string, number>();
    for (const { line, cells } of records) {
      try {
        const { outcome, id } = await this.takeOne(tx, definitions, personOf(columns, cells), known);
        if (outcome === 'same') continue;
        counts[outcome]++;
        told.push({ type: outcome === 'created' ? 'contact.created' : 'contact.updated', actorId, payload: { contact_id: id } });
      } catch (error) {
        if (!(error instanceof RejectedRow) && !(error instanceof Problem && error.kind === 'invalid')) throw error;
        counts.rejects.push({ line, cells: [...cells], reason: error.message });
      }
    }
    await this.events.append(tx, ...told);
    return counts;
  }

  private async takeOne(tx: Tx, definitions: readonly AttributeRow[], { contact, labels }: ImportedPerson, ids: Map<string, number>): Promise<{ outcome: 'created' | 'updated' | 'same'; id: number }> {
    const said: UpdateContact = { ...contact, custom_attributes: checkedBy(definitions, contact.custom_attributes) };
    const who = { identifier: said.identifier, email: said.email, phoneNumber: said.phone_number };
    // Twice: when an insert finds the address taken, whoever took it is found the second time.
    for (let round = 0; round < 2; round++) {
      const known = await this.identities.findContact(tx, who);
      if (known) return { outcome: await this.change(tx, known, said, labels, ids), id: known.id };
      const made = await this.contacts.insert(tx, said);
      if (!made) continue;
      await this.addLabels(tx, made, labels, ids);
      return { outcome: 'created', id: made.id };
    }
    throw new RejectedRow('could not be stored: somebody was changed at the same moment');
  }

  private async change(tx: Tx, known: ContactRow, said: UpdateContact, labels: string[], ids: Map<string, number>): Promise<'updated' | 'same'> {
    const change = newsOf(known, said);
    const unique = (['email', 'phone_number', 'identifier'] as const).some((field) => field in change);
    const taken = unique ? await this.contacts.taken(tx, change, known.id) : [];
    if (taken.length > 0) throw new RejectedRow(`${taken.map((field) => TAKEN_WORDS[field]).join(', ')} belongs to another contact than the rest of the row`);
    const isLabelled = await this.addLabels(tx, known, labels, ids);
    if (Object.keys(change).length === 0) return isLabelled ? 'updated' : 'same';
    await this.contacts.update(tx, known.id, change);
    return 'updated';
  }

  /** Adds to what a contact has; `ids` remembers the labels of a step. False when it had them all. */
  private async addLabels(tx: Tx, contact: ContactRow, titles: string[], ids: Map<string, number>): Promise<boolean> {
    const missing = titles.filter((title) => !ids.has(title));
    if (missing.length > 0) for (const label of await this.labels.named(tx, missing)) ids.set(label.title, label.id);
    const all = [...new Set([...contact.label_ids, ...titles.flatMap((title) => ids.get(title) ?? [])])];
    if (all.length === contact.label_ids.length) return false;
    await this.contacts.writeLabels(tx, contact.id, all);
    return true;
  }
}

/** What a row says that is not known. */
function newsOf(known: ContactRow, said: UpdateContact): UpdateContact {
  const news: UpdateContact = {};
  for (const field of ['name', 'email', 'phone_number', 'identifier'] as const) if (said[field] && said[field] !== known[field]) news[field] = said[field];
  for (const field of ['additional_attributes', 'custom_attributes'] as const) {
    const more = Object.entries(said[field] ?? {}).filter(([key, value]) => known[field]?.[key] !== value);
    if (more.length > 0) news[field] = Object.fromEntries(more);
  }
  return news;
}
