import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/transaction.js';
import { jsonOrNull, type ContactRow } from './contacts.repository.js';

/** An identity with the little that every message needs to know of its contact. */
export interface LockedIdentity {
  id: number; contact_id: number; source_id: string; inbox_id: number; hmac_verified: boolean; pubsub_token: string; blocked: boolean;
  /** The contact began with this identity, or it proved to be them: what it says about the contact may replace what is known. */
  speaks_for_contact: boolean;
}

const LOCKED = `SELECT ci.id, ci.contact_id, ci.source_id, ci.inbox_id, ci.hmac_verified, ci.pubsub_token, c.blocked, ci.hmac_verified OR ci.created_at = c.created_at AS speaks_for_contact
  FROM contact_inboxes ci JOIN contacts c ON c.account_id = ci.account_id AND c.id = ci.contact_id`;

/** Identities: contact_inboxes, the address of a contact on one inbox. Their row is the lock of "find or open a conversation". */
@Injectable()
export class IdentitiesRepository {
  async lockBySource(tx: Tx, inboxId: number, sourceId: string): Promise<LockedIdentity | undefined> {
    return (await tx.prepared<LockedIdentity>(`${LOCKED} WHERE ci.account_id = $1 AND ci.inbox_id = $2 AND ci.source_id = $3 FOR NO KEY UPDATE OF ci`, [tx.accountId, inboxId, sourceId]))[0];
  }

  lock(tx: Tx, id: number): Promise<LockedIdentity | undefined> {
    return tx.one<LockedIdentity>(`${LOCKED} WHERE ci.account_id = $1 AND ci.id = $2 FOR NO KEY UPDATE OF ci`, [tx.accountId, id]);
  }

  /** Waits for whoever makes the same identity at this moment: a row that does not exist cannot be locked. */
  async lockBeforeItExists(tx: Tx, inboxId: number, sourceId: string): Promise<void> {
    await tx.prepared('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`identity/${tx.accountId}/${inboxId}/${sourceId}`]);
  }

  /** The contact with that identifier, else that email, else that phone number. */
  async findContact(tx: Tx, who: { identifier?: string | null; email?: string | null; phoneNumber?: string | null }, exceptId = 0): Promise<ContactRow | undefined> {
    return (await tx.prepared<ContactRow>(
      `SELECT * FROM (
         (SELECT 1 AS rank, c.* FROM contacts c WHERE account_id = $1 AND identifier = $2 AND id <> $5)
         UNION ALL (SELECT 2, c.* FROM contacts c WHERE account_id = $1 AND email = $3 AND id <> $5)
         UNION ALL (SELECT 3, c.* FROM contacts c WHERE account_id = $1 AND phone_number = $4 AND id <> $5 ORDER BY id LIMIT 1)) k ORDER BY rank LIMIT 1`,
      [tx.accountId, who.identifier ?? null, who.email ?? null, who.phoneNumber ?? null, exceptId]))[0];
  }

  /** A new contact with its first identity, in one statement. Undefined when somebody else has just taken the email or identifier. */
  async insertBoth(
    tx: Tx, inboxId: number, sourceId: string, hmacVerified: boolean,
    contact: { name: string; email: string | null; phoneNumber: string | null; identifier: string | null; additional?: object; custom?: object },
  ): Promise<LockedIdentity | undefined> {
    return (await tx.prepared<LockedIdentity>(
      `WITH c AS (INSERT INTO contacts (account_id, name, email, phone_number, identifier, additional_attributes, custom_attributes, last_activity_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, now()) ON CONFLICT DO NOTHING RETURNING id, blocked)
       INSERT INTO contact_inboxes (account_id, inbox_id, source_id, contact_id, hmac_verified) SELECT $1, $8, $9, c.id, $10 FROM c
       RETURNING id, contact_id, source_id, inbox_id, hmac_verified, pubsub_token, false AS blocked, true AS speaks_for_contact`,
      [tx.accountId, contact.name, contact.email, contact.phoneNumber, contact.identifier, jsonOrNull(contact.additional), jsonOrNull(contact.custom), inboxId, sourceId, hmacVerified]))[0];
  }

  /** Undefined when the address is taken on that inbox. */
  insert(tx: Tx, inboxId: number, sourceId: string, contactId: number, hmacVerified: boolean): Promise<LockedIdentity | undefined> {
    return tx.one<LockedIdentity>(
      `INSERT INTO contact_inboxes (account_id, inbox_id, source_id, contact_id, hmac_verified) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (account_id, inbox_id, source_id) DO NOTHING
       RETURNING id, contact_id, source_id, inbox_id, hmac_verified, pubsub_token, hmac_verified AS speaks_for_contact, (SELECT c.blocked FROM contacts c WHERE c.account_id = $1 AND c.id = $4) AS blocked`,
      [tx.accountId, inboxId, sourceId, contactId, hmacVerified]);
  }

  async markVerified(tx: Tx, id: number): Promise<void> {
    await tx.sql('UPDATE contact_inboxes SET hmac_verified = true WHERE account_id = $1 AND id = $2 AND NOT hmac_verified', [tx.accountId, id]);
  }

  /** Gives an identity, with its conversations and what was written in them, to another contact. Answers the conversations that moved. */
  async move(tx: Tx, identityId: number, from: number, to: number): Promise<number[]> {
    const moved = await tx.sql<{ id: number }>(
      'UPDATE conversations SET contact_id = $3, updated_at = now() WHERE account_id = $1 AND contact_id = $4 AND contact_inbox_id = $2 RETURNING id', [tx.accountId, identityId, to, from]);
    const ids = moved.map((row) => row.id);
    await tx.sql('UPDATE messages SET sender_id = $3 WHERE account_id = $1 AND conversation_id = ANY ($2::bigint[]) AND sender_type = 1 AND sender_id = $4', [tx.accountId, ids, to, from]);
    await tx.sql('UPDATE contact_inboxes SET contact_id = $3 WHERE account_id = $1 AND id = $2', [tx.accountId, identityId, to]);
    return ids;
  }

  /** Removes a contact that has no identity and no conversation left. True when it is gone. */
  async removeIfBare(tx: Tx, contactId: number): Promise<boolean> {
    return (await tx.sql(
      `DELETE FROM contacts c WHERE c.account_id = $1 AND c.id = $2
         AND NOT EXISTS (SELECT FROM contact_inboxes ci WHERE ci.account_id = $1 AND ci.contact_id = $2)
         AND NOT EXISTS (SELECT FROM conversations v WHERE v.account_id = $1 AND v.contact_id = $2) RETURNING c.id`, [tx.accountId, contactId])).length > 0;
  }
}
