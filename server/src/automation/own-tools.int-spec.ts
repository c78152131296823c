import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeContact } from '../../test/factories-contacts.js';
import { makeConversation, type MadeConversation } from '../../test/factories-conversations.js';
import { makeAgentIn, makeInbox, type MadeInbox } from '../../test/factories-inboxes.js';
import { makeAccount, makeMember, type AccountWithAdmin, type Person } from '../../test/factories.js';
import { call } from '../../test/http.js';
import { startTestApp, type TestApp } from '../../test/test-app.js';

let t: TestApp;
let account: AccountWithAdmin;
let inbox: MadeInbox;
let agent: Person;
let team: { id: number };
const url = (rest: string) => `/api/v1/accounts/${account.id}/${rest}`;
beforeAll(async () => {
  t = await startTestApp();
  account = await makeAccount(t);
  inbox = await makeInbox(t, account);
  agent = await makeAgentIn(t, account, inbox);
  team = (await call(t, account.admin, 'POST', url('teams'), { name: 'intake' })).body;
});
afterAll(() => t.close());

const act = (action_name: string, ...action_params: unknown[]) => ({ action_name, action_params });

test('canned responses are written, found by code first, changed and removed', async () => {
  const make = async (short_code: string, content: string) => (await call(t, agent, 'POST', url('canned_responses'), { canned_response: { short_code, content } })).body;
  const hours = await make('hours', 'We are open from nine to five.');
  await make('closing hours', 'Closed.');
  await make('thanks', 'Thank you. Our hours are on the site.');
  expect(hours).toMatchObject({ id: expect.any(Number), account_id: account.id, short_code: 'hours', created_at: expect.stringMatching(/^\d{4}-.*Z$/) });
  const codes = async (search: string) => (await call(t, agent, 'GET', url(`canned_responses?search=${search}`))).body.map((row: { short_code: string }) => row.short_code);
  expect(await codes('HOURS')).toEqual(['hours', 'closing hours', 'thanks']);
  expect(await codes('%25')).toEqual([]);
  expect((await call(t, agent, 'POST', url('canned_responses'), { short_code: 'hours', content: 'x' })).body.attributes).toEqual(['short_code']);
  expect((await call(t, agent, 'PATCH', url(`canned_responses/${hours.id}`), { short_code: 'thanks' })).body.attributes).toEqual(['short_code']);
  expect((await call(t, agent, 'PATCH', url(`canned_responses/${hours.id}`), { content: 'Nine to six.' })).body).toMatchObject({ short_code: 'hours', content: 'Nine to six.' });
  expect((await call(t, agent, 'DELETE', url(`canned_responses/${hours.id}`))).status).toBe(200);
  expect((await call(t, agent, 'DELETE', url(`canned_responses/${hours.id}`))).status).toBe(404);
});

