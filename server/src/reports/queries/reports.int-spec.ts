import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeAccount, makeMember, type AccountWithAdmin, type Person } from '../../../test/factories.js';
import { makeConversation, makeMessage, type MadeConversation } from '../../../test/factories-conversations.js';
import { makeAgentIn, makeInbox, type MadeInbox } from '../../../test/factories-inboxes.js';
import { call, eventually, type Answer } from '../../../test/http.js';
import { startTestApp, type TestApp } from '../../../test/test-app.js';
import { accountId } from '../../platform/database/account-id.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { CountHistory } from '../counting/count-history.service.js';

/* One Tuesday in an account, asked about in every way there is. Times are exact because the thread is put where it is wanted and counted again. */

let t: TestApp;
let account: AccountWithAdmin;
let stranger: AccountWithAdmin;
let agent: Person;
let site: MadeInbox;
let line: MadeInbox;
let first: MadeConversation;
let second: MadeConversation;
let team: number;
let label: number;

const TUESDAY = Date.UTC(2026, 2, 3) / 1000;
const HOUR = 3600;
const around = `since=${TUESDAY}&until=${TUESDAY + 24 * HOUR}`;
const v2 = (path: string, who = account.admin): Promise<Answer> => call(t, who, 'GET', `/api/v2/accounts/${account.id}/${path}`);

beforeAll(async () => {
  t = await startTestApp();
  account = await makeAccount(t);
  stranger = await makeAccount(t);
  site = await makeInbox(t, account, {
    name: 'Site', working_hours_enabled: true, timezone: 'UTC',
    working_hours: [0, 1, 2, 3, 4, 5, 6].map((day_of_week) => ({ day_of_week, open_all_day: false, closed_all_day: false, open_hour: 10, open_minutes: 0, close_hour: 18, close_minutes: 0 })),
  });
  line = await makeInbox(t, account, { name: 'Line' });
  agent = await makeAgentIn(t, account, site, line);
  const url = `/api/v1/accounts/${account.id}`;
  team = (await call(t, account.admin, 'POST', `${url}/teams`, { name: 'evening' })).body.id as number;
  label = (await call(t, account.admin, 'POST', `${url}/labels`, { title: 'urgent' })).body.id as number;
  first = await makeConversation(t, account, site);
  second = await makeConversation(t, account, line);
  await call(t, account.admin, 'POST', `${first.url}/assignments`, { assignee_id: agent.id });
  await call(t, account.admin, 'POST', `${first.url}/assignments`, { team_id: team });
  await call(t, account.admin, 'POST', `${first.url}/labels`, { labels: ['urgent'] });
  await makeMessage(t, first, agent);
  await makeMessage(t, first, agent, { private: true });
  await call(t, agent, 'POST', `${first.url}/toggle_status`, { status: 'resolved' });
  await put(first, [['incoming', 8.5], ['line', 8.5], ['line', 8.5], ['line', 8.5], ['reply', 11], ['note', 11], ['resolved', 14.5]]);
  await put(second, [['incoming', 23]]);
  await t.app.get(CountHistory).beginAnew(accountId(account.id));
  await t.app.get(CountHistory).finish(accountId(account.id));
});
afterAll(() => t.close());

/** Moves the messages of a conversation to these hours of the Tuesday. */
async function put(conversation: MadeConversation, hours: [string, number][]): Promise<void> {
  const system = t.app.get(SystemWork);
  await eventually('all are there', async () => (await system.sql<{ n: number }>('SELECT count(*)::int AS n FROM messages WHERE conversation_id = $1', [conversation.conversationId]))[0]!.n === hours.length);
  await system.sql(
    `UPDATE messages m SET created_at = to_timestamp(k.at) FROM (SELECT id, ($2::float8[])[row_number() OVER (ORDER BY id)] AS at FROM messages WHERE conversation_id = $1) k WHERE m.conversation_id = $1 AND m.id = k.id`,
    [conversation.conversationId, hours.map(([, hour]) => TUESDAY + hour * HOUR)]);
  await system.sql('UPDATE conversations SET created_at = to_timestamp($2) WHERE id = $1', [conversation.conversationId, TUESDAY + hours[0]![1] * HOUR]);
}

