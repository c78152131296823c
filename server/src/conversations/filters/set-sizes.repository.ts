import { Injectable } from '@nestjs/common';
import type { Params } from '../../platform/database/params.js';
import type { Tx } from '../../platform/database/transaction.js';
import type { IdSet } from '../../platform/filters/compile-filter.js';

/** More ids than that are not gathered for a walk: it finds them soon enough by looking. */
export const LARGEST_SET = 50_000;

/** How much a filter lets through, as far as it takes to choose how to look for it. */
@Injectable()
export class SetSizes {
  /** How many ids these sets have, up to the most that are gathered, and how many conversations the account has. */
  async of(tx: Tx, sets: readonly IdSet[], params: Params): Promise<{ sizes: number[]; all: number }> {
    const counts = sets.map(({ ids }) => `(SELECT count(*) FROM (${ids} LIMIT ${LARGEST_SET + 1}) k)`);
    return (await tx.one<{ sizes: number[]; all: number }>(
      `SELECT ARRAY[${counts.join(', ')}]::int[] AS sizes, (SELECT coalesce(sum(n), 0)::int FROM conversation_counts WHERE account_id = $1) AS all`, params.values))!;
  }
}