describe('attributes', () => {
  const define = (body: object) => call(t, account.admin, 'POST', url('custom_attribute_definitions'), { attribute_display_name: 'Name', attribute_model: 1, ...body });
  test('are defined, changed and removed', async () => {
    const made = await define({ attribute_key: 'size', attribute_display_type: 6, attribute_values: ['S', 'M'], attribute_description: 'Of the household' });
    expect(made.body).toMatchObject({ attribute_key: 'size', attribute_display_type: 'list', attribute_values: ['S', 'M'], attribute_model: 'contact_attribute', default_value: null, regex_pattern: null });
    expect((await define({ attribute_key: 'size' })).body.attributes).toEqual(['attribute_key']);
    for (const attribute_key of ['email', 'a b', '']) expect((await define({ attribute_key })).body.attributes).toEqual(['attribute_key']);
    expect((await define({ attribute_key: 'bad', regex_pattern: '(' })).body.attributes).toEqual(['regex_pattern']);
    expect((await call(t, agent, 'POST', url('custom_attribute_definitions'), { attribute_key: 'x', attribute_display_name: 'X' })).status).toBe(401);
    expect((await call(t, agent, 'GET', url('custom_attribute_definitions?attribute_model=0'))).body).toEqual([]);
    expect((await call(t, account.admin, 'PATCH', url(`custom_attribute_definitions/${made.body.id}`), { attribute_values: ['L'] })).body).toMatchObject({ attribute_key: 'size', attribute_values: ['L'] });
    const other = await define({ attribute_key: 'colour' });
    const renamed = (attribute_key: string) => call(t, account.admin, 'PATCH', url(`custom_attribute_definitions/${other.body.id}`), { attribute_key });
    expect((await renamed('size')).body.attributes).toEqual(['attribute_key']);
    expect((await renamed('status')).status).toBe(422);
    expect((await renamed('shade')).body).toMatchObject({ id: other.body.id, attribute_key: 'shade', attribute_model: 'contact_attribute' });
    await call(t, account.admin, 'DELETE', url(`custom_attribute_definitions/${other.body.id}`));
    expect((await call(t, account.admin, 'DELETE', url(`custom_attribute_definitions/${made.body.id}`))).status).toBe(204);
    expect((await call(t, agent, 'GET', url(`custom_attribute_definitions/${made.body.id}`))).status).toBe(404);
  });

  test('hold contacts and conversations to their types', async () => {
    for (const [key, type, more] of [['t', 'text', { regex_pattern: '/^[A-Z]{2}$/', regex_cue: 'Two capitals' }], ['n', 'number'], ['p', 'percent'], ['l', 'link'], ['d', 'date'], ['li', 'list', { attribute_values: ['a', 'b'] }], ['c', 'checkbox'], ['x', 'text', { regex_pattern: '^(a+)+$' }]] as const) {
      for (const attribute_model of [0, 1]) expect((await define({ attribute_key: key, attribute_display_type: type, attribute_model, ...more })).status).toBe(200);
    }
    const contact = await makeContact(t, account);
    const write = (custom_attributes: object) => call(t, account.admin, 'PATCH', url(`contacts/${contact.id}`), { custom_attributes });
    expect((await write({ t: 'NO', n: '4.5', p: 7, l: 'https://a.example', d: '2026-01-31', li: 'b', c: 'true', free: { any: 1 } })).body.payload.custom_attributes)
      .toEqual({ t: 'NO', n: 4.5, p: 7, l: 'https://a.example', d: '2026-01-31', li: 'b', c: true, free: { any: 1 } });
    for (const [key, value] of [['t', 'no'], ['t', {}], ['n', 'many'], ['n', 1e300], ['p', true], ['l', 'javascript:alert(1)'], ['d', 'soon'], ['d', '2026-13-01'], ['d', '2026-02-30'], ['li', 'c'], ['c', 'maybe'], ['x', `${'a'.repeat(60)}!`]]) {
      expect([key, (await write({ [key as string]: value })).body.attributes]).toEqual([key, [`custom_attributes.${key as string}`]]);
    }
    expect((await write({ t: 'x' })).body.message).toBe('Name Two capitals');
    expect((await write({ n: null })).body.payload.custom_attributes).toMatchObject({ n: null, p: 7 });
    const own = await makeConversation(t, account, await makeInbox(t, account));
    expect((await call(t, account.admin, 'POST', `${own.url}/custom_attributes`, { custom_attributes: { n: '3', c: false } })).body).toEqual({ custom_attributes: { n: 3, c: false } });
    expect((await call(t, account.admin, 'POST', `${own.url}/custom_attributes`, { custom_attributes: { n: 'x' } })).body.attributes).toEqual(['custom_attributes.n']);
    expect((await call(t, account.admin, 'GET', own.url)).body.custom_attributes).toEqual({ n: 3, c: false });
  });
});

