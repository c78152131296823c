import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeMember, signIn } from '../factories.js';
import type { Answer } from '../http.js';
import { foreignIds, ownIds } from './foreign-ids.js';
import { garbageByChannelSetting, garbageByField } from './garbage-by-field.js';
import { foreignIdsInActions, malformedFilters } from './malformed-filters.js';
import { BEYOND, CANARY, Matrix, NOBODY, said, wrong } from './matrix.js';
import { RowCounter } from './rows.js';
import { beyondTheirScope } from './scoped-tokens.js';
import { makeWebChat, openBrowser } from '../widget.js';
import { strangersAtTheChat, strangersAtTheSockets } from './visitor-proofs.js';
import type { Route } from './declared-routes.js';

/* Walks every documented route with the wrong person, the wrong id and the wrong body. Features say in features/ what cannot be read off the routes. */

let m: Matrix;
beforeAll(async () => { m = await Matrix.start(); });
afterAll(() => m?.close());

const nothingChanged = async (work: () => Promise<void>): Promise<void> => {
  const before = await m.rows.look();
  await work();
  expect(RowCounter.changed(before, await m.rows.look())).toEqual([]);
};
const ofAccounts = (): Route[] => m.routes.filter((route) => route.access.who === 'member');
const closed = (): Route[] => m.routes.filter((route) => route.access.who !== 'public');
const ofPeople = (): Route[] => closed().filter((route) => route.access.who !== 'platform');
const ADD = 'in server/test/matrix/features/<your feature>.ts';

test('everybody says who may come: what is open has a door with a reason', () => {
  expect(m.routes.length).toBeGreaterThan(80);
  expect(m.routes.filter((route) => route.access.who === 'public' && !m.features.door(route)).map((route) => `${route.name} is open to all: say what guards it, doors: [{ under: '${route.path}', because: '…' }] ${ADD}`)).toEqual([]);
  expect(m.routes.filter((route) => !['public', 'signed_in', 'member', 'super_administrator', 'platform'].includes(route.access.who)).map((route) => `${route.name} has access "${route.access.who}", which the matrix does not know: teach matrix.int-spec.ts who is refused`)).toEqual([]);
  expect(m.routes.filter((route) => route.unchecked).map((route) => `${route.name} takes a body or query unchecked: give @Body or @Query its { schema }`)).toEqual([]);
  expect(m.features.stale(m.routes).map((name) => `${name} is gone: remove its line`)).toEqual([]);
});

test('nobody gets in without signing in', () => nothingChanged(async () => {
  expect(await wrong(closed(), (route) => m.ask(route, { who: null }), ({ status }) => status === 401)).toEqual([]);
  expect(await wrong(closed(), (route) => m.ask(route, { who: null, headers: { api_access_token: 'plt_forged' } }), ({ status }) => status === 401)).toEqual([]);
}));

test('a cookie alone does nothing: another site\'s page cannot make the browser write', async () => {
  const cookie = await signIn(m.t, m.ours.account.admin);
  const { cookie: session } = cookie.headers;
  const unsafe = ofPeople().filter(({ method }) => method !== 'GET');
  await nothingChanged(async () => {
    const forgeries: Record<string, string>[] = [{ cookie: session! }, { cookie: session!, 'x-requested-with': 'porchlight', origin: 'https://evil.example' }, { cookie: session!, 'x-requested-with': 'porchlight', 'sec-fetch-site': 'cross-site' }];
    for (const headers of forgeries) {
      expect(await wrong(unsafe, (route) => m.ask(route, { who: null, headers }), ({ status }) => status === 403)).toEqual([]);
    }
  });
});

test('people, and apps that made other things, do not reach what an app made', () => nothingChanged(async () => {
  const platform = m.routes.filter((route) => route.access.who === 'platform');
  expect(platform.length).toBeGreaterThan(10);
  expect(await wrong(platform, (route) => m.ask(route, { who: m.ours.account.admin }), ({ status }) => status === 401)).toEqual([]);
  expect(await wrong(platform.filter(({ params }) => params.length > 0), (route) => m.ask(route, { who: m.theirs.platform }), ({ status }) => status === 401)).toEqual([]);
}));

test('another account is out of reach, and tells nothing', () => nothingChanged(async () => {
  expect(ofAccounts().length).toBeGreaterThan(50);
  expect(await wrong(ofAccounts(), (route) => m.ask(route, { params: { account_id: m.theirs.account.id } }), ({ status }) => [401, 404].includes(status))).toEqual([]);
  expect(await wrong(ofAccounts(), (route) => m.ask(route, { params: { account_id: NOBODY } }), ({ status }) => status === 404)).toEqual([]);
}));

