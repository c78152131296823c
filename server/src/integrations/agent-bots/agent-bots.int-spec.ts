import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { AnswersPort } from '../../channels/contract/ports.js';
import { inbound, ingest, makeConversation, type MadeConversation } from '../../../test/factories-conversations.js';
import { makeAgentIn, makeInbox, type MadeInbox } from '../../../test/factories-inboxes.js';
import { makeAccount, signIn, type AccountWithAdmin, type Person } from '../../../test/factories.js';
import { call, eventually } from '../../../test/http.js';
import { PictureServer } from '../../../test/picture-server.js';
import { startTestApp, type TestApp, WITHOUT_SCHEDULE } from '../../../test/test-app.js';
import { WebhookReceiver } from '../../../test/webhook-receiver.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { SweepWebhooks } from '../webhooks/drain-webhook.job.js';

let t: TestApp;
let account: AccountWithAdmin;
let inbox: MadeInbox;
let receiver: WebhookReceiver;
let bot: Person;
beforeAll(async () => {
  t = await startTestApp({ ...WITHOUT_SCHEDULE, LOG_LEVEL: 'silent' });
  receiver = await WebhookReceiver.start();
  account = await makeAccount(t);
  inbox = await makeInbox(t, account);
  const made = await call(t, account.admin, 'POST', url('/agent_bots'), { name: 'Robin', description: 'Answers', outgoing_url: receiver.url });
  expect(made.body).toMatchObject({ name: 'Robin', account_id: account.id, bot_type: 'webhook', bot_config: {}, system_bot: false });
  receiver.secret = made.body.secret;
  bot = { id: made.body.id, name: 'Robin', email: '', token: made.body.access_token, headers: { api_access_token: made.body.access_token } };
  expect((await call(t, account.admin, 'GET', url(`/inboxes/${inbox.id}/agent_bot`))).body).toEqual({ agent_bot: {} });
  expect((await call(t, account.admin, 'POST', url(`/inboxes/${inbox.id}/set_agent_bot`), { agent_bot: bot.id })).status).toBe(200);
  expect((await call(t, account.admin, 'GET', url(`/inboxes/${inbox.id}/agent_bot`))).body.agent_bot).toMatchObject({ id: bot.id });
});
afterAll(async () => {
  await receiver.stop();
  await t.close();
});
const url = (path: string): string => `/api/v1/accounts/${account.id}${path}`;
const heard = (name: string, fits: (body: any) => boolean) => eventually(`${name} arrives`, () => receiver.received.find(({ body }) => body.event === name && fits(body))); // eslint-disable-line @typescript-eslint/no-explicit-any -- a test looks into any body

test('a bot hears what people write, answers in its own name, and hands over', async () => {
  const conversation = await makeConversation(t, account, inbox, { content: 'Are you open?' });
  expect((await call(t, account.admin, 'GET', conversation.url)).body.status).toBe('pending');
  await heard('message_created', (b) => b.conversation.id === conversation.id && b.content === 'Are you open?');
  const answer = await call(t, bot, 'POST', `${conversation.url}/messages`, { content: 'Until five.' });
  expect(answer.body).toMatchObject({ content: 'Until five.', message_type: 1, sender: { id: bot.id, name: 'Robin', type: 'agent_bot' } });
  const shown = (await call(t, bot, 'GET', conversation.url)).body;
  expect(shown).toMatchObject({ status: 'pending', waiting_since: 0, first_reply_created_at: 0, last_message_sender: 'bot' });
  expect((await call(t, bot, 'POST', `${conversation.url}/labels`, { labels: ['hours'] })).body).toEqual({ payload: ['hours'] });
  expect((await call(t, bot, 'POST', `${conversation.url}/toggle_priority`, { priority: 'low' })).status).toBe(200);
  expect((await call(t, bot, 'POST', `${conversation.url}/custom_attributes`, { custom_attributes: { topic: 'hours' } })).status).toBe(200);
  expect((await call(t, bot, 'POST', `${conversation.url}/toggle_status`, { status: 'open' })).body.payload).toMatchObject({ current_status: 'open' });
  await heard('conversation_opened', (b) => b.id === conversation.id);
  expect((await call(t, account.admin, 'GET', `${conversation.url}/messages`)).body.payload.map((m: { content: string }) => m.content)).toContain('Conversation was reopened by Robin');
  await call(t, account.admin, 'POST', `${conversation.url}/toggle_status`, { status: 'resolved' });
  await heard('conversation_resolved', (b) => b.id === conversation.id);
  expect(receiver.forged).toEqual([]);
});

