import { Injectable } from '@nestjs/common';
import type { ContactRow } from '../../contacts/contacts.repository.js';
import { holdPeople } from '../../contacts/hold-people.js';
import type { SystemTx, Tx } from '../../platform/database/transaction.js';
import { Uploads } from '../../platform/storage/uploads.js';

/** What an erased conversation leaves for its event. */
export interface ErasedConversation { id: number; display_id: number; inbox_id: number; contact_inbox_id: number }

/** Removes conversations with everything in them: children first, since nothing cascades. */
@Injectable()
export class ErasureRepository {
  constructor(private readonly uploads: Uploads) {}

  /** Call it with the conversations locked. Files go soon after the commit. */
  async erase(tx: Tx, ids: readonly number[]): Promise<ErasedConversation[]> {
    if (ids.length === 0) return [];
    const params = [tx.accountId, ids];
    const of = (table: string): string => `DELETE FROM ${table} WHERE account_id = $1 AND conversation_id = ANY ($2::bigint[])`;
    const files = await tx.sql<{ storage_key: string | null }>(`${of('attachments')} RETURNING storage_key`, params);
    await this.uploads.release(tx, files.flatMap((file) => file.storage_key ?? []));
    for (const table of ['outbound_messages', 'messages', 'conversation_participants', 'conversation_reads', 'drafts', 'conversation_labels']) await tx.sql(of(table), params);
    // After the messages: whoever indexes one holds it until the entry is there.
    await tx.sql(of('message_search'), params);
    return tx.sql<ErasedConversation>('DELETE FROM conversations WHERE account_id = $1 AND id = ANY ($2::bigint[]) RETURNING id, display_id, inbox_id, contact_inbox_id', params);
  }

  /** Conversations of a contact, locked. Its identities are locked first, as everywhere, so that nothing new comes in meanwhile. */
  async lockOfContact(tx: Tx, contactId: number): Promise<number[]> {
    await holdPeople(tx);
    await tx.sql('SELECT FROM contact_inboxes WHERE account_id = $1 AND contact_id = $2 ORDER BY id FOR UPDATE', [tx.accountId, contactId]);
    return (await tx.sql<{ id: number }>('SELECT id FROM conversations WHERE account_id = $1 AND contact_id = $2 ORDER BY id FOR UPDATE', [tx.accountId, contactId])).map((row) => row.id);
  }

  /** What a contact wrote by mail in conversations of others, those conversations locked. */
  async lockWrittenElsewhere(tx: Tx, contactId: number): Promise<{ conversation_id: number; id: number }[]> {
    const params = [tx.accountId, contactId];
    await tx.sql(
      `SELECT FROM conversations c WHERE c.account_id = $1 AND c.contact_id <> $2 AND c.id IN (SELECT conversation_id FROM mail_participants WHERE account_id = $1 AND contact_id = $2)
       ORDER BY c.id FOR NO KEY UPDATE`, params);
    return tx.sql(
      `SELECT m.conversation_id, m.id FROM messages m WHERE m.account_id = $1 AND m.conversation_id IN (SELECT conversation_id FROM mail_participants WHERE account_id = $1 AND contact_id = $2)
         AND m.sender_type = 1 AND m.sender_id = $2 AND m.deleted_at IS NULL ORDER BY m.id`, params);
  }

  /** Removes what is kept beside such messages: the mail as it came, its address lines, the place among those who take part. */
  async forgetElsewhere(tx: Tx, contactId: number, messages: readonly { conversation_id: number; id: number }[]): Promise<void> {
    const params = [tx.accountId, messages.map((row) => row.conversation_id), messages.map((row) => row.id)];
    for (const table of ['mail_raws', 'mail_messages', 'message_search']) {
      await tx.sql(`DELETE FROM ${table} WHERE account_id = $1 AND conversation_id = ANY ($2::bigint[]) AND message_id = ANY ($3::bigint[])`, params);
    }
    await tx.sql('DELETE FROM mail_participants WHERE account_id = $1 AND contact_id = $2', [tx.accountId, contactId]);
  }

  /** Removes a contact that has no conversation any more. Answers the key of its picture and what it was known by; undefined when there is none. */
  async eraseContact(tx: Tx, contactId: number): Promise<Pick<ContactRow, 'avatar_key' | 'email' | 'phone_number' | 'identifier'> | undefined> {
    await tx.sql('DELETE FROM contact_inboxes WHERE account_id = $1 AND contact_id = $2', [tx.accountId, contactId]);
    return tx.one('DELETE FROM contacts WHERE account_id = $1 AND id = $2 RETURNING avatar_key, email, phone_number, identifier', [tx.accountId, contactId]);
  }

  /** Inboxes of all accounts that are deleted and not yet gone. */
  deletedInboxes(tx: SystemTx): Promise<{ account_id: number; id: number }[]> {
    return tx.sql('SELECT account_id, id FROM inboxes WHERE deleted_at IS NOT NULL ORDER BY deleted_at');
  }

  /** Some conversations of an inbox, locked; others that somebody holds just now come later. */
  async lockOfInbox(tx: Tx, inboxId: number, limit: number): Promise<number[]> {
    return (await tx.sql<{ id: number }>('SELECT id FROM conversations WHERE account_id = $1 AND inbox_id = $2 LIMIT $3 FOR UPDATE SKIP LOCKED', [tx.accountId, inboxId, limit])).map((row) => row.id);
  }

  /** Removes what else an inbox has, a batch at a time. Answers how much it removed; call again while it is not 0. */
  async eraseRest(tx: Tx, inboxId: number, limit: number): Promise<number> {
    const receipts = await tx.sql('DELETE FROM receipts WHERE ctid = ANY (ARRAY(SELECT ctid FROM receipts WHERE account_id = $1 AND inbox_id = $2 LIMIT $3)) AND account_id = $1 RETURNING 1', [tx.accountId, inboxId, limit]);
    const identities = await tx.sql(
      `DELETE FROM contact_inboxes WHERE account_id = $1 AND id = ANY (ARRAY(SELECT ci.id FROM contact_inboxes ci WHERE ci.account_id = $1 AND ci.inbox_id = $2
         AND NOT EXISTS (SELECT FROM conversations c WHERE c.account_id = $1 AND c.contact_id = ci.contact_id AND c.contact_inbox_id = ci.id) LIMIT $3)) RETURNING 1`, [tx.accountId, inboxId, limit]);
    return receipts.length + identities.length;
  }

  /** Removes the inbox itself. False while something is still in it. */
  async eraseInbox(tx: Tx, inboxId: number): Promise<boolean> {
    const left = await tx.sql(
      `SELECT FROM conversations WHERE account_id = $1 AND inbox_id = $2 UNION ALL SELECT FROM contact_inboxes WHERE account_id = $1 AND inbox_id = $2 LIMIT 1`, [tx.accountId, inboxId]);
    if (left.length > 0) return false;
    await tx.sql('DELETE FROM inbox_members WHERE account_id = $1 AND inbox_id = $2', [tx.accountId, inboxId]);
    const gone = await tx.one<{ avatar_key: string | null }>('DELETE FROM inboxes WHERE account_id = $1 AND id = $2 RETURNING avatar_key', [tx.accountId, inboxId]);
    if (gone?.avatar_key) await this.uploads.release(tx, [gone.avatar_key]);
    return true;
  }
}