describe('over time', () => {
  const series = async (query: string): Promise<[string, number | null, number?][]> => ((await v2(`reports?${query}`)).body as { timestamp: number; value: number | null; count?: number }[])
    .map(({ timestamp, value, count }) => [new Date(timestamp * 1000).toISOString().slice(0, 16), value, ...(count === undefined ? [] : [count])] as [string, number | null, number?]);

  test('by hour, with the hours in which nothing happened', async () => {
    const points = await series(`metric=conversations_count&type=account&group_by=hour&${around}`);
    expect(points).toHaveLength(24);
    expect(points.filter(([, value]) => value !== 0)).toEqual([['2026-03-03T08:00', 1], ['2026-03-03T23:00', 1]]);
  });
  test('by day, where a day begins elsewhere', async () => {
    expect(await series(`metric=incoming_messages_count&type=account&${around}`)).toEqual([['2026-03-03T00:00', 2]]);
    expect(await series(`metric=incoming_messages_count&type=account&timezone_offset=5.75&${around}`)).toEqual([['2026-03-02T18:15', 1], ['2026-03-03T18:15', 1]]);
  });
  test('times are means, with the number of things; of nothing there is none', async () => {
    expect(await series(`metric=avg_first_response_time&type=agent&id=${agent.id}&${around}`)).toEqual([['2026-03-03T00:00', 2.5 * HOUR, 1]]);
    expect(await series(`metric=avg_first_response_time&type=inbox&id=${site.id}&business_hours=true&${around}`)).toEqual([['2026-03-03T00:00', HOUR, 1]]);
    expect(await series(`metric=avg_resolution_time&type=team&id=${team}&group_by=month&${around}`)).toEqual([['2026-03-01T00:00', 6 * HOUR, 1]]);
    expect(await series(`metric=reply_time&type=label&id=${label}&group_by=week&${around}`)).toEqual([['2026-03-01T00:00', null, 0]]);
  });
});

test('a summary, and what was before', async () => {
  const nothing = { conversations_count: 0, incoming_messages_count: 0, outgoing_messages_count: 0, avg_first_response_time: null, avg_resolution_time: null, resolutions_count: 0, reply_time: null, bot_resolutions_count: 0, bot_handoffs_count: 0 };
  const tuesday = { ...nothing, conversations_count: 2, incoming_messages_count: 2, outgoing_messages_count: 1, avg_first_response_time: 2.5 * HOUR, avg_resolution_time: 6 * HOUR, resolutions_count: 1 };
  expect((await v2(`reports/summary?type=account&${around}`)).body).toEqual({ ...tuesday, previous: nothing });
  expect((await v2(`reports/summary?type=account&since=${TUESDAY + 24 * HOUR}&until=${TUESDAY + 48 * HOUR}`)).body).toEqual({ ...nothing, previous: tuesday });
  // Neither edge is a day's.
  expect((await v2(`reports/summary?type=account&since=${TUESDAY - 30 * HOUR}&until=${TUESDAY + 12 * HOUR}`)).body).toMatchObject({ conversations_count: 1, resolutions_count: 0, avg_first_response_time: 2.5 * HOUR });
  expect((await v2(`reports/summary?type=inbox&id=${line.id}&${around}`)).body).toMatchObject({ conversations_count: 1, outgoing_messages_count: 0 });
});

test('for each agent, inbox, team, label and channel', async () => {
  const row = (id: number, name: string, values: [number, number, number | null, number | null]): object =>
    ({ id, name, conversations_count: values[0], resolved_conversations_count: values[1], avg_first_response_time: values[2], avg_resolution_time: values[3], avg_reply_time: null });
  expect((await v2(`summary_reports/inbox?${around}`)).body).toEqual([row(line.id, 'Line', [1, 0, null, null]), row(site.id, 'Site', [1, 1, 2.5 * HOUR, 6 * HOUR])]);
  expect((await v2(`summary_reports/inbox?business_hours=true&${around}`)).body[1]).toEqual(row(site.id, 'Site', [1, 1, HOUR, 4.5 * HOUR]));
  expect((await v2(`summary_reports/agent?${around}`)).body).toContainEqual(row(agent.id, agent.name, [1, 1, 2.5 * HOUR, 6 * HOUR]));
  expect((await v2(`summary_reports/team?${around}`)).body).toEqual([row(team, 'evening', [1, 1, 2.5 * HOUR, 6 * HOUR])]);
  expect((await v2(`summary_reports/label?${around}`)).body).toEqual([row(label, 'urgent', [1, 1, 2.5 * HOUR, 6 * HOUR])]);
  const [channel] = Object.values((await v2(`summary_reports/channel?${around}`)).body as Record<string, object>);
  expect(channel).toEqual({ open: 1, resolved: 1, pending: 0, snoozed: 0, total: 2 });
  expect((await v2(`summary_reports/channel?since=${TUESDAY}&until=${TUESDAY + 185 * 24 * HOUR}`)).status).toBe(422);
});

