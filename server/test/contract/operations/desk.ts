import { expect } from '@jest/globals';
import { makeMember, unique } from '../../factories.js';
import { operation, type Operation, type Right } from '../operation.js';
import type { Caller, World } from '../world.js';

const A = '/api/v1/accounts/{account_id}';
type Row = Record<string, unknown> & { id: number };
const inList = async (w: World, collection: string, id: unknown, who: Caller): Promise<Row | undefined> => {
  const body = await w.ask('GET', collection, undefined, who);
  const rows = (Array.isArray(body) ? body : body.payload.webhooks ?? body.payload) as Row[];
  return rows.find((one) => one.id === id);
};
const teamWith = async (w: World): Promise<number[]> => {
  const [id, person] = [await w.made('teams', { name: `team ${unique()}` }), (await makeMember(w.t, w.account.id)).id];
  await w.ask('POST', `teams/${id}/team_members`, { user_ids: [person] });
  return [id, person];
};
const membersOf = async (w: World, id: unknown): Promise<number[]> => (await w.ask('GET', `teams/${String(id)}/team_members`)).map((one: Row) => one.id);

/** The operations of a plain collection: list, make, change, remove, and show where there is such a thing. */
function collection(name: string, o: { param?: string; write: Right; read: Right; one: string; list: string; made?: string; changed?: string; body: () => object; change: object; show?: Right; gone?: number; isOwn?: boolean }): Operation[] {
  const item = `${A}/${name}/{${o.param ?? 'id'}}`;
  // Some belong to whoever made them.
  const makers = o.write === 'administrators' ? (): Caller => 'administrator' : (caller: Caller): Caller => caller;
  const given = async (w: World, caller: Caller): Promise<number[]> => [await w.made(name, o.body(), makers(caller))];
  return [
    operation(`GET ${A}/${name}`, o.read, o.list, { given, isOwn: o.isOwn }),
    operation(`POST ${A}/${name}`, o.write, o.made ?? o.one, {
      body: o.body, effect: async (w, _, body, caller) => expect(JSON.stringify(await w.ask('GET', name, undefined, caller))).toContain(`"id":${body.id ?? body.payload?.id ?? body.payload?.webhook?.id}`),
    }),
    ...(o.show ? [operation(`GET ${item}`, o.show, o.changed ?? o.one, { given, isOwn: o.isOwn })] : []),
    operation(`PATCH ${item}`, o.write, o.changed ?? o.one, { given, body: () => o.change, effect: async (w, [id], _, caller) => expect(await inList(w, name, id, caller)).toMatchObject(o.change) }),
    operation(`DELETE ${item}`, o.write, 'nothing', { given, status: o.gone ?? 200, effect: async (w, [id], _, caller) => expect(await inList(w, name, id, caller)).toBeUndefined() }),
  ];
}

