import { Injectable } from '@nestjs/common';
import type { InboxRow } from '../../../inboxes/inboxes.repository.js';
import type { AccountId } from '../../../platform/database/account-id.js';
import type { Tx } from '../../../platform/database/transaction.js';
import { SystemWork, UnitOfWork } from '../../../platform/database/unit-of-work.js';
import type { Problem } from '../accounts/mail-problem.js';

export interface FolderRow { folder: string; uid_validity: number; last_uid: number; started_at: Date }
export interface HealthRow {
  lease_until: Date | null; connected_at: Date | null; last_fetch_at: Date | null; last_mail_at: Date | null; fetch_error_at: Date | null; next_try_at: Date | null; last_sent_at: Date | null;
  send_error_at: Date | null; failures: number; send_failures: number; waiting: number; lease_holder: string | null; fetch_error: string | null; fetch_problem: Problem | null; fetch_said: string | null; send_error: string | null; send_problem: Problem | null; permission_ended_at: Date | null;
  flooded_at: Date | null; flooded_mails: number; flooded_by: string | null;
}

/** Seconds a process holds a mailbox without saying that it is still there. */
const LEASE_S = 60;

/** Who reads which mailbox, how far, and how it goes. */
@Injectable()
export class MailboxesRepository {
  constructor(private readonly system: SystemWork, private readonly unitOfWork: UnitOfWork) {}

  /** Mailboxes that nobody reads and whose time has come. Leases run by the database's clock, pauses by ours. */
  free(now: Date, limit: number): Promise<InboxRow[]> {
    return this.system.sql<InboxRow>(
      `SELECT i.* FROM inboxes i JOIN accounts a ON a.id = i.account_id AND a.status = 0 LEFT JOIN mail_inbox_health h ON h.account_id = i.account_id AND h.inbox_id = i.id
       WHERE i.channel_type = 'email' AND i.deleted_at IS NULL AND (i.channel_config->>'imap_enabled')::boolean
         AND (h.lease_until IS NULL OR h.lease_until < now()) AND (h.next_try_at IS NULL OR h.next_try_at <= $1) ORDER BY h.next_try_at NULLS FIRST LIMIT $2`, [now, limit]);
  }

  /** Takes a mailbox, or keeps it: at most one process of all has it. */
  async lease(account: AccountId, inboxId: number, holder: string): Promise<boolean> {
    const rows = await this.unitOfWork.run(account, (tx) => tx.sql(
      `INSERT INTO mail_inbox_health (account_id, inbox_id, lease_holder, lease_until) VALUES ($1, $2, $3, now() + make_interval(secs => ${LEASE_S}))
       ON CONFLICT (account_id, inbox_id) DO UPDATE SET lease_holder = $3, lease_until = now() + make_interval(secs => ${LEASE_S})
         WHERE mail_inbox_health.lease_holder = $3 OR mail_inbox_health.lease_until IS NULL OR mail_inbox_health.lease_until < now() RETURNING 1`, [account, inboxId, holder]));
    return rows.length > 0;
  }

  async release(account: AccountId, inboxId: number, holder: string): Promise<void> {
    await this.unitOfWork.run(account, (tx) => tx.sql('UPDATE mail_inbox_health SET lease_until = NULL, lease_holder = NULL, connected_at = NULL WHERE account_id = $1 AND inbox_id = $2 AND lease_holder = $3', [account, inboxId, holder]));
  }

  async connected(account: AccountId, inboxId: number, at: Date): Promise<void> {
    await this.unitOfWork.run(account, (tx) => tx.sql(
      'UPDATE mail_inbox_health SET connected_at = $3, failures = 0, fetch_error = NULL, fetch_error_at = NULL, fetch_problem = NULL, fetch_said = NULL, next_try_at = NULL, permission_ended_at = NULL WHERE account_id = $1 AND inbox_id = $2', [account, inboxId, at]));
  }

  /** Everything that was there is fetched, or so many are still waiting. */
  async looked(account: AccountId, inboxId: number, at: Date, waiting: number): Promise<void> {
    await this.unitOfWork.run(account, (tx) => tx.sql('UPDATE mail_inbox_health SET last_fetch_at = $3, waiting = $4 WHERE account_id = $1 AND inbox_id = $2', [account, inboxId, at, waiting]));
  }

