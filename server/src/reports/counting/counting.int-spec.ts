import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeAccount, type AccountWithAdmin, type Person } from '../../../test/factories.js';
import { ingest, inbound, makeConversation, makeMessage, type MadeConversation } from '../../../test/factories-conversations.js';
import { makeAgentIn, makeInbox, type MadeInbox } from '../../../test/factories-inboxes.js';
import { call, eventually } from '../../../test/http.js';
import { startTestApp, type TestApp, WITHOUT_SCHEDULE } from '../../../test/test-app.js';
import { accountId } from '../../platform/database/account-id.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { CountHistory } from './count-history.service.js';
import { CountHistoryJob } from './count-history.job.js';
import { TALLIES } from './tally.js';

/* What reports count as things happen is what one finds when one counts everything afterwards, by other means. */

let t: TestApp;
let account: AccountWithAdmin;
let system: SystemWork;
let inboxes: MadeInbox[];
let agents: Person[];
let teams: number[];
const conversations: MadeConversation[] = [];

beforeAll(async () => {
  t = await startTestApp(WITHOUT_SCHEDULE);
  system = t.app.get(SystemWork);
  account = await makeAccount(t);
  const days = [0, 1, 2, 3, 4, 5, 6].map((day_of_week) => ({ day_of_week, open_all_day: false, closed_all_day: day_of_week === 0, open_hour: 9, open_minutes: 30, close_hour: 17, close_minutes: 0 }));
  inboxes = [await makeInbox(t, account), await makeInbox(t, account, { working_hours_enabled: true, timezone: 'Asia/Kathmandu', working_hours: days })];
  agents = [await makeAgentIn(t, account, ...inboxes), await makeAgentIn(t, account, ...inboxes)];
  const url = `/api/v1/accounts/${account.id}`;
  teams = [(await call(t, account.admin, 'POST', `${url}/teams`, { name: 'first' })).body.id as number, (await call(t, account.admin, 'POST', `${url}/teams`, { name: 'second' })).body.id as number];
  for (const title of ['red', 'green', 'blue']) await call(t, account.admin, 'POST', `${url}/labels`, { title });
});
afterAll(() => t.close());

/** Numbers that look random and are the same at every run. */
let seed = 20261121;
const roll = (below: number): number => {
  seed = (seed * 1103515245 + 12345) % 2147483648;
  return Math.floor((seed / 2147483648) * below);
};
const any = <T>(of: T[]): T => of[roll(of.length)]!;

const DEEDS: ((c: MadeConversation) => Promise<unknown>)[] = [
  (c) => ingest(t, account, any(inboxes.filter((inbox) => inbox.id === inboxOf.get(c.id))), inbound({ sourceId: c.sourceId })),
  (c) => makeMessage(t, c, any(agents)),
  (c) => makeMessage(t, c, any(agents), { private: true }),
  (c) => call(t, any(agents), 'POST', `${c.url}/toggle_status`, { status: any(['open', 'resolved', 'resolved', 'pending', 'snoozed']) }),
  (c) => call(t, account.admin, 'POST', `${c.url}/assignments`, { assignee_id: any([...agents.map((agent) => agent.id), 0]) }),
  (c) => call(t, account.admin, 'POST', `${c.url}/assignments`, { team_id: any([...teams, 0]) }),
  (c) => call(t, account.admin, 'POST', `${c.url}/labels`, { labels: ['red', 'green', 'blue'].filter(() => roll(2)) }),
];
const inboxOf = new Map<number, number>();

async function liveOn(steps: number): Promise<void> {
  for (let step = 0; step < steps; step++) {
    if (conversations.length < 3 || roll(12) === 0) {
      const inbox = any(inboxes);
      const made = await makeConversation(t, account, inbox);
      inboxOf.set(made.id, inbox.id);
      conversations.push(made);
    } else await any(DEEDS)(any(conversations));
  }
  await eventually('everything is counted', async () => (await system.sql<{ n: number }>(
    `SELECT (SELECT count(*) FROM events WHERE account_id = $1 AND dispatched_at IS NULL) + (SELECT count(*) FROM event_deliveries WHERE account_id = $1 AND subscriber = 'count-conversation') AS n`,
    [account.id]))[0]!.n === 0);
}

