import { makeWebChat, openBrowser } from '../widget.js';
import { agentSocket, TestSocket } from '../sockets.js';
import { wrong, type Matrix } from './matrix.js';
import { RowCounter } from './rows.js';

/** Knocks at each of the chat's doors with tokens that are none, and from a site that may not carry it. Answers what was let in. */
export async function strangersAtTheChat(m: Matrix): Promise<string[]> {
  const routes = m.routes.filter(({ path }) => path.startsWith('/api/v1/widget/'));
  const [elsewhere, closed] = [await openBrowser(m.t, await makeWebChat(m.t, m.ours.account)), await makeWebChat(m.t, m.ours.account, { allowed_domains: 'foodbank.example' })];
  const [payload, mac] = m.ours.visitor.token.split('.') as [string, string];
  const renamed = Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(payload, 'base64url').toString()) as object, s: 'somebody-else' })).toString('base64url');
  const tokens = [m.theirs.visitor.token, elsewhere.token, `${renamed}.${mac}`, `${payload}.`, `${payload}.${mac.split('').reverse().join('')}`, 'x', 'x'.repeat(2000)];
  await m.settled();
  const rows = await m.rows.look();
  const failures: string[] = [];
  for (const token of tokens) failures.push(...await wrong(routes, (route) => m.ask(route, { headers: { 'x-auth-token': token } }), ({ status }) => status === 401));
  // The first view needs no token yet.
  failures.push(...await wrong(routes.filter(({ path }) => !/\/(config|inbox_members|campaigns|events)$/.test(path)), (route) => m.ask(route, { headers: { 'x-auth-token': '' } }), ({ status }) => status === 401));
  const side = { ...m.ours, inbox: closed };
  failures.push(...await wrong(routes, (route) => m.ask(route, { headers: { origin: 'https://evil.example' } }, side), ({ status }) => status === 403));
  for (const token of ['nobody', '%00', m.ours.inbox.website_token!.slice(1)]) {
    failures.push(...await wrong(routes, (route) => m.ask(route, {}, { ...m.ours, inbox: { ...m.ours.inbox, website_token: token } }), ({ status }) => status === 404));
  }
  return [...failures, ...RowCounter.changed(rows, await m.rows.look())];
}

/** What a socket must not take: other accounts, other people's conversations, what is no event. Answers what it took. */
export async function strangersAtTheSockets(m: Matrix): Promise<string[]> {
  const failures: string[] = [];
  const { ours, theirs } = m;
  const refusedAt = async (what: string, namespace: '/agent' | '/visitor', auth: object): Promise<void> => {
    const socket = await TestSocket.open(m.t.url, namespace, auth, { reconnection: false }).catch(() => undefined);
    socket?.close();
    if (socket) failures.push(`${namespace} was opened with ${what}`);
  };
  const token = ours.account.admin.token;
  for (const account of [theirs.account.id, 0, -1, 'x', null, { a: 1 }, [ours.account.id, theirs.account.id], 2_000_000_000]) await refusedAt(`account ${JSON.stringify(account)}`, '/agent', { api_access_token: token, account_id: account });
  for (const proof of ['', 'plt_forged', { a: 1 }, null, 4711, 'a\u0000b', 'x'.repeat(5_000)]) await refusedAt(`token ${JSON.stringify(proof).slice(0, 20)}`, '/agent', { api_access_token: proof, account_id: ours.account.id });
  for (const visitor of [theirs.visitor.token, '', 'x', { a: 1 }, null, 'x'.repeat(5_000)]) await refusedAt(`visitor ${JSON.stringify(visitor).slice(0, 20)}`, '/visitor', { website_token: ours.inbox.website_token, token: visitor });
  for (const inbox of [theirs.inbox.website_token, '', 'a\u0000b', { a: 1 }, null]) await refusedAt(`inbox ${JSON.stringify(inbox)}`, '/visitor', { website_token: inbox, token: ours.visitor.token });

  const socket = await agentSocket(m.t, ours.account.admin, ours.account.id, { reconnection: false });
  const garbage = [null, 'x', 4711, [], {}, { conversation_id: 'x' }, { conversation_id: -1 }, { conversation_id: 1.5, on: true }, { conversation_id: 2_147_483_648, on: true }, { conversation_id: { a: 1 }, on: 'yes' }, { availability: 'a\u0000b' }, { availability: {} }];
  for (const event of ['viewing', 'typing']) for (const data of garbage) if ((await socket.say(event, data)).error === undefined) failures.push(`${event} took ${JSON.stringify(data)}`);
  for (const data of garbage.slice(10)) if ((await socket.say('presence', data)).error === undefined) failures.push(`presence took ${JSON.stringify(data)}`);
  // A number of the other account's conversation: nothing is there for us, and nobody there hears of it.
  await socket.say('viewing', { conversation_id: theirs.conversation });
  await socket.say('typing', { conversation_id: theirs.conversation, on: true, is_private: false });
  await m.theirSocket.say('viewing', { conversation_id: theirs.conversation });
  await m.theirSocket.hears('conversation.viewing', ({ data }) => data.conversation_id === theirs.conversation);
  for (const frame of m.theirSocket.frames) if (JSON.stringify(frame).includes(ours.account.admin.name)) failures.push(`${frame.event} told the other account who looks`);
  socket.close();
  return failures;
}
