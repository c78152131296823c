import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { roomOf, TestCable, type CableFrame } from '../../../test/cable.js';
import { givePassword, makeAccount, makeMember, PASSWORD, type AccountWithAdmin, type Person } from '../../../test/factories.js';
import { makeInbox, type MadeInbox } from '../../../test/factories-inboxes.js';
import { call, eventually } from '../../../test/http.js';
import { onRedis } from '../../../test/run-backend.js';
import { agentSocket } from '../../../test/sockets.js';
import { startTestApp, type TestApp } from '../../../test/test-app.js';
import { Presence } from '../presence.service.js';
import { SocketServer } from '../socket-server.js';
import { CablePresence } from './cable-presence.service.js';
import { CableRooms } from './cable-rooms.js';

/** Chatwoot's pushed conversation. */
const PUSHED = [
  'account_id', 'additional_attributes', 'agent_last_seen_at', 'can_reply', 'channel', 'contact_inbox', 'contact_last_seen_at', 'created_at', 'custom_attributes', 'first_reply_created_at', 'id', 'inbox_id',
  'labels', 'last_activity_at', 'messages', 'meta', 'priority', 'snoozed_until', 'status', 'timestamp', 'unread_count', 'updated_at', 'waiting_since',
];
const EVENT_MESSAGE = [
  'account_id', 'additional_attributes', 'content', 'content_attributes', 'content_type', 'conversation', 'conversation_id', 'created_at', 'external_source_ids', 'id', 'inbox_id', 'message_type', 'private',
  'processed_message_content', 'sender', 'sender_id', 'sender_type', 'sentiment', 'source_id', 'status', 'updated_at',
];

let t: TestApp;
/** Where those who listen are: with Redis another process than the one that may lead the relay. */
let where: TestApp;
let account: AccountWithAdmin;
let agent: Person;
let outsider: Person;
let inbox: MadeInbox;
let contact: { source_id: string; pubsub_token: string; id: number };
let client: string;

beforeAll(async () => {
  t = await startTestApp();
  where = onRedis ? await startTestApp({}, t.database) : t;
  account = await makeAccount(t);
  [agent, outsider] = [await makeMember(t, account.id), await makeMember(t, account.id)];
  inbox = await makeInbox(t, account, { type: 'api', members: [agent] });
  client = `/public/api/v1/inboxes/${inbox.inbox_identifier}/contacts`;
  contact = (await call(t, null, 'POST', client, { name: 'Ada' })).body;
});
afterAll(async () => {
  if (where !== t) await where.stop();
  await t.close();
});

const open: TestCable[] = [];
afterEach(() => { for (const cable of open.splice(0)) cable.close(); });
const cable = async (options = {}): Promise<TestCable> => { const made = await TestCable.open(where, options); open.push(made); return made; };
const listening = async (person: Person): Promise<TestCable> => {
  const made = await cable();
  expect(await made.subscribe(await roomOf(t, person, account.id))).toBe('confirm_subscription');
  return made;
};
const contactListening = async (): Promise<TestCable> => {
  const made = await cable();
  expect(await made.subscribe({ pubsub_token: contact.pubsub_token })).toBe('confirm_subscription');
  return made;
};
const path = (rest: string): string => `/api/v1/accounts/${account.id}/${rest}`;
const visitorWrites = async (content: string): Promise<number> => {
  const made = await call(t, null, 'POST', `${client}/${contact.source_id}/conversations`, {});
  expect((await call(t, null, 'POST', `${client}/${contact.source_id}/conversations/${made.body.id}/messages`, { content })).status).toBe(200);
  return made.body.id;
};
const keys = (frame: CableFrame): string[] => Object.keys(frame.data);

