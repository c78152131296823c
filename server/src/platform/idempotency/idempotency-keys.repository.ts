import { Injectable } from '@nestjs/common';
import { Keyring } from '../crypto/keyring.js';
import type { SealedColumn } from '../crypto/sealed-column.js';
import type { Statements } from '../database/transaction.js';

/** What names a request: whose, and by which key. */
export interface RequestName { accountId: number; asker: string; key: string }
/** The answer a request got. `body` is undefined where there was none. */
export interface KeptAnswer { status: number; body: unknown }

interface KeyRow { fingerprint: Buffer; status: number | null; answer: string | null }

/** Requests that carried a key, and what they were answered. */
@Injectable()
export class IdempotencyKeys {
  constructor(private readonly keyring: Keyring) {}

  /** Takes the key; waits for whoever holds it at this moment. False when it has been used and is still kept. */
  async claim(tx: Statements, name: RequestName, fingerprint: Buffer, now: Date, expiresAt: Date): Promise<boolean> {
    const claimed = await tx.one(
      `INSERT INTO idempotency_keys AS k (account_id, asker, key, fingerprint, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (account_id, asker, key) DO UPDATE SET fingerprint = excluded.fingerprint, created_at = excluded.created_at, expires_at = excluded.expires_at, status = NULL, answer = NULL
         WHERE k.expires_at <= excluded.created_at
       RETURNING 1 AS claimed`, [name.accountId, name.asker, name.key, fingerprint, now, expiresAt]);
    return claimed !== undefined;
  }

  async keep(tx: Statements, name: RequestName, answer: KeptAnswer): Promise<void> {
    const sealed = answer.body === undefined ? null : this.keyring.seal(JSON.stringify(answer.body), contextOf(name));
    await tx.sql('UPDATE idempotency_keys SET status = $4, answer = $5 WHERE account_id = $1 AND asker = $2 AND key = $3', [name.accountId, name.asker, name.key, answer.status, sealed]);
  }

  /** What the earlier request looked like and was answered. */
  async find(tx: Statements, name: RequestName): Promise<(KeptAnswer & { fingerprint: Buffer }) | undefined> {
    const row = await tx.one<KeyRow>('SELECT fingerprint, status, answer FROM idempotency_keys WHERE account_id = $1 AND asker = $2 AND key = $3', [name.accountId, name.asker, name.key]);
    if (!row || row.status === null) return undefined;
    return { fingerprint: row.fingerprint, status: row.status, body: row.answer === null ? undefined : JSON.parse(this.keyring.open(row.answer, contextOf(name))) };
  }
}

const contextOf = (name: RequestName): string => `idempotency_keys:answer:${name.accountId}:${name.asker}:${name.key}`;

export const KEPT_ANSWERS: SealedColumn = {
  table: 'idempotency_keys', column: 'answer', row: ['account_id', 'asker', 'key'],
  context: (row) => contextOf({ accountId: Number(row['account_id']), asker: String(row['asker']), key: String(row['key']) }),
};
