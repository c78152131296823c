import { Injectable } from '@nestjs/common';
import type { AccountId } from '../../platform/database/account-id.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import type { TokenScope } from './token-areas.js';
import { SESSION_KIND, type SessionKind } from '../sessions/session-kind.js';

interface MembershipRow { role: number | null; status: number }
/** What a proof leads to. `stale` asks for its last use to be written down. */
export interface ProofRow { id: number; user_id: number; mfa_setup_required: boolean; stale: boolean }
interface SessionProofRow extends ProofRow { proved_at: Date }

// An administrator anywhere must have MFA everywhere: the session is one for all accounts.
const MFA_SETUP_REQUIRED = `(u.mfa_enabled_at IS NULL AND EXISTS (SELECT FROM account_users m WHERE m.user_id = u.id AND m.role = 1)) AS mfa_setup_required`;

/** Look-ups of every request: whose proof is this, and what are they in that account. */
@Injectable()
export class AccessRepository {
  constructor(private readonly system: SystemWork) {}

  /** A personal API token that has not expired. */
  async apiToken(hash: Buffer, now: Date): Promise<ProofRow | undefined> {
    const [row] = await this.system.sql<ProofRow>(
      `SELECT t.id, t.owner_id AS user_id, ${MFA_SETUP_REQUIRED}, coalesce(t.last_used_at < $2::timestamptz - interval '1 minute', true) AS stale
       FROM api_tokens t JOIN users u ON u.id = t.owner_id
       WHERE t.token_hash = $1 AND t.owner_type = 'User' AND (t.expires_at IS NULL OR t.expires_at > $2)`, [hash, now]);
    return row;
  }

  /** A token made for a part of an account, that has not expired. */
  async scopedToken(hash: Buffer, now: Date): Promise<(ProofRow & { account_id: number; scopes: TokenScope[] }) | undefined> {
    const [row] = await this.system.sql<ProofRow & { account_id: number; scopes: TokenScope[] }>(
      `SELECT t.id, t.user_id, t.account_id, t.scopes, ${MFA_SETUP_REQUIRED}, coalesce(t.last_used_at < $2::timestamptz - interval '1 minute', true) AS stale
       FROM scoped_tokens t JOIN users u ON u.id = t.user_id WHERE t.token_hash = $1 AND (t.expires_at IS NULL OR t.expires_at > $2)`, [hash, now]);
    return row;
  }

  async touchScopedToken(account: number, id: number, now: Date, address: string): Promise<void> {
    await this.system.sql('UPDATE scoped_tokens SET last_used_at = $3, last_used_ip = $4 WHERE account_id = $1 AND id = $2', [account, id, now, address]);
  }

  /** A session that has neither expired nor been idle too long. Header sessions also name their client and the person's address. */
  async session(kind: SessionKind, hash: Buffer, now: Date, idleSince: Date, named?: { client: string; email: string }): Promise<SessionProofRow | undefined> {
    const [row] = await this.system.sql<SessionProofRow>(
      `SELECT s.id, s.user_id, s.proved_at, ${MFA_SETUP_REQUIRED}, s.last_used_at < $3::timestamptz - interval '1 minute' AS stale
       FROM sessions s JOIN users u ON u.id = s.user_id
       WHERE s.token_hash = $1 AND s.kind = $2 AND s.expires_at > $3 AND (s.kind <> ${SESSION_KIND.cookie} OR s.last_used_at > $4)
         AND ($5::text IS NULL OR (s.client_id = $5 AND u.email = $6))`,
      [hash, SESSION_KIND[kind], now, idleSince, named?.client ?? null, named?.email ?? null]);
    return row;
  }

  async touchApiToken(id: number, now: Date, address: string): Promise<void> {
    await this.system.sql('UPDATE api_tokens SET last_used_at = $2, last_used_ip = $3 WHERE id = $1', [id, now, address]);
  }

  async touchSession(id: number, now: Date, address: string): Promise<void> {
    await this.system.sql('UPDATE sessions SET last_used_at = $2, ip_address = $3 WHERE id = $1', [id, now, address]);
  }

  async membership(userId: number, account: AccountId): Promise<MembershipRow | undefined> {
    const [row] = await this.system.sql<MembershipRow>(
      `SELECT au.role, a.status FROM accounts a LEFT JOIN account_users au ON au.account_id = a.id AND au.user_id = $2 WHERE a.id = $1`, [account, userId]);
    return row;
  }

  /** Which of these sessions are still good. */
  async liveSessions(ids: number[], now: Date, idleSince: Date): Promise<number[]> {
    const rows = await this.system.sql<{ id: number }>(
      `SELECT id FROM sessions WHERE id = ANY($1) AND expires_at > $2 AND (kind <> ${SESSION_KIND.cookie} OR last_used_at > $3)`, [ids, now, idleSince]);
    return rows.map((row) => row.id);
  }

  /** Which of these API tokens are still good. */
  async liveTokens(ids: number[], now: Date): Promise<number[]> {
    const rows = await this.system.sql<{ id: number }>('SELECT id FROM api_tokens WHERE id = ANY($1) AND (expires_at IS NULL OR expires_at > $2)', [ids, now]);
    return rows.map((row) => row.id);
  }

  /** Memberships of these people in active accounts, for sockets that are open. None for administrators who must set up MFA first. */
  async memberships(userIds: number[]): Promise<{ account_id: number; user_id: number; role: number }[]> {
    return this.system.sql(
      `SELECT au.account_id, au.user_id, au.role FROM account_users au JOIN accounts a ON a.id = au.account_id
         JOIN (SELECT u.id, ${MFA_SETUP_REQUIRED} FROM users u WHERE u.id = ANY($1)) u ON u.id = au.user_id
       WHERE au.user_id = ANY($1) AND a.status = 0 AND NOT u.mfa_setup_required`, [userIds]);
  }
}
