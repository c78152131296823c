import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { requestStatements } from '../../test/count-statements.js';
import { makeAccount, type AccountWithAdmin, type Person } from '../../test/factories.js';
import { inbound, ingest } from '../../test/factories-conversations.js';
import { makeAgentIn, makeInbox, type MadeInbox } from '../../test/factories-inboxes.js';
import { call, eventually } from '../../test/http.js';
import { startTestApp, type TestApp } from '../../test/test-app.js';
import { accountId } from '../platform/database/account-id.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';

const CONVERSATIONS = 6_000;
let t: TestApp;
let account: AccountWithAdmin;
let inboxes: MadeInbox[];
let agent: Person;
beforeAll(async () => {
  t = await startTestApp({ PROCESS_ROLES: 'api' });
  account = await makeAccount(t);
  inboxes = [];
  for (let i = 0; i < 10; i++) inboxes.push(await makeInbox(t, account));
  agent = await makeAgentIn(t, account, ...inboxes.slice(0, 4));
  const [neighbour] = [await makeAccount(t)];
  const theirs = await makeInbox(t, neighbour);
  await seed(neighbour.id, [theirs.id], CONVERSATIONS / 2);
  await seed(account.id, inboxes.map((inbox) => inbox.id), CONVERSATIONS);
  // A transaction that is open meanwhile hides pages from index-only scans: they would read rows too.
  await eventually('all that was seeded is known to be there', () => t.database.asOwner(async (client) => {
    await client.query('VACUUM ANALYZE');
    return (await client.query<{ seen: boolean }>(`SELECT bool_and(relallvisible >= relpages) AS seen FROM pg_class WHERE relname = ANY ($1)`, [['conversations', 'messages', 'contacts', 'conversation_labels', 'conversation_origins']])).rows[0]!.seen;
  }));
});
afterAll(() => t.close());

/** Conversations of every status with three messages each, as old accounts have them: nine of ten are resolved. */
const seed = (account: number, inboxIds: number[], n: number): Promise<void> => t.database.asOwner(async (client) => {
  await client.query('SET ROLE porchlight_system');
  await client.query(`WITH c AS (INSERT INTO contacts (account_id, name, email, last_activity_at) SELECT $1, chr(97 + i % 26) || ' person ' || i, 'mail' || i || '@example.org', now() FROM generate_series(1, $2::int) i RETURNING id)
    INSERT INTO contact_inboxes (account_id, contact_id, inbox_id, source_id) SELECT $1, id, ($3::bigint[])[1 + id % cardinality($3::bigint[])], 's-' || id FROM c`, [account, n, inboxIds]);
  await client.query(`INSERT INTO conversations (account_id, inbox_id, contact_id, contact_inbox_id, display_id, status, assignee_id, priority, created_at, last_activity_at, waiting_since, unread_count, label_ids, additional_attributes)
    SELECT $1, inbox_id, contact_id, id, n, CASE WHEN n % 10 > 0 THEN 1 ELSE (ARRAY[0,0,0,2,3])[1 + (n / 10) % 5] END, CASE WHEN n % 3 = 0 THEN $2::bigint END, n % 5,
      now() - make_interval(mins => n * 30), now() - make_interval(mins => n * CASE WHEN n % 3 = 0 THEN 15 ELSE 30 END), CASE WHEN n % 20 = 0 THEN now() - make_interval(mins => n) END, CASE WHEN n % 30 = 0 THEN 1 ELSE 0 END, '{}',
      jsonb_build_object('browser_language', CASE WHEN n % 4 = 1 THEN 'DE' ELSE 'en' END, 'mail_subject', 'Question ' || n || CASE WHEN n % 5 = 2 THEN ' on parcels' ELSE '' END)
    FROM (SELECT *, row_number() OVER (ORDER BY id)::int AS n FROM contact_inboxes WHERE account_id = $1) ci`, [account, agent.id]);
  await client.query(`INSERT INTO messages (account_id, conversation_id, inbox_id, sender_id, sender_type, message_type, content)
    SELECT $1, c.id, c.inbox_id, c.contact_id, 1, 0, 'Words of message ' || i FROM conversations c, generate_series(1, 3) i WHERE c.account_id = $1`, [account]);
  await client.query(`INSERT INTO attachments (account_id, conversation_id, message_id, file_type, file_name) SELECT account_id, conversation_id, id, 3, 'list.txt' FROM messages WHERE account_id = $1 AND id % 3 = 0`, [account]);
  await client.query(`UPDATE conversations c SET last_message_id = m.id, last_public_message_id = m.id FROM (SELECT conversation_id, max(id) AS id FROM messages WHERE account_id = $1 GROUP BY 1) m
    WHERE c.account_id = $1 AND c.id = m.conversation_id`, [account]);
  await client.query(`INSERT INTO labels (account_id, title) VALUES ($1, 'food'), ($1, 'rare')`, [account]);
  await client.query(`INSERT INTO conversation_labels (account_id, label_id, conversation_id)
    SELECT $1, l.id, c.id FROM conversations c JOIN labels l ON l.account_id = $1 AND c.display_id % (CASE l.title WHEN 'food' THEN 4 ELSE 500 END) = 0 WHERE c.account_id = $1`, [account]);
  await client.query(`UPDATE conversations c SET label_ids = l.ids FROM (SELECT conversation_id, array_agg(label_id) AS ids FROM conversation_labels WHERE account_id = $1 GROUP BY 1) l
    WHERE c.account_id = $1 AND c.id = l.conversation_id`, [account]);
  await client.query('UPDATE account_counters SET value = $2 WHERE account_id = $1 AND kind = 1', [account, n]);
  await client.query('DELETE FROM conversation_count_deltas WHERE account_id = $1', [account]);
  await client.query('INSERT INTO conversation_counts SELECT account_id, inbox_id, status, coalesce(assignee_id, 0), count(*) FROM conversations WHERE account_id = $1 GROUP BY 1, 2, 3, 4', [account]);
});

