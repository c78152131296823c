import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeConversation, makeMessage } from '../factories-conversations.js';
import { makeAgentIn, makeInbox, type MadeInbox } from '../factories-inboxes.js';
import { makeAccount, makeMember, type AccountWithAdmin, type Person } from '../factories.js';
import { call, type Answer } from '../http.js';
import { startTestApp, type TestApp } from '../test-app.js';
import { documentedRoutes, fill, nameOf, type Route } from './routes.js';

/* Walks every documented route with the wrong person, the wrong id and the wrong body. */

/** Doors that need no sign-in, and what guards them instead. */
const PUBLIC: [RegExp, string][] = [
  [/^\w+ \/(health|ready|metrics|api|api\/openapi\.json)$/, 'says nothing about people; metrics has its own guard'],
  [/^\w+ \/auth\//, 'is signing in itself: passwords, one-time links'],
  [/^\w+ \/api\/v1\/installation$/, 'demands the one-time link'],
  [/^\w+ \/api\/v1\/widget\//, 'demands the inbox\'s and the visitor\'s tokens'],
  [/^GET \/(files|avatars)\//, 'demands a signed address, or a name nobody can guess'],
  [/^GET \/(app|widget|widget-assets|widget\.js|favicon|robots|$)/, 'pages and their files'],
];
const isPublic = (route: Route): boolean => PUBLIC.some(([pattern]) => pattern.test(nameOf(route)));
/** Written into everything of the other account: must never come out. */
const CANARY = 'canary-7f3a91';

let t: TestApp;
let account: AccountWithAdmin;
let other: AccountWithAdmin;
let outsider: Person;
let routes: Route[];
let theirs: Record<string, string | number>;

async function furnish(of: AccountWithAdmin, mark: string): Promise<{ inbox: MadeInbox; conversation: { id: number }; message: { id: number }; contactId: number; labelId: number }> {
  const inbox = await makeInbox(t, of, { name: `${mark} inbox` });
  const conversation = await makeConversation(t, of, inbox, { content: `${mark} hello`, sender: { sourceId: `${mark}-source`, name: `${mark} person`, email: `${mark}@example.org` } });
  const message = await makeMessage(t, conversation, of.admin, { content: `${mark} answer` });
  const label = await call<{ id: number }>(t, of.admin, 'POST', `/api/v1/accounts/${of.id}/labels`, { title: `${mark}-label` });
  return { inbox, conversation, message, contactId: conversation.contactId, labelId: label.body.id };
}

beforeAll(async () => {
  t = await startTestApp({ REQUESTS_PER_MINUTE: '0' });
  routes = await documentedRoutes(t);
  [account, other] = [await makeAccount(t, 'Ours'), await makeAccount(t, CANARY)];
  await furnish(account, 'ours');
  // More conversations over there: their numbers do not exist here.
  const first = await furnish(other, CANARY);
  for (let i = 0; i < 3; i++) await makeConversation(t, other, first.inbox, { content: CANARY });
  outsider = await makeMember(t, account.id);
  await makeAgentIn(t, account);
  theirs = { account_id: account.id, inbox_id: first.inbox.id, conversation_id: 4, message_id: first.message.id, contact_id: first.contactId, user_id: other.admin.id };
}, 60_000);
afterAll(() => t.close());

const quiet = (answer: Answer): boolean => !JSON.stringify(answer.body ?? '').includes(CANARY);
/** Runs the probe on each route and names those that answered otherwise. */
async function wrong(probed: Route[], probe: (route: Route) => Promise<Answer | undefined>, fine: (answer: Answer, route: Route) => boolean): Promise<string[]> {
  const found: string[] = [];
  for (const route of probed) {
    const answer = await probe(route);
    if (answer && !fine(answer, route)) found.push(`${nameOf(route)} → ${answer.status} ${JSON.stringify(answer.body)?.slice(0, 120)}`);
  }
  return found;
}
const bodyFor = (route: Route): object | undefined => (route.method === 'GET' ? undefined : {});

test('the description is not empty, and what is open to all is known by name', () => {
  expect(routes.length).toBeGreaterThan(80);
  for (const [pattern, reason] of PUBLIC) expect([reason, routes.some((route) => pattern.test(nameOf(route))) || /pages/.test(reason)]).toEqual([reason, true]);
});

test('nobody gets in without signing in', async () => {
  expect(await wrong(routes.filter((r) => !isPublic(r)), (route) => call(t, null, route.method, fill(route, { account_id: account.id }, 1), bodyFor(route)), ({ status }) => status === 401)).toEqual([]);
});

test('another account is out of reach, and tells nothing', async () => {
  const ofAccounts = routes.filter((r) => r.params.includes('account_id'));
  expect(ofAccounts.length).toBeGreaterThan(50);
  expect(await wrong(ofAccounts, (route) => call(t, account.admin, route.method, fill(route, { account_id: other.id }, 1), bodyFor(route)),
    (answer) => [401, 404].includes(answer.status) && quiet(answer))).toEqual([]);
});

test('ids that do not exist, of another account, or that are no ids are not found', async () => {
  const withIds = routes.filter((r) => r.params.includes('account_id') && r.params.length > 1);
  for (const id of [2_000_000_000, 'abc', '-1', '1e3', '99999999999999999999', '0']) {
    expect(await wrong(withIds, (route) => call(t, account.admin, route.method, fill(route, { account_id: account.id }, id), bodyFor(route)),
      (answer, route) => answer.status === 404 || (answer.status === 422 && route.fields.length > 0))).toEqual([]);
  }
  expect(await wrong(withIds, (route) => {
    const last = route.params.at(-1)!;
    const kind = /contacts/.test(route.path) ? 'contact_id' : /inbox/.test(route.path) ? 'inbox_id' : /conversations/.test(route.path) ? 'conversation_id' : 'user_id';
    return call(t, account.admin, route.method, fill(route, { ...theirs, [last]: theirs[last] ?? theirs[kind]! }, theirs[kind]!), bodyFor(route));
  }, (answer, route) => quiet(answer) && (answer.status === 404 || (answer.status === 422 && route.fields.length > 0)))).toEqual([]);
});

test('agents do not do what is the administrators\'', async () => {
  const guarded = routes.filter((r) => /^(POST|PATCH|PUT|DELETE) \/api\/v1\/accounts\/\{account_id\}(\/(agents|inboxes|labels)(\/\{id\}(\/reset_\w+)?)?)?$/.test(nameOf(r)) && !/assignable/.test(r.path));
  expect(guarded.length).toBeGreaterThan(8);
  expect(await wrong(guarded, (route) => call(t, outsider, route.method, fill(route, { account_id: account.id }, 1), bodyFor(route)), ({ status }) => status === 401)).toEqual([]);
});

test('agents outside an inbox do not find its conversations', async () => {
  const ofConversations = routes.filter((r) => /conversations\/\{(id|conversation_id)\}/.test(r.path));
  expect(ofConversations.length).toBeGreaterThan(15);
  expect(await wrong(ofConversations, (route) => call(t, outsider, route.method, fill(route, { account_id: account.id }, 1), bodyFor(route)),
    (answer, route) => answer.status === 404 || (answer.status === 401 && route.method === 'DELETE') || (answer.status === 422 && route.fields.length > 0))).toEqual([]);
});

const GARBAGE: [string, unknown][] = [
  ['a number', 4711], ['an object', { a: { b: [] } }], ['a list', [1, 'x', null]], ['a boolean', true], ['null', null], ['NUL', 'a\u0000b'], ['half a character', 'a\ud800'],
  ['200,000 characters', 'x'.repeat(200_000)], ['script', '<script>alert(1)</script>'], ['SQL', "'; DROP TABLE messages; --"], ['a huge number', 1e300],
];

test('no body breaks anything: 4xx or taken as it is, never 5xx', async () => {
  const writing = routes.filter((r) => r.fields.length > 0 && !/auth|installation|profile/.test(r.path));
  expect(writing.length).toBeGreaterThan(20);
  const before = await counted();
  for (const [what, value] of GARBAGE) {
    const failed = await wrong(writing, (route) => call(t, account.admin, route.method, fill(route, { account_id: account.id }, 2_000_000_000), Object.fromEntries(route.fields.map((f) => [f, value]))), ({ status }) => status < 500);
    expect([what, failed]).toEqual([what, []]);
  }
  for (const raw of ['', '{', '[]', 'null', '"text"', '{"__proto__":{"admin":true}}', '{"constructor":{"prototype":{"x":1}}}', `{"custom_attributes":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}`]) {
    const statuses = await Promise.all(writing.map(async (route) => (await fetch(t.url + fill(route, { account_id: account.id }, 2_000_000_000), {
      method: route.method, body: raw, headers: { ...account.admin.headers, 'content-type': 'application/json' },
    })).status));
    expect([raw, statuses.filter((status) => status >= 500)]).toEqual([raw, []]);
  }
  expect(({} as { admin?: boolean }).admin).toBeUndefined();
  expect(await counted()).toEqual(before);
}, 90_000);

/** What must not change by refused requests: things of the other account, and messages of ours. */
const counted = (): Promise<unknown> => t.database.asOwner(async (client) => (await client.query(
  'SELECT (SELECT count(*) FROM messages) AS messages, (SELECT count(*) FROM conversations) AS conversations, (SELECT count(*) FROM inboxes WHERE account_id = $1) AS inboxes', [other.id])).rows[0]);
