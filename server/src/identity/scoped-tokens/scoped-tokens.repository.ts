import { Injectable } from '@nestjs/common';
import { randomToken, tokenHash } from '../../platform/crypto/keyring.js';
import type { Tx } from '../../platform/database/transaction.js';
import type { TokenScope } from '../access/token-areas.js';

/** Tells a scoped token from the one that may do all its owner may. */
export const SCOPED_PREFIX = 'pls_';
const HINT = 4;

export interface ScopedTokenRow {
  id: number; user_id: number; created_at: Date; expires_at: Date | null; last_used_at: Date | null; name: string; scopes: TokenScope[]; hint: string; last_used_ip: string | null; user_name: string; user_email: string;
}

const ROW = `SELECT t.id, t.user_id, t.created_at, t.expires_at, t.last_used_at, t.name, t.scopes, t.hint, t.last_used_ip, u.name AS user_name, u.email AS user_email
  FROM scoped_tokens t JOIN users u ON u.id = t.user_id WHERE t.account_id = $1`;

/** Tokens made for a part of an account. Only their hashes are stored. */
@Injectable()
export class ScopedTokens {
  /** Of one person, or of all (null). */
  list(tx: Tx, userId: number | null): Promise<ScopedTokenRow[]> {
    return tx.sql<ScopedTokenRow>(`${ROW} AND ($2::bigint IS NULL OR t.user_id = $2) ORDER BY t.id DESC`, [tx.accountId, userId]);
  }

  find(tx: Tx, id: number, userId: number | null): Promise<ScopedTokenRow | undefined> {
    return tx.one<ScopedTokenRow>(`${ROW} AND ($2::bigint IS NULL OR t.user_id = $2) AND t.id = $3`, [tx.accountId, userId, id]);
  }

  async count(tx: Tx, userId: number): Promise<number> {
    return (await tx.one<{ n: number }>('SELECT count(id)::int AS n FROM scoped_tokens WHERE account_id = $1 AND user_id = $2', [tx.accountId, userId]))!.n;
  }

  /** The token can be read now and never again. */
  async insert(tx: Tx, userId: number, made: { name: string; scopes: readonly string[]; expiresAt: Date | null }): Promise<{ id: number; token: string }> {
    const token = randomToken(24, SCOPED_PREFIX);
    const row = await tx.one<{ id: number }>(
      'INSERT INTO scoped_tokens (account_id, user_id, name, scopes, expires_at, hint, token_hash) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id',
      [tx.accountId, userId, made.name, made.scopes, made.expiresAt, token.slice(-HINT), tokenHash(token)]);
    return { id: row!.id, token };
  }

  async remove(tx: Tx, id: number): Promise<void> {
    await tx.sql('DELETE FROM scoped_tokens WHERE account_id = $1 AND id = $2', [tx.accountId, id]);
  }
}
