import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeAccount, makeMember, type AccountWithAdmin } from '../../test/factories.js';
import { makeConversation } from '../../test/factories-conversations.js';
import { makeAgentIn, makeInbox } from '../../test/factories-inboxes.js';
import { call, eventually } from '../../test/http.js';
import { startTestApp, type TestApp } from '../../test/test-app.js';
import { useTestChannels } from '../../test/test-channel.js';
import { InboxLookup } from './inbox-lookup.service.js';

let t: TestApp;
let account: AccountWithAdmin;
let path: string;
beforeAll(async () => {
  t = await startTestApp();
  useTestChannels(t);
  account = await makeAccount(t);
  path = `/api/v1/accounts/${account.id}/inboxes`;
});
afterAll(() => t.close());

describe('inboxes', () => {
  test('are created with their channel, Chatwoot\'s default hours and secrets only administrators see', async () => {
    const made = await call(t, account.admin, 'POST', path, { name: 'Website', greeting_enabled: true, greeting_message: 'Hi', channel: { type: 'test_chat', website_url: 'https://example.org', unknown: 1 } });
    expect(made.status).toBe(200);
    expect(made.body).toMatchObject({
      name: 'Website', channel_type: 'Channel::TestChat', greeting_enabled: true, greeting_message: 'Hi', website_url: 'https://example.org', welcome_title: 'Hello', timezone: 'UTC',
      allow_messages_after_resolved: true, lock_to_single_conversation: false, working_hours_enabled: false, webhook_url: null, hmac_token: expect.stringMatching(/^hmac-/), widget_last_seen_at: null,
    });
    expect(made.body.working_hours).toHaveLength(7);
    expect(made.body.working_hours[0]).toMatchObject({ day_of_week: 0, closed_all_day: true, open_hour: null });
    expect(made.body.working_hours[1]).toEqual({ day_of_week: 1, closed_all_day: false, open_all_day: false, open_hour: 9, open_minutes: 0, close_hour: 17, close_minutes: 0 });
    const agent = await makeAgentIn(t, account, made.body);
    const seen = await call(t, agent, 'GET', `${path}/${made.body.id}`);
    expect(seen.status).toBe(200);
    expect(seen.body).not.toHaveProperty('hmac_token');
    const stored = await t.database.asOwner(async (client) => {
      await client.query('SET ROLE porchlight_system');
      return (await client.query('SELECT channel_secrets FROM inboxes WHERE id = $1', [made.body.id])).rows[0].channel_secrets as string;
    });
    expect(stored).toMatch(/^v1\./);
    expect(stored).not.toContain('hmac-');
  });

  test('are changed key by key; a weekday given alone leaves the others', async () => {
    const inbox = await makeInbox(t, account, { channel: { website_url: 'https://a.example' } });
    const changed = await call(t, account.admin, 'PATCH', `${path}/${inbox.id}`, {
      inbox: { name: 'New', timezone: 'Europe/Berlin', working_hours_enabled: true, working_hours: [{ day_of_week: 6, closed_all_day: false, open_hour: 10, open_minutes: 30, close_hour: 12, close_minutes: 0 }], channel: { welcome_title: 'Ahoy' } },
    });
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({ name: 'New', timezone: 'Europe/Berlin', welcome_title: 'Ahoy', website_url: 'https://a.example' });
    expect(changed.body.working_hours[6]).toMatchObject({ open_hour: 10, open_minutes: 30 });
    expect(changed.body.working_hours[1]).toMatchObject({ open_hour: 9 });
    expect((await call(t, account.admin, 'GET', `${path}/${inbox.id}`)).body).toEqual(changed.body);
  });

  test.each([
    [{ name: '', channel: { type: 'test_chat' } }, 'name'], [{ name: 'x' }, 'channel'], [{ name: 'x', channel: { type: 'pigeon' } }, 'channel.type'],
    [{ name: 'x', channel: { type: 'test_chat', website_url: 'not a url' } }, 'website_url'], [{ name: 'a\u0000b', channel: { type: 'test_chat' } }, 'name'],
    [{ name: 'x\ud800', channel: { type: 'test_chat' } }, 'name'], [{ name: 'x', greeting_message: 'y'.repeat(10_001), channel: { type: 'test_chat' } }, 'greeting_message'],
    [{ name: 'x', timezone: 'Mars/Olympus', channel: { type: 'test_chat' } }, 'timezone'], [{ name: {}, channel: { type: 'test_chat' } }, 'name'],
    [{ name: 'x', working_hours: [{ day_of_week: 1, open_hour: 17, close_hour: 9 }], channel: { type: 'test_chat' } }, 'working_hours.0.close_hour'],
  ])('refuses %j', async (body, attribute) => {
    const refused = await call(t, account.admin, 'POST', path, body);
    expect(refused.status).toBe(422);
    expect(refused.body.attributes).toContain(attribute);
  });

  test('have a picture, which is shown wherever they are, and goes again', async () => {
    const own = await makeInbox(t, account);
    const form = new FormData();
    form.append('avatar', new Blob([Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')], { type: 'image/gif' }), 'own.gif');
    form.append('name', 'With picture');
    const changed = await call(t, account.admin, 'PATCH', `${path}/${own.id}`, form);
    expect(changed.body).toMatchObject({ name: 'With picture', avatar_url: expect.stringMatching(/webp$/) });
    expect((await fetch(changed.body.avatar_url)).status).toBe(200);
    const contact = await call(t, account.admin, 'POST', `/api/v1/accounts/${account.id}/contacts`, { inbox_id: own.id });
    expect(contact.body.payload).toMatchObject({ contact: { contact_inboxes: [{ inbox: { avatar_url: changed.body.avatar_url } }] }, contact_inbox: { inbox: { avatar_url: changed.body.avatar_url } } });
    expect((await call(t, await makeMember(t, account.id), 'DELETE', `${path}/${own.id}/avatar`)).status).toBe(401);
    expect((await call(t, account.admin, 'DELETE', `${path}/${own.id}/avatar`)).body.avatar_url).toBe('');
    await eventually('the picture is gone', async () => (await fetch(changed.body.avatar_url)).status === 404);
  });

  test('are the administrators\' to change, and agents see only their own', async () => {
    const [mine, other] = [await makeInbox(t, account), await makeInbox(t, account)];
    const agent = await makeAgentIn(t, account, mine);
    expect((await call(t, agent, 'GET', path)).body.payload.map((i: { id: number }) => i.id)).toEqual([mine.id]);
    expect((await call(t, agent, 'GET', `${path}/${other.id}`)).status).toBe(404);
    for (const [method, url, body] of [
      ['POST', path, { name: 'x', channel: { type: 'test_chat' } }], ['PATCH', `${path}/${mine.id}`, { name: 'x' }], ['DELETE', `${path}/${mine.id}`], ['POST', `${path}/${mine.id}/reset_secret`],
    ] as const) expect((await call(t, agent, method, url, body)).status).toBe(401);
    expect((await call(t, null, 'GET', path)).status).toBe(401);
  });

  test('of another account do not exist', async () => {
    const stranger = await makeAccount(t);
    const inbox = await makeInbox(t, account);
    const theirs = `/api/v1/accounts/${stranger.id}/inboxes`;
    for (const [method, url, body] of [
      ['GET', `${theirs}/${inbox.id}`], ['PATCH', `${theirs}/${inbox.id}`, { name: 'x' }], ['DELETE', `${theirs}/${inbox.id}`], ['POST', `${theirs}/${inbox.id}/reset_secret`],
      ['GET', `${theirs}/${inbox.id}/assignable_agents`], ['GET', `/api/v1/accounts/${stranger.id}/inbox_members/${inbox.id}`],
      ['POST', `/api/v1/accounts/${stranger.id}/inbox_members`, { inbox_id: inbox.id, user_ids: [stranger.admin.id] }], ['GET', `${theirs}/abc`],
    ] as const) expect((await call(t, stranger.admin, method, url, body)).status).toBe(404);
    expect((await call(t, stranger.admin, 'GET', path)).status).toBe(401);
    expect((await call(t, stranger.admin, 'GET', theirs)).body.payload).toEqual([]);
  });

  test('keep what a new signing secret does not replace', async () => {
    const inbox = await makeInbox(t, account, { type: 'test_worker' });
    const reset = await call(t, account.admin, 'POST', `${path}/${inbox.id}/reset_secret`);
    expect(reset.body.secret).not.toBe(inbox['secret']);
    expect(reset.body.hmac_token).toBe(inbox['hmac_token']);
  });

  test('are found by their public token until they are deleted', async () => {
    const inbox = await makeInbox(t, account);
    const lookup = t.app.get(InboxLookup);
    const found = await lookup.byPublicToken(inbox.website_token!, 'test_chat');
    expect(found).toMatchObject({ accountId: account.id, inbox: { id: inbox.id } });
    expect(lookup.secretsOf(found!.inbox)).toEqual({ hmac_token: inbox['hmac_token'] });
    expect(await lookup.byPublicToken(inbox.website_token!, 'test_worker')).toBeUndefined();
    expect(await lookup.byPublicToken('a\u0000', 'test_chat')).toBeUndefined();
    expect((await call(t, account.admin, 'DELETE', `${path}/${inbox.id}`)).status).toBe(200);
    expect(await lookup.byPublicToken(inbox.website_token!, 'test_chat')).toBeUndefined();
    expect((await call(t, account.admin, 'GET', `${path}/${inbox.id}`)).status).toBe(404);
    expect((await call(t, account.admin, 'DELETE', `${path}/${inbox.id}`)).status).toBe(404);
  });
});

describe('members', () => {
  test('are added, replaced and taken out, and answered as agents', async () => {
    const inbox = await makeInbox(t, account);
    const [a, b] = [await makeMember(t, account.id), await makeMember(t, account.id)];
    const members = `/api/v1/accounts/${account.id}/inbox_members`;
    const added = await call(t, account.admin, 'POST', members, { inbox_id: inbox.id, user_ids: [a.id, a.id] });
    expect(added.body.payload).toEqual([expect.objectContaining({ id: a.id, email: a.email, role: 'agent', account_id: account.id, confirmed: true, availability_status: 'offline' })]);
    expect((await call(t, account.admin, 'PATCH', members, { inbox_id: inbox.id, user_ids: [b.id] })).body.payload.map((m: { id: number }) => m.id)).toEqual([b.id]);
    expect((await call(t, b, 'GET', `${members}/${inbox.id}`)).body.payload).toHaveLength(1);
    expect((await call(t, a, 'GET', `${members}/${inbox.id}`)).status).toBe(404);
    const assignable = await call(t, b, 'GET', `/api/v1/accounts/${account.id}/assignable_agents?inbox_ids[]=${inbox.id}`);
    expect(assignable.body.payload.map((m: { id: number }) => m.id).sort()).toEqual([account.admin.id, b.id].sort());
    expect((await call(t, account.admin, 'DELETE', members, { inbox_id: inbox.id, user_ids: [b.id] })).status).toBe(200);
    expect((await call(t, account.admin, 'GET', `${members}/${inbox.id}`)).body.payload).toEqual([]);
  });

  test('must be people of the account, put in by an administrator', async () => {
    const inbox = await makeInbox(t, account);
    const stranger = await makeAccount(t);
    const members = `/api/v1/accounts/${account.id}/inbox_members`;
    const refused = await call(t, account.admin, 'POST', members, { inbox_id: inbox.id, user_ids: [stranger.admin.id] });
    expect([refused.status, refused.body.attributes]).toEqual([422, ['user_ids']]);
    expect((await call(t, account.admin, 'POST', members, { inbox_id: inbox.id, user_ids: 'all' })).body.attributes).toEqual(['user_ids.0']);
    expect((await call(t, await makeAgentIn(t, account, inbox), 'POST', members, { inbox_id: inbox.id, user_ids: [] })).status).toBe(401);
  });
});

describe('labels', () => {
  test('are kept by administrators and read by all', async () => {
    const labels = `/api/v1/accounts/${account.id}/labels`;
    const made = await call(t, account.admin, 'POST', labels, { label: { title: 'Food-Bank', color: '#112233', show_on_sidebar: false } });
    expect(made.body).toEqual({ id: expect.any(Number), title: 'food-bank', description: null, color: '#112233', show_on_sidebar: false });
    expect((await call(t, account.admin, 'POST', labels, { title: 'food-bank' })).body).toEqual({ message: 'Title has already been taken', attributes: ['title'] });
    // What came to be by tagging is adopted, and stays on what it was put on.
    const conversation = await makeConversation(t, account, await makeInbox(t, account));
    await call(t, account.admin, 'POST', `${conversation.url}/labels`, { labels: ['Warm Meals'] });
    const adopted = await call(t, account.admin, 'POST', labels, { title: 'warm-meals', description: 'At noon', color: '#223344' });
    expect([adopted.status, adopted.body]).toEqual([200, expect.objectContaining({ title: 'warm-meals', description: 'At noon', color: '#223344', show_on_sidebar: true })]);
    expect((await call(t, account.admin, 'GET', `${conversation.url}/labels`)).body).toEqual({ payload: ['warm-meals'] });
    expect((await call(t, account.admin, 'POST', labels, { title: 'warm-meals' })).status).toBe(422);
    expect((await call(t, account.admin, 'PATCH', `${labels}/${made.body.id}`, { description: 'Parcels' })).body).toMatchObject({ title: 'food-bank', description: 'Parcels', color: '#112233' });
    const agent = await makeMember(t, account.id);
    expect((await call(t, agent, 'GET', labels)).body.payload).toHaveLength(2);
    for (const [method, url] of [['POST', labels], ['GET', `${labels}/${made.body.id}`], ['PATCH', `${labels}/${made.body.id}`], ['DELETE', `${labels}/${made.body.id}`]] as const) {
      expect((await call(t, agent, method, url, method === 'GET' ? undefined : { title: 'x' })).status).toBe(401);
    }
    const stranger = await makeAccount(t);
    for (const method of ['GET', 'PATCH', 'DELETE']) {
      expect((await call(t, stranger.admin, method, `/api/v1/accounts/${stranger.id}/labels/${made.body.id}`, method === 'PATCH' ? { title: 'x' } : undefined)).status).toBe(404);
    }
    expect((await call(t, account.admin, 'DELETE', `${labels}/${made.body.id}`)).status).toBe(200);
    expect((await call(t, account.admin, 'GET', labels)).body.payload).toEqual([adopted.body]);
  });

  test.each([[{ title: 'two words' }, 'title'], [{ title: '' }, 'title'], [{ title: '<b>' }, 'title'], [{ title: {} }, 'title'], [{ title: 'ok', color: 'red' }, 'color'], [{}, 'title']])('refuse %j', async (body, attribute) => {
    const refused = await call(t, account.admin, 'POST', `/api/v1/accounts/${account.id}/labels`, body);
    expect([refused.status, refused.body.attributes]).toEqual([422, [attribute]]);
  });
});