test('agents do not do what is the administrators\'', () => nothingChanged(async () => {
  const guarded = ofAccounts().filter(({ access }) => access.who === 'member' && access.role === 'administrator');
  expect(guarded.length).toBeGreaterThan(8);
  expect(await wrong(guarded, (route) => m.ask(route, { who: m.ours.outsider }), ({ status }) => status === 401)).toEqual([]);
}));

test('only who runs the installation does what concerns all of it', () => nothingChanged(async () => {
  const guarded = m.routes.filter(({ access }) => access.who === 'super_administrator');
  expect(guarded.length).toBeGreaterThan(3);
  for (const who of [m.ours.outsider, m.theirs.account.admin]) expect(await wrong(guarded, (route) => m.ask(route, { who }), ({ status }) => status === 401)).toEqual([]);
}));

test('a scoped token opens what it was made for and nothing else', async () => {
  expect(new Set(m.routes.map(({ scope }) => scope)).size).toBeGreaterThan(4);
  expect(await beyondTheirScope(m)).toEqual([]);
});

test('a bot does what is a bot\'s, in its own account, and nothing else', () => nothingChanged(async () => {
  const bot = { ...m.ours.outsider, headers: { api_access_token: m.botToken } };
  const closedToIt = closed().filter((route) => !route.forBots);
  const refusedAsBot = ({ status, body }: Answer): boolean => status === 401 && typeof body.error === 'string';
  expect(await wrong(closedToIt, (route) => m.ask(route, { who: bot }), refusedAsBot)).toEqual([]);
  const its = ofAccounts().filter((route) => route.forBots);
  expect(its.length).toBeGreaterThan(9);
  expect(await wrong(its, (route) => m.ask(route, { who: bot, params: { account_id: m.theirs.account.id } }), refusedAsBot)).toEqual([]);
}));

test('agents outside an inbox do not find its conversations', () => nothingChanged(async () => {
  const ofConversations = m.routes.filter((route) => Object.values(m.paramThings(route)).includes('conversations') && route.access.who === 'member' && route.access.role === undefined);
  expect(ofConversations.length).toBeGreaterThan(15);
  expect(await wrong(ofConversations, (route) => m.ask(route, { who: m.ours.outsider }), ({ status }) => status === 404)).toEqual([]);
}));

test('ids that do not exist, of another account, or that are no ids are not found', () => nothingChanged(async () => {
  for (const name of new Set(m.routes.flatMap(({ params }) => params))) {
    if (name === 'account_id') continue;
    const named = m.routes.filter((route) => name in m.paramThings(route));
    for (const id of [NOBODY, 2_147_483_648, BEYOND, 'abc', '-1', '0', '99999999999999999999', '%00']) {
      expect([id, await wrong(named, (route) => m.ask(route, { params: { [name]: id } }), ({ status }) => status === 404)]).toEqual([id, []]);
    }
    if (m.features.isCredential(name)) continue;
    // Who runs the installation may name what is of any account.
    const ofOneAccount = named.filter(({ access }) => access.who !== 'super_administrator');
    expect(await wrong(ofOneAccount, (route) => m.ask(route, { params: { [name]: m.theirs.ids.get(m.paramThings(route)[name]!)! } }), ({ status }, route) => status === (route.access.who === 'platform' ? 401 : 404))).toEqual([]);
  }
}));

test('ids of another account inside bodies and queries are refused, and nothing is linked', async () => {
  expect(await foreignIds(m)).toEqual([]);
});

test('each field refuses what it cannot hold, is named, and nothing is stored', async () => {
  const { failures, probes } = await garbageByField(m);
  expect(failures).toEqual([]);
  expect(probes).toBeGreaterThan(500);
});

test('each setting of each channel refuses what it cannot hold', async () => {
  const { failures, probes } = await garbageByChannelSetting(m);
  expect(failures).toEqual([]);
  expect(probes).toBeGreaterThan(100);
});

test('what is no filter is refused wherever one is taken', async () => {
  expect(await malformedFilters(m)).toEqual([]);
});

test('ids of another account inside actions and lists are refused, and nothing is done to them', async () => {
  expect(await foreignIdsInActions(m)).toEqual([]);
});