test('a bot to which a conversation is given holds it until a person takes it, and nobody gives one to a foreign bot', async () => {
  const people = await makeInbox(t, account);
  const member = await makeAgentIn(t, account, people);
  const conversation = await makeConversation(t, account, people);
  const assign = (body: object, who: Person = member) => call(t, who, 'POST', `${conversation.url}/assignments`, body);
  const show = async () => (await call(t, member, 'GET', conversation.url)).body;
  const stranger = await makeAccount(t);
  const foreign = (await call(t, stranger.admin, 'POST', `/api/v1/accounts/${stranger.id}/agent_bots`, { name: 'Foreign' })).body as { id: number };
  for (const id of [foreign.id, 999_999]) expect((await assign({ assignee_id: id, assignee_type: 'AgentBot' })).status).toBe(404);
  await assign({ assignee_id: member.id });
  const slim = { id: bot.id, name: 'Robin', description: 'Answers', bot_type: 'webhook', assignee_type: 'AgentBot' };
  expect(await assign({ assignee_id: bot.id, assignee_type: 'AgentBot' })).toMatchObject({ status: 200, body: slim });
  expect(await show()).toMatchObject({ status: 'pending', meta: { assignee: slim, assignee_type: 'AgentBot' } });
  expect(await assign({ assignee_id: String(bot.id), assignee_type: 'AgentBot' })).toMatchObject({ status: 200, body: slim });
  const told = await heard('conversation_updated', (b) => b.id === conversation.id && b.changed_attributes?.some((one: object) => 'assignee_agent_bot_id' in one));
  expect(told.body).toMatchObject({
    meta: { assignee: { id: bot.id, name: 'Robin', type: 'agent_bot' }, assignee_type: 'AgentBot' },
    changed_attributes: [{ assignee_id: { previous_value: member.id, current_value: null } }, { assignee_agent_bot_id: { previous_value: null, current_value: bot.id } }],
  });
  await ingest(t, account, people, inbound({ sourceId: conversation.sourceId, content: 'For the robin?' }));
  await heard('message_created', (b) => b.conversation.id === conversation.id && b.content === 'For the robin?');
  await call(t, bot, 'POST', `${conversation.url}/messages`, { content: 'For me.' });
  expect(await show()).toMatchObject({ status: 'pending', waiting_since: 0 });
  expect(await assign({ assignee_id: member.id })).toMatchObject({ status: 200, body: { id: member.id } });
  const taken = await show();
  expect(taken).toMatchObject({ status: 'open', meta: { assignee: { id: member.id }, assignee_type: 'User' } });
  expect(taken.waiting_since).toBeGreaterThan(0);
  expect((await call(t, member, 'GET', `${conversation.url}/messages`)).body.payload.filter((m: { message_type: number }) => m.message_type === 2).map((m: { content: string }) => m.content).at(-1)).toMatch(/reopened/);
  await assign({ assignee_id: bot.id, assignee_type: 'AgentBot' });
  expect((await assign({ assignee_id: 0 })).body).toBeNull();
  expect((await show()).meta).not.toHaveProperty('assignee');
  const [shared] = await t.app.get(SystemWork).sql<{ id: number }>(`INSERT INTO agent_bots (name, access_token) VALUES ('Everywhere', '') RETURNING id`);
  expect((await assign({ assignee_id: shared!.id, assignee_type: 'AgentBot' })).body).toMatchObject({ id: shared!.id, name: 'Everywhere' });
  await t.app.get(SystemWork).sql('DELETE FROM agent_bots WHERE id = $1', [shared!.id]);
  const wren = (await call(t, account.admin, 'POST', url('/agent_bots'), { name: 'Wren' })).body as { id: number };
  await assign({ assignee_id: wren.id, assignee_type: 'AgentBot' });
  expect((await call(t, account.admin, 'DELETE', url(`/agent_bots/${wren.id}`))).status).toBe(200);
  await eventually('people have it', async () => (await show()).status === 'open');
  expect((await show()).meta).not.toHaveProperty('assignee');
});

