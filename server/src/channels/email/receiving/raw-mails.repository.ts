import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/transaction.js';
import { SystemWork } from '../../../platform/database/unit-of-work.js';
import { Uploads } from '../../../platform/storage/uploads.js';

export const RawState = { received: 0, parsed: 1, failed: 2, nothingToShow: 3 } as const;
/** What the bringer of a mail said about its way here. */
export interface MailEnvelope {
  mail_from?: string; rcpt_to?: string[]; remote_ip?: string; helo?: string;
  /** Verdicts of a provider that checked the mail before us. */
  spf?: string; dkim?: string; dmarc?: string; spam?: boolean;
  /** When it reached the mailbox, as its server says. */
  arrived?: string;
  folder?: string; uid?: number; uid_validity?: number; junk?: boolean;
}
export interface RawMailRow {
  account_id: number; id: number; inbox_id: number; conversation_id: number | null; message_id: number | null; size: number; received_at: Date; parsed_at: Date | null; state: number; attempts: number;
  source: string; sha256: string; storage_key: string; rfc_message_id: string | null; subject: string | null; from_address: string | null; error: string | null; envelope: MailEnvelope;
}
export interface NewRawMail { inboxId: number; source: string; size: number; sha256: string; storageKey: string; envelope: MailEnvelope }

/** Minutes after which a claim counts as that of a process that died. */
const CLAIM_MINUTES = 5;

/** Mails as they came, and how far each has been worked on. */
@Injectable()
export class RawMailsRepository {
  constructor(private readonly system: SystemWork, private readonly uploads: Uploads) {}

  /** Stores the mail unless the same bytes are there. Answers its id, or the first one's. */
  async insert(tx: Tx, mail: NewRawMail): Promise<{ id: number; duplicate: boolean }> {
    const made = await tx.one<{ id: number }>(
      `INSERT INTO mail_raws (account_id, inbox_id, source, size, sha256, storage_key, envelope) VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (account_id, inbox_id, sha256) DO NOTHING RETURNING id`, [tx.accountId, mail.inboxId, mail.source, mail.size, mail.sha256, mail.storageKey, JSON.stringify(mail.envelope)]);
    if (made) {
      await this.uploads.claim(tx, [mail]);
      return { id: made.id, duplicate: false };
    }
    const first = await tx.one<{ id: number }>('SELECT id FROM mail_raws WHERE account_id = $1 AND inbox_id = $2 AND sha256 = $3', [tx.accountId, mail.inboxId, mail.sha256]);
    return { id: first!.id, duplicate: true };
  }

  /** Stores mails that came together, in their order. Answers those whose bytes were there before. */
  async insertAll(tx: Tx, { inboxId, source }: { inboxId: number; source: string }, mails: Pick<NewRawMail, 'size' | 'sha256' | 'storageKey' | 'envelope'>[]): Promise<{ storageKey: string }[]> {
    if (mails.length === 0) return [];
    const made = await tx.sql<{ storage_key: string }>(
      `INSERT INTO mail_raws (account_id, inbox_id, source, size, sha256, storage_key, envelope, arrived_at)
       SELECT $1, $2, $3, m.size, m.sha256, m.storage_key, m.envelope, coalesce((m.envelope->>'arrived')::timestamptz, now()) FROM unnest($4::bigint[], $5::text[], $6::text[], $7::jsonb[]) WITH ORDINALITY m(size, sha256, storage_key, envelope, n) ORDER BY m.n
       ON CONFLICT (account_id, inbox_id, sha256) DO NOTHING RETURNING storage_key`,
      [tx.accountId, inboxId, source, mails.map((mail) => mail.size), mails.map((mail) => mail.sha256), mails.map((mail) => mail.storageKey), mails.map((mail) => JSON.stringify(mail.envelope))]);
    const kept = new Set(made.map((row) => row.storage_key));
    await this.uploads.claim(tx, mails.filter((mail) => kept.has(mail.storageKey)));
    return mails.filter((mail) => !kept.has(mail.storageKey));
  }

  /** Whether a request of this name comes for the first time. */
  async takeReceipt(tx: Tx, inboxId: number, name: string): Promise<boolean> {
    return (await tx.sql('INSERT INTO receipts (account_id, inbox_id, external_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING 1', [tx.accountId, inboxId, name])).length > 0;
  }