  /** It went wrong. `ended`: nobody is let in before the mailbox is connected again. */
  async failed(account: AccountId, inboxId: number, at: Date, trouble: { reason: string; problem: Problem | null; said: string | null; ended: boolean }, nextTry: (failures: number) => Date): Promise<void> {
    await this.unitOfWork.run(account, async (tx) => {
      const row = await tx.one<{ failures: number }>(
        `UPDATE mail_inbox_health SET failures = failures + 1, fetch_error = $3, fetch_error_at = $4, fetch_problem = $6, fetch_said = $7, connected_at = NULL,
           permission_ended_at = CASE WHEN $5 THEN coalesce(permission_ended_at, $4) ELSE permission_ended_at END WHERE account_id = $1 AND inbox_id = $2 RETURNING failures`,
        [account, inboxId, trouble.reason.slice(0, 500), at, trouble.ended, trouble.problem, trouble.said]);
      if (row) await tx.sql('UPDATE mail_inbox_health SET next_try_at = $3 WHERE account_id = $1 AND inbox_id = $2', [account, inboxId, nextTry(row.failures)]);
    });
  }

  /** Somebody changed the settings: no pause any more. */
  async tryNow(tx: Tx, inboxId: number): Promise<void> {
    await tx.sql('UPDATE mail_inbox_health SET next_try_at = NULL WHERE account_id = $1 AND inbox_id = $2', [tx.accountId, inboxId]);
  }

  folder(account: AccountId, inboxId: number, folder: string): Promise<FolderRow | undefined> {
    return this.unitOfWork.run(account, (tx) => tx.one<FolderRow>('SELECT folder, uid_validity, last_uid, started_at FROM mail_folders WHERE account_id = $1 AND inbox_id = $2 AND folder = $3', [account, inboxId, folder]));
  }

  async startFolder(account: AccountId, inboxId: number, folder: string, uidValidity: number, lastUid: number, at: Date): Promise<void> {
    await this.unitOfWork.run(account, (tx) => tx.sql(
      `INSERT INTO mail_folders (account_id, inbox_id, folder, uid_validity, last_uid, started_at) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (account_id, inbox_id, folder) DO UPDATE SET uid_validity = excluded.uid_validity, last_uid = excluded.last_uid, updated_at = now()`, [account, inboxId, folder, uidValidity, lastUid, at]));
  }

  /** Call it in the transaction that stores the mails up to this one. */
  async advance(tx: Tx, inboxId: number, folder: string, uidValidity: number, lastUid: number, newestAt: Date | null): Promise<void> {
    await tx.sql('UPDATE mail_folders SET last_uid = greatest(last_uid, $5), updated_at = now() WHERE account_id = $1 AND inbox_id = $2 AND folder = $3 AND uid_validity = $4',
      [tx.accountId, inboxId, folder, uidValidity, lastUid]);
    if (newestAt) await tx.sql('UPDATE mail_inbox_health SET last_mail_at = greatest(coalesce(last_mail_at, $3), $3) WHERE account_id = $1 AND inbox_id = $2', [tx.accountId, inboxId, newestAt]);
  }

  /** One more mail that came beyond all bounds; what was noted more than a day ago is another story. */
  async noteFlood(tx: Tx, inboxId: number, sender: string | null, at: Date): Promise<void> {
    await tx.sql(
      `INSERT INTO mail_inbox_health AS h (account_id, inbox_id, flooded_at, flooded_mails, flooded_by) VALUES ($1, $2, $4, 1, $3)
       ON CONFLICT (account_id, inbox_id) DO UPDATE SET flooded_at = $4, flooded_by = $3, flooded_mails = CASE WHEN h.flooded_at > $4::timestamptz - interval '1 day' THEN h.flooded_mails + 1 ELSE 1 END`,
      [tx.accountId, inboxId, sender, at]);
  }

  /** How an inbox does, with the mails that wait to be read and those that could not be. */
  health(tx: Tx, inboxId: number): Promise<(HealthRow & { unread: number; failed: number; oldest_unread_at: Date | null }) | undefined> {
    return tx.one(
      `SELECT h.lease_until, h.connected_at, h.last_fetch_at, h.last_mail_at, h.fetch_error_at, h.next_try_at, h.last_sent_at, h.send_error_at, coalesce(h.failures, 0) AS failures,
         coalesce(h.send_failures, 0) AS send_failures, coalesce(h.waiting, 0) AS waiting, h.lease_holder, h.fetch_error, h.fetch_problem, h.fetch_said, h.send_error, h.send_problem, h.permission_ended_at,
         h.flooded_at, coalesce(h.flooded_mails, 0) AS flooded_mails, h.flooded_by,
         (SELECT count(*)::int FROM mail_raws r WHERE r.account_id = $1 AND r.inbox_id = $2 AND r.state = 0) AS unread, (SELECT min(received_at) FROM mail_raws r WHERE r.account_id = $1 AND r.inbox_id = $2 AND r.state = 0) AS oldest_unread_at,
         (SELECT count(*)::int FROM mail_raws r WHERE r.account_id = $1 AND r.inbox_id = $2 AND r.state = 2) AS failed
       FROM (SELECT 1) one LEFT JOIN mail_inbox_health h ON h.account_id = $1 AND h.inbox_id = $2`, [tx.accountId, inboxId]);
  }
}
