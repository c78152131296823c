import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeAccount, type AccountWithAdmin, type Person } from '../../test/factories.js';
import { ingest, inbound, makeConversation, makeMessage, type MadeConversation } from '../../test/factories-conversations.js';
import { makeAgentIn, makeInbox, type MadeInbox } from '../../test/factories-inboxes.js';
import { call, eventually } from '../../test/http.js';
import { startMailServer, type MailServer } from '../../test/mail-server.js';
import { agentSocket } from '../../test/sockets.js';
import { startTestApp, type TestApp, WITHOUT_SCHEDULE } from '../../test/test-app.js';
import type { StoredEvent } from '../delivery/event-types.js';
import { SystemWork } from '../platform/database/unit-of-work.js';
import { WakeNotifications } from './keep-notifications.job.js';
import { SendNotificationMails } from './mails/send-notification-mails.job.js';
import { NotifyPeople } from './notify-people.subscriber.js';

let mail: MailServer;
let t: TestApp;
let account: AccountWithAdmin;
let inbox: MadeInbox;
let ana: Person;
let ben: Person;
let api: string;
beforeAll(async () => {
  mail = await startMailServer();
  t = await startTestApp({ ...WITHOUT_SCHEDULE, SMTP_URL: mail.url, MAIL_FROM: 'Food bank <help@foodbank.example>', PUBLIC_URL: 'https://help.foodbank.example' });
  account = await makeAccount(t, 'Food bank');
  api = `/api/v1/accounts/${account.id}`;
  // Who has what is this test's to say.
  inbox = await makeInbox(t, account, { name: 'Front desk', enable_auto_assignment: false });
  ana = await makeAgentIn(t, account, inbox);
  ben = await makeAgentIn(t, account, inbox);
});
afterAll(async () => { await t.close(); await mail.close(); });

interface Wire { id: number; notification_type: string; primary_actor_id: number; primary_actor: { id: number }; push_message_title: string; push_message_body: string; read_at: string | null; snoozed_until: string | null; secondary_actor: { id: number } | null }
const list = async (who: Person, query = ''): Promise<{ meta: { unread_count: number; count: number }; payload: Wire[] }> => (await call(t, who, 'GET', `${api}/notifications${query}`)).body.data;
const about = (who: Person, conversation: MadeConversation, query = '') => list(who, query).then(({ payload }) => payload.filter((one) => one.primary_actor.id === conversation.id));
const told = (who: Person, conversation: MadeConversation, kind: string) =>
  eventually(`${kind} is told`, async () => (await about(who, conversation)).find((one) => one.notification_type === kind));
const assign = (conversation: MadeConversation, to: Person, by: Person = account.admin) => call(t, by, 'POST', `${conversation.url}/assignments`, { assignee_id: to.id });
const clear = (who: Person) => call(t, who, 'POST', `${api}/notifications/destroy_all`, { type: 'all' });
/** Hands the subscriber the last such event of the conversation once more, after it has been told of it: what nobody hears of now, nobody hears of later. */
async function again(conversation: MadeConversation, type: 'message.created' | 'assignee.changed'): Promise<void> {
  const last = async () => (await t.app.get(SystemWork).sql<StoredEvent<'message.created'> & { is_open: boolean }>(`SELECT e.*, e.dispatched_at IS NULL OR EXISTS (SELECT FROM event_deliveries d WHERE d.event_id = e.id AND d.subscriber = 'notify-people') AS is_open
    FROM events e WHERE e.account_id = $1 AND e.conversation_id = $2 AND e.type = $3 ORDER BY e.id DESC LIMIT 1`, [account.id, conversation.conversationId, type]))[0]!;
  await t.app.get(NotifyPeople, { strict: false }).handle(await eventually('it has been told', async () => { const event = await last(); return !event.is_open && event; }));
}
const settings = (who: Person, change: object) => call(t, who, 'PUT', `${api}/notification_settings`, { notification_settings: change });

