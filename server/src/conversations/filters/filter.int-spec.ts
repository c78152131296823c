import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeConversation, type MadeConversation } from '../../../test/factories-conversations.js';
import { makeAgentIn, makeInbox, type MadeInbox } from '../../../test/factories-inboxes.js';
import { makeAccount, makeMember, type AccountWithAdmin, type Person } from '../../../test/factories.js';
import { call } from '../../../test/http.js';
import { startTestApp, type TestApp } from '../../../test/test-app.js';
import { accountId } from '../../platform/database/account-id.js';
import { SystemWork, UnitOfWork } from '../../platform/database/unit-of-work.js';

let t: TestApp;
let account: AccountWithAdmin;
let agent: Person;
let inboxes: MadeInbox[];
let rows: Row[];
const made: MadeConversation[] = [];

/** A seeded generator: a failure names the seed and can be repeated. */
function dice(seed: number): (n: number) => number {
  let state = seed >>> 0;
  return (n) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor(state / 2 ** 32 * n);
  };
}
const SEED = Number(process.env['FILTER_SEED'] ?? 20_261_121);

interface Row {
  display_id: number; status: string; priority: string | null; assignee_id: number | null; inbox_id: number; team_id: number | null; labels: string[]; created: string; active: string;
  additional_attributes: Record<string, string> | null; custom_attributes: Record<string, unknown> | null;
}
interface Line { attribute_key: string; filter_operator: string; values: (string | number | boolean)[]; query_operator?: 'and' | 'or' | null }

/** What the filter should mean, said a second time and plainly. */
const LABELS = ['urgent', 'donation', 'housing'];
const TYPES: Record<string, 'text' | 'code' | 'day' | 'number' | 'set' | 'moment' | 'digits' | 'boolean'> = {
  status: 'code', priority: 'code', assignee_id: 'code', inbox_id: 'code', team_id: 'code', display_id: 'digits', labels: 'set', created_at: 'moment', last_activity_at: 'moment',
  browser_language: 'text', referer: 'text', mail_subject: 'text', campaign_id: 'text', conversation_language: 'text', town: 'text', age: 'number', due: 'day', agreed: 'boolean',
};
const valueOf = (row: Row, key: string): unknown => ({
  status: row.status, priority: row.priority, assignee_id: row.assignee_id, inbox_id: row.inbox_id, team_id: row.team_id, display_id: row.display_id, labels: row.labels,
  created_at: row.created, last_activity_at: row.active,
} as Record<string, unknown>)[key] ?? row.additional_attributes?.[key] ?? row.custom_attributes?.[key] ?? null;
const day = (v: unknown): string | null => (typeof v === 'string' && /^\d{4}-\d\d-\d\d/.test(v) && !v.startsWith('2026-02-30') ? v.slice(0, 10) : null);

function holds(row: Row, { attribute_key: key, filter_operator: operator, values }: Line): boolean {
  const type = TYPES[key]!;
  const raw = valueOf(row, key);
  const value = type === 'number' ? (raw === null || Number.isNaN(Number(raw)) || raw === '' ? null : Number(raw)) : type === 'day' || type === 'moment' ? day(raw) : raw;
  const text = (v: unknown): string => String(v).toLowerCase();
  const isPresent = Array.isArray(value) ? value.length > 0 : value !== null && value !== '';
  const equals = (): boolean => (Array.isArray(value) ? values.some((v) => value.includes(text(v))) : value !== null && values.some((v) => v === 'all' || text(v) === text(value) || (type === 'number' && Number(v) === value)));
  const contains = (): boolean => value !== null && values.some((v) => text(value).includes(text(v)));
  switch (operator) {
    case 'equal_to': return equals();
    case 'not_equal_to': return !equals();
    case 'contains': return contains();
    case 'does_not_contain': return !contains();
    case 'starts_with': return value !== null && values.some((v) => text(value).startsWith(text(v)));
    case 'is_present': return isPresent;
    case 'is_not_present': return !isPresent;
    case 'is_greater_than': return value !== null && (type === 'number' ? (value as number) > Number(values[0]) : (value as string) > String(values[0]));
    case 'is_less_than': return value !== null && (type === 'number' ? (value as number) < Number(values[0]) : (value as string) < String(values[0]));
    case 'days_before': return value !== null && (value as string) < new Date(t.clock.now() - Number(values[0]) * 86_400_000).toISOString().slice(0, 10);
    default: throw new Error(operator);
  }
}
/** "and" binds tighter than "or". */
function lets(row: Row, lines: Line[]): boolean {
  const groups: Line[][] = [[]];
  for (const line of lines) {
    groups.at(-1)!.push(line);
    if (line.query_operator === 'or') groups.push([]);
  }
  return groups.filter((group) => group.length > 0).some((group) => group.every((line) => holds(row, line)));
}

