import { Injectable } from '@nestjs/common';
import type { SystemTx } from '../../platform/database/transaction.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { SESSION_KIND, type SessionKind } from './session-kind.js';

export interface SessionRow { id: number; kind: number; user_agent: string | null; ip_address: string | null; created_at: Date; last_used_at: Date }
export interface NewSession {
  userId: number; kind: SessionKind; tokenHash: Buffer; clientId: string | null; userAgent: string | null; ipAddress: string; now: Date; expiresAt: Date;
}

/** Phones and programs that never sign out must not pile up. */
const MOST_HEADER_SESSIONS = 25;

/** Sessions of people; only their hashes are stored. */
@Injectable()
export class SessionRepository {
  constructor(private readonly system: SystemWork) {}

  async insert(s: NewSession): Promise<number> {
    const row = await this.system.run((tx) => tx.one<{ id: number }>(
      `INSERT INTO sessions (user_id, kind, token_hash, client_id, user_agent, ip_address, created_at, last_used_at, proved_at, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $7, $8) RETURNING id`,
      [s.userId, SESSION_KIND[s.kind], s.tokenHash, s.clientId, s.userAgent, s.ipAddress, s.now, s.expiresAt]));
    return row!.id;
  }

  /** Notes that whoever uses the session has just proved who they are. */
  async prove(tx: SystemTx, id: number, at: Date): Promise<void> {
    await tx.sql('UPDATE sessions SET proved_at = $2 WHERE id = $1', [id, at]);
  }

  /** Where the person's sessions were used last. */
  async addressesOf(userId: number): Promise<string[]> {
    return (await this.system.sql<{ ip_address: string }>('SELECT DISTINCT ip_address FROM sessions WHERE user_id = $1 AND ip_address IS NOT NULL', [userId])).map((row) => row.ip_address);
  }

  /** Drops what expired, and the header sessions longest unused beyond the most a person may have. Returns the ids of what was still good. */
  async trim(userId: number, now: Date): Promise<number[]> {
    await this.system.sql('DELETE FROM sessions WHERE user_id = $1 AND expires_at <= $2', [userId, now]);
    const rows = await this.system.sql<{ id: number }>(
      `DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE user_id = $1 AND kind = ${SESSION_KIND.headers} ORDER BY last_used_at DESC, id DESC OFFSET ${MOST_HEADER_SESSIONS})
       RETURNING id`, [userId]);
    return rows.map((row) => row.id);
  }

  async list(userId: number, now: Date, idleSince: Date): Promise<SessionRow[]> {
    return this.system.sql<SessionRow>(
      `SELECT id, kind, user_agent, ip_address, created_at, last_used_at FROM sessions
       WHERE user_id = $1 AND expires_at > $2 AND (kind <> ${SESSION_KIND.cookie} OR last_used_at > $3) ORDER BY last_used_at DESC, id DESC`, [userId, now, idleSince]);
  }

  async delete(userId: number, id: number): Promise<boolean> {
    return (await this.system.run((tx) => tx.sql('DELETE FROM sessions WHERE user_id = $1 AND id = $2 RETURNING id', [userId, id]))).length > 0;
  }

  async deleteByHash(hash: Buffer): Promise<number | undefined> {
    const row = await this.system.run((tx) => tx.one<{ id: number }>('DELETE FROM sessions WHERE token_hash = $1 RETURNING id', [hash]));
    return row?.id;
  }

  /** All sessions of a person but one. */
  async deleteOthers(tx: SystemTx, userId: number, keep: number | undefined): Promise<number[]> {
    const rows = await tx.sql<{ id: number }>('DELETE FROM sessions WHERE user_id = $1 AND id IS DISTINCT FROM $2::bigint RETURNING id', [userId, keep ?? null]);
    return rows.map((row) => row.id);
  }

  /** Drops what expired. Idle ones stay until then: their time may be set longer. */
  async sweep(now: Date): Promise<void> {
    await this.system.sql('DELETE FROM sessions WHERE expires_at <= $1', [now]);
  }
}