test('a bot asks, and hears what was chosen and filled in', async () => {
  const conversation = await makeConversation(t, account, inbox);
  const answers = t.app.get(AnswersPort);
  const items = [{ title: 'Sales', value: 'sales' }, { title: 'Help', value: 'help' }];
  // As programs made for Chatwoot send it: with nothing to read above the options.
  const asked = await call(t, bot, 'POST', `${conversation.url}/messages`, { content: ' ', content_type: 'input_select', content_attributes: { items, bot_turn: 7 }, private: false });
  expect(asked.body).toMatchObject({ content: null, content_type: 'input_select', content_attributes: { items, bot_turn: 7 } });
  expect((await call(t, bot, 'GET', conversation.url)).body.last_message_preview).toBe('- Sales - Help');
  await answers.submit(account.id, conversation.conversationId, asked.body.id, { submitted_values: [{ title: 'Help', value: 'help' }] });
  const chosen = await heard('message_updated', (b) => b.id === asked.body.id && b.content_attributes.submitted_values);
  expect(chosen.body).toMatchObject({ content_type: 'input_select', message_type: 'outgoing', conversation: { id: conversation.id }, content_attributes: { items, submitted_values: [{ title: 'Help', value: 'help' }] } });
  const form = await call(t, bot, 'POST', `${conversation.url}/messages`, { content: 'You?', content_type: 'form', content_attributes: { items: [{ name: 'email', type: 'email', label: 'Email' }] } });
  await answers.submit(account.id, conversation.conversationId, form.body.id, { submitted_values: [{ name: 'email', value: 'vi@example.org' }] });
  expect((await heard('message_updated', (b) => b.id === form.body.id && b.content_attributes.submitted_values)).body.content_attributes.submitted_values).toEqual([{ name: 'email', value: 'vi@example.org' }]);
});

test('a bot\'s token opens nothing else', async () => {
  const conversation = await makeConversation(t, account, inbox);
  const refused: [string, string, object?][] = [
    ['GET', url('/conversations')], ['GET', url('/contacts')], ['GET', `${conversation.url}/messages`], ['DELETE', conversation.url], ['POST', `${conversation.url}/mute`], ['GET', url('/agents')],
    ['POST', url('/labels'), { title: 'x' }], ['GET', url('')], ['GET', '/api/v1/profile'], ['GET', url('/webhooks')], ['PATCH', url(`/agent_bots/${bot.id}`), { name: 'Root' }], ['POST', '/platform/api/v1/accounts', { name: 'x' }],
  ];
  for (const [method, path, body] of refused) expect([method, path, (await call(t, bot, method, path, body)).status]).toEqual([method, path, 401]);
  const other = await makeAccount(t);
  const theirs = await makeConversation(t, other, await makeInbox(t, other));
  expect((await call(t, bot, 'GET', theirs.url)).status).toBe(401);
  expect((await call(t, other.admin, 'POST', `/api/v1/accounts/${other.id}/inboxes/${theirs.contactInboxId}/set_agent_bot`, { agent_bot: bot.id })).status).toBe(404);
  const inboxThere = await makeInbox(t, other);
  const foreign = await call(t, other.admin, 'POST', `/api/v1/accounts/${other.id}/inboxes/${inboxThere.id}/set_agent_bot`, { agent_bot: bot.id });
  expect([foreign.status, foreign.body.attributes]).toEqual([422, ['agent_bot']]);
  expect((await call(t, { ...bot, headers: { api_access_token: `${bot.token}x` } }, 'GET', conversation.url)).status).toBe(401);
});

test('when the bot does not answer, people take over', async () => {
  const look = (what: string, ...values: unknown[]) => t.app.get(SystemWork).sql<{ n: number | null }>(`SELECT (${what})::int AS n`, [account.id, ...values]).then(([row]) => row!.n);
  // What failed before it would hold it up.
  await eventually('all before it is told', async () => await look(`(SELECT count(*) FROM events WHERE account_id = $1 AND dispatched_at IS NULL) + (SELECT count(*) FROM event_deliveries WHERE account_id = $1)
    + (SELECT count(*) FROM webhook_deliveries WHERE account_id = $1 AND state = 0)`) === 0);
  receiver.usual = { status: 500 };
  const conversation = await makeConversation(t, account, inbox, { content: 'Anybody?' });
  for (let n = 1; n <= 3; n++) {
    await eventually(`try ${n} is noted`, async () => await look(`SELECT attempts FROM webhook_deliveries WHERE account_id = $1 AND conversation_id = $2 AND event = 'message_created'`, conversation.conversationId) === n);
    t.clock.advance(300_000);
    await t.app.get(SweepWebhooks).run();
  }
  await eventually('it is open', async () => (await call(t, account.admin, 'GET', conversation.url)).body.status === 'open');
  receiver.usual = 'ok';
});