const sql = <T>(text: string, params: unknown[]): Promise<T[]> => t.app.get(SystemWork).sql<T>(text, params);
const url = () => `/api/v1/accounts/${account.id}`;
const filter = (lines: unknown, query = '', who = account.admin) => call(t, who, 'POST', `${url()}/conversations/filter${query}`, { payload: lines });

beforeAll(async () => {
  t = await startTestApp();
  account = await makeAccount(t);
  inboxes = [await makeInbox(t, account), await makeInbox(t, account)];
  agent = await makeAgentIn(t, account, inboxes[0]!);
  for (const [key, type] of [['town', 0], ['age', 1], ['due', 5], ['agreed', 7]] as const) {
    expect((await call(t, account.admin, 'POST', `${url()}/custom_attribute_definitions`, { attribute_key: key, attribute_display_name: key, attribute_display_type: type, attribute_model: 0 })).status).toBe(200);
  }
  const team = (await call(t, account.admin, 'POST', `${url()}/teams`, { name: 'intake' })).body.id as number;
  const roll = dice(SEED);
  const pick = <T>(...of: T[]): T => of[roll(of.length)]!;
  for (let i = 0; i < 40; i++) {
    const own = await makeConversation(t, account, inboxes[i % 2]!);
    made.push(own);
    if (roll(2)) await call(t, account.admin, 'POST', `${own.url}/labels`, { labels: LABELS.filter(() => roll(2)) });
    // Values that no check lets in any more may be stored from before: text where a number is due.
    const custom = { ...(roll(3) && { town: pick('Oslo', 'BERGEN', 'São Paulo', '', '50%_off') }), ...(roll(3) && { age: pick<unknown>(3, '17', 42.5, -1, 'old') }), ...(roll(3) && { due: pick('2026-01-31', '2026-02-30', 'soon', '2025-12-24T10:00:00Z') }), ...(roll(3) && { agreed: pick<unknown>(true, false, 'true') }) };
    await sql(`UPDATE conversations SET status = $3, priority = $4, assignee_id = $5, team_id = $6, additional_attributes = $7, custom_attributes = $8,
      created_at = '2026-01-01T22:30:00Z'::timestamptz + make_interval(hours => $9), last_activity_at = '2026-02-01T01:00:00Z'::timestamptz + make_interval(hours => $9) WHERE account_id = $1 AND id = $2`,
    [account.id, own.conversationId, roll(4), roll(5), pick(null, agent.id, account.admin.id), pick(null, team), JSON.stringify({ browser_language: pick('en', 'de', 'ar'), referer: pick('https://a.example/', '', `https://a.example/${i}?from=Ä_%\\`),
      ...(roll(3) && { mail_subject: pick(`Parcel ${i}`, `${'so long '.repeat(80)}ENDS ${i}`) }), ...(roll(3) && { campaign_id: pick<unknown>(7, '12') }), ...(roll(9) === 0 && { conversation_language: 'PT-br' }) }), JSON.stringify(custom), roll(200)]);
  }
  rows = await sql<Row>(
    `SELECT c.display_id, (ARRAY['open','resolved','pending','snoozed'])[c.status + 1] AS status, (ARRAY[NULL,'low','medium','high','urgent'])[c.priority + 1] AS priority, c.assignee_id, c.inbox_id, c.team_id,
       ARRAY(SELECT l.title FROM labels l WHERE l.account_id = c.account_id AND l.id = ANY (c.label_ids)) AS labels, to_char(c.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS created,
       to_char(c.last_activity_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS active, c.additional_attributes, c.custom_attributes FROM conversations c WHERE c.account_id = $1`, [account.id]);
});
afterAll(() => t.close());

