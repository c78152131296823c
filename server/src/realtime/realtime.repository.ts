import { Injectable } from '@nestjs/common';
import { SystemWork } from '../platform/database/unit-of-work.js';

export interface PersonRow { user_id: number; name: string; display_name: string | null; avatar_key: string | null; availability: number; auto_offline: boolean }
/** What is needed to decide who hears of a conversation. */
export interface ConversationPlace { id: number; displayId: number; inboxId: number; contactInboxId: number; contactId: number }
interface PlaceRow { id: number; display_id: number; inbox_id: number; contact_inbox_id: number; contact_id: number }

const place = (row: PlaceRow | undefined): ConversationPlace | undefined =>
  row && { id: row.id, displayId: row.display_id, inboxId: row.inbox_id, contactInboxId: row.contact_inbox_id, contactId: row.contact_id };

/** What sockets need to know, for many of them at once. Reads as the system role: sockets of all accounts are checked together. */
@Injectable()
export class RealtimeRepository {
  constructor(private readonly system: SystemWork) {}

  /** Inboxes of these people, as account id and user id pairs. */
  async inboxesOf(pairs: { accountId: number; userId: number }[]): Promise<{ account_id: number; user_id: number; inbox_id: number }[]> {
    return this.system.sql(
      `SELECT m.account_id, m.user_id, m.inbox_id FROM inbox_members m JOIN unnest($1::bigint[], $2::bigint[]) p(account_id, user_id) USING (account_id, user_id)`,
      [pairs.map((p) => p.accountId), pairs.map((p) => p.userId)]);
  }

  /** Last number of each account's log. */
  async lastSeqs(accountIds: number[]): Promise<Map<number, number>> {
    const rows = await this.system.sql<{ account_id: number; value: number }>(
      'SELECT account_id, value FROM account_counters WHERE kind = 2 AND account_id = ANY ($1::bigint[])', [accountIds]);
    return new Map(rows.map((row) => [row.account_id, row.value]));
  }

  /** Every member of an account, as shown to others. */
  async people(accountId: number): Promise<PersonRow[]> {
    return this.system.sql<PersonRow>(
      `SELECT u.id AS user_id, u.name, u.display_name, u.avatar_key, au.availability, au.auto_offline
       FROM account_users au JOIN users u ON u.id = au.user_id WHERE au.account_id = $1`, [accountId]);
  }

  async inboxMembers(accountId: number, inboxId: number): Promise<number[]> {
    return (await this.system.sql<{ user_id: number }>('SELECT user_id FROM inbox_members WHERE account_id = $1 AND inbox_id = $2', [accountId, inboxId])).map((row) => row.user_id);
  }

  async conversation(accountId: number, displayId: number): Promise<ConversationPlace | undefined> {
    const [row] = await this.system.sql<PlaceRow>(
      'SELECT id, display_id, inbox_id, contact_inbox_id, contact_id FROM conversations WHERE account_id = $1 AND display_id = $2', [accountId, displayId]);
    return place(row);
  }

  /** The newest conversation of a visitor, whose contact may have become another one while they were connected. */
  async conversationOfVisitor(accountId: number, contactInboxId: number): Promise<ConversationPlace | undefined> {
    const [row] = await this.system.sql<PlaceRow>(
      `SELECT id, display_id, inbox_id, contact_inbox_id, contact_id FROM conversations
       WHERE account_id = $1 AND contact_inbox_id = $2 AND contact_id = (SELECT contact_id FROM contact_inboxes WHERE account_id = $1 AND id = $2) ORDER BY id DESC LIMIT 1`, [accountId, contactInboxId]);
    return place(row);
  }

  /** The contact behind a `pubsub_token`. */
  async contactByPubsubToken(token: string): Promise<{ account_id: number; inbox_id: number; contact_inbox_id: number; contact_id: number; channel_type: string; channel_config: Record<string, unknown> } | undefined> {
    return (await this.system.sql<never>(
      `SELECT ci.account_id, ci.inbox_id, ci.id AS contact_inbox_id, ci.contact_id, i.channel_type, i.channel_config FROM contact_inboxes ci
         JOIN inboxes i ON i.account_id = ci.account_id AND i.id = ci.inbox_id AND i.deleted_at IS NULL JOIN accounts a ON a.id = ci.account_id AND a.status = 0
       WHERE ci.pubsub_token = $1`, [token]))[0];
  }

  async contactName(accountId: number, contactId: number): Promise<string> {
    const [row] = await this.system.sql<{ name: string }>('SELECT name FROM contacts WHERE account_id = $1 AND id = $2', [accountId, contactId]);
    return row?.name ?? '';
  }
}
