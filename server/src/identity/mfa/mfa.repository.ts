import { Injectable } from '@nestjs/common';
import type { Statements } from '../../platform/database/transaction.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';

export interface MfaRow { email: string; enabled: boolean; mfa_secret: string | null; mfa_pending_secret: string | null; codes_left: number }

/** Second factors as they are stored: secrets sealed, recovery codes as MACs. */
@Injectable()
export class MfaRepository {
  constructor(private readonly system: SystemWork) {}

  async find(userId: number): Promise<MfaRow | undefined> {
    const [row] = await this.system.sql<MfaRow>(
      `SELECT u.email, u.mfa_enabled_at IS NOT NULL AS enabled, c.mfa_secret, c.mfa_pending_secret,
         (SELECT count(*) FROM recovery_codes r WHERE r.user_id = u.id AND r.used_at IS NULL) AS codes_left
       FROM users u JOIN user_credentials c ON c.user_id = u.id WHERE u.id = $1`, [userId]);
    return row;
  }

  async setPending(tx: Pick<Statements, 'sql'>, userId: number, sealed: string): Promise<void> {
    await tx.sql('UPDATE user_credentials SET mfa_pending_secret = $2, updated_at = now() WHERE user_id = $1', [userId, sealed]);
  }

  /** The secret that waits for its first code, held until the transaction ends. */
  async lockPending(tx: Statements, userId: number): Promise<string | null> {
    return (await tx.one<{ mfa_pending_secret: string | null }>('SELECT mfa_pending_secret FROM user_credentials WHERE user_id = $1 FOR UPDATE', [userId]))?.mfa_pending_secret ?? null;
  }

  /** Takes the pending secret into use, if it still is the one that was proved. */
  async enable(tx: Statements, userId: number, sealed: string, step: number, now: Date): Promise<boolean> {
    const rows = await tx.sql(
      `UPDATE user_credentials SET mfa_secret = mfa_pending_secret, mfa_pending_secret = NULL, mfa_last_step = $3, updated_at = $4
       WHERE user_id = $1 AND mfa_pending_secret = $2 RETURNING user_id`, [userId, sealed, step, now]);
    if (rows.length === 0) return false;
    await tx.sql('UPDATE users SET mfa_enabled_at = $2, updated_at = $2 WHERE id = $1', [userId, now]);
    return true;
  }

  async disable(tx: Statements, userId: number): Promise<void> {
    await tx.sql('UPDATE user_credentials SET mfa_secret = NULL, mfa_pending_secret = NULL, updated_at = now() WHERE user_id = $1', [userId]);
    await tx.sql('UPDATE users SET mfa_enabled_at = NULL, updated_at = now() WHERE id = $1', [userId]);
    await tx.sql('DELETE FROM recovery_codes WHERE user_id = $1', [userId]);
  }

  /** Marks a code's step as used. Of equal codes at once one wins; the database decides. */
  async useStep(tx: Statements, userId: number, step: number): Promise<boolean> {
    return (await tx.sql('UPDATE user_credentials SET mfa_last_step = $2 WHERE user_id = $1 AND mfa_last_step < $2 RETURNING user_id', [userId, step])).length > 0;
  }

  async useRecoveryCode(tx: Statements, userId: number, hashes: Buffer[], now: Date): Promise<boolean> {
    return (await tx.sql('UPDATE recovery_codes SET used_at = $3 WHERE user_id = $1 AND code_hash = ANY ($2) AND used_at IS NULL RETURNING user_id', [userId, hashes, now])).length > 0;
  }

  async replaceRecoveryCodes(tx: Statements, userId: number, hashes: Buffer[], keyId: string): Promise<void> {
    await tx.sql('DELETE FROM recovery_codes WHERE user_id = $1', [userId]);
    await tx.sql('INSERT INTO recovery_codes (user_id, code_hash, key_id) SELECT $1, unnest($2::bytea[]), $3', [userId, hashes, keyId]);
  }
}