test('first responses by how long they took, labels by inbox, messages by whom', async () => {
  expect(Object.values((await v2(`reports/first_response_time_distribution?${around}`)).body as object)).toEqual([{ '0-1h': 0, '1-4h': 1, '4-8h': 0, '8-24h': 0, '24h+': 0 }]);
  expect((await v2(`reports/inbox_label_matrix?${around}`)).body).toEqual({ inboxes: [{ id: line.id, name: 'Line' }, { id: site.id, name: 'Site' }], labels: [{ id: label, title: 'urgent' }], matrix: [[0], [1]] });
  expect((await v2(`reports/inbox_label_matrix?inbox_ids[]=${site.id}&label_ids[]=0&${around}`)).body).toEqual({ inboxes: [{ id: site.id, name: 'Site' }], labels: [], matrix: [[]] });
  expect((await v2(`reports/outgoing_messages_count?group_by=agent&${around}`)).body).toContainEqual({ id: agent.id, name: agent.name, outgoing_messages_count: 1 });
  expect((await v2(`reports/outgoing_messages_count?group_by=inbox&${around}`)).body).toEqual([{ id: line.id, name: 'Line', outgoing_messages_count: 0 }, { id: site.id, name: 'Site', outgoing_messages_count: 1 }]);
});

test('how things stand now', async () => {
  expect((await v2('reports/conversations?type=account')).body).toEqual({ open: 1, unattended: 1, unassigned: 1, pending: 0 });
  expect((await v2(`reports/conversations/?type=agent&user_id=${agent.id}`)).body).toEqual([
    { id: agent.id, name: agent.name, email: agent.email, thumbnail: expect.any(String), availability: expect.stringMatching(/^(on|off)line$/), metric: { open: 0, unattended: 0 } }]);
  const nobodys = { open: 1, unattended: 1, unassigned: 1 };
  expect((await v2('live_reports/conversation_metrics')).body).toEqual({ ...nobodys, pending: 0 });
  expect((await v2(`live_reports/conversation_metrics?team_id=${team}`)).body).toEqual({ open: 0, unattended: 0, unassigned: 0, pending: 0 });
  expect((await v2('live_reports/conversation_metrics?team_id=999999')).status).toBe(404);
  expect((await v2('live_reports/grouped_conversation_metrics?group_by=assignee_id')).body).toEqual([{ ...nobodys, assignee_id: null }]);
  expect((await v2('live_reports/grouped_conversation_metrics?group_by=team_id')).body).toEqual([{ ...nobodys, team_id: null }]);
  expect((await v2('reports/conversations?type=agent')).body).toHaveLength(2);
  expect((await v2('reports/conversations?type=agent&page=2')).body).toEqual([]);
  expect((await v2(`reports/conversations?type=agent&user_id=${stranger.admin.id}`)).status).toBe(404);
  expect((await v2('reports/progress')).body).toEqual({ counted: 2, total: 2, finished: true });
});

test('the events themselves, of the account and of a conversation', async () => {
  const { body } = await call(t, account.admin, 'GET', `/api/v1/accounts/${account.id}/reporting_events`);
  expect(body.meta).toEqual({ count: 2, current_page: 1, total_pages: 1 });
  expect(body.payload[1]).toEqual({
    id: expect.any(Number), name: 'first_response', value: 2.5 * HOUR, value_in_business_hours: HOUR, event_start_time: '2026-03-03T08:30:00.000Z', event_end_time: '2026-03-03T11:00:00.000Z',
    account_id: account.id, conversation_id: first.id, inbox_id: site.id, user_id: agent.id, created_at: '2026-03-03T11:00:00.000Z', updated_at: expect.any(String),
  });
  const names = async (query: string): Promise<string[]> => ((await call(t, account.admin, 'GET', `/api/v1/accounts/${account.id}/reporting_events?${query}`)).body.payload as { name: string }[]).map((event) => event.name);
  expect(await names('name=conversation_resolved')).toEqual(['conversation_resolved']);
  expect(await names(`since=${TUESDAY + 12 * HOUR}`)).toEqual(['conversation_resolved']);
  expect(await names(`inbox_id=${line.id}`)).toEqual([]);
  expect(await names(`user_id=${agent.id}&page=2`)).toEqual([]);
  // Who sees a conversation sees what happened in it.
  expect((await call(t, agent, 'GET', `${first.url}/reporting_events`)).body.map((event: { name: string }) => event.name)).toEqual(['first_response', 'conversation_resolved']);
  expect((await call(t, await makeMember(t, account.id), 'GET', `${first.url}/reporting_events`)).status).toBe(404);
});

