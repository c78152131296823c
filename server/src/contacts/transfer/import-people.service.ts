import { Injectable } from '@nestjs/common';
import type { Changes } from '../../delivery/changes.js';
import type { NewEvent } from '../../delivery/event-types.js';
import { Events } from '../../delivery/events.js';
import { LabelsRepository } from '../../inboxes/labels.repository.js';
import type { Tx } from '../../platform/database/transaction.js';
import { Problem } from '../../platform/http/problem.js';
import type { AttributeRow } from '../attributes/attributes.repository.js';
import { checkedBy } from '../attributes/check-attributes.service.js';
import { contactChanges } from '../contact-changes.js';
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
        const { outcome, id, changes } = await this.takeOne(tx, definitions, personOf(columns, cells), known);
        if (outcome === 'same') continue;
        counts[outcome]++;
        told.push(outcome === 'created' ? { type: 'contact.created', actorId, payload: { contact_id: id } } : { type: 'contact.updated', actorId, payload: { contact_id: id, changes } });
      } catch (error) {
        if (!(error instanceof RejectedRow) && !(error instanceof Problem && error.kind === 'invalid')) throw error;
        counts.rejects.push({ line, cells: [...cells], reason: error.message });
      }
    }
    await this.events.append(tx, ...told);
    return counts;
  }

  private async takeOne(tx: Tx, definitions: readonly AttributeRow[], { contact, labels }: ImportedPerson, ids: Map<string, number>): Promise<{ outcome: 'created' | 'updated' | 'same'; id: number; changes?: Changes }> {
    const said: UpdateContact = { ...contact, custom_attributes: checkedBy(definitions, contact.custom_attributes) };
    const who = { identifier: said.identifier, email: said.email, phoneNumber: said.phone_number };
    // Twice: when an insert finds the address taken, whoever took it is found the second time.
    for (let round = 0; round < 2; round++) {
      const known = await this.identities.findContact(tx, who);
      if (known) {
        const changes = await this.change(tx, known, said, labels, ids);
        return { outcome: Object.keys(changes).length > 0 ? 'updated' : 'same', id: known.id, changes };
      }
      const made = await this.contacts.insert(tx, said);
      if (!made) continue;
      await this.addLabels(tx, made, labels, ids);
      return { outcome: 'created', id: made.id };
    }
    throw new RejectedRow('could not be stored: somebody was changed at the same moment');
  }

  private async change(tx: Tx, known: ContactRow, said: UpdateContact, labels: string[], ids: Map<string, number>): Promise<Changes> {
    const change = newsOf(known, said);
    const unique = (['email', 'phone_number', 'identifier'] as const).some((field) => field in change);
    const taken = unique ? await this.contacts.taken(tx, change, known.id) : [];
    if (taken.length > 0) throw new RejectedRow(`${taken.map((field) => TAKEN_WORDS[field]).join(', ')} belongs to another contact than the rest of the row`);
    const carried = labels.length > 0 ? await this.contacts.labels(tx, known.id) : [];
    const more = [...new Set(labels)].filter((title) => !carried.includes(title));
    const labelled: Changes = more.length > 0 ? { label_list: [carried, [...carried, ...more].sort()] } : {};
    await this.addLabels(tx, known, more, ids);
    return Object.keys(change).length === 0 ? labelled : { ...labelled, ...contactChanges(known, await this.contacts.update(tx, known.id, change)) };
  }

  /** Adds to what a contact has; `ids` remembers the labels of a step. */
  private async addLabels(tx: Tx, contact: ContactRow, titles: string[], ids: Map<string, number>): Promise<void> {
    const missing = titles.filter((title) => !ids.has(title));
    if (missing.length > 0) for (const label of await this.labels.named(tx, missing)) ids.set(label.title, label.id);
    const all = [...new Set([...contact.label_ids, ...titles.flatMap((title) => ids.get(title) ?? [])])];
    if (all.length > contact.label_ids.length) await this.contacts.writeLabels(tx, contact.id, all);
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