test('any filter finds in the database what it means', async () => {
  const roll = dice(SEED + 1);
  const pick = <T>(...of: T[]): T => of[roll(of.length)]!;
  const samples: Record<string, () => string | number | boolean> = {
    status: () => pick('open', 'resolved', 'pending', 'snoozed', 'all'), priority: () => pick('low', 'high', 'urgent'), assignee_id: () => pick<string | number>(agent.id, String(account.admin.id), 1),
    inbox_id: () => pick<number>(inboxes[0]!.id, inboxes[1]!.id), team_id: () => rows.find((row) => row.team_id)!.team_id!, display_id: () => pick<string | number>(roll(40), 100 + roll(40)), labels: () => pick(...LABELS, 'Urgent', 'none'),
    created_at: () => `2026-01-0${1 + roll(9)}`, last_activity_at: () => `2026-02-0${1 + roll(9)}`, browser_language: () => pick('en', 'DE', 'a', ''), referer: () => pick('https://A.example/', 'example', '', `example/${roll(40)}`, 'ä_%\\', '\\_'),
    mail_subject: () => pick(`parcel ${roll(40)}`, `ENDS ${roll(40)}`, `g ends ${roll(40)}`, 'parcel', 'so long', 'x'), campaign_id: () => pick<string | number>(7, '1', '12', 'none'), conversation_language: () => pick('pt-BR', 'pt', 'b', 'fi'),
    town: () => pick('oslo', 'ber', 'são', '%', '_', "'; --", 'Bergen'), age: () => pick<string | number>(3, '17', 42.5, -1, 100), due: () => pick('2026-01-31', '2026-01-01'), agreed: () => pick<string | boolean>(true, 'false'),
  };
  const operators = { text: ['equal_to', 'not_equal_to', 'contains', 'does_not_contain', 'starts_with', 'is_present', 'is_not_present'], code: ['equal_to', 'not_equal_to', 'is_present', 'is_not_present'],
    boolean: ['equal_to', 'not_equal_to', 'is_present', 'is_not_present'], set: ['equal_to', 'not_equal_to', 'is_present', 'is_not_present'], moment: ['is_greater_than', 'is_less_than', 'days_before', 'is_present'],
    day: ['equal_to', 'not_equal_to', 'is_greater_than', 'is_less_than', 'days_before', 'is_present', 'is_not_present'], number: ['equal_to', 'not_equal_to', 'is_greater_than', 'is_less_than', 'is_present', 'is_not_present'],
    digits: ['equal_to', 'not_equal_to', 'contains', 'does_not_contain'] };
  for (let i = 0; i < 110; i++) {
    const lines = Array.from({ length: 1 + roll(4) }, (): Line => {
      const attribute_key = pick(...Object.keys(samples));
      const filter_operator = pick(...operators[TYPES[attribute_key]!]);
      const single = ['is_greater_than', 'is_less_than'].includes(filter_operator);
      const values = filter_operator.startsWith('is_') && !single ? [] : filter_operator === 'days_before' ? [String(roll(400))] : Array.from({ length: single ? 1 : 1 + roll(3) }, samples[attribute_key]!);
      return { attribute_key, filter_operator, values, query_operator: pick('and', 'or') };
    });
    const { status, body } = await filter(lines);
    const expected = rows.filter((row) => lets(row, lines)).map((row) => row.display_id).sort((a, b) => a - b);
    const found: number[] = body.payload?.map((c: { id: number }) => c.id) ?? [];
    for (let cursor = body.meta?.next_cursor; cursor;) {
      const next = (await filter(lines, `?cursor=${cursor}`)).body;
      found.push(...next.payload.map((c: { id: number }) => c.id));
      cursor = next.meta.next_cursor;
    }
    expect({ seed: SEED, i, lines, status, found: found.sort((a, b) => a - b), count: body.meta?.all_count }).toEqual({ seed: SEED, i, lines, status: 200, found: expected, count: expected.length });
  }
});