type Row = Record<string, number>;
const COLUMNS = TALLIES.join(', ');
/** The sums as stored. */
const stored = (table: 'slot' | 'day'): Promise<Row[]> => system.sql<Row>(
  `SELECT dimension, dimension_id, extract(epoch FROM ${table})::bigint AS at, ${COLUMNS} FROM reporting_${table}s WHERE account_id = $1 AND (${TALLIES.join(' + ')}) > 0 ORDER BY 1, 2, 3`, [account.id]);

/** The same sums from conversations, messages and reporting events, in one statement that shares nothing with the code that counts. */
const recounted = (width: string): Promise<Row[]> => system.sql<Row>(
  `WITH facts AS (
     SELECT id AS c, created_at AS at, assignee_id AS agent, 'conversations' AS what, 0::bigint AS value, 0::bigint AS business FROM conversations WHERE account_id = $1
     UNION ALL SELECT m.conversation_id, m.created_at, m.sender_id, 'outgoing_messages', 0, 0 FROM messages m WHERE m.account_id = $1 AND m.message_type = 1 AND NOT m.private
     UNION ALL SELECT m.conversation_id, m.created_at,
       CASE WHEN before.known THEN before.agent WHEN after.known THEN after.agent ELSE c.assignee_id END, 'incoming_messages', 0, 0
       FROM messages m JOIN conversations c ON c.account_id = m.account_id AND c.id = m.conversation_id
       LEFT JOIN LATERAL (SELECT true AS known, (l.content_attributes #>> '{activity,assignee,to}')::bigint AS agent FROM messages l
         WHERE l.account_id = $1 AND l.conversation_id = m.conversation_id AND l.id < m.id AND l.content_attributes #> '{activity,assignee}' IS NOT NULL ORDER BY l.id DESC LIMIT 1) before ON true
       LEFT JOIN LATERAL (SELECT true AS known, (l.content_attributes #>> '{activity,assignee,from}')::bigint AS agent FROM messages l
         WHERE l.account_id = $1 AND l.conversation_id = m.conversation_id AND l.id > m.id AND l.content_attributes #> '{activity,assignee}' IS NOT NULL ORDER BY l.id LIMIT 1) after ON true
       WHERE m.account_id = $1 AND m.message_type = 0
     UNION ALL SELECT conversation_id, event_end_time, user_id, name, value, value_in_business_hours FROM reporting_events WHERE account_id = $1),
   places AS (
     SELECT id AS c, 0 AS dimension, 0::bigint AS dimension_id FROM conversations WHERE account_id = $1
     UNION ALL SELECT id, 1, inbox_id FROM conversations WHERE account_id = $1
     UNION ALL SELECT id, 3, team_id FROM conversations WHERE account_id = $1 AND team_id IS NOT NULL
     UNION ALL SELECT conversation_id, 4, label_id FROM conversation_labels WHERE account_id = $1),
   placed AS (
     SELECT dimension, dimension_id, f.* FROM facts f JOIN places USING (c)
     UNION ALL SELECT 2, agent, f.* FROM facts f WHERE agent IS NOT NULL)
   SELECT dimension, dimension_id, extract(epoch FROM date_bin('${width}', at, 'epoch'))::bigint AS at,
     count(*) FILTER (WHERE what = 'conversations') AS conversations, count(*) FILTER (WHERE what = 'incoming_messages') AS incoming_messages, count(*) FILTER (WHERE what = 'outgoing_messages') AS outgoing_messages,
     count(*) FILTER (WHERE what = 'conversation_resolved') AS resolutions, coalesce(sum(value) FILTER (WHERE what = 'conversation_resolved'), 0)::bigint AS resolution_seconds,
     coalesce(sum(business) FILTER (WHERE what = 'conversation_resolved'), 0)::bigint AS resolution_business_seconds,
     count(*) FILTER (WHERE what = 'first_response') AS first_responses, coalesce(sum(value) FILTER (WHERE what = 'first_response'), 0)::bigint AS first_response_seconds,
     coalesce(sum(business) FILTER (WHERE what = 'first_response'), 0)::bigint AS first_response_business_seconds,
     count(*) FILTER (WHERE what = 'first_response' AND value < 3600) AS first_responses_1h, count(*) FILTER (WHERE what = 'first_response' AND value >= 3600 AND value < 14400) AS first_responses_4h,
     count(*) FILTER (WHERE what = 'first_response' AND value >= 14400 AND value < 28800) AS first_responses_8h, count(*) FILTER (WHERE what = 'first_response' AND value >= 28800 AND value < 86400) AS first_responses_24h,
     count(*) FILTER (WHERE what = 'reply_time') AS replies, coalesce(sum(value) FILTER (WHERE what = 'reply_time'), 0)::bigint AS reply_seconds, coalesce(sum(business) FILTER (WHERE what = 'reply_time'), 0)::bigint AS reply_business_seconds,
     count(*) FILTER (WHERE what = 'conversation_bot_resolved') AS bot_resolutions, count(*) FILTER (WHERE what = 'conversation_bot_handoff') AS bot_handoffs
   FROM placed WHERE what <> 'conversation_opened' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`, [account.id]);

