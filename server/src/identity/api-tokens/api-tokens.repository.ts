import { Injectable } from '@nestjs/common';
import { randomToken, tokenHash } from '../../platform/crypto/keyring.js';
import type { Statements } from '../../platform/database/transaction.js';

/** Makes leaked tokens findable by scanners. */
const PREFIX = 'plt_';
const PERSONAL = 'personal';
/** Tell a program's token from a person's without looking it up. */
export const MACHINE_PREFIXES = { AgentBot: 'plb_', PlatformApp: 'plp_' } as const;
export type MachineKind = keyof typeof MACHINE_PREFIXES;

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

  /** Ends all tokens of a person. */
  async deleteAll(tx: Statements, userId: number): Promise<void> {
    await tx.sql(`DELETE FROM api_tokens WHERE owner_type = 'User' AND owner_id = $1`, [userId]);
  }
}