test('attributes are found as they are now, and not in another account', async () => {
  const kept = () => sql<{ wrong: number; n: number }>(
    `WITH due AS (SELECT a.* FROM conversations c, attribute_rows(c.account_id, c.id, c.custom_attributes) a), origins AS (SELECT o.* FROM conversations c, origin_rows(c.account_id, c.id, origin_texts(c.additional_attributes)) o)
     SELECT (SELECT count(*) FROM ((TABLE due EXCEPT ALL TABLE conversation_attributes) UNION ALL (TABLE conversation_attributes EXCEPT ALL TABLE due)) w)::int
         + (SELECT count(*) FROM ((TABLE origins EXCEPT ALL TABLE conversation_origins) UNION ALL (TABLE conversation_origins EXCEPT ALL TABLE origins)) w)::int AS wrong,
       (SELECT count(*) FROM conversation_attributes WHERE account_id = $1 AND conversation_id = $2)::int AS n`, [account.id, own.conversationId]);
  const own = await makeConversation(t, account, inboxes[0]!);
  const town = (value: string): Line[] => [{ attribute_key: 'town', filter_operator: 'equal_to', values: [value] }];
  const found = async (value: string) => (await filter(town(value))).body.payload.map((c: { id: number }) => c.id);
  const set = (attributes: object) => call(t, account.admin, 'POST', `${own.url}/custom_attributes`, { custom_attributes: attributes });
  const long = 'Ünder'.repeat(60);
  for (const [attributes, value, n] of [[{ town: 'Vadsø', age: 4, other: { a: 1 } }, 'vADSØ', 3], [{ town: 'Alta', age: 4, gone: null }, 'alta', 2], [{ town: long }, long.toLowerCase(), 1]] as const) {
    await set(attributes);
    expect([await found(value), await kept()]).toEqual([[own.id], [{ wrong: 0, n }]]);
  }
  expect([await found('Vadsø'), await found('Alta'), await found(`${long.slice(0, 220)}x`)]).toEqual([[], [], []]);
  const from = async (...lines: string[][]) => (await filter(lines.map(([attribute_key, filter_operator, value]) => ({ attribute_key, filter_operator, values: [value], query_operator: 'or' })))).body.payload.map((c: { id: number }) => c.id);
  for (const [origin, n] of [[{ referer: 'https://Vadsø.example/' }, 1], [{ referer: 'https://Vadsø.example/', spam: 'no' }, 1], [{ referer: 'https://alta.example/', mail_subject: long }, 1], [{}, 0], [null, 0]] as const) {
    await sql('UPDATE conversations SET additional_attributes = $3 WHERE account_id = $1 AND id = $2', [account.id, own.conversationId, origin && JSON.stringify(origin)]);
    expect([await kept(), await sql('SELECT 1 FROM conversation_origins WHERE account_id = $1 AND conversation_id = $2', [account.id, own.conversationId])]).toMatchObject([[{ wrong: 0 }], { length: n }]);
    expect(await from(['referer', 'equal_to', 'HTTPS://vadsø.example/'], ['referer', 'contains', 'Vadsø'], ['mail_subject', 'starts_with', 'ü'])).toEqual(origin && 'referer' in origin ? [own.id] : []);
  }

  const neighbour = await makeAccount(t);
  await makeConversation(t, neighbour, await makeInbox(t, neighbour));
  await call(t, neighbour.admin, 'POST', `/api/v1/accounts/${neighbour.id}/custom_attribute_definitions`, { attribute_key: 'town', attribute_display_name: 'town', attribute_display_type: 0, attribute_model: 0 });
  expect((await call(t, neighbour.admin, 'POST', `/api/v1/accounts/${neighbour.id}/conversations/filter`, { payload: town(long) })).body.payload).toEqual([]);
  expect((await call(t, account.admin, 'DELETE', own.url)).status).toBe(200);
  expect(await kept()).toEqual([{ wrong: 0, n: 0 }]);
});