test('the chat lets in nobody with a forged token, one of another inbox, or from a site that may not carry it', async () => {
  expect(await strangersAtTheChat(m)).toEqual([]);
});

test('a chat\'s refused request stores nothing of its other half', async () => {
  const { account, inbox } = m.ours;
  const visitor = await openBrowser(m.t, inbox);
  const { id } = (await visitor.call('POST', 'messages', { message: { content: 'Hello' } })).body as { id: number };
  await m.settled();
  await nothingChanged(async () => {
    const eve = { name: 'Eve', email: 'eve@example.org', custom_attributes: { plan: 'gold' } };
    const wrongProof = { ...eve, identifier: 'alice', identifier_hash: '00'.repeat(32) };
    expect((await visitor.call('POST', 'conversations', { contact: wrongProof, message: { content: 'Hello' } })).status).toBe(401);
    expect((await visitor.call('PATCH', `messages/${id}`, { contact: { email: 'eve@example.org' } })).status).toBe(404);
  });
  const noFiles = await makeWebChat(m.t, account, { selected_feature_flags: [] });
  const browser = await openBrowser(m.t, noFiles);
  const form = new FormData();
  form.append('contact[name]', 'Eve');
  form.append('message[attachments][]', new Blob(['x'], { type: 'text/plain' }), 'x.txt');
  await nothingChanged(async () => {
    expect((await browser.call('POST', 'conversations', form)).status).toBe(422);
    await m.settled();
  });
});

test('sockets take nothing from strangers, and nothing that is no event', async () => {
  expect(await strangersAtTheSockets(m)).toEqual([]);
});

test('no raw body breaks anything: 4xx or taken as it is, never 5xx', () => nothingChanged(async () => {
  const writing = m.routes.filter((route) => route.body && route.params.length > 1);
  for (const raw of ['', '{', '[]', 'null', '"text"', '{"__proto__":{"admin":true}}', '{"constructor":{"prototype":{"x":1}}}', `{"custom_attributes":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}`]) {
    const failed = await Promise.all(writing.map(async (route) => {
      const path = route.path.replace('{account_id}', String(m.ours.account.id)).replace(/\{\w+\}/g, String(NOBODY));
      const { status } = await fetch(m.t.url + path, { method: route.method, body: raw, headers: { ...m.ours.account.admin.headers, 'content-type': 'application/json' } });
      return status >= 400 && status < 500 ? undefined : `${route.name} → ${status}`;
    }));
    expect([raw.slice(0, 50), failed.filter(Boolean)]).toEqual([raw.slice(0, 50), []]);
  }
  expect(({} as { admin?: boolean }).admin).toBeUndefined();
}));

test('every route takes its well-formed request', async () => {
  const turn = (route: Route): number => (m.features.of(route).takesOthersAlong ? (route.method === 'DELETE' ? 100 : 60) : route.method === 'DELETE' ? 50 - route.params.length : route.method === 'GET' ? 0 : 1);
  // An id of another account proves something only where one of our own is taken.
  const failed = await ownIds(m);
  for (const route of [...m.routes].sort((a, b) => turn(a) - turn(b))) {
    // What people do to themselves, they do to somebody of their own: signing out would end the matrix.
    const who = route.access.who === 'signed_in' && !route.params.length ? await makeMember(m.t, m.ours.account.id, 'administrator') : undefined;
    const { usesUp } = m.features.of(route);
    if (usesUp) m.ours.ids.set(usesUp, await m.features.maker(usesUp)!(m.ours));
    const answer = await m.ask(route, { who });
    const due = m.features.of(route).answers;
    if (due ? answer.status !== due : answer.status < 200 || answer.status > 299) failed.push(`${said(route, answer)}: expected ${due ?? '2xx'}; if that is right here, say so: '${route.name}': { answers: ${answer.status} } ${ADD}`);
  }
  expect(failed).toEqual([]);
});

test('nothing of the other account came out by any door, nor did markup', async () => {
  const answer = await m.theirs.visitor.call('POST', 'messages', { message: { content: `${CANARY} again` } });
  expect(answer.status).toBe(200);
  await m.theirSocket.hears('message.created', ({ data }) => JSON.stringify(data).includes(`${CANARY} again`));
  expect(m.socket.frames.length).toBeGreaterThan(10);
  expect(m.socket.frames.filter((frame) => JSON.stringify(frame).includes(CANARY))).toEqual([]);
  expect(m.leaks).toEqual([]);
  expect(m.unsafe).toEqual([]);
});
