import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/transaction.js';
import { Dimension, TALLIES, type DimensionName } from '../counting/tally.js';
import type { Sums } from './metrics.js';
import { splitByDays, type Group, type ReportRange } from './report-range.js';

const COLUMNS = TALLIES.join(', ');
const ADDED = TALLIES.map((name) => `coalesce(sum(${name}), 0)::bigint AS ${name}`).join(', ');
const NOTHING = Object.fromEntries(TALLIES.map((name) => [name, 0])) as Sums;

/** Reads the sums that are kept of what happened. */
@Injectable()
export class SumsRepository {
  /** Sums over a span for each of the given; whole days come from their own rows, the rest from quarters of an hour. */
  async totals(tx: Tx, dimension: DimensionName, ids: readonly number[], range: ReportRange): Promise<Map<number, Sums>> {
    const { head, days, tail } = splitByDays(range);
    const rows = await tx.sql<Sums & { id: number }>(
      `SELECT id, ${ADDED} FROM (
         SELECT dimension_id AS id, ${COLUMNS} FROM reporting_days
         WHERE account_id = $1 AND dimension = $2 AND day >= to_timestamp($4) AND day < to_timestamp($5) AND dimension_id = ANY ($3::bigint[])
         UNION ALL
         SELECT k.id, s.* FROM unnest($3::bigint[]) k(id) CROSS JOIN (VALUES (to_timestamp($6), to_timestamp($7)), (to_timestamp($8), to_timestamp($9))) r(since, until)
         -- OFFSET 0: one look into the index for each, whatever the planner thinks of how many there are.
         CROSS JOIN LATERAL (SELECT ${COLUMNS} FROM reporting_slots WHERE account_id = $1 AND dimension = $2 AND dimension_id = k.id AND slot >= r.since AND slot < r.until OFFSET 0) s) x GROUP BY id`,
      [tx.accountId, Dimension[dimension], ids, days.since, days.until, head.since, head.until, tail.since, tail.until]);
    return new Map([...ids.map((id) => [id, NOTHING] as const), ...rows.map((row) => [row.id, row] as const)]);
  }

  /** Sums of one of them for each group of a span in which something happened, by the second in which the group begins. */
  async series(tx: Tx, dimension: DimensionName, id: number, range: ReportRange, group: Group, offset: number): Promise<Map<number, Sums>> {
    // PostgreSQL's weeks begin on Monday, these on Sunday.
    const local = `(slot AT TIME ZONE 'UTC') + make_interval(secs => $6)`;
    const begins = group === 'week' ? `date_trunc('week', ${local} + interval '1 day') - interval '1 day'` : `date_trunc('${group}', ${local})`;
    const rows = await tx.sql<Sums & { at: number }>(
      `SELECT extract(epoch FROM (${begins}))::bigint - $6::bigint AS at, ${ADDED} FROM reporting_slots
       WHERE account_id = $1 AND dimension = $2 AND dimension_id = $3 AND slot >= to_timestamp($4) AND slot < to_timestamp($5) GROUP BY 1`,
      [tx.accountId, Dimension[dimension], id, range.since, range.until, offset]);
    return new Map(rows.map((row) => [row.at, row]));
  }
}

/** The sums of a time in which nothing happened. */
export const NO_SUMS = NOTHING;