test('a day on the cable: each hears what concerns them, in Chatwoot\'s shapes, and nobody anything else', async () => {
  const foreign = await makeAccount(t);
  const [admin, member, stranger, guest, elsewhere] = [await listening(account.admin), await listening(agent), await listening(outsider), await contactListening(), await cable()];
  expect(await elsewhere.subscribe(await roomOf(t, foreign.admin, foreign.id))).toBe('confirm_subscription');
  expect(admin.socket.protocol).toBe('actioncable-v1-json');

  const id = await visitorWrites('Is the kitchen open?');
  for (const one of [admin, member]) {
    const created = await one.hears('conversation.created', (f) => f.data.id === id);
    expect(keys(created)).toEqual(expect.arrayContaining(PUSHED));
    expect(created.data).toMatchObject({ account_id: account.id, channel: 'Channel::Api', contact_inbox: { source_id: contact.source_id }, meta: { sender: { name: 'Ada', type: 'contact' }, assignee: null } });
    const written = await one.hears('message.created', (f) => f.data.content === 'Is the kitchen open?');
    expect(keys(written)).toEqual(expect.arrayContaining(EVENT_MESSAGE));
    expect(written.data).toMatchObject({ account_id: account.id, conversation_id: id, message_type: 0, sender_type: 'Contact', conversation: { contact_inbox: { source_id: contact.source_id } } });
  }
  await guest.hears('conversation.created', (f) => f.data.id === id && PUSHED.every((key) => key in f.data));
  await guest.hears('message.created', (f) => f.data.content === 'Is the kitchen open?');

  expect((await call(t, agent, 'POST', path(`conversations/${id}/toggle_typing_status`), { typing_status: 'on' })).status).toBe(200);
  const typing = await admin.hears('conversation.typing_on');
  expect(typing.data).toMatchObject({ account_id: account.id, is_private: false, user: { id: agent.id, type: 'user' }, conversation: { id } });
  expect(Object.keys(typing.data.conversation)).toEqual(expect.arrayContaining(PUSHED.filter((key) => key !== 'account_id')));
  await guest.hears('conversation.typing_on', (f) => f.data.conversation.id === id);
  await call(t, null, 'POST', `${client}/${contact.source_id}/conversations/${id}/toggle_typing`, { typing_status: 'on' });
  await member.hears('conversation.typing_on', (f) => f.data.user.type === 'contact' && f.data.user.id === contact.id);

  const note = await call(t, agent, 'POST', path(`conversations/${id}/messages`), { content: 'Ask the cook', private: true });
  await admin.hears('message.created', (f) => f.data.id === note.body.id);
  const reply = await call(t, agent, 'POST', path(`conversations/${id}/messages`), { content: 'Until six.' });
  expect((await admin.hears('message.created', (f) => f.data.id === reply.body.id)).data.performer).toMatchObject({ id: agent.id, type: 'user' });
  expect((await admin.hears('first.reply.created')).data).toMatchObject({ id: reply.body.id, conversation_id: id });
  const shown = await guest.hears('message.created', (f) => f.data.id === reply.body.id);
  expect(shown.data).not.toHaveProperty('performer');
  await call(t, agent, 'DELETE', path(`conversations/${id}/messages/${reply.body.id}`));
  // That it was sent may be told after that and shows the message deleted as well.
  const gone = await admin.hears('message.updated', (f) => f.data.id === reply.body.id && f.data.previous_changes?.content_attributes !== undefined);
  expect(gone.data).toMatchObject({ content_attributes: { deleted: true }, previous_changes: { content_attributes: [{}, { deleted: true }] } });

  const form = new FormData();
  form.append('attachments[]', new Blob(['soup'], { type: 'text/plain' }), 'menu.txt');
  const menu = await call(t, agent, 'POST', path(`conversations/${id}/messages`), form, { 'x-forwarded-host': 'evil.example' });
  // Never by the name under which one of them reached us.
  for (const who of [admin, guest]) expect((await who.hears('message.created', (f) => f.data.id === menu.body.id)).data.attachments[0].data_url).toMatch(/^http:\/\/localhost:\d+\/files\//);

  // Whoever answers may have become the assignee by that.
  for (const assignee_id of [account.admin.id, agent.id]) await call(t, account.admin, 'POST', path(`conversations/${id}/assignments`), { assignee_id });
  expect((await member.hears('assignee.changed', (f) => f.data.performer?.id === account.admin.id && f.data.meta.assignee?.id === agent.id)).data).toMatchObject({ id, meta: { assignee: { id: agent.id, type: 'user' }, assignee_type: 'User' }, performer: { id: account.admin.id } });
  const team = await call(t, account.admin, 'POST', path('teams'), { name: 'kitchen' });
  await call(t, account.admin, 'POST', path(`conversations/${id}/assignments`), { team_id: team.body.id });
  expect((await member.hears('team.changed')).data).toMatchObject({ id, meta: { team: { id: team.body.id } } });
  await call(t, agent, 'POST', path(`conversations/${id}/toggle_priority`), { priority: 'urgent' });
  await member.hears('conversation.updated', (f) => f.data.id === id && f.data.priority === 'urgent');
  await call(t, null, 'POST', `${client}/${contact.source_id}/conversations/${id}/update_last_seen`);
  await admin.hears('conversation.read', (f) => f.data.id === id && f.data.contact_last_seen_at > 0);
  await call(t, agent, 'POST', path(`conversations/${id}/toggle_status`), { status: 'resolved' });
  // The line that says so is not among what was said.
  expect((await admin.hears('conversation.status_changed', (f) => f.data.id === id && f.data.status === 'resolved')).data.messages).toEqual([expect.objectContaining({ id: menu.body.id })]);
  expect((await guest.hears('conversation.status_changed', (f) => f.data.status === 'resolved')).data).toMatchObject({ id, priority: null, labels: [], messages: [], additional_attributes: {} });

  const made = await call(t, account.admin, 'POST', path('contacts'), { name: 'Grace' });
  expect((await stranger.hears('contact.created', (f) => f.data.id === made.body.payload.contact.id)).data).toMatchObject({ name: 'Grace', account_id: account.id });
  await call(t, account.admin, 'POST', path('labels'), { title: 'food', color: '#112233' });
  expect((await stranger.hears('account.cache_invalidated', (f) => f.data.cache_keys.label !== '0')).data.account_id).toBe(account.id);

  // Whoever is not of the inbox, not of the account, or the contact: nothing else than this.
  expect(new Set(stranger.frames.map((f) => f.event))).toEqual(new Set(['presence.update', 'contact.created', 'account.cache_invalidated']));
  expect(new Set(elsewhere.frames.map((f) => f.event))).toEqual(new Set(['presence.update']));
  expect(JSON.stringify(guest.frames)).not.toMatch(/Ask the cook|kitchen"|urgent|first\.reply|assignee\.changed/);
  expect(JSON.stringify(guest.frames)).not.toContain(agent.email);
  expect(member.of('conversation.typing_on').every((f) => f.data.user.type === 'contact')).toBe(true);
});

test('presence comes with the subscription, with every sign of life, and when somebody comes', async () => {
  const admin = await listening(account.admin);
  await admin.hears('presence.update', (f) => f.data.users[account.admin.id] === 'online' && f.data.account_id === account.id);
  const guest = await contactListening();
  await admin.hears('presence.update', (f) => f.data.contacts[contact.id] === 'online');
  const room = await roomOf(t, agent, account.id);
  const member = await cable();
  await member.subscribe(room);
  await guest.hears('presence.update', (f) => f.data.users[agent.id] === 'online' && !('contacts' in f.data));
  const before = member.of('presence.update').length;
  member.command('message', JSON.stringify({ channel: 'RoomChannel', ...room }), { action: 'update_presence' });
  await eventually('an answer', () => member.of('presence.update').length > before);
  expect(await where.app.get(Presence).statusOf(account.id, [agent.id])).toEqual(new Map([[agent.id, 'online']]));
  member.command('unsubscribe', JSON.stringify({ channel: 'RoomChannel', ...room }));
  await eventually('nobody listens', () => !where.app.get(CableRooms).all().some((one) => one.userId === agent.id));
  const silent = where.app.get(CableRooms).all().find((one) => one.userId === account.admin.id)!;
  where.app.get(CablePresence).expire(Date.now() + 61_000);
  expect(silent.leave).toBeUndefined();
});

test('only a good token of this account lets in, from our own page or from none', async () => {
  const foreign = await makeAccount(t);
  const room = await roomOf(t, agent, account.id);
  const one = await cable();
  const [payload, mac] = room.pubsub_token.split('.') as [string, string];
  const other = Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(payload, 'base64url').toString()), u: account.admin.id })).toString('base64url');
  for (const wrong of [
    {}, { ...room, pubsub_token: '' }, { ...room, pubsub_token: 'nonsense' }, { ...room, pubsub_token: `${other}.${mac}` }, { ...room, account_id: foreign.id }, { ...room, account_id: 999_999 },
    { ...room, account_id: undefined }, { ...room, user_id: account.admin.id }, { ...room, channel: 'AppearanceChannel' }, { pubsub_token: 'a'.repeat(64) }, { pubsub_token: { $gt: '' } },
  ]) expect(await one.subscribe(wrong)).toBe('reject_subscription');
  expect(await (await cable({ headers: { origin: 'https://evil.example' } })).subscribe(room)).toBe('reject_subscription');
  expect(await (await cable({ headers: { origin: where.url } })).subscribe(room)).toBe('confirm_subscription');
  expect(await (await cable({ headers: { origin: 'https://shop.example' } })).subscribe({ pubsub_token: contact.pubsub_token })).toBe('confirm_subscription');
});

