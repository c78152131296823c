import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeAccount, makeMember, type AccountWithAdmin, type Person } from '../../../test/factories.js';
import { makeConversation, type MadeConversation } from '../../../test/factories-conversations.js';
import { makeAgentIn, makeInbox, type MadeInbox } from '../../../test/factories-inboxes.js';
import { call } from '../../../test/http.js';
import { startTestApp, type TestApp, WITHOUT_SCHEDULE } from '../../../test/test-app.js';
import { accountId } from '../../platform/database/account-id.js';
import { SystemWork, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { FoldConversationCounts } from './fold-counts.job.js';
import { SORTS } from './list.dto.js';

let t: TestApp;
let account: AccountWithAdmin;
let inboxes: MadeInbox[];
let agent: Person;
const made: MadeConversation[] = [];
beforeAll(async () => {
  t = await startTestApp(WITHOUT_SCHEDULE);
  account = await makeAccount(t);
  inboxes = [await makeInbox(t, account), await makeInbox(t, account), await makeInbox(t, account)];
  agent = await makeAgentIn(t, account, inboxes[0]!, inboxes[1]!);
  for (let i = 0; i < 90; i++) made.push(await makeConversation(t, account, inboxes[i % 3]!));
  // Every state beside every other, and many equal times, since equal sort keys are what paging goes wrong with.
  await sql(`UPDATE conversations SET status = (ARRAY[0,0,0,1,2,3])[1 + display_id % 6], assignee_id = (ARRAY[NULL, $2, $3]::bigint[])[1 + display_id % 3 % 3],
    priority = display_id % 5, last_activity_at = '2026-01-01T00:00:00.123456Z'::timestamptz + make_interval(mins => display_id / 7), created_at = '2026-01-01'::timestamptz + make_interval(mins => display_id / 4),
    waiting_since = CASE WHEN display_id % 2 = 0 THEN '2026-01-01T00:00:00.654321Z'::timestamptz + make_interval(secs => display_id / 3) END WHERE account_id = $1`, [account.id, agent.id, account.admin.id]);
});
afterAll(() => t.close());

const sql = <T>(text: string, params: unknown[]): Promise<T[]> => t.app.get(SystemWork).sql<T>(text, params);
const path = () => `/api/v1/accounts/${account.id}/conversations`;
const list = async (query = '', who = account.admin) => {
  const answer = await call(t, who, 'GET', `${path()}${query}`);
  expect(answer.status).toBe(200);
  return answer.body.data as { meta: { mine_count: number; assigned_count: number; unassigned_count: number; all_count: number; next_cursor: string | null }; payload: { id: number; inbox_id: number; status: string; meta: { assignee?: { id: number } } }[] };
};
const ids = (page: { payload: { id: number }[] }): number[] => page.payload.map((c) => c.id);
const walk = async (query: string, who = account.admin): Promise<number[]> => {
  const all: number[] = [];
  let cursor: string | null = null;
  do {
    const page = await list(`${query}${query.includes('?') ? '&' : '?'}${cursor ? `cursor=${cursor}` : ''}`, who);
    all.push(...ids(page));
    cursor = page.meta.next_cursor;
  } while (cursor);
  return all;
};

/** Several names say the same order. */
const ONE_OF_EACH = [...new Map(Object.entries(SORTS).map(([name, order]) => [order, name])).values()];

describe('the list', () => {
  test('shows open conversations, newest first, with their counts', async () => {
    const page = await list();
    expect(page.payload).toHaveLength(25);
    expect(new Set(page.payload.map((c) => c.status))).toEqual(new Set(['open']));
    const [expected] = await sql<Record<string, number>>(
      `SELECT count(*) FILTER (WHERE assignee_id = $2)::int AS mine_count, count(assignee_id)::int AS assigned_count, count(*) FILTER (WHERE assignee_id IS NULL)::int AS unassigned_count, count(*)::int AS all_count
       FROM conversations WHERE account_id = $1 AND status = 0`, [account.id, account.admin.id]);
    expect(page.meta).toEqual({ ...expected, next_cursor: expect.any(String) });
    expect((await call(t, account.admin, 'GET', `${path()}/meta?status=open`)).body).toEqual({ meta: expected });
  });

  test.each(['open', 'resolved', 'pending', 'snoozed', 'all'].flatMap((status) => ONE_OF_EACH.map((sort) => [status, sort])))(
    'status %s by %s: cursor and page number walk every row once, in one order', async (status, sort) => {
      const query = `?status=${status}&sort_by=${sort}`;
      const walked = await walk(query);
      const expected = await sql<{ display_id: number }>(`SELECT display_id FROM conversations WHERE account_id = $1 AND ($2 = 'all' OR status = array_position(ARRAY['open','resolved','pending','snoozed'], $2) - 1)`, [account.id, status]);
      expect([...walked].sort((a, b) => a - b)).toEqual(expected.map((row) => row.display_id).sort((a, b) => a - b));
      const byNumber: number[] = [];
      for (let page = 1; ; page++) {
        const rows = ids(await list(`${query}&page=${page}`));
        byNumber.push(...rows);
        if (rows.length < 25) break;
      }
      expect(byNumber).toEqual(walked);
      expect((await walk(query, agent)).filter((id) => walked.includes(id))).toEqual(walked.filter((id) => made[id - 1]!.id % 3 !== 0));
    });

  test('sorts as the names say', async () => {
    const rows = await sql<{ display_id: number; priority: number; waiting: number | null; created: number; activity: number }>(
      `SELECT display_id, priority, extract(epoch FROM waiting_since)::float8 AS waiting, extract(epoch FROM created_at)::float8 AS created, extract(epoch FROM last_activity_at)::float8 AS activity
       FROM conversations WHERE account_id = $1 AND status = 0`, [account.id]);
    const by = (...keys: ((row: (typeof rows)[0]) => number)[]): number[] => [...rows].sort((a, b) => keys.reduce((d, key) => d || key(a) - key(b), 0)).map((row) => row.display_id);
    expect(await walk('?sort_by=latest')).toEqual(by((r) => -r.activity, (r) => -r.display_id));
    expect(await walk('?sort_by=sort_on_created_at')).toEqual(by((r) => r.created, (r) => r.display_id));
    expect(await walk('?sort_by=sort_on_priority')).toEqual(by((r) => -r.priority, (r) => -r.activity, (r) => -r.display_id));
    const waiting = by((r) => r.waiting ?? Infinity, (r) => r.display_id).filter((id) => rows.find((r) => r.display_id === id)!.waiting !== null);
    expect(await walk('?sort_by=priority_desc_created_at_asc')).toEqual(by((r) => -r.priority, (r) => r.created, (r) => r.display_id));
    expect((await walk('?sort_by=waiting_since')).slice(0, waiting.length)).toEqual(waiting);
  });

  test.each(['me', 'unassigned', 'assigned', 'all'])('tab %s agrees with its count', async (tab) => {
    for (const who of [account.admin, agent]) {
      const page = await list(`?assignee_type=${tab}&status=all`, who);
      const walked = await walk(`?assignee_type=${tab}&status=all`, who);
      expect(walked).toHaveLength(page.meta[`${tab === 'me' ? 'mine' : tab}_count` as 'all_count']);
      expect(new Set(walked).size).toBe(walked.length);
    }
  });

  test('narrows to an inbox', async () => {
    const page = await list(`?inbox_id=${inboxes[1]!.id}&status=all`);
    expect(new Set(page.payload.map((c) => c.inbox_id))).toEqual(new Set([inboxes[1]!.id]));
    expect(page.meta.all_count).toBe(30);
  });

  test('narrows to an identity, to what changed lately, and to what is one\'s own or nobody\'s', async () => {
    const [one, other] = [made[4]!, made[5]!];
    const found = async (query: string, who = account.admin): Promise<number[]> => ids(await list(`?status=all&${query}`, who)).sort((a, b) => a - b);
    expect([await found(`source_id=${one.sourceId}`), await found('source_id=nobody'), await found(`source_id=${one.sourceId}&q=zzz`)]).toEqual([[one.id], [], []]);
    expect((await list(`?status=all&source_id=${one.sourceId}`)).meta.all_count).toBe(1);
    expect((await call(t, account.admin, 'GET', `${path()}/meta?status=all&source_id=${one.sourceId}`)).body.meta.all_count).toBe(1);
    await sql(`UPDATE conversations SET updated_at = now() - interval '1 day' WHERE account_id = $1 AND id <> $2`, [account.id, other.conversationId]);
    expect(await found('updated_within=3600')).toEqual([other.id]);
    await call(t, account.admin, 'POST', `${one.url}/participants`, { user_ids: [account.admin.id] });
    await call(t, account.admin, 'POST', `${other.url}/participants`, { user_ids: [account.admin.id] });
    await call(t, account.admin, 'POST', `${other.url}/messages`, { private: true, content: `[@Me](mention://user/${account.admin.id}/Me) look` });
    expect(await found('conversation_type=mention')).toEqual([other.id]);
    expect(await found('conversation_type=participating')).toEqual(expect.arrayContaining([one.id, other.id]));
    const unattended = await sql<{ n: number }>('SELECT count(*)::int AS n FROM conversations WHERE account_id = $1 AND (first_reply_at IS NULL OR waiting_since IS NOT NULL)', [account.id]);
    expect((await list('?status=all&conversation_type=unattended')).meta.all_count).toBe(unattended[0]!.n);
  });

  test('ends with empty pages, however far somebody asks', async () => {
    for (const page of [5, 401, 4_001, 900_000_000]) expect(await list(`?status=all&page=${page}`)).toMatchObject({ payload: [], meta: { next_cursor: null } });
    expect((await list('?status=&page=&sort_by=&inbox_id=&assignee_type=')).payload).toHaveLength(25);
    expect(ids(await list('?status=null&sort_by=null'))).toEqual(ids(await list('')));
  });

  test('a filter that is none is refused with a sentence', async () => {
    for (const body of [{}, { payload: 'x' }, { payload: [{ attribute_key: 'status', filter_operator: 'equal_to', values: Array(5000).fill('open') }] }]) {
      const refused = await call(t, account.admin, 'POST', `${path()}/filter`, body);
      expect([refused.status, refused.body.error]).toEqual([422, expect.stringContaining('payload')]);
    }
    for (const body of [{ content: 'x', content_type: 'zz' }, { content: '' }]) expect((await call(t, account.admin, 'POST', `${made[0]!.url}/messages`, body)).body).toMatchObject({ error: expect.any(String), attributes: expect.any(Array) });
    const nothing = { private: null, content_type: null, message_type: null, content_attributes: null, echo_id: null };
    expect((await call(t, account.admin, 'POST', `${made[0]!.url}/messages`, { content: 'x', ...nothing })).status).toBe(200);
  });

  test('shows agents their inboxes only', async () => {
    expect((await list(`?inbox_id=${inboxes[2]!.id}&status=all`, agent)).payload).toEqual([]);
    expect((await list('?status=all', agent)).meta.all_count).toBe(60);
    expect(await list('?status=all', await makeMember(t, account.id))).toMatchObject({ payload: [], meta: { all_count: 0, next_cursor: null } });
    const hidden = made.find((c) => c.id % 3 === 0)!;
    expect((await call(t, agent, 'GET', hidden.url)).status).toBe(404);
    expect((await call(t, account.admin, 'GET', hidden.url)).status).toBe(200);
  });

  test('hides what is in a deleted inbox at once', async () => {
    const gone = await makeInbox(t, account);
    const conversation = await makeConversation(t, account, gone);
    await call(t, account.admin, 'DELETE', `/api/v1/accounts/${account.id}/inboxes/${gone.id}`);
    expect(ids(await list('?status=all'))).not.toContain(conversation.id);
    expect((await call(t, account.admin, 'GET', conversation.url)).status).toBe(404);
    expect((await list('?status=all')).meta.all_count).toBe(90);
  });

  test.each([
    ['status=closed', 'status'], ['assignee_type=you', 'assignee_type'], ['sort_by=size', 'sort_by'], ['page=-1', 'page'], ['conversation_type=loud', 'conversation_type'], ['updated_within=soon', 'updated_within'], ['page=x', 'page'], ['inbox_id=x', 'inbox_id'],
    ['cursor=abc', 'cursor'], ['cursor=WyJhY3Rpdml0eV9kZXNjIiwwLCJ4Il0', 'cursor'], [`cursor=${Buffer.from('["created_asc",0,1,1]').toString('base64url')}`, 'cursor'], [`labels[]=${'x'.repeat(101)}`, 'labels.0'],
  ])('refuses ?%s', async (query, attribute) => {
    const refused = await call(t, account.admin, 'GET', `${path()}?${query}`);
    expect([refused.status, refused.body.attributes]).toEqual([422, [attribute]]);
  });

  test('is for members', async () => {
    const stranger = await makeAccount(t);
    expect((await call(t, stranger.admin, 'GET', path())).status).toBe(401);
    expect((await call(t, null, 'GET', path())).status).toBe(401);
    expect((await call(t, stranger.admin, 'GET', `/api/v1/accounts/${stranger.id}/conversations?inbox_id=${inboxes[0]!.id}&status=all`)).body.data.payload).toEqual([]);
    expect((await call(t, stranger.admin, 'GET', `/api/v1/accounts/${stranger.id}/conversations/1`)).status).toBe(404);
  });
});

test('counts equal a recount whatever happened', async () => {
  const own = await makeAccount(t);
  const boxes = [await makeInbox(t, own), await makeInbox(t, own)];
  const all: MadeConversation[] = [];
  const dice = (n: number): number => Math.floor(Math.random() * n);
  const unit = t.app.get(UnitOfWork);
  for (let i = 0; i < 120; i++) {
    if (all.length < 5 || dice(4) === 0) all.push(await makeConversation(t, own, boxes[dice(2)]!));
    const target = all[dice(all.length)]!;
    await unit.run(accountId(own.id), (tx) => tx.sql('UPDATE conversations SET status = $3, assignee_id = $4 WHERE account_id = $1 AND id = $2',
      [own.id, target.conversationId, dice(4), dice(2) ? own.admin.id : null]));
    if (dice(15) === 0) await t.app.get(FoldConversationCounts).run();
    if (i % 20 !== 19) continue;
    for (const status of ['open', 'resolved', 'pending', 'snoozed', 'all']) {
      const [expected] = await sql(
        `SELECT count(*) FILTER (WHERE assignee_id = $2)::int AS mine_count, count(assignee_id)::int AS assigned_count, count(*) FILTER (WHERE assignee_id IS NULL)::int AS unassigned_count, count(*)::int AS all_count
         FROM conversations WHERE account_id = $1 AND ($3 = 'all' OR status = array_position(ARRAY['open','resolved','pending','snoozed'], $3) - 1)`, [own.id, own.admin.id, status]);
      expect((await call(t, own.admin, 'GET', `/api/v1/accounts/${own.id}/conversations/meta?status=${status}`)).body.meta).toEqual(expected);
    }
  }
  await t.app.get(FoldConversationCounts).run();
  expect(await sql('SELECT * FROM conversation_count_deltas WHERE account_id = $1', [own.id])).toEqual([]);
});
