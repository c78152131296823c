import { Injectable } from '@nestjs/common';
import { Events } from '../delivery/events.js';
import { LabelsRepository } from '../inboxes/labels.repository.js';
import type { Tx } from '../platform/database/transaction.js';
import './contact.events.js';
import { ContactsRepository } from './contacts.repository.js';

/** Puts labels on people and takes others off. */
@Injectable()
export class LabelContacts {
  constructor(private readonly contacts: ContactsRepository, private readonly labels: LabelsRepository, private readonly events: Events) {}

  /** Who is gone is left out. Answers how many have other labels than before. */
  async change(tx: Tx, ids: readonly number[], titles: { add: string[]; remove: string[] }, actorId: number): Promise<number> {
    const add = await this.labels.named(tx, titles.add);
    const remove = await this.labels.known(tx, titles.remove);
    const changed = await this.contacts.changeLabels(tx, ids, add.map((label) => label.id), remove.map((label) => label.id));
    await this.events.append(tx, ...changed.map(({ id, before, after }) => ({ type: 'contact.updated' as const, actorId, payload: { contact_id: id, changes: { label_list: [before, after] as const } } })));
    return changed.length;
  }
}
