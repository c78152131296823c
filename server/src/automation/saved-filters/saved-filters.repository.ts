import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/transaction.js';

export interface SavedFilterRow { id: number; filter_type: number; name: string; query: Record<string, unknown>; created_at: Date; updated_at: Date }

/** More than anybody keeps. */
export const MAX_SAVED_FILTERS = 1000;

/** Filters that people have saved, each for themselves. */
@Injectable()
export class SavedFiltersRepository {
  list(tx: Tx, userId: number, type: number): Promise<SavedFilterRow[]> {
    return tx.sql<SavedFilterRow>('SELECT * FROM custom_filters WHERE account_id = $1 AND user_id = $2 AND filter_type = $3 ORDER BY id', [tx.accountId, userId, type]);
  }

  find(tx: Tx, userId: number, id: number): Promise<SavedFilterRow | undefined> {
    return tx.one<SavedFilterRow>('SELECT * FROM custom_filters WHERE account_id = $1 AND user_id = $2 AND id = $3', [tx.accountId, userId, id]);
  }

  /** Undefined when the person has as many as one may have. */
  insert(tx: Tx, userId: number, filter: { type: number; name: string; query: object }): Promise<SavedFilterRow | undefined> {
    return tx.one<SavedFilterRow>(
      `INSERT INTO custom_filters (account_id, user_id, filter_type, name, query)
       SELECT $1, $2, $3::smallint, $4, $5::jsonb WHERE (SELECT count(*) FROM custom_filters WHERE account_id = $1 AND user_id = $2) < ${MAX_SAVED_FILTERS} RETURNING *`,
      [tx.accountId, userId, filter.type, filter.name, JSON.stringify(filter.query)]);
  }

  update(tx: Tx, userId: number, id: number, filter: { type?: number; name?: string; query?: object }): Promise<SavedFilterRow | undefined> {
    return tx.one<SavedFilterRow>(
      `UPDATE custom_filters SET filter_type = coalesce($4, filter_type), name = coalesce($5, name), query = coalesce($6::jsonb, query), updated_at = now()
       WHERE account_id = $1 AND user_id = $2 AND id = $3 RETURNING *`,
      [tx.accountId, userId, id, filter.type ?? null, filter.name ?? null, filter.query ? JSON.stringify(filter.query) : null]);
  }

  /** False when there is none. */
  async remove(tx: Tx, userId: number, id: number): Promise<boolean> {
    return (await tx.sql('DELETE FROM custom_filters WHERE account_id = $1 AND user_id = $2 AND id = $3 RETURNING id', [tx.accountId, userId, id])).length > 0;
  }
}