test('saved filters are one\'s own', async () => {
  const query = { payload: [{ attribute_key: 'status', filter_operator: 'equal_to', values: ['open'], query_operator: null }] };
  const aboutPeople = { payload: [{ attribute_key: 'name', filter_operator: 'contains', values: ['a'], query_operator: null }] };
  const made = await call(t, agent, 'POST', url('custom_filters'), { name: 'Open ones', type: 'conversation', query });
  expect(made.body).toMatchObject({ name: 'Open ones', filter_type: 'conversation', query });
  const people = await call(t, agent, 'POST', url('custom_filters'), { custom_filter: { name: 'People', filter_type: 1, query: aboutPeople } });
  const names = async (who: Person, rest = '') => (await call(t, who, 'GET', url(`custom_filters${rest}`))).body.map((row: { name: string }) => row.name);
  expect([await names(agent), await names(agent, '?filter_type=contact'), await names(account.admin)]).toEqual([['Open ones'], ['People'], []]);
  expect((await call(t, account.admin, 'GET', url(`custom_filters/${made.body.id}`))).status).toBe(404);
  expect((await call(t, account.admin, 'DELETE', url(`custom_filters/${made.body.id}`))).status).toBe(404);
  expect((await call(t, agent, 'PATCH', url(`custom_filters/${people.body.id}`), { name: 'Friends' })).body).toMatchObject({ name: 'Friends', filter_type: 'contact', query: aboutPeople });
  expect((await call(t, agent, 'POST', url('custom_filters'), { name: 'x', query: [1] })).body.attributes).toEqual(['query']);
  const [line] = query.payload;
  // Kept as in Chatwoot, also what says nothing or names what is not there yet; refused when it is used.
  for (const unfit of [{}, { payload: [] }, { payload: [{ ...line, attribute_key: 'boat' }] }]) {
    expect((await call(t, agent, 'PATCH', url(`custom_filters/${made.body.id}`), { query: unfit })).body).toMatchObject({ query: unfit });
    expect((await call(t, agent, 'POST', url('conversations/filter'), unfit)).status).toBe(422);
  }
  expect((await call(t, agent, 'POST', url('custom_filters'), { name: 'Weeks', filter_type: 'report', query: { group_by: 'week' } })).status).toBe(200);
  expect((await call(t, agent, 'DELETE', url(`custom_filters/${made.body.id}`))).status).toBe(204);
});

