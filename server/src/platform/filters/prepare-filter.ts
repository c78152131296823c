import { Params } from '../database/params.js';
import type { Tx } from '../database/transaction.js';
import { compileFilter, SEARCHES, type FilterSetting } from './compile-filter.js';
import type { Condition } from './filter.dto.js';

const SAMPLES = 16;
const SAMPLE_ROWS = 64;
/** Of the sampled rows: what is met by more is found sooner by looking at rows. */
const COMMON = Math.round(SAMPLES * SAMPLE_ROWS * 0.03);

/**
 * Makes the transaction ready for a filter, and answers its conditions on what texts hold that many rows meet, by looking at some from all of the account's time: an index of parts
 * of words gives all or nothing. Throws Problem `unprocessable` for a filter that says nothing.
 */
export async function prepareFilter(tx: Tx, table: 'conversations' | 'contacts', conditions: readonly Condition[], setting: FilterSetting): Promise<ReadonlySet<Condition>> {
  compileFilter(conditions, setting, new Params());
  // PostgreSQL expects a disk with moving parts: it would rather read all rows with a label than look up the thousand that are asked for.
  await tx.sql('SET LOCAL random_page_cost = 1.1');
  const searches = conditions.filter((condition) => SEARCHES.includes(condition.filter_operator) && setting.field(condition)?.ids);
  if (searches.length === 0) return new Set();
  const params = new Params();
  params.add(tx.accountId);
  const hits = searches.map((condition) => `count(*) FILTER (WHERE ${compileFilter([{ ...condition, filter_operator: condition.filter_operator.replace('does_not_contain', 'contains') }], setting, params)})`);
  const row = await tx.one<{ hits: number[] }>(
    `SELECT ARRAY[${hits.join(', ')}]::int[] AS hits FROM (SELECT min(id) AS first, max(id) - min(id) AS ids FROM ${table} WHERE account_id = $1) b, generate_series(0, ${SAMPLES - 1}) s,
       LATERAL (SELECT * FROM ${table} k WHERE k.account_id = $1 AND k.id >= b.first + b.ids * s / ${SAMPLES} ORDER BY k.id LIMIT ${SAMPLE_ROWS}) c`, params.values);
  return new Set(searches.filter((_, n) => row!.hits[n]! > COMMON));
}