async function expectTrue(): Promise<void> {
  for (const [table, width] of [['slot', '15 minutes'], ['day', '1 day']] as const) expect(await stored(table)).toEqual(await recounted(width));
}
const events = (): Promise<object[]> => system.sql(
  'SELECT conversation_id, message_id, name, user_id, value, value_in_business_hours, event_start_time, event_end_time FROM reporting_events WHERE account_id = $1 ORDER BY message_id, name', [account.id]);

test('after a random history the sums are those of a recount', async () => {
  await liveOn(160);
  await expectTrue();
  // The events themselves: one first response where a person answered, one resolution for each line that says so.
  const [found] = await system.sql<Row>(
    `SELECT (SELECT count(DISTINCT conversation_id) FROM messages WHERE account_id = $1 AND message_type = 1 AND NOT private) AS answered,
       (SELECT count(*) FROM messages WHERE account_id = $1 AND content_attributes #>> '{activity,key}' = 'status_resolved') AS resolved,
       (SELECT count(*) FROM reporting_events WHERE account_id = $1 AND name = 'first_response') AS first_responses, (SELECT count(*) FROM reporting_events WHERE account_id = $1 AND name = 'conversation_resolved') AS resolutions,
       (SELECT count(*) FROM reporting_events WHERE account_id = $1 AND name = 'reply_time') AS replies, (SELECT count(*) FROM reporting_events WHERE account_id = $1 AND name = 'conversation_opened') AS opened`, [account.id]);
  expect([found!['first_responses'], found!['resolutions']]).toEqual([found!['answered'], found!['resolved']]);
  expect(Math.min(...Object.values(found!))).toBeGreaterThan(0);
});

test('counting everything again gives the same, and so does an event that comes again', async () => {
  const before = [await stored('slot'), await events()];
  await t.app.get(CountHistory).beginAnew(accountId(account.id));
  expect(await stored('slot')).toEqual([]);
  await t.app.get(CountHistoryJob).run();
  expect([await stored('slot'), await events()]).toEqual(before);
});

test('a history of weeks is counted where it happened, and goes on being so', async () => {
  // Spread over forty days: each message of a conversation some hours after the one before.
  await system.sql(
    `WITH spread AS (SELECT m.id, m.conversation_id, now() - interval '40 days' + make_interval(secs => (m.conversation_id * 7919 % 800000) + 4000.5 * (1 + m.id % 17) * row_number() OVER (PARTITION BY m.conversation_id ORDER BY m.id)) AS at
       FROM messages m WHERE m.account_id = $1),
     moved AS (UPDATE messages m SET created_at = s.at FROM spread s WHERE m.account_id = $1 AND m.conversation_id = s.conversation_id AND m.id = s.id)
     UPDATE conversations c SET created_at = f.at FROM (SELECT conversation_id, min(at) AS at FROM spread GROUP BY 1) f WHERE c.account_id = $1 AND c.id = f.conversation_id`, [account.id]);
  await t.app.get(CountHistory).beginAnew(accountId(account.id));
  await t.app.get(CountHistory).finish(accountId(account.id));
  await expectTrue();
  const business = await system.sql<Row>('SELECT value, value_in_business_hours AS business, inbox_id FROM reporting_events WHERE account_id = $1 AND value > 200000', [account.id]);
  expect(new Set(business.filter((row) => row['business']! > 0).map((row) => row['inbox_id']))).toEqual(new Set([inboxes[1]!.id]));
  for (const row of business) expect(row['business']).toBeLessThan(row['value']! / 2);
  await liveOn(60);
  await expectTrue();
});

test('what is erased stays counted', async () => {
  const before = await stored('day');
  await call(t, account.admin, 'DELETE', conversations[0]!.url);
  await liveOn(0);
  expect(await stored('day')).toEqual(before);
  expect(await system.sql('SELECT FROM reporting_conversations WHERE account_id = $1 AND conversation_id = $2', [account.id, conversations[0]!.conversationId])).toEqual([]);
});