test('agents find only what they see, page by page', async () => {
  const all: Line[] = [{ attribute_key: 'status', filter_operator: 'equal_to', values: ['all'] }];
  const first = (await filter(all, '', agent)).body;
  expect([first.meta.all_count, first.payload.length]).toEqual([20, 20]);
  expect([(await filter(all)).body.payload.length, (await filter(all, '?page=2')).body.payload.length]).toEqual([25, 15]);
  expect(new Set(first.payload.map((c: { inbox_id: number }) => c.inbox_id))).toEqual(new Set([inboxes[0]!.id]));
  expect((await filter(all, '', await makeMember(t, account.id))).body.payload).toEqual([]);
});

describe('what is no filter is refused', () => {
  const line = { attribute_key: 'status', filter_operator: 'equal_to', values: ['open'], query_operator: null };
  test.each([
    [{ ...line, attribute_key: 'password' }, /^Invalid attribute key - \[password\]/], [{ ...line, attribute_key: '__proto__' }, /^Invalid attribute key/], [{ ...line, filter_operator: 'contains' }, /^Invalid operator\. The allowed operators for status/],
    [{ ...line, filter_operator: 'like' }, /^Invalid operator/], [{ ...line, values: [] }, /^Invalid value/], [{ ...line, values: ['closed'] }, /^Invalid value/], [{ ...line, values: null }, /^Invalid value/],
    [{ attribute_key: 'assignee_id', filter_operator: 'equal_to', values: ['x'] }, /^Invalid value/], [{ attribute_key: 'created_at', filter_operator: 'is_less_than', values: ['yesterday'] }, /^Invalid value/], [{ attribute_key: 'created_at', filter_operator: 'is_less_than', values: ['2026-02-30'] }, /^Invalid value/],
    [{ attribute_key: 'created_at', filter_operator: 'days_before', values: ['1e9'] }, /^Invalid value/], [{ attribute_key: 'status', filter_operator: 'attribute_changed', values: { from: ['a'] } }, /^Invalid operator/],
  ])('%j', async (bad, message) => {
    const { status, body } = await filter([bad]);
    expect([status, body.error]).toEqual([422, expect.stringMatching(message)]);
  });
  test('a joiner that is none, too many lines, too many values, no list', async () => {
    expect((await filter([{ ...line, query_operator: 'xor' }, line])).body).toEqual({ error: 'Query operator must be either "AND" or "OR".' });
    expect((await filter(Array.from({ length: 51 }, () => line))).status).toBe(422);
    expect((await filter([{ ...line, values: Array.from({ length: 5000 }, () => 'open') }])).status).toBe(422);
    for (const bad of ['x', {}, null, [], [null], ['x'], [{}]]) expect((await filter(bad)).status).toBe(422);
  });
});