describe('macros', () => {
  const said = async (of: MadeConversation): Promise<{ content: string; private: boolean }[]> => (await call(t, account.admin, 'GET', `${of.url}/messages`)).body.payload.filter((m: { message_type: number }) => m.message_type === 1);
  const all = [
    act('assign_team', 'x'), act('assign_agent', 'self'), act('add_label', 'Donation', 'urgent'), act('remove_label', 'urgent'), act('change_priority', 'high'),
    act('add_private_note', 'Looked at by {{agent.name}}'), act('send_message', 'Hello {{ contact.first_name }}, {{nobody.knows}}'), act('snooze_conversation'),
    act('add_private_note', '{{contact.custom_attribute.size}}/{{contact.custom_attribute.none}}/{{inbox.id}}/{{agent.email}}'),
  ];
  test('do their actions in order, for those who see the conversation', async () => {
    all[0] = act('assign_team', team.id);
    const made = await call(t, account.admin, 'POST', url('macros'), { name: 'Take it', visibility: 'global', actions: all });
    expect(made.body.payload).toMatchObject({ name: 'Take it', visibility: 'global', account_id: account.id, created_by: { id: account.admin.id }, actions: all });
    const own = await makeConversation(t, account, inbox, { sender: { sourceId: `s-${Date.now()}`, name: 'Maria Silva' } });
    await call(t, agent, 'PUT', url(`contacts/${own.contactId}`), { custom_attributes: { size: 3 } });
    const done = await call(t, agent, 'POST', url(`macros/${made.body.payload.id}/execute`), { conversation_ids: [own.id, 2_000_000_000] });
    expect(done.body.payload).toMatchObject({ total: 2, done: 2, failed: 1, finished: true });
    expect((await call(t, account.admin, 'GET', own.url)).body).toMatchObject({ status: 'snoozed', priority: 'high', labels: ['donation'], meta: { assignee: { id: agent.id }, team: { id: team.id } } });
    expect((await said(own)).map((m) => [m.content, m.private])).toEqual([[`Looked at by ${agent.name}`, true], ['Hello Maria, {{nobody.knows}}', false], [`3//${inbox.id}/${agent.email}`, true]]);
    const outsider = await makeMember(t, account.id);
    expect((await call(t, outsider, 'POST', url(`macros/${made.body.payload.id}/execute`), { conversation_ids: [own.id] })).body.payload).toMatchObject({ done: 1, failed: 1 });
    expect(await said(own)).toHaveLength(3);
  });

  test('do the rest when a colleague or a team is gone, and say what was left out', async () => {
    const make = (name: string) => call(t, account.admin, 'POST', url('teams'), { name: `${name} ${Date.now()}` }).then(({ body }) => body.id as number);
    const [gone, there, leaver] = [await make('gone'), await make('there'), await makeMember(t, account.id)];
    const steps = [act('assign_agent', leaver.id), act('add_label', 'left-out'), act('assign_team', gone), act('send_email_to_team', { team_ids: [gone, there], message: 'x' }), act('resolve_conversation')];
    const { id } = (await call(t, agent, 'POST', url('macros'), { name: 'Old', actions: steps })).body.payload;
    await call(t, account.admin, 'DELETE', url(`teams/${gone}`));
    await call(t, account.admin, 'DELETE', url(`agents/${leaver.id}`));
    const own = [await makeConversation(t, account, inbox), await makeConversation(t, account, inbox)];
    const run = await call(t, agent, 'POST', url(`macros/${id}/execute`), { conversation_ids: own.map((one) => one.id) });
    expect([run.status, run.body.payload]).toMatchObject([200, { total: 2, done: 2, failed: 2, finished: true }]);
    expect(run.body.payload.left_out).toEqual([
      { action_name: 'assign_agent', message: expect.stringContaining('nobody who can see'), conversations: 2 },
      { action_name: 'assign_team', message: expect.stringContaining('no team of this account'), conversations: 2 },
      { action_name: 'send_email_to_team', message: 'names a team that is not of this account', conversations: 2 },
    ]);
    for (const one of own) expect((await call(t, account.admin, 'GET', one.url)).body).toMatchObject({ status: 'resolved', labels: ['left-out'] });
    // Who writes such a macro down now hears of it at once.
    expect((await call(t, agent, 'PATCH', url(`macros/${id}`), { actions: steps })).status).toBe(422);
  });

  test('are one\'s own, or the administrators\' for all', async () => {
    const made = (await call(t, agent, 'POST', url('macros'), { name: 'Mine', visibility: 'global', actions: [act('mute_conversation')] })).body.payload;
    expect(made.visibility).toBe('personal');
    const names = async (who: Person) => (await call(t, who, 'GET', url('macros'))).body.payload.map((macro: { name: string }) => macro.name);
    expect([await names(agent), await names(account.admin)]).toEqual([['Mine', 'Old', 'Take it'], ['Take it']]);
    expect((await call(t, account.admin, 'PATCH', url(`macros/${made.id}`), { name: 'x' })).status).toBe(404);
    const global = (await call(t, account.admin, 'GET', url('macros'))).body.payload[0];
    expect((await call(t, agent, 'PATCH', url(`macros/${global.id}`), { name: 'x' })).status).toBe(401);
    expect((await call(t, agent, 'PATCH', url(`macros/${made.id}`), { name: 'Ours' })).body.payload).toMatchObject({ name: 'Ours', actions: [act('mute_conversation')] });
    expect((await call(t, agent, 'DELETE', url(`macros/${made.id}`))).status).toBe(200);
  });

  test('say nothing that could not be done', async () => {
    const stranger = await makeAccount(t);
    const theirs = (await call(t, stranger.admin, 'POST', `/api/v1/accounts/${stranger.id}/teams`, { name: 'theirs' })).body;
    for (const action of [act('assign_agent', stranger.admin.id), act('assign_team', theirs.id), act('send_message'), act('change_status', 'closed'), act('change_priority', 'huge'), act('send_webhook_event', 'ftp://x'), act('send_webhook_event', 'http://10.0.0.5/hook'), act('send_webhook_event', 'https://10.0.0.5/hook'),
      act('send_email_transcript', 'nobody'), act('send_email_to_team', { team_ids: [theirs.id], message: 'x' }), act('add_label', ''), act('fly')]) {
      const { status, body } = await call(t, account.admin, 'POST', url('macros'), { name: 'Bad', actions: [action] });
      expect([action.action_name, status, body.attributes]).toEqual([action.action_name, 422, [expect.stringMatching(/^actions\.0/)]]);
    }
    expect((await call(t, account.admin, 'POST', url('automation_rules'), { name: 'Bad', event_name: 'message_created', conditions: [{ attribute_key: 'content', filter_operator: 'contains', values: ['x'], query_operator: null }], actions: [act('send_webhook_event', 'http://n8n:5678/hook')] })).body)
      .toEqual({ message: expect.stringContaining('https://. Whoever runs this installation can allow it by naming the host in the setting OUTBOUND_ALLOW'), attributes: ['actions.0.action_params'] });
    expect((await call(t, account.admin, 'POST', url('macros'), { name: 'Bad', actions: Array.from({ length: 5000 }, () => act('mute_conversation')) })).status).toBe(422);
  });
});
