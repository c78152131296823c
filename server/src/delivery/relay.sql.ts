/** Under which condition on the row `event` a subscriber is told of it. */
export interface RouteCondition { subscriber: string; when: string }

/**
 * Marks the previous batch dispatched and takes the next one, in one commit. Undispatched rows are taken, not rows after a cursor: ids commit
 * out of order, and a cursor would step over those that commit late. A number, once given, is kept: a batch repeated after a crash carries the same.
 * Each event comes with those it is to be delivered to: after a crash, those who have not finished with it.
 * $1-$3 keys of the previous batch, $4 size, $5/$6 pairs of event type and subscriber, $7 seconds until an unfinished delivery is queued again.
 */
export const nextBatch = (conditions: RouteCondition[]): string => `
WITH done AS (
  UPDATE events e SET dispatched_at = now() FROM unnest($1::bigint[], $2::bigint[], $3::timestamptz[]) d(account_id, id, created_at)
  WHERE e.account_id = d.account_id AND e.id = d.id AND e.created_at = d.created_at),
batch AS (
  SELECT account_id, id, created_at, seq FROM events WHERE dispatched_at IS NULL AND NOT id = ANY ($2::bigint[]) ORDER BY id LIMIT $4),
bump AS (
  INSERT INTO account_counters AS a (account_id, kind, value) SELECT account_id, 2, count(*) FROM batch WHERE seq IS NULL GROUP BY account_id
  ON CONFLICT (account_id, kind) DO UPDATE SET value = a.value + excluded.value RETURNING account_id, value),
fresh AS (
  SELECT b.account_id, b.id, b.created_at,
    bump.value - count(*) OVER (PARTITION BY b.account_id) + row_number() OVER (PARTITION BY b.account_id ORDER BY b.id) AS seq
  FROM batch b JOIN bump USING (account_id) WHERE b.seq IS NULL),
numbered AS (
  UPDATE events e SET seq = f.seq FROM fresh f WHERE e.account_id = f.account_id AND e.id = f.id AND e.created_at = f.created_at
  RETURNING e.account_id, e.id, e.created_at, e.seq, e.type, e.payload, e.conversation_id, e.actor_id),
routed AS (
  INSERT INTO event_deliveries (account_id, event_id, event_created_at, subscriber, due_at)
  SELECT event.account_id, event.id, event.created_at, r.subscriber, now() + make_interval(secs => $7)
  FROM numbered event JOIN unnest($5::text[], $6::text[]) r(type, subscriber) ON r.type = event.type${whenWanted(conditions)}
  ON CONFLICT DO NOTHING RETURNING event_id, subscriber),
told AS (SELECT event_id, array_agg(subscriber) AS subscribers FROM routed GROUP BY event_id)
SELECT n.account_id, n.id, n.created_at, n.created_at::text AS stored_at, n.seq, n.type, n.payload, n.conversation_id, n.actor_id,
  coalesce(told.subscribers, '{}') AS subscribers FROM numbered n LEFT JOIN told ON told.event_id = n.id
UNION ALL
SELECT e.account_id, e.id, e.created_at, e.created_at::text, e.seq, e.type, e.payload, e.conversation_id, e.actor_id,
  ARRAY(SELECT d.subscriber FROM event_deliveries d WHERE d.account_id = e.account_id AND d.event_id = e.id)
FROM events e JOIN batch b USING (account_id, id, created_at) WHERE b.seq IS NOT NULL
ORDER BY id`;

const whenWanted = (conditions: RouteCondition[]): string => (conditions.length === 0 ? '' : `
  WHERE CASE r.subscriber ${conditions.map(({ subscriber, when }) => `WHEN '${subscriber}' THEN (${when})`).join('\n    ')} ELSE true END`);

/** Marks a last batch dispatched, when there is no next one to do it with. */
export const MARK_DISPATCHED = `
UPDATE events e SET dispatched_at = now() FROM unnest($1::bigint[], $2::bigint[], $3::timestamptz[]) d(account_id, id, created_at)
WHERE e.account_id = d.account_id AND e.id = d.id AND e.created_at = d.created_at`;

/**
 * Deliveries that should have finished and did not: their job was lost with the queue, or waits in a long one. Queueing it again does nothing
 * in the second case, because the job's id is still there. $1 how many, $2 seconds until the next look.
 */
export const OVERDUE = `
WITH late AS (
  SELECT account_id, event_id, event_created_at, subscriber FROM event_deliveries WHERE due_at <= now() ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED),
again AS (
  UPDATE event_deliveries d SET due_at = now() + make_interval(secs => $2) FROM late l
  WHERE d.account_id = l.account_id AND d.event_id = l.event_id AND d.subscriber = l.subscriber)
SELECT l.subscriber, l.event_id, l.account_id AS delivery_account_id, e.account_id, e.id, e.created_at, e.seq, e.type, e.payload, e.conversation_id, e.actor_id
FROM late l LEFT JOIN events e ON e.account_id = l.account_id AND e.id = l.event_id AND e.created_at = l.event_created_at ORDER BY l.event_id`;

/** Deliveries of events whose month has been dropped have nothing left to deliver. */
export const FORGET = `DELETE FROM event_deliveries d USING unnest($1::bigint[], $2::bigint[]) f(account_id, event_id) WHERE d.account_id = f.account_id AND d.event_id = f.event_id`;
