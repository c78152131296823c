import { Injectable } from '@nestjs/common';
import { randomToken, tokenHash } from '../../platform/crypto/keyring.js';
import type { Statements } from '../../platform/database/transaction.js';

/** Makes leaked tokens findable by scanners. */
const PREFIX = 'plt_';
const PERSONAL = 'personal';
/** Name of a token that a platform app has asked for, before the app's id. */
const BY_APP = 'platform app ';
const KEPT_PER_APP = 5;
/** Tell a program's token from a person's without looking it up. */
export const MACHINE_PREFIXES = { AgentBot: 'plb_', PlatformApp: 'plp_' } as const;
export type MachineKind = keyof typeof MACHINE_PREFIXES;

/** Tokens programs use in a person's name. Only hashes are stored. */
@Injectable()
export class ApiTokens {
  /** A new personal token in place of the old one, and of those that platform apps have. It can be read now and never again. */
  async replacePersonal(tx: Statements, userId: number): Promise<string> {
    const token = randomToken(24, PREFIX);
    await tx.sql(`DELETE FROM api_tokens WHERE owner_type = 'User' AND owner_id = $1 AND (name = $2 OR starts_with(name, $3))`, [userId, PERSONAL, BY_APP]);
    await tx.sql(`INSERT INTO api_tokens (owner_type, owner_id, token_hash, name) VALUES ('User', $1, $2, $3)`, [userId, tokenHash(token), PERSONAL]);
    return token;
  }

  /** One more token of a person, for a platform app that made them. The newest few go on working, so that processes of the app do not end each other's. */
  async issueForApp(tx: Statements, appId: number, userId: number): Promise<{ id: number; token: string }> {
    const token = randomToken(24, PREFIX);
    const name = `${BY_APP}${appId}`;
    const row = await tx.one<{ id: number }>(`INSERT INTO api_tokens (owner_type, owner_id, token_hash, name) VALUES ('User', $1, $2, $3) RETURNING id`, [userId, tokenHash(token), name]);
    await tx.sql(
      `DELETE FROM api_tokens WHERE owner_type = 'User' AND owner_id = $1 AND name = $2 AND id NOT IN (
         SELECT id FROM api_tokens WHERE owner_type = 'User' AND owner_id = $1 AND name = $2 ORDER BY id DESC LIMIT ${KEPT_PER_APP})`, [userId, name]);
    return { id: row!.id, token };
  }

  /** A token of a program in its own name, in place of any other. */
  async replaceOfMachine(tx: Statements, kind: MachineKind, id: number): Promise<string> {
    const token = randomToken(24, MACHINE_PREFIXES[kind]);
    await this.deleteOfMachine(tx, kind, id);
    await tx.sql('INSERT INTO api_tokens (owner_type, owner_id, token_hash) VALUES ($1, $2, $3)', [kind, id, tokenHash(token)]);
    return token;
  }

  async deleteOfMachine(tx: Statements, kind: MachineKind, id: number): Promise<void> {
    await tx.sql('DELETE FROM api_tokens WHERE owner_type = $1 AND owner_id = $2', [kind, id]);
  }

  /** Ends all tokens of a person, those for a part of an account too. */
  async deleteAll(tx: Statements, userId: number): Promise<void> {
    await tx.sql(`DELETE FROM api_tokens WHERE owner_type = 'User' AND owner_id = $1`, [userId]);
    await tx.sql('DELETE FROM scoped_tokens WHERE user_id = $1', [userId]);
  }
}