test('contacts are filtered by the same rules', async () => {
  const contacts = async (lines: Line[], query = '') => call(t, account.admin, 'POST', `${url()}/contacts/filter${query}`, { payload: lines });
  await call(t, account.admin, 'POST', `${url()}/custom_attribute_definitions`, { attribute_key: 'member_since', attribute_display_name: 'Member since', attribute_display_type: 'date', attribute_model: 'contact_attribute' });
  const ids: number[] = [];
  for (const [name, city, since] of [['Ana Ferreira', 'Porto', '2024-05-01'], ['Bo Lind', 'Lund', '2025-05-01'], ['Cy', undefined, undefined]]) {
    const { body } = await call(t, account.admin, 'POST', `${url()}/contacts`, { name, phone_number: `+47${String(90_000_000 + ids.length)}`, ...(since && { identifier: `Ünit-${city}`, email: `${city}@Example.org` }), additional_attributes: { city }, custom_attributes: { member_since: since ?? null } });
    ids.push(body.payload.contact.id);
  }
  await call(t, account.admin, 'POST', `${url()}/contacts/${ids[1]}/labels`, { labels: ['donor'] });
  const found = async (line: Line) => (await contacts([line, { attribute_key: 'phone_number', filter_operator: 'starts_with', values: ['+479000'] }])).body.payload.map((c: { id: number }) => ids.indexOf(c.id)).sort();
  expect(await found({ attribute_key: 'city', filter_operator: 'equal_to', values: ['porto'] })).toEqual([0]);
  expect(await found({ attribute_key: 'city', filter_operator: 'not_equal_to', values: ['porto'] })).toEqual([1, 2]);
  const searched = async (q: string, line: Line) => {
    const { meta, payload } = (await contacts([line], `?q=${encodeURIComponent(q)}`)).body;
    return [meta.count, payload.map((c: { id: number }) => ids.indexOf(c.id)).sort()];
  };
  const cities: Line = { attribute_key: 'city', filter_operator: 'is_present', values: [] };
  // What is typed into the search and what the filter says hold both.
  expect([await searched('lind', cities), await searched('+4790000', cities), await searched('Cy', cities), await searched('b', cities), await searched('  ', { ...cities, filter_operator: 'equal_to', values: ['lund'] })])
    .toEqual([[1, [1]], [2, [0, 1]], [0, []], [1, [1]], [1, [1]]]);
  expect((await call(t, account.admin, 'GET', `${url()}/contacts?q=lind&labels[]=nobody`)).body.payload).toEqual([]);
  expect((await call(t, account.admin, 'GET', `${url()}/contacts?q=LIND`)).body).toMatchObject({ meta: { count: 1 }, payload: [{ id: ids[1] }] });
  expect(await found({ attribute_key: 'labels', filter_operator: 'equal_to', values: ['Donor'] })).toEqual([1]);
  const kept = () => sql<{ wrong: number }>(
    `WITH due AS (SELECT a.* FROM contacts c, contact_attribute_rows(c.account_id, c.id, c.custom_attributes, c.additional_attributes, c.label_ids) a)
     SELECT count(*)::int AS wrong FROM ((TABLE due EXCEPT ALL TABLE contact_attributes) UNION ALL (TABLE contact_attributes EXCEPT ALL TABLE due)) w`, []);
  expect(await kept()).toEqual([{ wrong: 0 }]);
  for (const [attribute_key, filter_operator, values, expected] of [
    ['name', 'equal_to', ['ana FERREIRA'], [0]], ['name', 'contains', ['ferr', 'lind'], [0, 1]], ['name', 'starts_with', ['Bo L'], [1]], ['name', 'does_not_contain', ['ferr'], [1, 2]], ['name', 'equal_to', ['cY'], [2]], ['name', 'contains', ['ana_'], []],
    ['identifier', 'equal_to', ['üNIT-lund'], [1]], ['identifier', 'contains', ['nit-po'], [0]], ['email', 'equal_to', ['PORTO@example.org', 'x@y.example'], [0]], ['email', 'not_equal_to', ['porto@example.org'], [1, 2]], ['email', 'contains', ['@EXAMPLE'], [0, 1]], ['email', 'is_not_present', [], [2]],
    ['phone_number', 'equal_to', ['4790000001'], [1]], ['phone_number', 'starts_with', [' 4790000002 '], [2]], ['phone_number', 'contains', ['+4790'], [0, 1, 2]], ['city', 'contains', ['UND'], [1]], ['city', 'starts_with', ['p'], [0]], ['city', 'is_present', [], [0, 1]], ['city', 'is_not_present', [], [2]],
    ['member_since', 'equal_to', ['2024-05-01'], [0]], ['created_at', 'is_less_than', ['2020-01-01'], []], ['blocked', 'equal_to', ['true'], []], ['labels', 'equal_to', ['nothing', 'donor'], [1]],
  ] as const) expect([attribute_key, filter_operator, values, await found({ attribute_key, filter_operator, values: [...values] })]).toEqual([attribute_key, filter_operator, values, expected]);
  const either = (await contacts([{ attribute_key: 'city', filter_operator: 'equal_to', values: ['Lund'], query_operator: 'or' }, { attribute_key: 'name', filter_operator: 'equal_to', values: ['Ana Ferreira'] }])).body;
  expect([either.meta.count, either.payload.map((c: { id: number }) => ids.indexOf(c.id)).sort()]).toEqual([2, [0, 1]]);
  await call(t, account.admin, 'PATCH', `${url()}/contacts/${ids[1]}`, { additional_attributes: { city: 'Malmö' }, custom_attributes: { '/city': 'lund' } });
  expect([await kept(), await found({ attribute_key: 'city', filter_operator: 'equal_to', values: ['lund'] }), await found({ attribute_key: 'city', filter_operator: 'contains', values: ['alm'] })]).toEqual([[{ wrong: 0 }], [], [1]]);
  expect(await found({ attribute_key: 'labels', filter_operator: 'is_not_present', values: [] })).toEqual([0, 2]);
  expect(await found({ attribute_key: 'member_since', filter_operator: 'is_less_than', values: ['2025-01-01'] })).toEqual([0]);
  expect(await found({ attribute_key: 'blocked', filter_operator: 'equal_to', values: ['false'] })).toEqual([0, 1, 2]);
  expect((await contacts([{ attribute_key: 'name', filter_operator: 'contains', values: ['an'] }], '?sort=name&page=1')).body.meta).toMatchObject({ current_page: 1 });
  expect((await contacts([{ attribute_key: 'status', filter_operator: 'equal_to', values: ['open'] }])).body.error).toMatch(/^Invalid attribute key/);
});

