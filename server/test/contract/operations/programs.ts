import { expect } from '@jest/globals';
import { unique } from '../../factories.js';
import { eventually } from '../../http.js';
import { operation, type Operation } from '../operation.js';
import type { World } from '../world.js';

const I = '/public/api/v1/inboxes/{inbox_identifier}';
const K = `${I}/contacts/{contact_identifier}`;
const P = '/platform/api/v1';
const conversation = async (w: World): Promise<number[]> => [await w.conversation()];
const platform = (w: World, thing: string, body: object): Promise<{ id: number }> => w.ask('POST', `${P}/${thing}`, body, 'platform');
const account = async (w: World): Promise<number[]> => [(await platform(w, 'accounts', { name: `Branch ${unique()}` })).id];
const user = async (w: World): Promise<number[]> => [(await platform(w, 'users', { name: 'Ida', email: `ida-${unique()}@example.org` })).id];
const bot = async (w: World): Promise<number[]> => [(await platform(w, 'agent_bots', { name: 'Robot', account_id: (await account(w))[0] })).id];
const member = async (w: World): Promise<number[]> => {
  const [place, person] = [(await account(w))[0]!, (await user(w))[0]!];
  await w.ask('POST', `${P}/accounts/${place}/account_users`, { user_id: person, role: 'agent' }, 'platform');
  return [place, person];
};
const ofPlatform = (w: World, path: string): Promise<any> => w.ask('GET', `${P}/${path}`, undefined, 'platform'); // eslint-disable-line @typescript-eslint/no-explicit-any -- a test looks into any answer
const ofClient = (w: World, path: string): Promise<any> => w.ask('GET', w.client(path), undefined, 'nobody'); // eslint-disable-line @typescript-eslint/no-explicit-any -- as above

/** A conversation that was resolved, and its contact asked. */
async function survey(w: World): Promise<string[]> {
  const inbox = await w.ask('POST', 'inboxes', { name: `Asks ${unique()}`, csat_survey_enabled: true, channel: { type: 'api' } });
  const contacts = `/public/api/v1/inboxes/${inbox.inbox_identifier}/contacts`;
  const { source_id: source } = await w.ask('POST', contacts, { name: 'Nora' }, 'nobody');
  const { id, uuid } = await w.ask('POST', `${contacts}/${source}/conversations`, {}, 'nobody');
  await w.ask('POST', `${contacts}/${source}/conversations/${id}/messages`, { content: 'Thanks!' }, 'nobody');
  await w.ask('POST', `conversations/${id}/messages`, { content: 'You are welcome.' });
  await w.ask('POST', `conversations/${id}/toggle_status`, { status: 'resolved' });
  await eventually('the survey', () => w.ask('GET', `/public/api/v1/csat_survey/${uuid}`, undefined, 'nobody').catch(() => undefined));
  return [uuid];
}

