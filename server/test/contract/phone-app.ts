import { expect } from '@jest/globals';
import { generateSync } from 'otplib';
import { roomOf, TestCable } from '../cable.js';
import { givePassword, makeMember, PASSWORD, signIn, unique, type Person } from '../factories.js';
import { call } from '../http.js';
import { misfits } from './shapes.js';
import type { World } from './world.js';

interface PhoneCall { method: string; path: string; body?: object; answer?: string; kept?: (body: any) => void } // eslint-disable-line @typescript-eslint/no-explicit-any -- a test looks into any answer

const notification = 'conversation_assignment';

/** What Chatwoot's phone app calls once somebody is signed in, in the order of a shift. Paths without a slash are under the account. */
const calls = (w: World, seen: { conversation: number; contact: number; message: number; me: number; colleague: number; team: number; macro: number; push: string }): PhoneCall[] => {
  const conversation = `conversations/${seen.conversation}`;
  return [
    { method: 'GET', path: '/api/v1/profile', answer: '@user' },
    { method: 'POST', path: '/api/v1/profile/availability', body: { profile: { availability: 'busy', account_id: w.account.id } }, answer: '@user' },
    { method: 'PUT', path: '/api/v1/profile/set_active_account', body: { profile: { account_id: w.account.id } } },
    { method: 'POST', path: '/api/v1/notification_subscriptions', body: { subscription_type: 'fcm', subscription_attributes: { deviceName: 'Phone', devicePlatform: 'Android', apiLevel: '34', brandName: 'x', buildNumber: '1', push_token: seen.push, device_id: seen.push } } },
    { method: 'GET', path: 'conversations?inbox_id=&assignee_type=all&status=open&page=1&sort_by=latest', answer: '@listed' },
    { method: 'GET', path: `conversations?inbox_id=${w.inbox.id}&assignee_type=me&status=all&page=1&sort_by=sort_on_created_at`, answer: '@listed' },
    { method: 'GET', path: conversation, answer: '@conversation' },
    { method: 'GET', path: `${conversation}/messages`, answer: '@thread' },
    { method: 'GET', path: `${conversation}/messages?before=${seen.message + 1}`, answer: '@thread' },
    { method: 'GET', path: `${conversation}/messages?after=${seen.message - 1}`, answer: '@thread' },
    { method: 'POST', path: `${conversation}/messages`, body: { content: 'From my phone', private: false, echo_id: `temp-${unique()}`, content_attributes: { in_reply_to: seen.message }, cc_emails: '', bcc_emails: '' }, answer: '@message', kept: ({ echo_id }) => expect(echo_id).toMatch(/^temp-/) },
    { method: 'POST', path: `${conversation}/messages/${seen.message}/translate`, body: { target_language: 'de' }, kept: (body) => expect(body).toEqual({ content: null }) },
    { method: 'POST', path: `${conversation}/toggle_typing_status`, body: { typing_status: 'on', is_private: false } },
    { method: 'POST', path: `${conversation}/toggle_priority`, body: { priority: 'high' } },
    { method: 'POST', path: `${conversation}/assignments`, body: { assignee_id: seen.colleague }, answer: '@agent' },
    { method: 'POST', path: `${conversation}/assignments?team_id=${seen.team}`, kept: ({ id }) => expect(id).toBe(seen.team) },
    { method: 'POST', path: `${conversation}/labels`, body: { labels: ['phone'] }, answer: '@titles' },
    { method: 'POST', path: `${conversation}/update_last_seen`, answer: '@conversation' },
    { method: 'POST', path: `${conversation}/unread`, answer: '@conversation' },
    { method: 'GET', path: `${conversation}/participants`, answer: '[@agent]' },
    { method: 'PUT', path: `${conversation}/participants`, body: { user_ids: [seen.me] }, answer: '[@agent]' },
    { method: 'POST', path: 'bulk_actions', body: { type: 'Conversation', ids: [seen.conversation], fields: { status: 'open' }, labels: { add: ['bulk'] } } },
    { method: 'GET', path: 'notifications?sort_order=desc&includes[]=snoozed&includes[]=read&page=1', kept: ({ data }) => expect(data.meta).toEqual(expect.objectContaining({ unread_count: expect.any(Number), count: expect.any(Number) })) },
    { method: 'POST', path: 'notifications/read_all', body: { primary_actor_id: seen.conversation, primary_actor_type: 'Conversation' } },
    { method: 'POST', path: 'notifications/read_all', body: {} },
    { method: 'GET', path: 'notification_settings', kept: ({ all_push_flags }) => expect(all_push_flags).toContain(`push_${notification}`) },
    { method: 'PUT', path: 'notification_settings', body: { notification_settings: { selected_email_flags: [], selected_push_flags: [`push_${notification}`] } }, kept: ({ selected_push_flags }) => expect(selected_push_flags).toEqual([`push_${notification}`]) },
    { method: 'GET', path: 'inboxes', answer: '@inboxes' },
    { method: 'GET', path: 'labels', answer: '@labels' },
    { method: 'GET', path: 'macros', kept: ({ payload }) => expect(payload.map((one: { id: number }) => one.id)).toContain(seen.macro) },
    { method: 'POST', path: `macros/${seen.macro}/execute`, body: { conversation_ids: [seen.conversation] } },
    { method: 'GET', path: 'teams', answer: '[@team]' },
    { method: 'GET', path: 'canned_responses', answer: '[@canned]' },
    { method: 'GET', path: 'canned_responses?search=hi', answer: '[@canned]' },
    { method: 'GET', path: 'custom_attribute_definitions', answer: '[@attribute]' },
    { method: 'GET', path: 'dashboard_apps', kept: (body) => expect(Array.isArray(body)).toBe(true) },
    { method: 'GET', path: `assignable_agents?inbox_ids[]=${w.inbox.id}`, answer: '@agents' },
    { method: 'GET', path: `contacts/${seen.contact}`, answer: '@oneContact' },
    { method: 'GET', path: `contacts/${seen.contact}/labels`, answer: '@titles' },
    { method: 'POST', path: `contacts/${seen.contact}/labels`, body: { labels: ['phone'] }, answer: '@titles' },
    { method: 'GET', path: `contacts/${seen.contact}/conversations`, answer: '@conversationsOfContact' },
    ...['contacts', 'conversations', 'messages'].map((what) => ({ method: 'GET', path: `search/${what}?q=ada&page=1`, kept: ({ payload }: { payload: Record<string, unknown> }) => expect(payload[what]).toEqual(expect.any(Array)) })),
    { method: 'POST', path: `${conversation}/toggle_status`, body: { status: 'snoozed', snoozed_until: Math.floor(w.t.clock.now() / 1000) + 3_600 }, answer: '@toggled' },
    { method: 'POST', path: `${conversation}/mute` },
    { method: 'POST', path: `${conversation}/unmute` },
    { method: 'DELETE', path: `${conversation}/messages/${seen.message}`, answer: '@message' },
    { method: 'DELETE', path: '/api/v1/notification_subscriptions', body: { push_token: seen.push } },
  ];
};

