import { expect } from '@jest/globals';
import { makeMember, unique } from '../../factories.js';
import { operation, type Operation } from '../operation.js';
import type { World } from '../world.js';

const bot = async (w: World): Promise<number[]> => [await w.made('agent_bots', { name: `Bot ${unique()}` })];
const member = async (w: World): Promise<number[]> => [(await makeMember(w.t, w.account.id)).id];
const agents = (w: World): Promise<{ id: number; role: string; email: string }[]> => w.ask('GET', 'agents');
const A = '/api/v1/accounts/{account_id}';

/** The account, its people and its bots. */
export const people: Operation[] = [
  operation('GET /api/v1/accounts/{account_id}', 'members', '@account', { effect: (w, _, body) => expect(body.id).toBe(w.account.id) }),
  operation('PATCH /api/v1/accounts/{account_id}', 'administrators', '@account', {
    body: () => ({ support_email: 'desk@example.org' }), effect: async (w) => expect((await w.ask('GET', `/api/v1/accounts/${w.account.id}`)).support_email).toBe('desk@example.org'),
  }),
  operation(`GET ${A}/audit_logs`, 'administrators', '@auditLogs'),
  operation('GET /api/v1/profile', 'members', '@user', { effect: (w, _, body, caller) => expect(body.id).toBe(w.callers[caller]!.id) }),
  operation('PUT /api/v1/profile', 'members', '@user', {
    body: () => ({ profile: { message_signature: 'Yours' } }), effect: async (w, _, __, caller) => expect((await w.ask('GET', '/api/v1/profile', undefined, caller)).message_signature).toBe('Yours'),
  }),
  operation(`GET ${A}/agents`, 'members', '[@agent]', { effect: (w, _, body) => expect(body.map((one: { id: number }) => one.id)).toContain(w.agent.id) }),
  operation(`POST ${A}/agents`, 'administrators', '@agent', {
    body: () => ({ name: 'New', email: `new-${unique()}@example.org`, role: 'agent' }), effect: async (w, _, body) => expect((await agents(w)).find(({ id }) => id === body.id)?.role).toBe('agent'),
  }),
  operation(`PATCH ${A}/agents/{id}`, 'administrators', '@agent', {
    given: member, body: () => ({ role: 'administrator' }), effect: async (w, [id]) => expect((await agents(w)).find((one) => one.id === id)?.role).toBe('administrator'),
  }),
  operation(`DELETE ${A}/agents/{id}`, 'administrators', 'nothing', { given: member, effect: async (w, [id]) => expect((await agents(w)).some((one) => one.id === id)).toBe(false) }),
  operation(`GET ${A}/agent_bots`, 'members', '[@bot]'),
  operation(`POST ${A}/agent_bots`, 'administrators', '@bot', {
    body: () => ({ name: 'Greeter', description: 'Says hello', outgoing_url: '' }), effect: async (w, _, body) => expect((await w.ask('GET', `agent_bots/${body.id}`)).description).toBe('Says hello'),
  }),
  operation(`GET ${A}/agent_bots/{id}`, 'members', '@bot', { given: bot }),
  operation(`PATCH ${A}/agent_bots/{id}`, 'administrators', '@bot', {
    given: bot, body: () => ({ name: 'Renamed' }), effect: async (w, [id]) => expect((await w.ask('GET', `agent_bots/${id}`)).name).toBe('Renamed'),
  }),
  operation(`DELETE ${A}/agent_bots/{id}`, 'administrators', 'nothing', {
    given: bot, effect: async (w, [id]) => expect((await w.ask('GET', 'agent_bots')).some((one: { id: number }) => one.id === id)).toBe(false),
  }),
];
