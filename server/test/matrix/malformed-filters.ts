import { call, type Answer } from '../http.js';
import { BEYOND, NOBODY, type Matrix } from './matrix.js';
import { RowCounter } from './rows.js';

type Line = Record<string, unknown>;
const open: Line = { attribute_key: 'status', filter_operator: 'equal_to', values: ['open'], query_operator: null };
const named: Line = { attribute_key: 'name', filter_operator: 'contains', values: ['a'], query_operator: null };
const many = <T>(n: number, of: T): T[] => Array.from({ length: n }, () => of);
const nested = (depth: number): unknown => JSON.parse(`${'['.repeat(depth)}"open"${']'.repeat(depth)}`) as unknown;

/** What is no filter, made of one good line. */
const malformed = (good: Line): [string, unknown][] => [
  ['an unknown attribute', [{ ...good, attribute_key: 'password_digest' }]], ['a name of the language', [{ ...good, attribute_key: 'constructor' }]], ['SQL as attribute', [{ ...good, attribute_key: `name' OR 1=1 --` }]],
  ['an operator that the attribute has not', [{ ...good, filter_operator: 'is_greater_than' }]], ['an unknown operator', [{ ...good, filter_operator: 'similar_to' }]], ['no operator', [{ ...good, filter_operator: undefined }]],
  ['no values', [{ ...good, values: [] }]], ['nothing as values', [{ ...good, values: null }]], ['an object as value', [{ ...good, values: [{ id: 1 }] }]], ['a list as value', [{ ...good, values: [['open']] }]],
  ['values a hundred lists deep', [{ ...good, values: nested(100) }]], ['values a thousand lists deep', [{ ...good, values: nested(1000) }]], ['a value of 1 MB', [{ ...good, values: ['x'.repeat(1_000_000)] }]],
  ['5,000 values', [{ ...good, values: many(5_000, (good['values'] as unknown[])[0]) }]], ['NUL as value', [{ ...good, values: ['a\u0000b'] }]], ['200 lines', many(200, { ...good, query_operator: 'and' })],
  ['5,000 lines', many(5_000, { ...good, query_operator: 'or' })], ['an unknown joiner', [{ ...good, query_operator: 'xor' }, good]], ['a number as joiner', [{ ...good, query_operator: 7 }, good]],
  ['two lines that nothing joins to an object', { 0: good, 1: good }], ['words', 'status = open'], ['a number', 47.11], ['nothing in the list', [null]], ['words in the list', ['status']], ['an empty line', [{}]],
  ['lines in lines', [[good]]],
];

interface Door { name: string; method: string; path: string; good: Line; body: (conditions: unknown) => object }
/** What a door takes that the others do not: a saved filter may name attributes that are defined later, and is refused when it is used. */
const CHECKED_WHEN_USED = /attribute|name of the language|no values|nothing as values/;

function doorsOf(m: Matrix): Door[] {
  const rule = { name: 'Rule', event_name: 'conversation_created', actions: [{ action_name: 'add_label', action_params: ['seen'] }], active: false };
  return [
    { name: 'conversations/filter', method: 'POST', path: 'conversations/filter', good: open, body: (payload) => ({ payload }) },
    { name: 'contacts/filter', method: 'POST', path: 'contacts/filter', good: named, body: (payload) => ({ payload }) },
    { name: 'contacts/export', method: 'POST', path: 'contacts/export', good: named, body: (payload) => ({ payload }) },
    { name: 'a new rule', method: 'POST', path: 'automation_rules', good: open, body: (conditions) => ({ ...rule, conditions }) },
    { name: 'a rule', method: 'PATCH', path: `automation_rules/${m.ours.ids.get('automation_rules')!}`, good: open, body: (conditions) => ({ conditions }) },
    { name: 'a dry run', method: 'POST', path: 'automation_rules/dry_run', good: open, body: (conditions) => ({ event_name: 'conversation_created', conditions }) },
    { name: 'a new saved filter', method: 'POST', path: 'custom_filters', good: open, body: (payload) => ({ name: 'Mine', filter_type: 'conversation', query: { payload } }) },
    { name: 'a saved filter', method: 'PATCH', path: `custom_filters/${m.ours.ids.get('custom_filters')!}`, good: named, body: (payload) => ({ query: { payload } }) },
  ];
}

