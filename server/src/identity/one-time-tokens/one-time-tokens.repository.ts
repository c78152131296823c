import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import { randomToken, tokenHash } from '../../platform/crypto/keyring.js';
import type { Statements } from '../../platform/database/transaction.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** What a one-time token is good for, and how many milliseconds. */
export const TOKEN_LIFE = {
  /** Between a right password and the second factor. */
  mfa_sign_in: 5 * MINUTE,
  /** A link that a program of the operator made for somebody. */
  sso_sign_in: 5 * MINUTE,
  password_reset: 2 * 60 * MINUTE,
  invitation: 7 * DAY,
  /** Creating the first administrator. */
  installation: DAY,
} as const;
export type TokenPurpose = keyof typeof TOKEN_LIFE;

/** What a link stands for. `mailed_to` is null when it was shown to somebody instead: then it proves no address. */
export interface OneTimeToken { id: number; user_id: number | null; account_id: number | null; mailed_to: string | null }
interface Owner { userId?: number; accountId?: number; mailedTo?: string }

/** Links and half-finished steps that work once. Only hashes are stored. */
@Injectable()
export class OneTimeTokens {
  constructor(private readonly system: SystemWork, private readonly clock: Clock) {}

  /** Makes a token, or stores the given secret (a repeated job must give the same link again). */
  async issue(tx: Statements, purpose: TokenPurpose, owner: Owner, secret = randomToken(32)): Promise<string> {
    const now = this.clock.date();
    await tx.sql(
      `INSERT INTO one_time_tokens (purpose, token_hash, user_id, account_id, created_at, expires_at, mailed_to) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (token_hash) DO NOTHING`,
      [purpose, tokenHash(secret), owner.userId ?? null, owner.accountId ?? null, now, new Date(now.getTime() + TOKEN_LIFE[purpose]), owner.mailedTo ?? null]);
    return secret;
  }

  /** Looks a token up without using it. */
  async find(purpose: TokenPurpose, secret: string): Promise<OneTimeToken | undefined> {
    const [row] = await this.system.sql<OneTimeToken>(
      'SELECT id, user_id, account_id, mailed_to FROM one_time_tokens WHERE token_hash = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3', [tokenHash(secret), purpose, this.clock.date()]);
    return row;
  }

  /** Uses a token up. Of several at once, one gets it and the others get undefined. */
  async use(tx: Statements, purpose: TokenPurpose, secret: string): Promise<OneTimeToken | undefined> {
    return tx.one<OneTimeToken>(
      'UPDATE one_time_tokens SET used_at = $3 WHERE token_hash = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3 RETURNING id, user_id, account_id, mailed_to',
      [tokenHash(secret), purpose, this.clock.date()]);
  }

  /** Makes all open tokens of this purpose and person useless. */
  async discard(tx: Statements, purpose: TokenPurpose, userId: number | null): Promise<void> {
    await tx.sql('DELETE FROM one_time_tokens WHERE purpose = $1 AND user_id IS NOT DISTINCT FROM $2::bigint AND used_at IS NULL', [purpose, userId]);
  }

  /** Makes the person's open links useless that somebody else may hold: those that were shown and not mailed. */
  async discardShown(tx: Statements, userId: number): Promise<void> {
    await tx.sql(`DELETE FROM one_time_tokens WHERE user_id = $1 AND purpose IN ('invitation', 'password_reset') AND mailed_to IS NULL AND used_at IS NULL`, [userId]);
  }

  /** Makes the person's open invitations to an account useless. */
  async discardInvitations(tx: Statements, userId: number, accountId: number): Promise<void> {
    await tx.sql(`DELETE FROM one_time_tokens WHERE user_id = $1 AND purpose = 'invitation' AND account_id = $2 AND used_at IS NULL`, [userId, accountId]);
  }

  /** Drops what expired a while ago. */
  async sweep(): Promise<void> {
    await this.system.sql('DELETE FROM one_time_tokens WHERE expires_at < $1', [new Date(this.clock.now() - DAY)]);
  }
}
