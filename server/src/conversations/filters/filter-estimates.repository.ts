import { Injectable } from '@nestjs/common';
import { Params } from '../../platform/database/params.js';
import type { Tx } from '../../platform/database/transaction.js';
import { compileFilter, SEARCHES, type FilterSetting, type IdSet } from '../../platform/filters/compile-filter.js';
import type { Condition } from '../../platform/filters/filter.dto.js';

const SAMPLES = 16;
const SAMPLE_ROWS = 128;
/** Of the sampled rows: what is met by more is found sooner by looking at rows. */
const COMMON = Math.round(SAMPLES * SAMPLE_ROWS * 0.03);
/** More ids than that are not gathered for a walk: it finds them soon enough by looking. */
export const LARGEST_SET = 50_000;

/** How much a filter lets through, as far as it takes to choose how to look for it. */
@Injectable()
export class FilterEstimates {
  /** Conditions on what texts hold that many conversations meet, by looking at some from all of the account's time. An index of parts of words gives all or nothing. */
  async common(tx: Tx, conditions: readonly Condition[], setting: FilterSetting): Promise<ReadonlySet<Condition>> {
    const searches = conditions.filter((condition) => SEARCHES.includes(condition.filter_operator) && setting.field(condition)?.ids);
    if (searches.length === 0) return new Set();
    const params = new Params();
    params.add(tx.accountId);
    const hits = searches.map((condition) => `count(*) FILTER (WHERE ${compileFilter([{ ...condition, filter_operator: condition.filter_operator.replace('does_not_contain', 'contains') }], setting, params)})`);
    const row = await tx.one<{ hits: number[] }>(
      `SELECT ARRAY[${hits.join(', ')}]::int[] AS hits FROM (SELECT min(id) AS first, max(id) - min(id) AS ids FROM conversations WHERE account_id = $1) b, generate_series(0, ${SAMPLES - 1}) s,
         LATERAL (SELECT * FROM conversations k WHERE k.account_id = $1 AND k.id >= b.first + b.ids * s / ${SAMPLES} ORDER BY k.id LIMIT ${SAMPLE_ROWS}) c`, params.values);
    return new Set(searches.filter((_, n) => row!.hits[n]! > COMMON));
  }

  /** How many ids these sets have, up to the most that are gathered, and how many conversations the account has. */
  async sizes(tx: Tx, sets: readonly IdSet[], params: Params): Promise<{ sizes: number[]; all: number }> {
    const counts = sets.map(({ ids }) => `(SELECT count(*) FROM (${ids} LIMIT ${LARGEST_SET + 1}) k)`);
    return (await tx.one<{ sizes: number[]; all: number }>(
      `SELECT ARRAY[${counts.join(', ')}]::int[] AS sizes, (SELECT coalesce(sum(n), 0)::int FROM conversation_counts WHERE account_id = $1) AS all`, params.values))!;
  }
}