  /** Takes the next mails of an inbox in the order they came, at least one. What another process holds is left to it. */
  claim(tx: Tx, inboxId: number, atMost: { mails: number; bytes: number }): Promise<RawMailRow[]> {
    return tx.sql<RawMailRow>(
      `WITH next AS (SELECT id, size FROM mail_raws WHERE account_id = $1 AND inbox_id = $2 AND state = 0 AND due_at <= now() AND (claimed_at IS NULL OR claimed_at < now() - make_interval(mins => ${CLAIM_MINUTES}))
         ORDER BY id LIMIT $3 FOR UPDATE SKIP LOCKED),
       fitting AS (SELECT id, sum(size) OVER (ORDER BY id) - size AS before FROM next),
       claimed AS (UPDATE mail_raws r SET claimed_at = now(), attempts = r.attempts + 1 FROM fitting f WHERE r.account_id = $1 AND r.id = f.id AND f.before < $4 RETURNING r.*)
       SELECT * FROM claimed ORDER BY id`, [tx.accountId, inboxId, atMost.mails, atMost.bytes]);
  }

  /** It was read and there is nothing to show for it. */
  async markDone(tx: Tx, id: number, reason: string, rfcMessageId: string): Promise<void> {
    await tx.sql('UPDATE mail_raws SET state = 3, parsed_at = now(), claimed_at = NULL, error = $3, rfc_message_id = $4 WHERE account_id = $1 AND id = $2', [tx.accountId, id, reason, rfcMessageId]);
  }

  /** Tries again in a while. */
  async postpone(tx: Tx, id: number, seconds: number, reason: string): Promise<void> {
    await tx.sql('UPDATE mail_raws SET claimed_at = NULL, due_at = now() + make_interval(secs => $3), error = $4 WHERE account_id = $1 AND id = $2 AND state = 0', [tx.accountId, id, seconds, reason]);
  }

  /** It goes to the repair list. */
  async markFailed(tx: Tx, id: number, reason: string, known: { subject: string | null; from: string | null }): Promise<void> {
    await tx.sql('UPDATE mail_raws SET state = 2, claimed_at = NULL, error = $3, subject = $4, from_address = $5 WHERE account_id = $1 AND id = $2',
      [tx.accountId, id, reason.slice(0, 1_000), known.subject, known.from]);
  }

  failed(tx: Tx, inboxId: number, before: number): Promise<RawMailRow[]> {
    return tx.sql<RawMailRow>('SELECT * FROM mail_raws WHERE account_id = $1 AND inbox_id = $2 AND state = 2 AND id < $3 ORDER BY id DESC LIMIT 50', [tx.accountId, inboxId, before]);
  }

  find(tx: Tx, inboxId: number, id: number): Promise<RawMailRow | undefined> {
    return tx.one<RawMailRow>('SELECT * FROM mail_raws WHERE account_id = $1 AND inbox_id = $2 AND id = $3', [tx.accountId, inboxId, id]);
  }

  /** The mail a message was made of. */
  ofMessage(tx: Tx, conversationId: number, messageId: number): Promise<RawMailRow | undefined> {
    return tx.one<RawMailRow>('SELECT * FROM mail_raws WHERE account_id = $1 AND conversation_id = $2 AND message_id = $3', [tx.accountId, conversationId, messageId]);
  }

  /** From the repair list back to work. False when it is not there. */
  async retry(tx: Tx, inboxId: number, id: number): Promise<boolean> {
    const rows = await tx.sql(
      'UPDATE mail_raws SET state = 0, attempts = 0, due_at = now(), claimed_at = NULL WHERE account_id = $1 AND inbox_id = $2 AND id = $3 AND state = 2 RETURNING id', [tx.accountId, inboxId, id]);
    return rows.length > 0;
  }

  /** Inboxes of all accounts with mail that is due and that nobody works on. */
  waiting(limit: number): Promise<{ account_id: number; inbox_id: number }[]> {
    return this.system.sql(
      `SELECT DISTINCT account_id, inbox_id FROM (SELECT account_id, inbox_id FROM mail_raws
         WHERE state = 0 AND due_at <= now() AND (claimed_at IS NULL OR claimed_at < now() - make_interval(mins => ${CLAIM_MINUTES})) ORDER BY due_at LIMIT 10000) w LIMIT $1`, [limit]);
  }
}
