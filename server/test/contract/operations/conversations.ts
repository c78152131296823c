import { expect } from '@jest/globals';
import { unique } from '../../factories.js';
import { operation, type Operation } from '../operation.js';
import type { World } from '../world.js';

const A = '/api/v1/accounts/{account_id}';
const C = `${A}/conversations/{conversation_id}`;
const conversation = async (w: World): Promise<number[]> => [await w.conversation()];
const withMessage = async (w: World): Promise<number[]> => {
  const id = await w.conversation();
  return [id, (await w.ask('POST', `conversations/${id}/messages`, { content: 'Until six.' })).id];
};
const shown = (w: World, id: unknown): Promise<Record<string, any>> => w.ask('GET', `conversations/${String(id)}`); // eslint-disable-line @typescript-eslint/no-explicit-any -- a test looks into any answer
const texts = async (w: World, id: unknown): Promise<string[]> => (await w.ask('GET', `conversations/${String(id)}/messages`)).payload.map((one: { content: string }) => one.content);

/** Conversations and their messages. */
export const conversations: Operation[] = [
  operation(`GET ${A}/conversations`, 'members', '@listed', {
    given: async (w) => { await w.conversation(); return []; }, query: () => 'status=all&assignee_type=all&page=1', effect: (_, __, body) => expect(body.data.meta.all_count).toBeGreaterThan(0),
  }),
  operation(`GET ${A}/conversations/meta`, 'members', '@countsMeta', { query: () => 'status=all' }),
  operation(`POST ${A}/conversations`, 'members and bots', '@conversation', {
    body: (w) => ({ source_id: w.contact.source_id, inbox_id: w.inbox.id, contact_id: w.contact.id, status: 'open', custom_attributes: { from: 'test' }, message: { content: 'We have news' } }),
    effect: async (w, _, body) => {
      expect((await shown(w, body.id)).custom_attributes).toEqual({ from: 'test' });
      expect(await texts(w, body.id)).toContain('We have news');
    },
  }),
  operation(`POST ${A}/conversations/filter`, 'members', '@filtered', {
    given: conversation, body: () => ({ payload: [{ attribute_key: 'status', filter_operator: 'equal_to', values: ['open'], query_operator: null }] }),
    effect: (_, __, body) => expect(body.payload.length).toBeGreaterThan(0),
  }),
  operation(`GET ${C}`, 'members and bots', '@conversation', { given: conversation, effect: (_, [id], body) => expect(body.id).toBe(id) }),
  operation(`PATCH ${C}`, 'members and bots', '@conversation', { given: conversation, body: () => ({ priority: 'high' }), effect: async (w, [id]) => expect((await shown(w, id)).priority).toBe('high') }),
  operation(`POST ${C}/toggle_status`, 'members and bots', '@toggled', {
    given: conversation, body: () => ({ status: 'resolved' }), effect: async (w, [id]) => expect((await shown(w, id)).status).toBe('resolved'),
  }),
  operation(`POST ${C}/toggle_priority`, 'members and bots', 'nothing', { given: conversation, body: () => ({ priority: 'urgent' }), effect: async (w, [id]) => expect((await shown(w, id)).priority).toBe('urgent') }),
  operation(`POST ${C}/toggle_typing_status`, 'members and bots', 'nothing', { given: conversation, body: () => ({ typing_status: 'on', is_private: true }) }),
  operation(`POST ${C}/custom_attributes`, 'members and bots', '@attributes', {
    given: conversation, body: () => ({ custom_attributes: { order: '7' } }), effect: async (w, [id]) => expect((await shown(w, id)).custom_attributes).toEqual({ order: '7' }),
  }),
  operation(`POST ${C}/assignments`, 'members and bots', '@agent', {
    given: conversation, body: (w) => ({ assignee_id: w.agent.id }), effect: async (w, [id]) => expect((await shown(w, id))['meta'].assignee.id).toBe(w.agent.id),
  }),
  operation(`GET ${C}/labels`, 'members and bots', '@titles', { given: conversation, effect: (_, __, body) => expect(body.payload).toEqual([]) }),
  operation(`POST ${C}/labels`, 'members and bots', '@titles', {
    given: conversation, body: () => ({ labels: ['urgent-food'] }), effect: async (w, [id]) => expect((await w.ask('GET', `conversations/${id}/labels`)).payload).toEqual(['urgent-food']),
  }),
  operation(`GET ${C}/reporting_events`, 'members', '[@reportingEvent]', { given: withMessage }),
  operation(`GET ${C}/messages`, 'members', '@thread', { given: conversation, effect: (_, __, body) => expect(body.payload[0].content).toBe('Are you open?') }),
  operation(`POST ${C}/messages`, 'members and bots', '@message', {
    given: conversation, body: () => ({ content: `Come by ${unique()}`, private: false, echo_id: unique(), content_attributes: {} }),
    effect: async (w, [id], body) => expect(await texts(w, id)).toContain(body.content),
  }),
  operation(`DELETE ${C}/messages/{message_id}`, 'members', '@message', {
    given: withMessage, effect: async (w, [id], body) => {
      expect(body.content_attributes).toMatchObject({ deleted: true });
      expect(await texts(w, id)).not.toContain('Until six.');
    },
  }),
];