/** What contacts' own clients and the operator's programs call. */
export const programs: Operation[] = [
  operation(`GET ${I}`, 'anybody', '@publicInbox', { effect: (w, _, body) => expect(body.identifier).toBe(w.inbox.inbox_identifier) }),
  operation(`POST ${I}/contacts`, 'anybody', '@publicContact', {
    body: () => ({ name: 'Lise', email: `lise-${unique()}@example.org` }),
    effect: async (w, _, body) => expect((await w.ask('GET', `/public/api/v1/inboxes/${w.inbox.inbox_identifier}/contacts/${body.source_id}`, undefined, 'nobody')).id).toBe(body.id),
  }),
  operation(`GET ${K}`, 'anybody', '@publicContact', { effect: (w, _, body) => expect(body.id).toBe(w.contact.id) }),
  operation(`PATCH ${K}`, 'anybody', '@rawContact', { body: () => ({ custom_attributes: { size: 'L' } }), effect: async (w) => expect((await w.ask('GET', `contacts/${w.contact.id}`)).payload.custom_attributes.size).toBe('L') }),
  operation(`GET ${K}/conversations`, 'anybody', '[@publicConversation]', { given: async (w) => { await w.conversation(); return []; }, effect: (_, __, body) => expect(body.length).toBeGreaterThan(0) }),
  operation(`POST ${K}/conversations`, 'anybody', '@publicConversation', {
    body: () => ({ custom_attributes: { from: 'app' } }), effect: async (w, _, body) => expect((await w.ask('GET', `conversations/${body.id}`)).custom_attributes).toEqual({ from: 'app' }),
  }),
  operation(`GET ${K}/conversations/{conversation_id}`, 'anybody', '@publicConversation', { given: conversation, effect: (_, [id], body) => expect(body.id).toBe(id) }),
  operation(`POST ${K}/conversations/{conversation_id}/toggle_status`, 'anybody', '@publicConversation', {
    given: conversation, effect: async (w, [id]) => expect((await w.ask('GET', `conversations/${id}`)).status).toBe('resolved'),
  }),
  operation(`POST ${K}/conversations/{conversation_id}/toggle_typing`, 'anybody', 'nothing', { given: conversation, body: () => ({ typing_status: 'on' }) }),
  operation(`POST ${K}/conversations/{conversation_id}/update_last_seen`, 'anybody', 'nothing', {
    given: conversation, effect: async (w, [id]) => expect((await ofClient(w, `/conversations/${id}`)).contact_last_seen_at).toBeGreaterThan(0),
  }),
  operation(`GET ${K}/conversations/{conversation_id}/messages`, 'anybody', '[@publicMessage]', { given: conversation, effect: (_, __, body) => expect(body[0].content).toBe('Are you open?') }),
  operation(`POST ${K}/conversations/{conversation_id}/messages`, 'anybody', '@publicMessage', {
    given: conversation, body: () => ({ content: 'Hello?', echo_id: unique() }), effect: async (w, [id], body) => expect((await ofClient(w, `/conversations/${id}/messages`)).map((one: { id: number }) => one.id)).toContain(body.id),
  }),
  operation(`PATCH ${K}/conversations/{conversation_id}/messages/{message_id}`, 'anybody', '@publicMessage', {
    given: async (w) => {
      const id = await w.conversation();
      return [id, (await w.ask('POST', `conversations/${id}/messages`, { content: 'Size?', content_type: 'input_select', content_attributes: { items: [{ title: 'Small', value: 's' }] } })).id];
    },
    body: () => ({ submitted_values: [{ title: 'Small', value: 's' }] }),
    effect: (_, __, body) => expect(body.content_attributes.submitted_values).toEqual([{ title: 'Small', value: 's' }]),
  }),
  operation('GET /survey/responses/{conversation_uuid}', 'anybody', 's', { given: survey }),

  operation(`POST ${P}/accounts`, 'platform', '@platformAccount', { body: () => ({ name: 'Branch', locale: 'de' }), effect: async (w, _, body) => expect((await ofPlatform(w, `accounts/${body.id}`)).locale).toBe('de') }),
  operation(`GET ${P}/accounts/{account_id}`, 'platform', '@platformAccount', { given: account, effect: (_, [id], body) => expect(body.id).toBe(id) }),
  operation(`PATCH ${P}/accounts/{account_id}`, 'platform', '@platformAccount', { given: account, body: () => ({ name: 'Renamed' }), effect: async (w, [id]) => expect((await ofPlatform(w, `accounts/${id}`)).name).toBe('Renamed') }),
  operation(`DELETE ${P}/accounts/{account_id}`, 'platform', 'nothing', { given: account, effect: async (w, [id]) => { await expect(ofPlatform(w, `accounts/${id}`)).rejects.toThrow(/answered 40[14]/); } }),
  operation(`GET ${P}/accounts/{account_id}/account_users`, 'platform', '[@accountUser]', { given: member, effect: (_, [, person], body) => expect(body.map((one: { user_id: number }) => one.user_id)).toContain(person) }),
  operation(`POST ${P}/accounts/{account_id}/account_users`, 'platform', '@accountUser', {
    given: async (w) => [...await account(w), ...await user(w)], body: (_, [, person]) => ({ user_id: person, role: 'administrator' }),
    effect: async (w, [id, person]) => expect(await ofPlatform(w, `accounts/${id}/account_users`)).toEqual([expect.objectContaining({ user_id: person, role: 'administrator' })]),
  }),
  operation(`DELETE ${P}/accounts/{account_id}/account_users`, 'platform', 'nothing', {
    given: member, body: (_, [, person]) => ({ user_id: person }), effect: async (w, [id]) => expect(await ofPlatform(w, `accounts/${id}/account_users`)).toEqual([]),
  }),
  operation(`GET ${P}/agent_bots`, 'platform', '[@platformBot]', { given: bot, effect: (_, [id], body) => expect(body.map((one: { id: number }) => one.id)).toContain(id) }),
  operation(`POST ${P}/agent_bots`, 'platform', '@platformBot', { given: account, body: (_, [place]) => ({ name: 'Robot', account_id: place }), effect: async (w, _, body) => expect((await ofPlatform(w, `agent_bots/${body.id}`)).name).toBe('Robot') }),
  operation(`GET ${P}/agent_bots/{id}`, 'platform', '@platformBot', { given: bot }),
  operation(`PATCH ${P}/agent_bots/{id}`, 'platform', '@platformBot', { given: bot, body: () => ({ name: 'Renamed' }), effect: async (w, [id]) => expect((await ofPlatform(w, `agent_bots/${id}`)).name).toBe('Renamed') }),
  operation(`DELETE ${P}/agent_bots/{id}`, 'platform', 'nothing', { given: bot, effect: async (w, [id]) => { await expect(ofPlatform(w, `agent_bots/${id}`)).rejects.toThrow(/answered 40[14]/); } }),
  operation(`POST ${P}/users`, 'platform', '@user', {
    body: () => ({ name: 'Ida', email: `ida-${unique()}@example.org`, custom_attributes: { crm: '7' } }), effect: async (w, _, body) => expect((await ofPlatform(w, `users/${body.id}`)).custom_attributes).toEqual({ crm: '7' }),
  }),
  operation(`GET ${P}/users/{id}`, 'platform', '@user', { given: user, effect: (_, [id], body) => expect(body.id).toBe(id) }),
  operation(`PATCH ${P}/users/{id}`, 'platform', '@user', { given: user, body: () => ({ name: 'Ida B.' }), effect: async (w, [id]) => expect((await ofPlatform(w, `users/${id}`)).name).toBe('Ida B.') }),
  operation(`DELETE ${P}/users/{id}`, 'platform', 'nothing', { given: user, effect: async (w, [id]) => { await expect(ofPlatform(w, `users/${id}`)).rejects.toThrow(/answered 40[14]/); } }),
  operation(`GET ${P}/users/{id}/login`, 'platform', '@login', { given: user, effect: (_, __, body) => expect(new URL(body.url).searchParams.get('sso_auth_token')).toBeTruthy() }),
];
