import { Injectable } from '@nestjs/common';
import { Params } from '../../platform/database/params.js';
import type { SystemTx, Tx } from '../../platform/database/transaction.js';
import type { WireCounts } from './conversation.dto.js';
import { narrowing, within, type Scope } from './walk.js';

/** Counts under a filter stop here; the wire then says this number. */
export const COUNT_CAP = 1000;
const FOLD_BATCH = 20_000;

/** How many conversations each tab holds. */
@Injectable()
export class CountsRepository {
  /** Exact, at a cost that does not depend on how many there are. */
  async ofTabs(tx: Tx, scope: Pick<Scope, 'inboxes' | 'statuses' | 'me'>): Promise<WireCounts> {
    const row = await tx.one<WireCounts>(
      `SELECT coalesce(sum(n) FILTER (WHERE assignee_id = $4), 0)::int AS mine_count, coalesce(sum(n) FILTER (WHERE assignee_id <> 0), 0)::int AS assigned_count,
         coalesce(sum(n) FILTER (WHERE assignee_id = 0), 0)::int AS unassigned_count, coalesce(sum(n), 0)::int AS all_count
       FROM (SELECT inbox_id, status, assignee_id, n FROM conversation_counts WHERE account_id = $1
         UNION ALL SELECT inbox_id, status, assignee_id, d FROM conversation_count_deltas WHERE account_id = $1) k
       WHERE ($2::bigint[] IS NULL OR inbox_id = ANY ($2)) AND ($3::smallint[] IS NULL OR status = ANY ($3))`,
      [tx.accountId, scope.inboxes, scope.statuses, scope.me]);
    return row!;
  }

  /** Under labels or a search: counted one by one, up to 1,000 each. */
  async capped(tx: Tx, scope: Scope): Promise<WireCounts> {
    const params = new Params();
    params.add(tx.accountId);
    const where = ['c.account_id = $1', ...within(params, scope)];
    const of = (tab: Scope['tab']): string => `(SELECT count(*) FROM (SELECT FROM conversations c
      WHERE ${[...where, ...narrowing(params, { ...scope, tab })].join(' AND ')} LIMIT ${COUNT_CAP}) k)::int AS ${tab === 'me' ? 'mine' : tab}_count`;
    return (await tx.one<WireCounts>(`SELECT ${of('me')}, ${of('assigned')}, ${of('unassigned')}, ${of('all')}`, params.values))!;
  }

  /** Under a filter, which may look at every row: counted in one pass, or one for each part that an index finds, over the first 1,000 that match. Fewer are answered with their ids. */
  async filtered(tx: Tx, scope: Scope): Promise<{ counts: WireCounts; ids: number[] | null }> {
    const params = new Params();
    params.add(tx.accountId);
    const narrowed = [...narrowing(params, { ...scope, tab: 'all' }), ...within(params, scope)].filter((condition) => condition !== 'true');
    const parts = scope.filter!.find.map((part) =>
      `(SELECT c.id, c.assignee_id FROM conversations c WHERE ${['c.account_id = $1', ...narrowed, part(params, narrowed.length === 0 ? COUNT_CAP : undefined)].join(' AND ')} LIMIT ${COUNT_CAP})`);
    const mine = params.add(scope.me);
    const { ids, ...counts } = (await tx.one<WireCounts & { ids: number[] | null }>(
      `SELECT count(*) FILTER (WHERE assignee_id = ${mine})::int AS mine_count, count(assignee_id)::int AS assigned_count,
         count(*) FILTER (WHERE assignee_id IS NULL)::int AS unassigned_count, count(*)::int AS all_count,
         CASE WHEN count(*) < ${COUNT_CAP} THEN coalesce(json_agg(id), '[]') END AS ids
       FROM (SELECT * FROM (${parts.join(' UNION ')}) u LIMIT ${COUNT_CAP}) k`, params.values))!;
    return { counts, ids };
  }

  /** Adds a batch of changes to the counters of all accounts. Answers how many it folded. */
  async fold(tx: SystemTx): Promise<number> {
    const row = await tx.one<{ n: number }>(
      `WITH batch AS (SELECT account_id, id FROM conversation_count_deltas ORDER BY account_id, id LIMIT ${FOLD_BATCH} FOR UPDATE SKIP LOCKED),
         gone AS (DELETE FROM conversation_count_deltas d USING batch b WHERE d.account_id = b.account_id AND d.id = b.id RETURNING d.account_id, d.inbox_id, d.status, d.assignee_id, d.d),
         sums AS (SELECT account_id, inbox_id, status, assignee_id, sum(d)::int AS n FROM gone GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4),
         kept AS (INSERT INTO conversation_counts AS k (account_id, inbox_id, status, assignee_id, n) SELECT * FROM sums WHERE n <> 0
           ON CONFLICT (account_id, inbox_id, status, assignee_id) DO UPDATE SET n = k.n + excluded.n)
       SELECT count(*) AS n FROM gone`);
    return row!.n;
  }
}
