const COUNTS = `count(*), count(*) * 2, count(*), sum(r), sum(r * v * 3), sum(r * v), count(*), sum(v), sum(v / 3), count(*) FILTER (WHERE v < 3600), count(*) FILTER (WHERE v >= 3600 AND v < 14400),
  count(*) FILTER (WHERE v >= 14400 AND v < 28800), count(*) FILTER (WHERE v >= 28800 AND v < 86400)`;
const COLUMNS = `conversations, incoming_messages, outgoing_messages, resolutions, resolution_seconds, resolution_business_seconds, first_responses, first_response_seconds, first_response_business_seconds,
  first_responses_1h, first_responses_4h, first_responses_8h, first_responses_24h`;

/** What reports count, for an account that fill() has filled: as much of it, and as finely, as counting message by message would leave. */
export async function fillReports(client, accountId) {
  const account = `${Number(accountId)}::bigint`;
  const base = Number(accountId) * 1000;
  await client.query(`INSERT INTO labels (account_id, id, title) SELECT ${account}, ${base} + i, 'label-' || i FROM generate_series(1, 9) i`);
  await client.query(`INSERT INTO reporting_conversations (account_id, conversation_id, inbox_id, assignee_id, created_at, last_message_id, label_ids, thread)
    SELECT account_id, id, inbox_id, assignee_id, created_at, last_message_id, ARRAY[${base} + 1 + display_id % 8], '{"status": 1}' FROM conversations WHERE account_id = ${account} ORDER BY id`);
  await client.query(`INSERT INTO reporting_events (account_id, conversation_id, message_id, inbox_id, user_id, event_start_time, event_end_time, value, value_in_business_hours, name)
    SELECT account_id, id, last_message_id, inbox_id, assignee_id, created_at, created_at, display_id % 90000, display_id % 90000 / 3, name
    FROM conversations, unnest(ARRAY['first_response', 'conversation_resolved']) name WHERE account_id = ${account} AND (status = 1 OR name = 'first_response') ORDER BY id`);
  const facts = `(SELECT date_bin('15 minutes', created_at, 'epoch') AS slot, inbox_id, assignee_id, ${base} + 1 + display_id % 8 AS label_id, display_id::bigint % 90000 AS v, (status = 1)::int AS r
    FROM conversations WHERE account_id = ${account}) f`;
  for (const [dimension, id] of [[0, '0'], [1, 'inbox_id'], [2, 'assignee_id'], [4, 'label_id']]) {
    await client.query(`INSERT INTO reporting_slots (account_id, dimension, dimension_id, slot, ${COLUMNS})
      SELECT ${account}, ${dimension}, ${id}, slot, ${COUNTS} FROM ${facts} WHERE ${id} IS NOT NULL GROUP BY 3, slot ORDER BY 3, slot`);
  }
  const sums = COLUMNS.split(',').map((name) => `sum(${name})`).join(', ');
  await client.query(`INSERT INTO reporting_days (account_id, dimension, dimension_id, day, ${COLUMNS})
    SELECT account_id, dimension, dimension_id, date_bin('1 day', slot, 'epoch') AS day, ${sums} FROM reporting_slots WHERE account_id = ${account} GROUP BY 1, 2, 3, 4 ORDER BY 2, 4, 3`);
  await client.query(`INSERT INTO reporting_progress (account_id, next_id, total, finished_at) VALUES (${account}, 0, 0, now())`);
}
