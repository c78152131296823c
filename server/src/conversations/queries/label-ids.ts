import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/transaction.js';

/** Finds labels by title for filters: a join on titles would hide the ids from the planner. */
@Injectable()
export class LabelIds {
  async of(tx: Tx, titles: string[]): Promise<number[]> {
    return (await tx.sql<{ id: number }>('SELECT id FROM labels WHERE account_id = $1 AND title = ANY ($2)', [tx.accountId, titles])).map((row) => row.id);
  }
}