test('what the bot had is opened for people when it is taken from the inbox or deleted, also what begins at that moment', async () => {
  const statusOf = async (conversation: MadeConversation): Promise<string> => (await call(t, account.admin, 'GET', conversation.url)).body.status;
  const wren = (await call(t, account.admin, 'POST', url('/agent_bots'), { name: 'Wren' })).body as { id: number };
  const other = await makeInbox(t, account);
  const set = (where: MadeInbox, agent_bot: number | null) => call(t, account.admin, 'POST', url(`/inboxes/${where.id}/set_agent_bot`), { agent_bot });
  await set(other, wren.id);
  const [answered, waiting, theirs, muted] = [await makeConversation(t, account, inbox), await makeConversation(t, account, inbox), await makeConversation(t, account, other), await makeConversation(t, account, inbox)];
  expect((await call(t, bot, 'POST', `${answered.url}/messages`, { content: 'Until five.' })).status).toBe(200);
  await call(t, account.admin, 'POST', `${muted.url}/mute`);
  await call(t, account.admin, 'POST', `${muted.url}/toggle_status`, { status: 'pending' });
  // More than are opened in one transaction; some of them at the same moment.
  await t.app.get(SystemWork).sql(
    `INSERT INTO conversations (account_id, inbox_id, contact_id, contact_inbox_id, display_id, status, last_activity_at)
     SELECT account_id, inbox_id, contact_id, contact_inbox_id, 1000000 + n, 2, now() - n / 20 * interval '1 hour' FROM conversations, generate_series(1, 110) n WHERE account_id = $1 AND id = $2`, [account.id, answered.conversationId]);
  let goOn = (): void => undefined;
  const held = new Promise<void>((resolve) => { goOn = resolve; });
  let begins = (): void => undefined;
  const begun = new Promise<void>((resolve) => { begins = resolve; });
  const late = makeConversation(t, account, inbox, { alsoStore: () => { begins(); return held; } });
  await begun;
  let isTaken = false;
  const taken = set(inbox, null).then(({ status }) => { isTaken = true; return status; });
  const isHeldUp = () => t.database.asOwner(async (client) => ((await client.query(`SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)).rowCount ?? 0) > 0);
  await eventually('the bot goes, or waits', async () => isTaken || await isHeldUp());
  expect(isTaken).toBe(false);
  goOn();
  expect(await taken).toBe(200);
  for (const conversation of [answered, waiting, await late]) await eventually('people have it', async () => await statusOf(conversation) === 'open');
  await eventually('people have all of it', async () => (await t.app.get(SystemWork).sql('SELECT FROM conversations WHERE account_id = $1 AND display_id > 1000000 AND status <> 0', [account.id])).length === 0);
  expect((await call(t, account.admin, 'GET', `${answered.url}/messages`)).body.payload.map((m: { content: string }) => m.content)).toContain('Conversation was reopened by Robin');
  expect([await statusOf(theirs), await statusOf(muted)]).toEqual(['pending', 'pending']);
  await call(t, account.admin, 'DELETE', url(`/agent_bots/${wren.id}`));
  await eventually('people have that too', async () => await statusOf(theirs) === 'open');
});

test('without the bot, conversations begin open; agents see bots without their secrets', async () => {
  const agent = await makeAgentIn(t, account, inbox);
  const seen = (await call(t, agent, 'GET', url('/agent_bots'))).body;
  expect(seen).toMatchObject([{ id: bot.id, name: 'Robin' }]);
  expect([seen[0].access_token, seen[0].secret]).toEqual([undefined, undefined]);
  expect((await call(t, agent, 'POST', url('/agent_bots'), { name: 'Mine' })).status).toBe(401);
  const conversation = await makeConversation(t, account, inbox);
  expect((await call(t, account.admin, 'GET', conversation.url)).body.status).toBe('open');
  expect((await call(t, account.admin, 'POST', url('/agent_bots'), { name: 'Bad', outgoing_url: 'http://169.254.169.254/' })).body.attributes).toEqual(['outgoing_url']);
  const robin = (rest: string, who = account.admin) => call(t, who, 'POST', url(`/agent_bots/${bot.id}/${rest}`));
  const [token, secret] = [(await robin('reset_access_token')).body.access_token, (await robin('reset_secret')).body.secret];
  expect([token === bot.token, secret === receiver.secret, (await robin('reset_access_token', agent)).status]).toEqual([false, false, 401]);
  expect((await call(t, bot, 'GET', conversation.url)).status).toBe(401);
  expect((await call(t, { ...bot, headers: { api_access_token: token } }, 'GET', conversation.url)).status).toBe(200);
  const form = new FormData();
  form.append('avatar', new Blob([Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')], { type: 'image/gif' }), 'robin.gif');
  const faced = await fetch(`${t.url}${url(`/agent_bots/${bot.id}`)}`, { method: 'PATCH', headers: account.admin.headers, body: form });
  expect(((await faced.json()) as { thumbnail: string }).thumbnail).toMatch(/webp$/);
  expect((await call(t, account.admin, 'DELETE', url(`/agent_bots/${bot.id}/avatar`))).body.thumbnail).toBe('');
  const pictures = await PictureServer.start();
  expect((await call(t, account.admin, 'PATCH', url(`/agent_bots/${bot.id}`), { avatar_url: pictures.at('/robin.png') })).body.thumbnail).toBe('');
  const face = await eventually('its face is fetched', async () => (await call(t, account.admin, 'GET', url(`/agent_bots/${bot.id}`))).body.thumbnail as string);
  expect((await fetch(face)).status).toBe(200);
  await pictures.stop();
  expect((await call(t, account.admin, 'DELETE', url(`/agent_bots/${bot.id}`))).status).toBe(200);
  expect((await call(t, bot, 'GET', conversation.url)).status).toBe(401);
});

test('a browser is shown that there are secrets, and what they are for a fresh proof; programs see them as ever', async () => {
  const webhook = (await call(t, account.admin, 'POST', url('/webhooks'), { url: receiver.url, subscriptions: ['contact_created'] })).body.payload.webhook as { id: number; secret: string };
  const known = (await call(t, account.admin, 'GET', url(`/inboxes/${inbox.id}`))).body as { hmac_token: string };
  const made = (await call(t, account.admin, 'POST', url('/agent_bots'), { name: 'Wren', outgoing_url: receiver.url })).body as { id: number; access_token: string; secret: string };
  const shown = async (who: Person) => {
    const of = async (path: string) => (await call(t, who, 'GET', url(path))).body;
    const [one, all, bots, wren, hooks] = [await of(`/inboxes/${inbox.id}`), await of('/inboxes'), await of('/agent_bots'), await of(`/agent_bots/${made.id}`), await of('/webhooks')];
    const byId = (list: { id: number }[], id: number): any => list.find((other) => other.id === id); // eslint-disable-line @typescript-eslint/no-explicit-any -- a test looks into any body
    return [one.hmac_token, byId(all.payload, inbox.id).hmac_token, byId(bots, made.id).access_token, byId(bots, made.id).secret, wren.access_token, byId(hooks.payload.webhooks, webhook.id).secret];
  };
  expect(await shown(account.admin)).toEqual([known.hmac_token, known.hmac_token, made.access_token, made.secret, made.access_token, webhook.secret]);
  const browser = await signIn(t, account.admin);
  expect(new Set(await shown(browser))).toEqual(new Set(['••••••••••••']));
  const revealed = (who: Person) => Promise.all([`/inboxes/${inbox.id}`, `/agent_bots/${made.id}`, `/webhooks/${webhook.id}`].map((path) => call(t, who, 'GET', url(`${path}/secrets`))));
  const real = [{ body: { hmac_token: known.hmac_token } }, { body: { access_token: made.access_token, secret: made.secret } }, { body: { payload: { webhook: { secret: webhook.secret } } } }];
  expect(await revealed(browser)).toMatchObject(real);
  t.clock.advance(6 * 60_000);
  for (const refused of await revealed(browser)) expect(refused).toMatchObject({ status: 403, body: { error_code: 'proof_required' } });
  expect(await revealed(account.admin)).toMatchObject(real);
  const agent = await makeAgentIn(t, account, inbox);
  for (const refused of await revealed(agent)) expect(refused.status).toBe(401);
});
