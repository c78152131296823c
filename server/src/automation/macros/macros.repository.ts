import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/transaction.js';
import type { Action } from '../actions/action.dto.js';

export interface MacroRow { account_id: number; id: number; created_at: Date; created_by: number | null; visibility: number; name: string; actions: Action[]; author: string | null; updated_by: number | null; editor: string | null }

const SHOWN = `SELECT m.*, a.name AS author, e.name AS editor FROM macros m LEFT JOIN users a ON a.id = m.created_by LEFT JOIN users e ON e.id = m.updated_by
  WHERE m.account_id = $1 AND (m.visibility = 1 OR m.created_by = $2)`;

/** Macros: everybody's, and each person's own. */
@Injectable()
export class MacrosRepository {
  list(tx: Tx, userId: number): Promise<MacroRow[]> {
    return tx.sql<MacroRow>(`${SHOWN} ORDER BY m.name, m.id`, [tx.accountId, userId]);
  }

  /** Undefined also for other people's own. */
  find(tx: Tx, userId: number, id: number): Promise<MacroRow | undefined> {
    return tx.one<MacroRow>(`${SHOWN} AND m.id = $3`, [tx.accountId, userId, id]);
  }

  async insert(tx: Tx, userId: number, macro: { name: string; visibility: number; actions: Action[] }): Promise<number> {
    return (await tx.one<{ id: number }>('INSERT INTO macros (account_id, created_by, updated_by, visibility, name, actions) VALUES ($1, $2, $2, $3, $4, $5) RETURNING id',
      [tx.accountId, userId, macro.visibility, macro.name, JSON.stringify(macro.actions)]))!.id;
  }

  async update(tx: Tx, userId: number, id: number, macro: { name?: string; visibility?: number; actions?: Action[] }): Promise<void> {
    await tx.sql(
      `UPDATE macros SET name = coalesce($4, name), visibility = coalesce($5, visibility), actions = coalesce($6::jsonb, actions), updated_by = $3, updated_at = now() WHERE account_id = $1 AND id = $2`,
      [tx.accountId, id, userId, macro.name ?? null, macro.visibility ?? null, macro.actions ? JSON.stringify(macro.actions) : null]);
  }

  async remove(tx: Tx, id: number): Promise<void> {
    await tx.sql('DELETE FROM macros WHERE account_id = $1 AND id = $2', [tx.accountId, id]);
  }
}