describe('who is told of what', () => {
  test('who is given a conversation, once, over their own socket alone; not who takes it', async () => {
    const [hers, his] = await Promise.all([agentSocket(t, ana, account.id), agentSocket(t, ben, account.id)]);
    const conversation = await makeConversation(t, account, inbox);
    await assign(conversation, ana);
    const shown = await told(ana, conversation, 'conversation_assignment');
    expect(shown).toMatchObject({ push_message_title: `A conversation (#${conversation.id}) has been assigned to you`, primary_actor_id: conversation.conversationId, read_at: null, secondary_actor: null });
    const frame = await hers.hears('notification.created', ({ data }) => data.notification.id === shown.id);
    expect(frame.data.unread_count).toBeGreaterThan(0);
    await Promise.all([again(conversation, 'assignee.changed'), again(conversation, 'assignee.changed')]);
    expect(await about(ana, conversation)).toHaveLength(1);
    await assign(conversation, ben, ben);
    await again(conversation, 'assignee.changed');
    expect(await about(ben, conversation)).toEqual([]);
    expect(his.of('notification.created')).toEqual([]);
    hers.close();
    his.close();
  });

  test('who is named in a note: they follow from then on; strangers, outsiders and oneself are not told', async () => {
    const outsider = await makeAgentIn(t, account);
    const conversation = await makeConversation(t, account, inbox);
    await makeMessage(t, conversation, ana, { private: true, content: `Hi [@Ben](mention://user/${ben.id}/Ben) and (mention://user/${outsider.id}/O) (mention://user/${ana.id}/A) (mention://user/999999/X)` });
    const shown = await told(ben, conversation, 'conversation_mention');
    expect([shown.push_message_body, shown.secondary_actor?.id]).toEqual([expect.stringMatching(/: Hi @Ben and/), expect.any(Number)]);
    await ingest(t, account, inbox, inbound({ sourceId: conversation.sourceId, content: 'Anybody?' }));
    await again(conversation, 'message.created');
    // What somebody was called for is not pushed aside by what anybody hears.
    expect((await about(ben, conversation)).map((one) => one.notification_type)).toEqual(['conversation_mention']);
    expect(await about(outsider, conversation)).toEqual([]);
    expect(await about(ana, conversation)).toEqual([]);
    await call(t, ben, 'PATCH', `${api}/notifications/${shown.id}`);
    await ingest(t, account, inbox, inbound({ sourceId: conversation.sourceId, content: 'Still there?' }));
    expect((await told(ben, conversation, 'participating_conversation_new_message')).push_message_body).toContain('Still there?');
  });

  test('the assignee of a message, unless muted, looking, or the writer; reading the conversation reads it', async () => {
    const conversation = await makeConversation(t, account, inbox);
    await assign(conversation, ana, ana);
    await ingest(t, account, inbox, inbound({ sourceId: conversation.sourceId, content: 'News' }));
    const shown = await eventually('she is told', async () => (await about(ana, conversation)).find((one) => one.push_message_body.endsWith(': News')));
    await call(t, ana, 'POST', `${conversation.url}/update_last_seen`);
    await eventually('it counts as read', async () => (await about(ana, conversation)).length === 0);
    expect((await about(ana, conversation, '?includes[]=read')).map((one) => one.id)).toEqual([shown.id]);

    await makeMessage(t, conversation, ana);
    await again(conversation, 'message.created');
    expect(await about(ana, conversation)).toEqual([]);

    const socket = await agentSocket(t, ana, account.id);
    await socket.say('viewing', { conversation_id: conversation.id });
    await ingest(t, account, inbox, inbound({ sourceId: conversation.sourceId, content: 'She sees it' }));
    await again(conversation, 'message.created');
    expect(await about(ana, conversation)).toEqual([]);
    socket.close();

    await call(t, account.admin, 'POST', `${conversation.url}/mute`);
    await ingest(t, account, inbox, inbound({ sourceId: conversation.sourceId, content: 'Muted' }));
    await again(conversation, 'message.created');
    expect(await about(ana, conversation)).toEqual([]);
  });

  test('everybody of the inbox of new conversations, if they want it; nothing of what they do not want', async () => {
    const watcher = await makeAgentIn(t, account, inbox);
    expect((await settings(watcher, { selected_in_app_flags: ['in_app_conversation_creation'], selected_email_flags: [] })).body).toMatchObject({
      all_push_flags: expect.arrayContaining(['push_conversation_mention']), selected_email_flags: [], selected_push_flags: ['push_conversation_assignment', 'push_conversation_mention'],
      selected_in_app_flags: ['in_app_conversation_creation'], user_id: watcher.id, account_id: account.id,
    });
    const conversation = await makeConversation(t, account, inbox);
    expect((await told(watcher, conversation, 'conversation_creation')).push_message_title).toBe(`A conversation (#${conversation.id}) has been created in Front desk`);
    expect(await about(ben, conversation)).toEqual([]);
    await settings(watcher, { selected_in_app_flags: [], selected_push_flags: [] });
    await assign(conversation, watcher);
    await again(conversation, 'assignee.changed');
    expect((await about(watcher, conversation)).map((one) => one.notification_type)).toEqual(['conversation_creation']);
    expect((await settings(watcher, { selected_email_flags: ['email_everything'] })).status).toBe(422);
    expect((await settings(watcher, { selected_email_flags: Array.from({ length: 5000 }, () => 'email_conversation_mention') })).status).toBe(422);
  });
});