test('signing out and a new password end what stood on them; another session goes on', async () => {
  const person = await makeMember(t, account.id);
  await givePassword(t, person);
  const sessions = await Promise.all([0, 1, 2].map(async () => {
    const signed = await call(t, null, 'POST', '/auth/sign_in', { email: person.email, password: PASSWORD });
    const headers = Object.fromEntries(['access-token', 'client', 'uid'].map((name) => [name, signed.headers.get(name)!]));
    const listener = await cable();
    const room = { pubsub_token: signed.body.data.pubsub_token as string, account_id: account.id, user_id: person.id };
    expect(await listener.subscribe(room)).toBe('confirm_subscription');
    return { headers, listener, room };
  }));
  const [first, second, third] = sessions as [typeof sessions[0], typeof sessions[0], typeof sessions[0]];
  expect((await call(t, null, 'DELETE', '/auth/sign_out', undefined, first.headers)).status).toBe(200);
  await eventually('the first is sent away', () => first.listener.closed && first.listener.says('disconnect'));
  expect(first.listener.says('disconnect')).toEqual({ type: 'disconnect', reason: 'unauthorized', reconnect: false });
  const changed = await call(t, null, 'PUT', '/api/v1/profile', { profile: { current_password: PASSWORD, password: 'umbrellas dance in the fountain', password_confirmation: 'umbrellas dance in the fountain' } }, second.headers);
  expect(changed.status).toBe(200);
  await eventually('the third is sent away', () => third.listener.closed);
  expect(await (await cable()).subscribe(third.room)).toBe('reject_subscription');
  await call(t, account.admin, 'POST', path('contacts'), { name: 'Still heard' });
  await second.listener.hears('contact.created', (f) => f.data.name === 'Still heard');
  expect((await call(t, null, 'GET', '/api/v1/profile', undefined, second.headers)).body.pubsub_token).toBe(second.room.pubsub_token);
});