/** What a desk is set up with. */
export const desk: Operation[] = [
  ...collection('canned_responses', { read: 'members', write: 'members', one: '@canned', list: '[@canned]', body: () => ({ short_code: `hi-${unique()}`, content: 'Hello!' }), change: { content: 'Hello there!' } }),
  ...collection('labels', { read: 'members', write: 'administrators', show: 'administrators', one: '@label', list: '@labels', body: () => ({ title: `l-${unique()}`, color: '#aabbcc', show_on_sidebar: true }), change: { description: 'Changed' } }),
  ...collection('teams', { param: 'team_id', read: 'members', write: 'administrators', show: 'members', one: '@team', list: '[@team]', body: () => ({ name: `team ${unique()}`, allow_auto_assign: true }), change: { description: 'Changed' } }),
  operation(`GET ${A}/teams/{team_id}/team_members`, 'members', '[@agent]', { given: teamWith, effect: (_, [, person], body) => expect(body.map((one: Row) => one.id)).toEqual([person]) }),
  operation(`POST ${A}/teams/{team_id}/team_members`, 'administrators', '[@agent]', {
    given: teamWith, body: (w) => ({ user_ids: [w.agent.id] }), effect: async (w, [id, person]) => expect((await membersOf(w, id)).sort()).toEqual([w.agent.id, person].sort()),
  }),
  operation(`PATCH ${A}/teams/{team_id}/team_members`, 'administrators', '[@agent]', {
    given: teamWith, body: (w) => ({ user_ids: [w.agent.id] }), effect: async (w, [id]) => expect(await membersOf(w, id)).toEqual([w.agent.id]),
  }),
  operation(`DELETE ${A}/teams/{team_id}/team_members`, 'administrators', 'nothing', {
    given: teamWith, body: (_, [, person]) => ({ user_ids: [person] }), effect: async (w, [id]) => expect(await membersOf(w, id)).toEqual([]),
  }),
  ...collection('custom_attribute_definitions', {
    read: 'members', write: 'administrators', show: 'members', one: '@attribute', list: '[@attribute]', gone: 204, change: { attribute_description: 'Changed' },
    body: () => ({ attribute_display_name: 'Order', attribute_display_type: 0, attribute_description: 'Number', attribute_key: `order_${unique()}`, attribute_model: 0 }),
  }),
  ...collection('custom_filters', {
    param: 'custom_filter_id', read: 'members', write: 'members', show: 'members', isOwn: true, one: '@filter', list: '[@filter]', gone: 204, change: { name: 'Changed' },
    body: () => ({ name: 'Mine', filter_type: 'conversation', query: { payload: [{ attribute_key: 'status', filter_operator: 'equal_to', values: ['open'], query_operator: null }] } }),
  }),
  ...collection('automation_rules', {
    read: 'administrators', write: 'administrators', show: 'administrators', one: '@rule', made: '@rule', changed: '@oneRule', list: '@rules', change: { name: 'Changed' },
    body: () => ({
      name: 'Sort', description: 'Sorts', event_name: 'conversation_created', active: false, actions: [{ action_name: 'add_label', action_params: ['sorted'] }],
      conditions: [{ attribute_key: 'status', filter_operator: 'equal_to', values: ['open'], query_operator: null }],
    }),
  }),
  ...collection('webhooks', {
    param: 'webhook_id', read: 'administrators', write: 'administrators', one: '@oneWebhook', list: '@webhooks', change: { name: 'Changed' },
    body: () => ({ url: `https://hooks.example.org/${unique()}`, name: 'Hook', subscriptions: ['message_created'] }),
  }),
  operation(`GET ${A}/integrations/apps`, 'members', '@apps', { effect: (_, __, body) => expect(body.payload.map((one: { id: string }) => one.id)).toEqual(expect.arrayContaining(['webhook', 'dashboard_apps', 'dialogflow'])) }),
  operation(`POST ${A}/integrations/hooks`, 'administrators', '@hook', { body: hookBody }),
  operation(`PATCH ${A}/integrations/hooks/{hook_id}`, 'administrators', '@hook', { given: hook, body: () => ({ status: 0 }), effect: (_, __, body) => expect(body.status).toBe(false) }),
  operation(`DELETE ${A}/integrations/hooks/{hook_id}`, 'administrators', 'nothing', { given: hook, effect: async (w, [id]) => expect(JSON.stringify(await w.ask('GET', 'integrations/apps'))).not.toContain(`"id":${id},"app_id"`) }),
];

function hookBody(w: World): object {
  return { app_id: 'dialogflow', inbox_id: w.inbox.id, settings: { project_id: `p-${unique()}`, credentials: { type: 'service_account' } } };
}

async function hook(w: World): Promise<number[]> {
  const inboxId = await w.made('inboxes', { name: `Inbox ${unique()}`, channel: { type: 'api' } });
  return [await w.made('integrations/hooks', { ...hookBody(w), inbox_id: inboxId })];
}