/** Somebody with a second factor takes up the phone for a shift. Answers the calls that have no route here. */
export async function aShiftOnThePhone(w: World, routes: readonly string[]): Promise<string[]> {
  const me = await makeMember(w.t, w.account.id);
  await w.ask('POST', 'inbox_members', { inbox_id: w.inbox.id, user_ids: [me.id] });
  const phone = await signInOnThePhone(w, me);
  const server = await call(w.t, null, 'GET', '/api');
  expect(server.body).toEqual(expect.objectContaining({ version: expect.stringMatching(/^\d+\.\d+\.\d+/), timestamp: expect.any(String), queue_services: 'ok', data_services: 'ok' }));

  const cable = await TestCable.open(w.t);
  expect(await cable.subscribe(await roomOf(w.t, phone, w.account.id))).toBe('confirm_subscription');
  const conversation = await w.conversation();
  const heard = await cable.hears('message.created', (frame) => frame.data.conversation_id === conversation && frame.data.message_type === 0);
  await w.ask('POST', 'canned_responses', { short_code: `hi-${unique()}`, content: 'Hello' });
  await w.ask('POST', `conversations/${conversation}/custom_attributes`, { custom_attributes: {} });
  const seen = {
    conversation, contact: w.contact.id, message: heard.data.id as number, me: me.id, colleague: w.agent.id, push: unique(),
    team: await w.made('teams', { name: `team ${unique()}` }), macro: await w.made('macros', { name: 'Urgent', visibility: 'global', actions: [{ action_name: 'change_priority', action_params: ['urgent'] }] }),
  };
  const missing: string[] = [];
  for (const one of calls(w, seen)) {
    const path = one.path.startsWith('/') ? one.path : w.path(one.path);
    if (!routes.some((route) => isOf(route, `${one.method} ${path.split('?')[0]!}`))) {
      missing.push(`${one.method} ${one.path.split('?')[0]!}`);
      continue;
    }
    const answer = await call(w.t, phone, one.method, path, one.body);
    expect({ call: `${one.method} ${one.path}`, status: answer.status, wrong: one.answer ? misfits(one.answer, answer.body) : [] }).toEqual({ call: `${one.method} ${one.path}`, status: 200, wrong: [] });
    one.kept?.(answer.body);
    expect(answer.headers.get('access-token')).toBeNull();
  }
  await sendPhoto(w, phone, conversation);
  cable.close();
  expect((await call(w.t, phone, 'DELETE', '/auth/sign_out')).status).toBe(200);
  expect((await call(w.t, phone, 'GET', '/api/v1/profile')).status).toBe(401);
  return missing;
}