test('membership changes reach open subscriptions', async () => {
  const person = await makeMember(t, account.id);
  const [listener, admin] = [await listening(person), await listening(account.admin)];
  const member = async (method: 'POST' | 'DELETE'): Promise<void> => {
    expect((await call(t, account.admin, method, path('inbox_members'), { inbox_id: inbox.id, user_ids: [person.id] })).status).toBe(200);
    await eventually('the rooms are right', () => where.app.get(CableRooms).all().some((one) => one.userId === person.id && 'agent' in one.listener && one.listener.agent.inboxIds.has(inbox.id) === (method === 'POST')));
  };
  await member('POST');
  const heard = await visitorWrites('Do you hear me?');
  await listener.hears('conversation.created', (f) => f.data.id === heard);
  await member('DELETE');
  const unheard = await visitorWrites('And now?');
  await admin.hears('message.created', (f) => f.data.content === 'And now?');
  expect((await call(t, account.admin, 'DELETE', path(`agents/${person.id}`))).status).toBe(200);
  await eventually('sent away', () => listener.closed && listener.says('disconnect'));
  expect(JSON.stringify(listener.of('conversation.created'))).not.toContain(`"id":${unheard},`);
});

test('pings every three seconds; broken commands, floods and large frames end the connection; slow readers are cut off', async () => {
  const [broken, large, flooding, binary] = [await cable(), await cable(), await cable(), await cable()];
  await eventually('a ping', () => broken.said.find((frame) => frame.type === 'ping' && typeof frame.message === 'number'));
  broken.socket.send('{"command":"launch"}');
  await eventually('closed', () => broken.closed && broken.says('disconnect')?.reason === 'invalid_request');
  large.socket.send(randomBytes(20_000).toString('hex'));
  binary.socket.send(Buffer.from([1, 2, 3]));
  for (let n = 0; n < 300; n += 1) flooding.command('message', 'x', { action: 'update_presence' });
  await eventually('closed', () => large.closed && binary.closed && flooding.closed);
  const slow = await listening(account.admin);
  slow.socket.pause();
  const [subscription] = [...where.app.get(CableRooms).all()].filter((one) => one.userId === account.admin.id);
  for (let n = 0; n < 400 && subscription!.connection.isOpen; n += 1) subscription!.send(JSON.stringify('x'.repeat(100_000)));
  expect(subscription!.connection.isOpen).toBe(false);
});

