import { Injectable } from '@nestjs/common';
import type { SealedColumn, SealedRow } from '../../platform/crypto/sealed-column.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';

const AT_ONCE = 200;

/** A sealed text and the row it is in. */
export interface SealedValue { row: SealedRow; sealed: string }

/** Sealed texts of all accounts, whichever table they are in. */
@Injectable()
export class SealedValues {
  constructor(private readonly system: SystemWork) {}

  /** Some that another key than this one sealed, behind the row given, in the order of their rows. */
  async underOthers({ table, column, row }: SealedColumn, keyId: string, after?: SealedRow): Promise<SealedValue[]> {
    const behind = after ? `AND (${row.join(', ')}) > (${row.map((_, i) => `$${i + 2}`).join(', ')})` : '';
    const rows = await this.system.sql<Record<string, string>>(
      `SELECT ${row.join(', ')}, ${column} AS sealed FROM ${table} WHERE ${column} LIKE 'v1.%' AND split_part(${column}, '.', 2) <> $1 ${behind} ORDER BY ${row.join(', ')} LIMIT ${AT_ONCE}`,
      [keyId, ...(after ? row.map((name) => after[name]) : [])]);
    return rows.map(({ sealed, ...named }) => ({ row: named, sealed: sealed! }));
  }

  /** Puts the new text in the place of the old one. False when somebody wrote another meanwhile, which stays. */
  async replace({ table, column, row }: SealedColumn, { row: named, sealed }: SealedValue, by: string): Promise<boolean> {
    return (await this.system.sql(
      `UPDATE ${table} SET ${column} = $1 WHERE ${column} = $2 AND ${row.map((name, i) => `${name} = $${i + 3}`).join(' AND ')} RETURNING 1 AS done`, [by, sealed, ...row.map((name) => named[name])])).length > 0;
  }

  /** How many texts each key has sealed. */
  async count({ table, column }: SealedColumn): Promise<{ id: string; n: number }[]> {
    return this.system.sql<{ id: string; n: number }>(`SELECT split_part(${column}, '.', 2) AS id, count(*)::int AS n FROM ${table} WHERE ${column} LIKE 'v1.%' GROUP BY 1`);
  }

  /** How many recovery codes that can still be used were made with each key. */
  async countRecoveryCodes(): Promise<{ id: string; n: number }[]> {
    return this.system.sql<{ id: string; n: number }>(`SELECT coalesce(key_id, '') AS id, count(*)::int AS n FROM recovery_codes WHERE used_at IS NULL GROUP BY 1`);
  }
}