interface PlanNode { 'Node Type': string; 'Relation Name'?: string; 'Actual Rows'?: number; 'Plans'?: PlanNode[]; 'Shared Hit Blocks'?: number; 'Shared Read Blocks'?: number }
const nodes = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodes)];
// Of the others a few thousand rows are soon read, and the planner knows it.
const LARGE = ['conversations', 'messages'];
// What counts stops at a thousand rows: each is found through an index, of three or four pages, in its worst plan. Walking all of them so would take five times that.
const MAX_PAGES = 4_000;

/** Asks for the plans of what the request runs, as the application's role with row-level security; what only reads is run again to see real numbers. */
async function expectGoodPlans(work: () => Promise<unknown>, large = LARGE): Promise<void> {
  const statements = await requestStatements(work);
  expect(statements.length).toBeGreaterThan(0);
  const isSetting = (text: string): boolean => text.startsWith('SET LOCAL ');
  for (const [n, { text, params }] of statements.entries()) {
    if (isSetting(text)) continue;
    const isWrite = /\b(INSERT INTO|UPDATE \w+ |DELETE FROM)/.test(text);
    const plan = await t.app.get(UnitOfWork).run(accountId(account.id), async (tx) => {
      for (const setting of statements.slice(0, n).filter((one) => isSetting(one.text))) await tx.sql(setting.text);
      return (await tx.one<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(`EXPLAIN (${isWrite ? '' : 'ANALYZE, BUFFERS, '}FORMAT JSON) ${text}`, params))!['QUERY PLAN'][0]!.Plan;
    });
    const bad = nodes(plan).filter((node) => (node['Node Type'] === 'Seq Scan' && large.includes(node['Relation Name']!)) || (node['Node Type'] === 'Sort' && (node['Actual Rows'] ?? 0) > 1_000));
    expect({ text, bad: bad.map((node) => `${node['Node Type']} ${node['Relation Name'] ?? ''}`) }).toEqual({ text, bad: [] });
    const buffers = (plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0);
    expect({ text, buffers, isFar: buffers > MAX_PAGES }).toEqual({ text, buffers, isFar: false });
  }
}

const get = (path: string, who: () => Person) => async (): Promise<void> => {
  const answer = await call(t, who(), 'GET', `/api/v1/accounts/${account.id}/${path}`);
  expect(answer.status).toBe(200);
};
const filter = (path: string, who: () => Person, ...payload: object[]) => async (): Promise<{ meta: { all_count: number; next_cursor: string | null }; payload: { id: number }[] }> => {
  const answer = await call(t, who(), 'POST', `/api/v1/accounts/${account.id}/conversations/filter${path}`, { payload });
  expect(answer.status).toBe(200);
  return answer.body;
};
const admin = (): Person => account.admin;
const member = (): Person => agent;

describe('no request walks a whole table', () => {
  test.each([
    ['conversations', admin], ['conversations', member], ['conversations?status=resolved', admin], ['conversations?status=resolved', member], ['conversations?status=all', admin], ['conversations?status=all', member],
    ['conversations?assignee_type=me&status=resolved', member], ['conversations?assignee_type=unassigned', member], ['conversations?assignee_type=unassigned&status=resolved', admin],
    ['conversations?sort_by=sort_on_created_at', admin], ['conversations?sort_by=sort_on_created_at&status=all', admin], ['conversations?sort_by=sort_on_priority', member], ['conversations?sort_by=waiting_since', admin],
    ['conversations?page=100&status=resolved', admin], ['conversations?labels[]=food', admin], ['conversations?labels[]=rare&status=resolved', member], ['conversations/meta?status=resolved', admin],
    ['conversations/meta?labels[]=rare', admin], ['conversations/77', member], ['conversations/77/messages', admin], ['conversations/unread_counts', admin],
    ['contacts/search?q=person+77', admin], ['contacts/search?q=p', admin], ['conversations/search?q=person+77', admin],
  ] as const)('GET %s', (path, who) => expectGoodPlans(get(path.replace('77', '10'), who)));

  test('the list from a cursor', async () => {
    const first = await call(t, account.admin, 'GET', `/api/v1/accounts/${account.id}/conversations?status=resolved&page=40`);
    await expectGoodPlans(get(`conversations?status=resolved&cursor=${first.body.data.meta.next_cursor}`, admin));
  });

  test('a reply and a message from outside', async () => {
    await expectGoodPlans(() => call(t, agent, 'POST', `/api/v1/accounts/${account.id}/conversations/10/messages`, { content: 'hello' }));
    await expectGoodPlans(() => ingest(t, account, inboxes[0]!, inbound({ sender: { sourceId: 'planned', email: 'planned@example.org' } })));
    await expectGoodPlans(() => ingest(t, account, inboxes[0]!, inbound({ sourceId: 'planned' })));
  });
});

