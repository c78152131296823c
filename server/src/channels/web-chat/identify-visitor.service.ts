import { Injectable } from '@nestjs/common';
import { createHmac } from 'node:crypto';
import { ContactFaces } from '../../contacts/contact-faces.service.js';
import { ContactIdentities, type PersonClaim } from '../../contacts/contact-identities.service.js';
import { SaveContact } from '../../contacts/save-contact.service.js';
import { InboxLookup } from '../../inboxes/inbox-lookup.service.js';
import { sameBytes } from '../../platform/crypto/keyring.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { notFound, Problem } from '../../platform/http/problem.js';
import type { Visitor } from './visitor.js';
import { VisitorTokens } from './visitor-tokens.service.js';
import { VisitorsRepository, type VisitorIdentity } from './visitors.repository.js';
import type { UpdateVisitor } from './widget-contact.dto.js';

/** Takes in who a visitor says, or proves, to be. */
@Injectable()
export class IdentifyVisitor {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly inboxes: InboxLookup, private readonly identities: ContactIdentities,
    private readonly visitors: VisitorsRepository, private readonly tokens: VisitorTokens, private readonly contacts: SaveContact,
    private readonly faces: ContactFaces,
  ) {}

  /** The visitor's identity, or undefined while nothing of theirs is stored. */
  current(visitor: Visitor): Promise<VisitorIdentity | undefined> {
    return this.unitOfWork.run(visitor.accountId, (tx) => this.visitors.identity(tx, visitor.inbox.id, visitor.sourceId));
  }

  /**
   * Writes what is said about the visitor. `newToken` is set when they turned out to be somebody else than before: the old token goes on standing for
   * the old identity. Throws 401 when the identifier must be proven and is not.
   */
  async write(visitor: Visitor, given: UpdateVisitor): Promise<{ identity: VisitorIdentity; newToken: string | null }> {
    const claim: PersonClaim = { ...claimOf(given), hmacVerified: this.isProven(visitor, given) };
    return this.unitOfWork.run(visitor.accountId, async (tx) => {
      const known = await this.identities.resolve(tx, visitor.inbox.id, { ...claim, sourceId: visitor.sourceId });
      const { identity, contact } = await this.identities.identify(tx, known.id, claim, () => this.tokens.newSourceId());
      // Only whom the site vouches for may send us elsewhere.
      if (claim.hmacVerified) this.faces.fetchLater(tx, contact, given.avatar_url);
      const after = await this.visitors.identity(tx, visitor.inbox.id, identity.source_id);
      return { identity: after!, newToken: identity.source_id === visitor.sourceId ? null : this.tokens.issue(visitor.inbox.id, identity.source_id) };
    });
  }

  /** Removes attributes of the contact. Throws 404 while nothing of the visitor is stored. */
  async removeAttributes(visitor: Visitor, names: string[]): Promise<VisitorIdentity> {
    return this.unitOfWork.run(visitor.accountId, async (tx) => {
      const identity = await this.visitors.identity(tx, visitor.inbox.id, visitor.sourceId);
      if (!identity) throw notFound();
      await this.contacts.removeAttributes(tx, identity.contact_id, names);
      return (await this.visitors.identity(tx, visitor.inbox.id, visitor.sourceId))!;
    });
  }

  /** A wrong proof is refused even where none is asked for. */
  private isProven(visitor: Visitor, given: UpdateVisitor): boolean {
    if (given.identifier === undefined || (given.identifier_hash === undefined && !visitor.config.hmac_mandatory)) return false;
    const secret = this.inboxes.secretsOf(visitor.inbox)['hmac_token'] ?? '';
    const expected = createHmac('sha256', secret).update(given.identifier).digest();
    if (secret === '' || !sameBytes(Buffer.from(given.identifier_hash ?? '', 'hex'), expected)) {
      throw new Problem('not_permitted', 'HMAC failed: Invalid Identifier Hash Provided');
    }
    return true;
  }
}

function claimOf(given: UpdateVisitor): PersonClaim {
  const { description, city, country_code, company_name, social_profiles } = given;
  const additional = Object.fromEntries(Object.entries({ description, city, country_code, company_name, social_profiles }).filter(([, value]) => value !== undefined));
  const additionalAttributes = { ...given.additional_attributes, ...additional };
  return {
    name: given.name, email: given.email, phoneNumber: given.phone_number, identifier: given.identifier, customAttributes: given.custom_attributes,
    additionalAttributes: Object.keys(additionalAttributes).length > 0 ? additionalAttributes : undefined,
  };
}