describe('the list', () => {
  test('read, unread, snoozed, removed; counts; and nobody else\'s', async () => {
    await clear(ana);
    const conversations = [];
    for (let n = 0; n < 3; n++) {
      const conversation = await makeConversation(t, account, inbox);
      await assign(conversation, ana);
      await told(ana, conversation, 'conversation_assignment');
      conversations.push(conversation);
    }
    const { meta, payload } = await list(ana);
    expect([meta.unread_count, meta.count, payload.map((one) => one.primary_actor.id)]).toEqual([3, 3, conversations.map((one) => one.id).reverse()]);
    expect((await list(ana, '?sort_order=asc')).payload[0]!.primary_actor.id).toBe(conversations[0]!.id);
    const one = payload[0]!.id;
    for (const [method, path, body] of [['PATCH', `${one}`], ['POST', `${one}/unread`], ['POST', `${one}/snooze`, { snoozed_until: 1_900_000_000 }], ['DELETE', `${one}`]] as const) {
      expect((await call(t, ben, method, `${api}/notifications/${path}`, body)).status).toBe(404);
    }
    expect((await call(t, ana, 'PATCH', `${api}/notifications/${one}`, { read_at: 1 })).body.read_at).toEqual(expect.any(String));
    expect((await call(t, ana, 'GET', `${api}/notifications/unread_count`)).body).toBe(2);
    expect((await call(t, ana, 'POST', `${api}/notifications/${one}/unread`)).body.read_at).toBeNull();

    const until = Math.floor(t.clock.now() / 1000) + 3600;
    expect((await call(t, ana, 'POST', `${api}/notifications/${one}/snooze`, { snoozed_until: until })).body.snoozed_until).toBe(new Date(until * 1000).toISOString());
    expect((await list(ana)).meta.count).toBe(2);
    expect((await list(ana, '?includes[]=snoozed')).meta.count).toBe(3);
    const wake = t.app.get(WakeNotifications, { strict: false });
    await wake.run();
    expect((await list(ana)).meta.count).toBe(2);
    t.clock.advance(3_700_000);
    await wake.run();
    expect((await list(ana)).payload[0]).toMatchObject({ id: one, read_at: null, snoozed_until: null });
    t.clock.advance(-3_700_000);

    await call(t, ana, 'POST', `${api}/notifications/read_all`, { primary_actor_id: payload[1]!.primary_actor_id, primary_actor_type: 'Conversation' });
    expect((await list(ana)).meta.count).toBe(2);
    expect((await call(t, ana, 'POST', `${api}/notifications/read_all`)).status).toBe(200);
    expect([(await list(ana)).meta.count, (await list(ana, '?includes[]=read')).meta]).toEqual([0, expect.objectContaining({ count: 3, unread_count: 0 })]);
    expect((await call(t, ana, 'DELETE', `${api}/notifications/${one}`)).status).toBe(200);
    expect((await list(ana, '?includes[]=read')).meta.count).toBe(2);
    await call(t, ana, 'POST', `${api}/notifications/destroy_all`, { type: 'read' });
    expect((await list(ana, '?includes[]=read&includes[]=snoozed')).meta.count).toBe(0);
    for (const body of [{ snoozed_until: 'soon' }, {}, { snoozed_until: -1 }, { snoozed_until: 1e15 }]) expect((await call(t, ana, 'POST', `${api}/notifications/1/snooze`, body)).status).toBe(422);
    expect((await call(t, ana, 'GET', `${api}/notifications?includes[]=everything`)).status).toBe(422);
  });

  test('who leaves the inbox hears and sees nothing of it any more', async () => {
    const leaver = await makeAgentIn(t, account, inbox);
    const conversation = await makeConversation(t, account, inbox);
    await assign(conversation, leaver);
    const shown = await told(leaver, conversation, 'conversation_assignment');
    await call(t, account.admin, 'DELETE', `${api}/inbox_members`, { inbox_id: inbox.id, user_ids: [leaver.id] });
    expect((await list(leaver, '?includes[]=read')).payload).toEqual([]);
    expect((await call(t, leaver, 'GET', `${api}/notifications/unread_count`)).body).toBe(0);
    expect((await call(t, leaver, 'PATCH', `${api}/notifications/${shown.id}`)).status).toBe(404);
    t.clock.advance(180_000);
    await t.app.get(SendNotificationMails, { strict: false }).run();
    t.clock.advance(-180_000);
    expect(mail.mails.filter((one) => one.to.includes(leaver.email))).toEqual([]);
  });
});