/** Knocks with every malformed filter wherever one is taken. Answers what was not refused in words, what took long, and what was stored all the same. */
export async function malformedFilters(m: Matrix): Promise<string[]> {
  const failures: string[] = [];
  const before = await m.rows.look();
  for (const door of doorsOf(m)) {
    for (const [what, conditions] of malformed(door.good)) {
      if (door.path.startsWith('custom_filters') && CHECKED_WHEN_USED.test(what)) continue;
      const answer = await send(m, door.method, door.path, door.body(conditions));
      if (!isRefused(answer)) failures.push(`${door.name} with ${what} → ${answer.status} ${JSON.stringify(answer.body).slice(0, 160)}`);
    }
  }
  return [...failures, ...RowCounter.changed(before, await m.rows.look())];
}

/** Ids that lie deeper than any schema says: in what actions are to do, and in lists of what they are to be done with. Answers what was taken or done. */
export async function foreignIdsInActions(m: Matrix): Promise<string[]> {
  const failures: string[] = [];
  const theirs = (thing: string): number => m.theirs.ids.get(thing) as number;
  const foreign: [string, unknown][] = [
    ['assign_agent', [theirs('agents')]], ['assign_agent', [String(theirs('agents'))]], ['assign_team', [theirs('teams')]], ['send_email_to_team', [{ team_ids: [theirs('teams')], message: 'Hello' }]],
    ['send_email_to_team', [{ team_ids: [m.ours.ids.get('teams'), theirs('teams')], message: 'Hello' }]],
  ];
  const before = await m.rows.look();
  for (const [action_name, action_params] of foreign) {
    const actions = [{ action_name: 'add_label', action_params: ['seen'] }, { action_name, action_params }];
    for (const [method, path, body] of [
      ['POST', 'macros', { name: 'Macro', actions }], ['PATCH', `macros/${m.ours.ids.get('macros')!}`, { actions }],
      ['POST', 'automation_rules', { name: 'Rule', event_name: 'message_created', conditions: [], actions, active: false }], ['PATCH', `automation_rules/${m.ours.ids.get('automation_rules')!}`, { actions }],
    ] as const) {
      const answer = await send(m, method, path, body);
      if (!isRefused(answer)) failures.push(`${method} ${path} with their id in ${action_name} → ${answer.status}`);
    }
  }
  const ids = { automation_rules: theirs('automation_rules'), contacts: theirs('contacts') };
  for (const [path, body] of [
    ['automation_rules/reorder', { ids: [ids.automation_rules] }], ['bulk_actions', { type: 'Conversation', ids: [m.ours.conversation], fields: { team_id: theirs('teams') } }],
    ['bulk_actions', { type: 'Conversation', ids: [m.ours.conversation], fields: { assignee_id: theirs('agents') } }],
  ] as const) {
    const answer = await send(m, 'POST', path, body);
    if (!isRefused(answer)) failures.push(`POST ${path} with ${JSON.stringify(body)} → ${answer.status}`);
  }
  failures.push(...RowCounter.changed(before, await m.rows.look()));
  // What only picks from one's own things finds nothing there, and does nothing to them.
  const labelled = await send(m, 'POST', 'contacts/bulk_labels', { ids: [ids.contacts], add: ['stolen'] });
  if (labelled.body.changed !== 0) failures.push(`contacts/bulk_labels changed ${JSON.stringify(labelled.body)}`);
  // Conversations go by numbers of the account's own: theirs is another one here, or none.
  const bulk = await send(m, 'POST', 'bulk_actions', { type: 'Conversation', ids: [m.theirs.conversation, NOBODY], labels: { add: ['stolen'] } });
  const beyond = await send(m, 'POST', 'bulk_actions', { type: 'Conversation', ids: [BEYOND], labels: { add: ['stolen'] } });
  if (beyond.body.payload?.failed !== 1) failures.push(`bulk_actions with a number beyond all numbers → ${beyond.status}`);
  if (!(bulk.body.payload?.failed >= 1)) failures.push(`bulk_actions with what is not there → ${JSON.stringify(bulk.body)}`);
  for (const path of [`contacts/${ids.contacts}/labels`, `conversations/${m.theirs.conversation}/labels`]) {
    const { body } = await call(m.t, m.theirs.account.admin, 'GET', `${m.theirs.url}/${path}`);
    if (JSON.stringify(body).includes('stolen')) failures.push(`their ${path} were changed`);
  }
  return failures;
}

const send = (m: Matrix, method: string, path: string, body: unknown): Promise<Answer> => call(m.t, m.ours.account.admin, method, `${m.ours.url}/${path}`, body);
const isRefused = ({ status, body }: Answer): boolean => [400, 404, 413, 422].includes(status) && (typeof body?.error === 'string' || typeof body?.message === 'string');
