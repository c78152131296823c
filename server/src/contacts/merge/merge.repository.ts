import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/transaction.js';
import { jsonOrNull, type ContactRow } from '../contacts.repository.js';
import { holdPeople } from '../hold-people.js';

/** Tables whose rows belong to a person by a contact_id alone. A test compares with the database. */
export const OF_A_CONTACT = ['contact_inboxes', 'contact_notes', 'conversations', 'mail_participants', 'webhook_deliveries'] as const;
/** Tables with at most one row of a person; the one who stays keeps its own, and what is left over goes with the other. */
export const ONE_OF_A_CONTACT = ['mail_picture_senders'] as const;

/** What a merged contact becomes. */
export type MergedContact = Pick<ContactRow, 'name' | 'email' | 'phone_number' | 'identifier' | 'avatar_key' | 'additional_attributes' | 'custom_attributes' | 'last_activity_at' | 'label_ids'>;

/** Makes two people one. */
@Injectable()
export class MergeRepository {
  /** Both, locked in the order in which everything locks them: identities first, then the people, by id. */
  async lockBoth(tx: Tx, ids: [number, number]): Promise<ContactRow[]> {
    await holdPeople(tx);
    await tx.sql('SELECT FROM contact_inboxes WHERE account_id = $1 AND contact_id = ANY ($2::bigint[]) ORDER BY id FOR UPDATE', [tx.accountId, ids]);
    return tx.sql<ContactRow>('SELECT * FROM contacts WHERE account_id = $1 AND id = ANY ($2::bigint[]) ORDER BY id FOR UPDATE', [tx.accountId, ids]);
  }

  /** Gives all that the one has to the other. Answers the conversations that moved. */
  async moveAll(tx: Tx, from: number, to: number): Promise<number[]> {
    const own = await tx.sql<{ id: number }>('SELECT id FROM conversations WHERE account_id = $1 AND contact_id = $2 ORDER BY id FOR NO KEY UPDATE', [tx.accountId, from]);
    const joined = await tx.sql<{ id: number }>('SELECT DISTINCT conversation_id AS id FROM mail_participants WHERE account_id = $1 AND contact_id = $2', [tx.accountId, from]);
    await tx.sql('UPDATE messages SET sender_id = $3 WHERE account_id = $1 AND conversation_id = ANY ($2::bigint[]) AND sender_type = 1 AND sender_id = $4',
      [tx.accountId, [...own, ...joined].map((row) => row.id), to, from]);
    for (const table of OF_A_CONTACT) await tx.sql(`UPDATE ${table} SET contact_id = $2 WHERE account_id = $1 AND contact_id = $3`, [tx.accountId, to, from]);
    for (const table of ONE_OF_A_CONTACT) {
      await tx.sql(`UPDATE ${table} SET contact_id = $2 WHERE account_id = $1 AND contact_id = $3 AND NOT EXISTS (SELECT FROM ${table} o WHERE o.account_id = $1 AND o.contact_id = $2)`, [tx.accountId, to, from]);
    }
    return own.map((row) => row.id);
  }

  async remove(tx: Tx, id: number): Promise<void> {
    await tx.sql('DELETE FROM contacts WHERE account_id = $1 AND id = $2', [tx.accountId, id]);
  }

  async write(tx: Tx, id: number, merged: MergedContact): Promise<ContactRow> {
    const row = await tx.one<ContactRow>(
      `UPDATE contacts SET name = $3, email = $4, phone_number = $5, identifier = $6, avatar_key = $7, additional_attributes = $8, custom_attributes = $9, last_activity_at = $10,
         label_ids = $11, updated_at = now() WHERE account_id = $1 AND id = $2 RETURNING *`,
      [tx.accountId, id, merged.name, merged.email, merged.phone_number, merged.identifier, merged.avatar_key, jsonOrNull(merged.additional_attributes), jsonOrNull(merged.custom_attributes),
        merged.last_activity_at, merged.label_ids]);
    return row!;
  }
}
