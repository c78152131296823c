import { expect } from '@jest/globals';
import { makeMember, unique } from '../../factories.js';
import { operation, type Operation } from '../operation.js';
import type { World } from '../world.js';

const A = '/api/v1/accounts/{account_id}';
const inbox = async (w: World): Promise<number[]> => [await w.made('inboxes', { name: `Inbox ${unique()}`, channel: { type: 'api', webhook_url: '' } })];
/** An inbox with one member, who is named too. */
const joined = async (w: World): Promise<number[]> => {
  const [[id], person] = [await inbox(w), await makeMember(w.t, w.account.id)];
  await w.ask('POST', 'inbox_members', { inbox_id: id, user_ids: [person.id] });
  return [id!, person.id];
};
const membersOf = async (w: World, id: number | string): Promise<number[]> => (await w.ask('GET', `inbox_members/${id}`)).payload.map((one: { id: number }) => one.id);

/** Inboxes and who works in them. */
export const inboxes: Operation[] = [
  operation(`GET ${A}/inboxes`, 'members', '@inboxes', { effect: (w, _, body) => expect(body.payload.map((one: { id: number }) => one.id)).toContain(w.inbox.id) }),
  operation(`POST ${A}/inboxes`, 'administrators', '@inbox', {
    body: () => ({ name: 'Front door', greeting_enabled: true, greeting_message: 'Welcome', channel: { type: 'web_widget', website_url: 'https://example.org', welcome_title: 'Hi' } }),
    effect: async (w, _, body) => expect(await w.ask('GET', `inboxes/${body.id}`)).toMatchObject({ name: 'Front door', greeting_message: 'Welcome', welcome_title: 'Hi', channel_type: 'Channel::WebWidget' }),
  }),
  operation(`GET ${A}/inboxes/{id}`, 'members', '@inbox', { given: (w) => [w.inbox.id] }),
  operation(`PATCH ${A}/inboxes/{id}`, 'administrators', '@inbox', {
    given: inbox, body: () => ({ name: 'Back door', allow_messages_after_resolved: false }),
    effect: async (w, [id]) => expect(await w.ask('GET', `inboxes/${id}`)).toMatchObject({ name: 'Back door', allow_messages_after_resolved: false }),
  }),
  operation(`GET ${A}/inboxes/{id}/agent_bot`, 'members', '@inboxBot', { given: (w) => [w.inbox.id], effect: (_, __, body) => expect(body).toEqual({ agent_bot: {} }) }),
  operation(`POST ${A}/inboxes/{id}/set_agent_bot`, 'administrators', 'nothing', {
    given: inbox, body: (w) => ({ agent_bot: w.callers.bot!.id }), effect: async (w, [id]) => expect((await w.ask('GET', `inboxes/${id}/agent_bot`)).agent_bot.id).toBe(w.callers.bot!.id),
  }),
  operation(`GET ${A}/inbox_members/{inbox_id}`, 'members', '@agents', { given: (w) => [w.inbox.id], effect: (w, _, body) => expect(body.payload.map((one: { id: number }) => one.id)).toContain(w.agent.id) }),
  operation(`POST ${A}/inbox_members`, 'administrators', '@agents', {
    given: inbox, body: (w, [id]) => ({ inbox_id: id, user_ids: [w.agent.id] }), effect: async (w, [id]) => expect(await membersOf(w, id!)).toEqual([w.agent.id]),
  }),
  operation(`PATCH ${A}/inbox_members`, 'administrators', '@agents', {
    given: joined, body: (w, [id]) => ({ inbox_id: id, user_ids: [w.agent.id] }), effect: async (w, [id]) => expect(await membersOf(w, id!)).toEqual([w.agent.id]),
  }),
  operation(`DELETE ${A}/inbox_members`, 'administrators', 'nothing', {
    given: joined, body: (_, [id, person]) => ({ inbox_id: id, user_ids: [person] }), effect: async (w, [id]) => expect(await membersOf(w, id!)).toEqual([]),
  }),
];
