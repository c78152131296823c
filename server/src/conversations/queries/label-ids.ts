import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/transaction.js';

/** Finds labels by title for filters: a join on titles would hide the ids from the planner. */
@Injectable()
export class LabelIds {
  async of(tx: Tx, titles: string[]): Promise<number[]> {
    return [...(await this.byTitle(tx, titles)).values()];
  }

  async byTitle(tx: Tx, titles: string[]): Promise<Map<string, number>> {
    const rows = await tx.sql<{ id: number; title: string }>('SELECT id, title FROM labels WHERE account_id = $1 AND title = ANY ($2)', [tx.accountId, titles]);
    return new Map(rows.map((row) => [row.title, row.id]));
  }
}