/** Whether a call goes to a route, given as `GET /labels/{id}`. */
const isOf = (route: string, called: string): boolean => new RegExp(`^${route.replace(/\{\w+\}/g, '[^/]+')}$`).test(called);

/** Password, then the code of the authenticator app. What comes back is used for every call, unchanged. */
async function signInOnThePhone(w: World, me: Person): Promise<Person> {
  await givePassword(w.t, me);
  const browser = await signIn(w.t, me);
  const { secret } = (await call(w.t, browser, 'POST', '/api/v1/profile/mfa')).body as { secret: string };
  const code = (steps: number): string => generateSync({ secret, epoch: Math.floor((w.t.clock.now() + steps * 30_000) / 1000) });
  expect((await call(w.t, browser, 'POST', '/api/v1/profile/mfa/verify', { otp_code: code(0) })).status).toBe(200);
  const first = await call(w.t, null, 'POST', '/auth/sign_in', { email: me.email, password: PASSWORD });
  expect([first.status, first.body.mfa_required]).toEqual([206, true]);
  // The same code is not taken twice; the next one is, half a minute early.
  const second = await call(w.t, null, 'POST', '/auth/sign_in', { mfa_token: first.body.mfa_token, otp_code: code(1) });
  expect([second.status, misfits('@user', second.body.data)]).toEqual([200, []]);
  return { ...me, headers: Object.fromEntries(['access-token', 'client', 'uid'].map((name) => [name, second.headers.get(name)!])) };
}

async function sendPhoto(w: World, phone: Person, conversation: number): Promise<void> {
  const form = new FormData();
  for (const [key, value] of Object.entries({ content: 'Our queue', private: 'false', echo_id: unique(), content_attributes: '{}' })) form.append(key, value);
  form.append('attachments[]', new Blob([Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')], { type: 'image/png' }), 'queue.png');
  const sent = await call(w.t, phone, 'POST', w.path(`conversations/${conversation}/messages`), form);
  expect([sent.status, misfits('@message', sent.body), sent.body.attachments?.[0]?.file_type]).toEqual([200, [], 'image']);
}
