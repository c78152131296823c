import { Injectable } from '@nestjs/common';
import type { InboundSender } from '../channels/contract/inbound-event.js';
import { Events } from '../delivery/events.js';
import type { Tx } from '../platform/database/transaction.js';
import { contactChanges } from './contact-changes.js';
import './contact.events.js';
import type { UpdateContact } from './contact.dto.js';
import { ContactsRepository, type ContactRow } from './contacts.repository.js';
import { IdentitiesRepository, type LockedIdentity } from './identities.repository.js';

/** What somebody says, or has proved, about who they are. */
export interface PersonClaim {
  identifier?: string; email?: string; name?: string; phoneNumber?: string; additionalAttributes?: Record<string, unknown>; customAttributes?: Record<string, unknown>;
  /** The claim carried the inbox's HMAC of the identifier. */
  hmacVerified?: boolean;
}

/** Knows which contact stands behind an address on an inbox. */
@Injectable()
export class ContactIdentities {
  constructor(private readonly identities: IdentitiesRepository, private readonly contacts: ContactsRepository, private readonly events: Events) {}

  /** Finds the identity of a sender, or makes it together with its contact, and locks its row until the end of the transaction. */
  async resolve(tx: Tx, inboxId: number, sender: InboundSender): Promise<LockedIdentity> {
    const known = await this.identities.lockBySource(tx, inboxId, sender.sourceId);
    if (known) return known;
    await this.identities.lockBeforeItExists(tx, inboxId, sender.sourceId);
    return await this.identities.lockBySource(tx, inboxId, sender.sourceId) ?? this.introduce(tx, inboxId, sender);
  }

  /**
   * Takes in what a person says about themselves. The contact that already has this identifier, email or phone number takes over the identity
   * with its conversations, but an unproven claim replaces nothing that is known of it; a person with another identifier than before gets a new identity with `newSourceId`, so that two people at one
   * computer never read each other.
   */
  async identify(tx: Tx, identityId: number, claim: PersonClaim, newSourceId: () => string): Promise<{ identity: LockedIdentity; contact: ContactRow }> {
    const identity = await this.identities.lock(tx, identityId);
    if (!identity) throw new Error(`There is no identity ${identityId}.`);
    const contact = (await this.contacts.lock(tx, identity.contact_id))!;
    if (claim.identifier && contact.identifier && contact.identifier !== claim.identifier) {
      const other = await this.resolve(tx, identity.inbox_id, { ...claim, sourceId: newSourceId() });
      return { identity: other, contact: await this.write(tx, (await this.contacts.lock(tx, other.contact_id))!, claim, other.speaks_for_contact) };
    }
    if (claim.hmacVerified) await this.identities.markVerified(tx, identityId);
    const owner = await this.ownerOf(tx, claim, contact);
    if (owner) await this.moveTo(tx, identity, contact, owner);
    const mayReplace = claim.hmacVerified === true || (identity.speaks_for_contact && !owner);
    return { identity: { ...identity, contact_id: owner?.id ?? contact.id, blocked: owner?.blocked ?? contact.blocked }, contact: await this.write(tx, owner ?? contact, claim, mayReplace) };
  }

  private async introduce(tx: Tx, inboxId: number, sender: InboundSender): Promise<LockedIdentity> {
    const address = { identifier: sender.identifier || null, email: sender.email?.toLowerCase() || null, phoneNumber: sender.phoneNumber || null };
    if (address.phoneNumber) await this.contacts.holdPhone(tx, address.phoneNumber);
    // Twice: when an insert finds the address taken, whoever took it is found the second time.
    for (let round = 0; round < 2; round++) {
      const contact = address.identifier || address.email || address.phoneNumber ? await this.identities.findContact(tx, address) : undefined;
      if (contact) {
        const made = await this.identities.insert(tx, inboxId, sender.sourceId, contact.id, sender.hmacVerified ?? false);
        if (made) return made;
      }
      const made = await this.identities.insertBoth(tx, inboxId, sender.sourceId, sender.hmacVerified ?? false,
        { name: sender.name || address.email || address.phoneNumber || '', ...address, additional: sender.additionalAttributes, custom: sender.customAttributes });
      if (made) {
        await this.events.append(tx, { type: 'contact.created', payload: { contact_id: made.contact_id } });
        return made;
      }
    }
    throw new Error('The identity could not be made.');
  }

  /** Another contact that the claim points to and that may be the same person: one with a different identifier is not. */
  private async ownerOf(tx: Tx, claim: PersonClaim, contact: ContactRow): Promise<ContactRow | undefined> {
    const owner = await this.identities.findContact(tx, { identifier: claim.identifier, email: claim.email?.toLowerCase(), phoneNumber: claim.phoneNumber }, contact.id);
    if (!owner) return undefined;
    const identifier = claim.identifier ?? contact.identifier;
    if (owner.identifier !== null && identifier !== null && owner.identifier !== identifier) return undefined;
    return this.contacts.lock(tx, owner.id);
  }

  private async moveTo(tx: Tx, identity: LockedIdentity, from: ContactRow, to: ContactRow): Promise<void> {
    const conversations = await this.identities.move(tx, identity.id, from.id, to.id);
    await this.events.append(tx, ...conversations.map((conversationId) => ({ type: 'conversation.updated' as const, conversationId, payload: { changed: ['meta.sender' as const], changes: { contact_id: [from.id, to.id] as const } } })));
    if (await this.identities.removeIfBare(tx, from.id)) await this.events.append(tx, { type: 'contact.deleted', payload: { contact_id: from.id } });
  }

  private async write(tx: Tx, contact: ContactRow, claim: PersonClaim, mayReplace: boolean): Promise<ContactRow> {
    const change: UpdateContact = {
      name: claim.name || undefined, email: claim.email?.toLowerCase() || undefined, phone_number: claim.phoneNumber || undefined, identifier: claim.identifier || undefined,
      additional_attributes: claim.additionalAttributes, custom_attributes: claim.customAttributes,
    };
    if (!mayReplace) keepKnown(change, contact);
    // What belongs to somebody who is not the same person stays theirs.
    for (const field of await this.contacts.taken(tx, change, contact.id)) delete change[field];
    if (Object.values(change).every((value) => value === undefined)) return contact;
    const row = await this.contacts.update(tx, contact.id, change);
    await this.events.append(tx, { type: 'contact.updated', payload: { contact_id: contact.id, changes: contactChanges(contact, row) } });
    return row;
  }
}

/** Somebody who merely claims to be this person may add what is not known yet, and replace nothing. */
function keepKnown(change: UpdateContact, contact: ContactRow): void {
  for (const field of ['name', 'email', 'phone_number', 'identifier'] as const) if (contact[field]) delete change[field];
  for (const field of ['additional_attributes', 'custom_attributes'] as const) {
    if (change[field]) change[field] = { ...change[field], ...contact[field] };
  }
}
