import { Injectable } from '@nestjs/common';
import type { Member } from '../../identity/access/principal.js';
import type { LockedIdentity } from '../../contacts/identities.repository.js';
import type { SystemTx, Tx } from '../../platform/database/transaction.js';
import { Status } from '../conversation-codes.js';

/** A place in the pending ones of an inbox. The time is text, with all its digits. */
export interface PendingConversation { id: number; at: string }

/** Writes states of conversations, each with the activity line that tells of it. */
@Injectable()
export class LifecycleRepository {
  /** A resolved conversation waits for nobody; only a snoozed one has a time to wake, and only a pending one is held by a bot. */
  async setStatus(tx: Tx, id: number, status: number, snoozedUntil: Date | null, lineId: number): Promise<void> {
    await tx.sql(
      `UPDATE conversations SET status = $3::smallint, snoozed_until = $4, waiting_since = CASE WHEN $3::smallint = 1 THEN NULL ELSE waiting_since END,
         agent_bot_id = CASE WHEN $3::smallint = ${Status.pending} THEN agent_bot_id END, last_message_id = $5, updated_at = clock_timestamp() WHERE account_id = $1 AND id = $2`, [tx.accountId, id, status, snoozedUntil, lineId]);
  }

  async setPriority(tx: Tx, id: number, priority: number, lineId: number): Promise<void> {
    await tx.sql('UPDATE conversations SET priority = $3, last_message_id = $4, updated_at = clock_timestamp() WHERE account_id = $1 AND id = $2', [tx.accountId, id, priority, lineId]);
  }

  async setBlocked(tx: Tx, contactId: number, blocked: boolean): Promise<void> {
    await tx.sql('UPDATE contacts SET blocked = $3, updated_at = clock_timestamp() WHERE account_id = $1 AND id = $2', [tx.accountId, contactId, blocked]);
  }

  /** Nothing but a line, and the time of the change. */
  async noteLine(tx: Tx, id: number, lineId: number): Promise<void> {
    await tx.sql('UPDATE conversations SET last_message_id = $3, updated_at = clock_timestamp() WHERE account_id = $1 AND id = $2', [tx.accountId, id, lineId]);
  }

  /** What is pending in an inbox, from the longest unmoved on. Not of those whom nobody wants to hear. */
  pending(tx: Tx, inboxId: number, after: PendingConversation | undefined, limit: number): Promise<PendingConversation[]> {
    return tx.sql<PendingConversation>(
      `SELECT c.id, c.last_activity_at::text AS at FROM conversations c JOIN contacts ct ON ct.account_id = c.account_id AND ct.id = c.contact_id AND NOT ct.blocked
       WHERE c.account_id = $1 AND c.inbox_id = $2 AND c.status = ${Status.pending} AND (c.last_activity_at, c.id) > (coalesce($3::timestamptz, '-infinity'), $4::bigint)
       ORDER BY c.last_activity_at, c.id LIMIT $5`, [tx.accountId, inboxId, after?.at ?? null, after?.id ?? 0, limit]);
  }

  /** Conversations of all accounts whose snooze has ended by now, oldest first. */
  due(tx: SystemTx, now: Date, limit: number): Promise<{ account_id: number; id: number }[]> {
    return tx.sql('SELECT account_id, id FROM conversations WHERE status = 3 AND snoozed_until <= $1 ORDER BY snoozed_until LIMIT $2', [now, limit]);
  }

  /** How colleagues and activity lines call a member, or the bot that acts. */
  async nameOf(tx: Tx, { userId, botId }: Pick<Member, 'userId' | 'botId'>): Promise<string> {
    if (botId !== undefined) return (await tx.one<{ name: string }>('SELECT name FROM agent_bots WHERE id = $1', [botId]))?.name ?? '';
    return (await tx.one<{ name: string }>(`SELECT coalesce(nullif(display_name, ''), name) AS name FROM users WHERE id = $1`, [userId]))?.name ?? '';
  }

  /** Replaces all of them; none is stored as NULL. */
  async setCustomAttributes(tx: Tx, id: number, attributes: object): Promise<void> {
    await tx.sql(`UPDATE conversations SET custom_attributes = nullif($3::jsonb, '{}'), updated_at = clock_timestamp() WHERE account_id = $1 AND id = $2`, [tx.accountId, id, JSON.stringify(attributes)]);
  }

  /** A conversation in which nothing is written yet: nobody waits in it. */
  async open(tx: Tx, identity: LockedIdentity, first: { status: number; snoozedUntil: Date | null; assigneeId: number | null; teamId: number | null; additional?: object; custom?: object }): Promise<{ id: number; display_id: number }> {
    const row = await tx.one<{ id: number; display_id: number }>(
      `WITH k AS (UPDATE account_counters SET value = value + 1 WHERE account_id = $1 AND kind = 1 RETURNING value)
       INSERT INTO conversations (account_id, inbox_id, contact_id, contact_inbox_id, display_id, status, snoozed_until, assignee_id, additional_attributes, custom_attributes, team_id)
       SELECT $1, $2, $3, $4, k.value, $5, $6, $7, $8, $9, $10 FROM k RETURNING id, display_id`,
      [tx.accountId, identity.inbox_id, identity.contact_id, identity.id, first.status, first.snoozedUntil, first.assigneeId,
        first.additional ? JSON.stringify(first.additional) : null, first.custom ? JSON.stringify(first.custom) : null, first.teamId]);
    return row!;
  }

  /** The identity's newest conversation. */
  async newest(tx: Tx, identity: LockedIdentity): Promise<number | undefined> {
    return (await tx.one<{ id: number }>('SELECT id FROM conversations WHERE account_id = $1 AND contact_id = $2 AND contact_inbox_id = $3 ORDER BY id DESC LIMIT 1',
      [tx.accountId, identity.contact_id, identity.id]))?.id;
  }

  /** The inbox on which somebody has this address. Of several, the newest. */
  async inboxOfSource(tx: Tx, sourceId: string): Promise<number | undefined> {
    return (await tx.one<{ inbox_id: number }>(
      `SELECT ci.inbox_id FROM inboxes i JOIN contact_inboxes ci ON ci.account_id = i.account_id AND ci.inbox_id = i.id AND ci.source_id = $2
       WHERE i.account_id = $1 AND i.deleted_at IS NULL ORDER BY ci.id DESC LIMIT 1`, [tx.accountId, sourceId]))?.inbox_id;
  }

  /** The newest identity of a contact on an inbox, locked. */
  identityOfContact(tx: Tx, inboxId: number, contactId: number): Promise<LockedIdentity | undefined> {
    return tx.one<LockedIdentity>(
      `SELECT ci.id, ci.contact_id, ci.source_id, ci.inbox_id, ci.hmac_verified, ci.pubsub_token, c.blocked, ci.hmac_verified AS speaks_for_contact
       FROM contact_inboxes ci JOIN contacts c ON c.account_id = ci.account_id AND c.id = ci.contact_id
       WHERE ci.account_id = $1 AND ci.contact_id = $3 AND ci.inbox_id = $2 ORDER BY ci.id DESC LIMIT 1 FOR NO KEY UPDATE OF ci`, [tx.accountId, inboxId, contactId]);
  }
}