test('two hundred phones hear the same message; the other sockets too', async () => {
  const room = await roomOf(t, agent, account.id);
  const phones: TestCable[] = [];
  const connect = async (): Promise<void> => { const phone = await cable(); expect(await phone.subscribe(room)).toBe('confirm_subscription'); phones.push(phone); };
  for (let n = 0; n < 10; n += 1) await Promise.all(Array.from({ length: 20 }, connect));
  const dashboard = await agentSocket(where, agent, account.id);
  await visitorWrites('To everybody');
  await Promise.all([...phones, dashboard].map((one) => one.hears('message.created', (f: { data: { content: string } }) => f.data.content === 'To everybody')));
  dashboard.close();
});

test('when connections are broken, clients are told to come back; a process that leaves lets nobody in', async () => {
  const admin = await listening(account.admin);
  t.app.get(SocketServer).sendBack(account.id);
  await eventually('sent back', () => admin.closed && admin.says('disconnect'));
  expect(admin.says('disconnect')).toEqual({ type: 'disconnect', reason: 'server_restart', reconnect: true });
  const leaving = await startTestApp({}, t.database);
  const there = await TestCable.open(leaving);
  leaving.app.get(SocketServer).leave();
  await eventually('sent away', () => there.closed);
  await expect(TestCable.open(leaving)).rejects.toThrow('closed');
  await leaving.stop();
});

test('the relay may go and another take over', async () => {
  const admin = await listening(account.admin);
  await t.database.asOwner((client) => client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'porchlight_relay' AND datname = current_database()`));
  const id = await visitorWrites('After the relay');
  await admin.hears('conversation.created', (f) => f.data.id === id);
});