describe('a filter that more than a thousand conversations pass', () => {
  const urgent = { attribute_key: 'priority', filter_operator: 'is_present', values: [], query_operator: 'and' };
  const labelled = { attribute_key: 'labels', filter_operator: 'equal_to', values: ['Food'], query_operator: 'or' };
  const nobodys = { attribute_key: 'assignee_id', filter_operator: 'is_not_present', values: [], query_operator: 'and' };
  const day = new Date(Date.now() - 60 * 86_400_000).toISOString().slice(0, 10);
  const old = { attribute_key: 'created_at', filter_operator: 'is_less_than', values: [day], query_operator: 'and' };
  const german = { attribute_key: 'browser_language', filter_operator: 'equal_to', values: ['de'], query_operator: 'and' };
  const unlabelled = { ...labelled, filter_operator: 'not_equal_to', query_operator: 'and' };
  const parcels = { attribute_key: 'mail_subject', filter_operator: 'contains', values: ['on parcels'], query_operator: 'and' };
  const filters = [
    ['begun before a day', [old], `created_at < '${day}T00:00:00Z'`],
    ['with a priority', [urgent], 'priority > 0'], ['of nobody, with a priority', [urgent, nobodys], 'priority > 0 AND assignee_id IS NULL'], ['labelled', [labelled], 'display_id % 4 = 0'],
    ['in German', [german], `additional_attributes ->> 'browser_language' = 'DE'`], ['in German, or labelled', [{ ...german, query_operator: 'or' }, labelled], `additional_attributes ->> 'browser_language' = 'DE' OR display_id % 4 = 0`], ['in German, not labelled', [unlabelled, german], `additional_attributes ->> 'browser_language' = 'DE'`],
    ['about parcels', [parcels], `additional_attributes ->> 'mail_subject' LIKE '%on parcels'`],
    ['labelled, or of nobody', [labelled, nobodys], 'display_id % 4 = 0 OR assignee_id IS NULL'],
  ] as const;
  const sorts = [
    ['latest', 'last_activity_at DESC, id DESC'], ['last_activity_at_asc', 'last_activity_at, id'], ['created_at_desc', 'id DESC'],
    ['waiting_since', 'waiting_since IS NULL, waiting_since, CASE WHEN waiting_since IS NULL THEN last_activity_at END DESC, CASE WHEN waiting_since IS NULL THEN -id ELSE id END'],
  ] as const;

  test.each(filters.flatMap(([name, lines, where], n) => sorts.filter((_, m) => n === 0 || m === 0 || m === n % 5).map(([sort, order]) => [name, sort, lines, where, order] as const)))('%s, by %s', async (_name, sort, lines, where, order) => {
    for (const who of [admin, member]) {
      const all = await t.database.asOwner(async (client) => (await client.query<{ display_id: number }>(
        `SELECT display_id FROM conversations WHERE account_id = $1 AND inbox_id = ANY ($2) AND (${where}) ORDER BY ${order}`,
        [account.id, inboxes.slice(0, who === member ? 4 : 10).map((inbox) => inbox.id)])).rows.map((row) => row.display_id));
      const last = Math.ceil(all.length / 25);
      const page = (place: string) => filter(`?sort_by=${sort}&${place}`, who, ...lines)();
      const first = await page('page=1');
      const second = await page(`cursor=${first.meta.next_cursor}`);
      const end = await page(`page=${last}`);
      const found = [first, second, end].map(({ payload }) => payload.map(({ id }) => id));
      expect(found).toEqual([all.slice(0, 25), all.slice(25, 50), all.slice((last - 1) * 25)]);
      expect([first.meta.all_count, end.meta.next_cursor]).toEqual([Math.min(all.length, 1000), null]);
    }
  });

  test('its plans', async () => {
    // To count what is common any row is as good as another: the first that come are taken.
    for (const who of [admin, member]) for (const [, lines] of filters) await expectGoodPlans(filter('', who, ...lines), ['messages']);
  });
});