// Few different texts are looked through one by one, many by their parts: what is found must not tell.
test.each([[150], [450]])('parts of texts are found among %i different ones', async (many) => {
  const { id } = await makeAccount(t);
  const texts = `SELECT $1::bigint AS account, i AS id, CASE i % 3 WHEN 0 THEN '50%_off\\' WHEN 1 THEN 'müller' ELSE 'a' END || i AS text FROM generate_series(1, $2::int) i`;
  await sql(`INSERT INTO conversation_attributes (account_id, conversation_id, key, value) SELECT account, id, 'street', text FROM (${texts}) x`, [id, many]);
  await sql(`INSERT INTO contact_attributes (account_id, contact_id, key, value) SELECT account, id, 'street', text FROM (${texts}) x`, [id, many]);
  await sql(`INSERT INTO conversation_origins (account_id, conversation_id, is_cut, referer, campaign_id) SELECT account, id, false, text, text FROM (${texts}) x`, [id, many]);
  for (const pattern of ['%1%', '%12%', '%ler12%', '%\\%%', '%\\_o%', '%%', 'm%', '\\%%', '50\\%\\_off\\\\1%', '%ü%', 'nobody%', '%zzzz%']) {
    const expected = (await sql<{ id: number }>(`SELECT id FROM (${texts}) x WHERE text LIKE $3 ORDER BY 1`, [id, many, pattern])).map((row) => row.id);
    for (const found of [`attribute_ids('street', $1)`, `contact_attribute_ids('street', $1)`, `origin_ids('referer', $1)`, `origin_ids('campaign_id', $1)`]) {
      const rows = await t.app.get(UnitOfWork).run(accountId(id), (tx) => tx.sql<{ id: number }>(`SELECT id FROM ${found} ORDER BY 1`, [pattern]));
      expect([pattern, found, rows.map((row) => row.id)]).toEqual([pattern, found, expected]);
    }
  }
});
