import { Injectable } from '@nestjs/common';
import { Events } from '../../delivery/events.js';
import type { Tx } from '../../platform/database/transaction.js';
import { invalid, notFound } from '../../platform/http/problem.js';
import { Presence } from '../../realtime/presence.service.js';
import { ContactAvatars } from '../contact-avatars.service.js';
import { contactChanges } from '../contact-changes.js';
import '../contact.events.js';
import type { ContactRow } from '../contacts.repository.js';
import { mergedContact } from './merged-contact.js';
import { MergeRepository } from './merge.repository.js';

/** Makes two records of one person one record. */
@Injectable()
export class MergeContacts {
  constructor(private readonly repository: MergeRepository, private readonly avatars: ContactAvatars, private readonly events: Events, private readonly presence: Presence) {}

  /**
   * The base keeps what it has and takes over all that the other has: conversations, addresses, notes, labels, attributes. Browsers and mailboxes of the
   * other go on where they were. Whoever comes second with the same wish finds nothing to merge any more.
   */
  async merge(tx: Tx, baseId: number, mergeeId: number, actorId: number): Promise<ContactRow> {
    if (baseId === mergeeId) throw invalid('mergee_contact_id', 'A contact cannot be merged with itself');
    const both = await this.repository.lockBoth(tx, [baseId, mergeeId]);
    const [base, mergee] = [both.find((row) => row.id === baseId), both.find((row) => row.id === mergeeId)];
    if (!base || !mergee) throw notFound();
    const moved = await this.repository.moveAll(tx, mergeeId, baseId);
    // First, so that its address is free.
    await this.repository.remove(tx, mergeeId);
    const row = await this.repository.write(tx, baseId, mergedContact(base, mergee));
    if (mergee.avatar_key !== row.avatar_key) this.avatars.dropAfterCommit(tx, mergee.avatar_key);
    // They would be looked for under the one who is no more.
    await this.events.forgetChanges(tx, { contacts: [mergeeId] });
    await this.events.append(tx,
      ...moved.map((conversationId) => ({ type: 'conversation.updated' as const, conversationId, actorId, payload: { changed: ['meta.sender' as const], changes: { contact_id: [mergeeId, baseId] as const } } })),
      { type: 'contact.deleted', actorId, payload: { contact_id: mergeeId } }, { type: 'contact.updated', actorId, payload: { contact_id: baseId, changes: contactChanges(base, row) } },
      { type: 'contact.merged', actorId, payload: { contact_id: baseId } });
    tx.afterCommit(() => this.presence.contactMerged(tx.accountId, mergeeId, baseId));
    return row;
  }
}
