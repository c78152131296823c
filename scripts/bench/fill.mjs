import { fillReports } from './fill-reports.mjs';

/**
 * Fills one account with so many conversations over three years, three messages each, in the shape measured in practice:
 * 3 % open, 2 % pending, 3 % snoozed, 20 inboxes of which the first holds a quarter, 30 agents. Needs a superuser.
 */
export async function fill(client, accountId, conversations) {
  const [account, base, count, people] = [Number(accountId), Number(accountId) * 100_000_000, Number(conversations), Math.ceil(conversations * 0.6)].map((n) => `${n}::bigint`);
  const number = Number(accountId) * 100_000_000;
  const labels = Number(accountId) * 1000;
  await client.query('BEGIN');
  // Triggers and foreign keys are checked by the tests; here they would only cost time.
  await client.query('SET LOCAL session_replication_role = replica');
  await client.query(`INSERT INTO accounts (id, name) VALUES (${account}, 'Bench ' || ${account})`);
  await client.query(`INSERT INTO account_counters (account_id, kind, value) VALUES (${account}, 1, ${count}), (${account}, 2, 0)`);
  await client.query(`INSERT INTO users (id, name, email, confirmed_at, mfa_enabled_at)
    SELECT ${base} + i, 'Agent ' || i, 'agent' || i || '@' || ${account} || '.bench.example', now(), now() FROM generate_series(1, 30) i`);
  await client.query(`INSERT INTO account_users (account_id, user_id, role) SELECT ${account}, ${base} + i, CASE WHEN i = 1 THEN 1 ELSE 0 END FROM generate_series(1, 30) i`);
  await client.query(`INSERT INTO inboxes (account_id, id, channel_type, name, public_token)
    SELECT ${account}, ${base} + i, 'web_widget', 'Inbox ' || i, 'bench-' || ${account} || '-' || i FROM generate_series(1, 20) i`);
  await client.query(`INSERT INTO inbox_members (account_id, user_id, inbox_id)
    SELECT ${account}, ${base} + u, ${base} + i FROM generate_series(1, 30) u, generate_series(1, 20) i WHERE (u + i) % 4 = 0`);
  // What is asked for by filters is there as a common value and as a rare one, which one in 20,000 has.
  await client.query(`INSERT INTO teams (account_id, id, name) SELECT ${account}, ${labels} + i, 'team ' || i FROM generate_series(1, 5) i`);
  await client.query(`INSERT INTO contacts (account_id, id, name, email, search_text, created_at, last_activity_at, blocked, phone_number, identifier, label_ids, additional_attributes, custom_attributes)
    SELECT ${account}, ${base} + i, 'Person ' || i, 'p' || i || '@' || ${account} || '.example', 'person ' || i || ' p' || i || '@' || ${account} || '.example ' || CASE WHEN i % 3 = 0 THEN '+47' || 40000000 + i ELSE '' END || CASE WHEN i % 4 = 0 THEN ' member-' || i ELSE '' END,
      now() - (${people} - i) * (interval '1095 days' / ${people}), now() - (${people} - i) * (interval '1095 days' / ${people}), i % 20000 = 19, CASE WHEN i % 3 = 0 THEN '+47' || 40000000 + i END, CASE WHEN i % 4 = 0 THEN 'member-' || i END,
      CASE WHEN i % 20000 = 9 THEN ARRAY[${labels} + 9]::int[] WHEN i % 4 = 0 THEN ARRAY[${labels} + 1 + i / 4 % 8]::int[] ELSE '{}' END,
      jsonb_build_object('city', CASE WHEN i % 20000 = 7 THEN 'Ny-Ålesund' ELSE (ARRAY['Oslo', 'Bergen', 'Lund', 'Porto'])[1 + i % 4] END, 'country_code', CASE WHEN i % 20000 = 7 THEN 'SJ' ELSE (ARRAY['NO', 'NO', 'SE', 'PT'])[1 + i % 4] END)
        || CASE WHEN i % 10 = 3 THEN jsonb_build_object('company_name', CASE WHEN i % 20000 = 3 THEN 'Polar Union' ELSE 'Company ' || i % 300 END) ELSE '{}' END,
      CASE WHEN i % 10 = 0 THEN jsonb_build_object('allergy', CASE WHEN i % 20000 = 0 THEN 'Lupin' ELSE (ARRAY['Nuts', 'Milk', 'None'])[1 + i / 10 % 3] END, 'visits', i / 10 % 9) END
    FROM generate_series(1::bigint, ${people}) i`);
  await client.query(`INSERT INTO contact_inboxes (account_id, id, contact_id, inbox_id, source_id)
    SELECT ${account}, ${base} + i, ${base} + i, ${base} + 1, 'source-' || i FROM generate_series(1::bigint, ${people}) i`);
  await client.query(`INSERT INTO conversations (account_id, id, inbox_id, contact_id, contact_inbox_id, assignee_id, last_message_id, last_public_message_id,
      created_at, updated_at, last_activity_at, display_id, incoming_count, status, priority, team_id, last_message_sender, last_message_preview, label_ids, additional_attributes, custom_attributes)
    SELECT ${account}, ${base} + i, ${base} + CASE WHEN i % 100 < 26 THEN 1 ELSE 2 + i % 19 END, c, c, CASE WHEN i % 5 > 0 THEN ${base} + 1 + i % 30 END,
      ${base} + i * 3 + 2, ${base} + i * 3 + 2, at, at, at, i, 2, s, CASE WHEN i % 20000 = 17 THEN 4 WHEN i % 20 = 1 THEN 3 ELSE 0 END,
      CASE WHEN i % 20000 = 13 THEN ${labels} + 5 WHEN i % 3 = 0 THEN ${labels} + 1 + i / 3 % 4 END, 1, 'Is there parking beside the hall?',
      CASE WHEN i % 20000 = 9 THEN ARRAY[${labels} + 9]::int[] WHEN i % 4 = 0 THEN ARRAY[${labels} + 1 + i / 4 % 8]::int[] ELSE '{}' END,
      jsonb_strip_nulls(jsonb_build_object('referer', CASE WHEN i % 20000 = 7 THEN 'https://foodbank.example/Autumn-Appeal' ELSE 'https://foodbank.example/help/' || i % 50 END,
        'browser_language', CASE WHEN i % 20000 = 11 THEN 'se' WHEN i % 10 IN (3, 4) THEN 'de' WHEN i % 10 = 5 THEN 'ar' ELSE 'en' END,
        'mail_subject', CASE WHEN i % 20000 = 12 THEN 'A bequest' WHEN i % 5 = 2 THEN 'Question ' || i || ' about a parcel' END,
        'campaign_id', CASE WHEN i % 20000 = 3 THEN 99 WHEN i % 200 = 3 THEN 1 END, 'conversation_language', CASE WHEN i % 20000 = 16 THEN 'fi' WHEN i % 10 = 6 THEN 'pt' END)),
      CASE WHEN i % 10 = 0 THEN jsonb_build_object('town', CASE WHEN i % 20000 = 0 THEN 'Longyearbyen' ELSE (ARRAY['Oslo', 'Bergen', 'Lund', 'Porto'])[1 + i / 10 % 4] END,
        'household', CASE WHEN i % 20000 = 10 THEN 40 ELSE i / 10 % 9 END, 'due', (date '2025-01-01' + (i / 10 % 300)::int)::text, 'agreed', i % 20000 = 20) END
    FROM (SELECT i, ${base} + 1 + i % ${people} AS c, now() - (${count} - i) * (interval '1095 days' / ${count}) AS at,
      CASE WHEN i * 7919 % 100 < 3 THEN 0 WHEN i * 7919 % 100 < 5 THEN 2 WHEN i * 7919 % 100 < 8 THEN 3 ELSE 1 END AS s
      FROM generate_series(1::bigint, ${count}) i) x`);
  await client.query(`INSERT INTO messages (account_id, conversation_id, id, inbox_id, sender_id, sender_type, message_type, content, created_at, updated_at)
    SELECT ${account}, c.id, ${base} + c.display_id::bigint * 3 + k, c.inbox_id, CASE WHEN k = 1 THEN ${base} + 1 ELSE c.contact_id END, CASE WHEN k = 1 THEN 2 ELSE 1 END, CASE WHEN k = 1 THEN 1 ELSE 0 END,
      CASE k WHEN 0 THEN 'Good morning, when can we come for a parcel?' WHEN 1 THEN 'On Tuesday between 10 and 14, no papers needed.' ELSE 'Is there parking beside the hall?' END, c.created_at, c.created_at
    FROM conversations c, generate_series(0, 2) k WHERE c.account_id = ${account}`);
  await client.query(`INSERT INTO conversation_counts (account_id, inbox_id, status, assignee_id, n)
    SELECT account_id, inbox_id, status, coalesce(assignee_id, 0), count(*) FROM conversations WHERE account_id = ${account} GROUP BY 1, 2, 3, 4`);
  await client.query(`INSERT INTO conversation_attributes SELECT a.* FROM conversations c, attribute_rows(c.account_id, c.id, c.custom_attributes) a WHERE c.account_id = ${account}`);
  await client.query(`INSERT INTO contact_attributes SELECT a.* FROM contacts c, contact_attribute_rows(c.account_id, c.id, c.custom_attributes, c.additional_attributes, c.label_ids) a WHERE c.account_id = ${account}`);
  await client.query(`INSERT INTO conversation_origins SELECT o.* FROM conversations c, origin_rows(c.account_id, c.id, origin_texts(c.additional_attributes)) o WHERE c.account_id = ${account}`);
  await fillReports(client, accountId);
  await client.query(`INSERT INTO conversation_labels (account_id, label_id, conversation_id) SELECT account_id, label_ids[1], id FROM conversations WHERE account_id = ${account} AND label_ids <> '{}'`);
  await client.query('COMMIT');
  return { accountId, base: number, administratorId: number + 1, inboxId: number + 1, pages: Math.floor(conversations / 25) };
}

/** After filling: generated ids go on above the given ones, and the planner knows the tables. */
export async function settle(client) {
  for (const table of ['accounts', 'users', 'inboxes', 'contacts', 'contact_inboxes', 'conversations', 'messages']) {
    await client.query(`SELECT setval(pg_get_serial_sequence('${table}', 'id'), (SELECT max(id) + 1 FROM ${table}))`);
  }
  await client.query('VACUUM ANALYZE');
}
