import { Injectable } from '@nestjs/common';
import { createHmac, randomUUID } from 'node:crypto';
import { ContactAvatars } from '../../contacts/contact-avatars.service.js';
import { ContactFaces } from '../../contacts/contact-faces.service.js';
import { ContactIdentities, type PersonClaim } from '../../contacts/contact-identities.service.js';
import { InboxLookup } from '../../inboxes/inbox-lookup.service.js';
import { sameBytes } from '../../platform/crypto/keyring.js';
import type { AccountId } from '../../platform/database/account-id.js';
import type { Tx } from '../../platform/database/transaction.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { Problem } from '../../platform/http/problem.js';
import { apiConfig } from './api.config.js';
import type { Client, ClientContact } from './client.js';
import type { GivenContact, Proof } from './client.dto.js';

const CONTACT = `SELECT ci.id, ci.contact_id, ci.source_id, ci.pubsub_token, ci.hmac_verified, ci.hmac_verified OR ci.created_at = c.created_at AS speaks_for_contact,
  c.name, c.email, c.phone_number, c.identifier, c.blocked, c.last_activity_at, c.created_at, c.updated_at, c.additional_attributes, c.custom_attributes
  FROM contact_inboxes ci JOIN contacts c ON c.account_id = ci.account_id AND c.id = ci.contact_id WHERE ci.account_id = $1 AND ci.inbox_id = $2 AND ci.source_id = $3`;

/** People who come through the client API of an inbox. */
@Injectable()
export class ClientContacts {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly identities: ContactIdentities, private readonly inboxes: InboxLookup,
    private readonly avatars: ContactAvatars, private readonly faces: ContactFaces,
  ) {}

  find(account: AccountId, inboxId: number, sourceId: string): Promise<ClientContact | undefined> {
    if (sourceId.length > 255 || sourceId.includes('\u0000')) return Promise.resolve(undefined);
    return this.unitOfWork.run(account, (tx) => this.read(tx, inboxId, sourceId));
  }

  /** Somebody new, or whoever has this source id. Throws 401 when an identifier must be proven and is not. */
  create(client: Client, given: GivenContact): Promise<ClientContact> {
    return this.write(client, given.source_id ?? randomUUID(), given);
  }

  /** What the contact says about themselves. An identifier of somebody else gives nothing away: it becomes an identity of its own. */
  write(client: Client, sourceId: string, given: GivenContact): Promise<ClientContact> {
    const claim: PersonClaim = {
      name: given.name ?? undefined, email: given.email ?? undefined, phoneNumber: given.phone_number ?? undefined, identifier: given.identifier ?? undefined,
      customAttributes: given.custom_attributes, additionalAttributes: given.additional_attributes, hmacVerified: this.isProven(client, given),
    };
    return this.avatars.save(client.accountId, given.avatar, async (tx, avatarKey) => {
      const known = await this.identities.resolve(tx, client.inbox.id, { ...claim, sourceId });
      const { identity, contact } = await this.identities.identify(tx, known.id, claim, () => randomUUID());
      const after = (await this.read(tx, client.inbox.id, identity.source_id))!;
      // A picture of somebody else is no less a claim than their name; and only whom the site vouches for may send us elsewhere.
      if (avatarKey && after.speaks_for_contact) await this.avatars.set(tx, contact.id, avatarKey);
      else if (avatarKey) this.avatars.dropAfterCommit(tx, avatarKey);
      else if (claim.hmacVerified) this.faces.fetchLater(tx, contact, given.avatar_url);
      return after;
    });
  }

  private read(tx: Tx, inboxId: number, sourceId: string): Promise<ClientContact | undefined> {
    return tx.one<ClientContact>(CONTACT, [tx.accountId, inboxId, sourceId]);
  }

  /** Throws 401 when this inbox wants people proven, and neither this identity is nor the claim made with the question. */
  demandProven(client: Client & { contact: ClientContact }, given: Proof): void {
    if (!client.contact.hmac_verified || given.identifier_hash != null) this.isProven(client, given);
  }

  /** Whether the claim is proven. A wrong proof is refused even where none is asked for; where one is, so is whoever gives none. */
  private isProven(client: Client, given: Proof): boolean {
    if (given.identifier_hash == null && !apiConfig(client.inbox.channel_config).hmac_mandatory) return false;
    const secret = this.inboxes.secretsOf(client.inbox)['hmac_token'] ?? '';
    const expected = createHmac('sha256', secret).update(given.identifier ?? '').digest();
    if (secret === '' || given.identifier == null || !sameBytes(Buffer.from(given.identifier_hash ?? '', 'hex'), expected)) throw new Problem('not_permitted', 'HMAC failed: Invalid Identifier Hash Provided');
    return true;
  }
}