describe('by mail', () => {
  const run = async (after: number): Promise<void> => {
    t.clock.advance(after);
    await t.app.get(SendNotificationMails, { strict: false }).run();
    t.clock.advance(-after);
  };
  const to = (person: Person) => mail.mails.filter((one) => one.to.includes(person.email));

  test('all that waits in one mail, in the person\'s language, once; not what was read', async () => {
    const person = await makeAgentIn(t, account, inbox);
    const [first, second, seen] = [await makeConversation(t, account, inbox), await makeConversation(t, account, inbox), await makeConversation(t, account, inbox)];
    for (const conversation of [first, second, seen]) {
      await assign(conversation, person);
      await told(person, conversation, 'conversation_assignment');
    }
    await call(t, person, 'PATCH', `${api}/notifications/${(await about(person, seen))[0]!.id}`);
    await t.database.asOwner((client) => client.query('UPDATE users SET locale = $2, confirmed_at = now() WHERE id = $1', [person.id, 'de']));
    await run(60_000);
    expect(to(person)).toEqual([]);
    // The mail that is refused is to be this one.
    await t.database.asOwner((client) => client.query('UPDATE notifications SET mail_due_at = NULL WHERE user_id <> $1', [person.id]));
    mail.refuse(1);
    await run(180_000);
    expect(to(person)).toEqual([]);
    await run(180_000);
    await run(400_000);
    expect(to(person)).toHaveLength(1);
    const { text, raw } = to(person)[0]!;
    expect(raw).toMatch(/^Subject: =\?UTF-8\?Q\?2_Benachrichtigungen_/m);
    expect(text).toMatch(new RegExp(`https://help.foodbank.example/app/accounts/${account.id}/conversations/${first.id}\r?\n`));
    expect(text).toContain(`https://help.foodbank.example/app/accounts/${account.id}/settings/notifications`);
    expect(text).not.toMatch(new RegExp(`conversations/${seen.id}\\s`));
    expect(text).not.toContain('are you open today');
  });

  test('are turned off with one click in the mail program, or on a page that asks first; nothing else is', async () => {
    const person = await makeAgentIn(t, account, inbox);
    await t.database.asOwner((client) => client.query('UPDATE users SET locale = $2, confirmed_at = now() WHERE id = $1', [person.id, 'ar']));
    const [first, waiting] = [await makeConversation(t, account, inbox), await makeConversation(t, account, inbox)];
    await assign(first, person);
    await told(person, first, 'conversation_assignment');
    await run(400_000);
    const raw = to(person)[0]!.raw.replace(/\r\n[ \t]+/g, ' ');
    expect(raw).toMatch(/^Auto-Submitted: auto-generated\r$/m);
    expect(raw).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m);
    const { pathname } = new URL(/^List-Unsubscribe: <(https:\/\/help\.foodbank\.example\/[^>\s]+)>\r$/m.exec(raw)![1]!);
    await assign(waiting, person);
    await told(person, waiting, 'conversation_assignment');
    const wanted = async () => (await call(t, person, 'GET', `${api}/notification_settings`)).body;
    const before = await wanted();
    const page = await call<string>(t, null, 'GET', pathname);
    expect([page.status, page.headers.get('content-security-policy')]).toEqual([200, expect.stringContaining("form-action 'self'")]);
    expect(page.body).toMatch(/<html lang="ar" dir="rtl">[^]*<form method="post">/);
    expect(await wanted()).toEqual(before);
    for (const forged of [`${pathname.slice(0, -2)}xx`, '/notification-mails/none']) expect((await call(t, null, 'POST', forged)).status).toBe(404);
    expect(await wanted()).toEqual(before);
    // RFC 8058: in either form, and without following anything.
    const form = new FormData();
    form.set('List-Unsubscribe', 'One-Click');
    for (const body of [form, new URLSearchParams({ 'List-Unsubscribe': 'One-Click' })]) expect((await fetch(t.url + pathname, { method: 'POST', body, redirect: 'error' })).status).toBe(200);
    expect(await wanted()).toEqual({ ...before, selected_email_flags: [] });
    await run(800_000);
    expect(to(person)).toHaveLength(1);
  });

  test('not who has the dashboard open, until it is clear that they do not look', async () => {
    const person = await makeAgentIn(t, account, inbox);
    await t.database.asOwner((client) => client.query('UPDATE users SET confirmed_at = now() WHERE id = $1', [person.id]));
    const socket = await agentSocket(t, person, account.id);
    const conversation = await makeConversation(t, account, inbox);
    await assign(conversation, person);
    await told(person, conversation, 'conversation_assignment');
    await run(180_000);
    expect(to(person)).toEqual([]);
    await run(16 * 60_000);
    expect(to(person)).toHaveLength(1);
    socket.close();
  });
});