test('files for spreadsheets', async () => {
  const file = async (path: string): Promise<string[]> => {
    const answer = await v2(`reports/${path}`);
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('content-disposition')!.slice(0, 20)]).toEqual([200, 'text/csv; charset=utf-8', 'attachment; filename']);
    return (answer.body as string).trim().split('\r\n');
  };
  expect((await file(`inboxes?${around}`)).slice(1)).toEqual(['Line,1,,,,0', 'Site,1,9000,21600,,1']);
  expect(await file(`agents?${around}`)).toContain(`${agent.name},1,9000,21600,,1`);
  expect((await file(`labels?business_hours=1&${around}`)).slice(1)).toEqual(['urgent,1,3600,16200,,1']);
  expect((await file(`teams?${around}`)).slice(1)).toEqual(['evening,1,9000,21600,,1']);
  expect((await file(`conversations_summary?${around}`)).slice(1)).toEqual(['2026-03-03T00:00:00.000Z,2,2,1,9000,21600,1,,0,0']);
  const traffic = await file(`conversation_traffic?timezone_offset=2&${around}`);
  expect([traffic.length, traffic[0], traffic[11], traffic[2]]).toEqual([25, 'Start of the hour,2026-03-03,2026-03-04', '10:00,1,0', '01:00,0,1']);
});

test('what makes no sense is said to', async () => {
  const refused = async (path: string): Promise<number> => (await v2(path)).status;
  const metric = 'metric=conversations_count';
  for (const query of [
    `${metric}&type=account&since=yesterday`, `${metric}&type=account&since=20&until=10`, `${metric}&type=account&since=-5`, `${metric}&type=account&until=99999999999`, `${metric}&type=account&group_by=minute`,
    `${metric}&type=account&timezone_offset=26`, `${metric}&type=account&timezone_offset=0.3`, `${metric}&type=account&timezone_offset=Asia/Tokyo`, `metric=happiness&type=account`, `${metric}&type=planet`, 'type=account', metric,
    `${metric}&type=account&business_hours=maybe`, `${metric}&type=account&group_by=hour&since=0&until=1700000000`,
  ]) expect([query, await refused(`reports?${query}`)]).toEqual([query, 422]);
  for (const query of ['reports/conversations', 'reports/conversations?type=inbox', 'reports/outgoing_messages_count', 'reports/outgoing_messages_count?group_by=channel', 'live_reports/grouped_conversation_metrics', 'live_reports/grouped_conversation_metrics?group_by=inbox_id', 'summary_reports/agent?since=2&until=1']) expect([query, await refused(query)]).toEqual([query, 422]);
  const foreign = await makeInbox(t, stranger);
  for (const id of [foreign.id, 0, 'abc', '', '1;2', '99999999999999999']) expect([id, await refused(`reports?${metric}&type=inbox&id=${id}`)]).toEqual([id, 404]);
  expect(await refused(`reports/summary?type=agent&id=${stranger.admin.id}`)).toBe(404);
  expect(await refused(`reports/summary?type=team`)).toBe(404);
  expect(await refused('reports/summary?type=label&id=2147483648')).toBe(404);
});

test('reports are for administrators of the account', async () => {
  for (const path of [`reports/summary?type=account`, 'summary_reports/agent', 'reports/agents', 'reports/conversations?type=account', 'live_reports/conversation_metrics', 'reports/bot_metrics']) {
    expect([(await v2(path, agent)).status, (await v2(path, stranger.admin)).status]).toEqual([401, 401]);
  }
});

test('what bots do is counted in the inboxes that have one', async () => {
  const [before, none] = [TUESDAY - 24 * HOUR, { bot_resolutions_count: 0, bot_handoffs_count: 0 }];
  expect((await v2(`reports/bot_metrics?${around}`)).body).toEqual({ conversation_count: 0, message_count: 0, resolution_rate: 0, handoff_rate: 0 });
  const desk = await makeInbox(t, account, { name: 'Desk', members: [agent] });
  const bot = (await call(t, account.admin, 'POST', `/api/v1/accounts/${account.id}/agent_bots`, { name: 'Answering machine' })).body.id as number;
  await call(t, account.admin, 'POST', `/api/v1/accounts/${account.id}/inboxes/${desk.id}/set_agent_bot`, { agent_bot: bot });
  const [resolved, handed] = [await makeConversation(t, account, desk), await makeConversation(t, account, desk)];
  await call(t, agent, 'POST', `${resolved.url}/toggle_status`, { status: 'resolved' });
  await call(t, agent, 'POST', `${handed.url}/toggle_status`, { status: 'open' });
  await put(resolved, [['incoming', -23], ['resolved', -22]]);
  await put(handed, [['incoming', -23], ['open', -21]]);
  await t.app.get(CountHistory).beginAnew(accountId(account.id));
  await t.app.get(CountHistory).finish(accountId(account.id));
  const monday = `since=${before}&until=${TUESDAY}`;
  expect((await v2(`reports/bot_summary?${monday}`)).body).toEqual({ bot_resolutions_count: 1, bot_handoffs_count: 1, previous: none });
  expect((await v2(`reports/bot_summary?${around}`)).body).toEqual({ ...none, previous: { bot_resolutions_count: 1, bot_handoffs_count: 1 } });
  expect((await v2(`reports/bot_metrics?${monday}`)).body).toEqual({ conversation_count: 2, message_count: 0, resolution_rate: 50, handoff_rate: 50 });
});
