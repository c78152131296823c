import { Injectable } from '@nestjs/common';
import { randomToken, tokenHash } from '../../platform/crypto/keyring.js';
import type { Statements } from '../../platform/database/transaction.js';

/** Makes leaked tokens findable by scanners. */
const PREFIX = 'plt_';
const PERSONAL = 'personal';

/** Tokens programs use in a person's name. Only hashes are stored. */
@Injectable()
export class ApiTokens {
  /** A new personal token in place of the old one. It can be read now and never again. */
  async replacePersonal(tx: Statements, userId: number): Promise<string> {
    const token = randomToken(24, PREFIX);
    await tx.sql(`DELETE FROM api_tokens WHERE owner_type = 'User' AND owner_id = $1 AND name = $2`, [userId, PERSONAL]);
    await tx.sql(`INSERT INTO api_tokens (owner_type, owner_id, token_hash, name) VALUES ('User', $1, $2, $3)`, [userId, tokenHash(token), PERSONAL]);
    return token;
  }

  /** Ends all tokens of a person. */
  async deleteAll(tx: Statements, userId: number): Promise<void> {
    await tx.sql(`DELETE FROM api_tokens WHERE owner_type = 'User' AND owner_id = $1`, [userId]);
  }
}
