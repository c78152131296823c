import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeContact } from '../../test/factories-contacts.js';
import { inbound, ingest, makeConversation, makeMessage, type MadeConversation } from '../../test/factories-conversations.js';
import { makeAgentIn, makeInbox, type MadeInbox } from '../../test/factories-inboxes.js';
import { makeAccount, makeMember, type AccountWithAdmin, type Person } from '../../test/factories.js';
import { call, eventually } from '../../test/http.js';
import { startTestApp, type TestApp } from '../../test/test-app.js';
import { AutomationOutside } from './actions/outside.subscriber.js';
import { SweepActionFiles } from './files/sweep-action-files.job.js';
import { SweepUploadsJob } from '../conversations/attachments/sweep-uploads.job.js';
import type { Heard } from './rules/rule-occasions.js';
import { RunRules } from './rules/run-rules.subscriber.js';
import { SystemWork } from '../platform/database/unit-of-work.js';

let t: TestApp;
let account: AccountWithAdmin;
let inbox: MadeInbox;
let agent: Person;
let team: { id: number };
beforeAll(async () => {
  t = await startTestApp();
  account = await makeAccount(t);
  inbox = await makeInbox(t, account);
  agent = await makeAgentIn(t, account, inbox);
  team = (await call(t, account.admin, 'POST', url('teams'), { name: 'intake' })).body;
});
afterAll(() => t.close());

const url = (rest: string) => `/api/v1/accounts/${account.id}/${rest}`;
const show = async (of: MadeConversation) => (await call(t, account.admin, 'GET', of.url)).body;
const said = async (of: MadeConversation): Promise<{ content: string; private: boolean; sender?: object; message_type: number }[]> =>
  (await call(t, account.admin, 'GET', `${of.url}/messages`)).body.payload.filter((m: { message_type: number }) => m.message_type === 1);
const act = (action_name: string, ...action_params: unknown[]) => ({ action_name, action_params });
const when = (attribute_key: string, filter_operator: string, values: unknown = [], query_operator: 'and' | 'or' | null = null) => ({ attribute_key, filter_operator, values, query_operator });

async function makeRule(event_name: string, conditions: object[], actions: object[], more: object = {}): Promise<{ id: number }> {
  const made = await call(t, account.admin, 'POST', url('automation_rules'), { name: `Rule ${event_name}`, event_name, conditions, actions, ...more });
  expect([made.status, made.body]).toEqual([200, expect.objectContaining({ event_name, active: true })]);
  return made.body;
}
const runs = async (rule: { id: number }) => (await call(t, account.admin, 'GET', url(`automation_rules/${rule.id}/runs`))).body.payload as { conversation_id: number; matched: boolean; actions: string[]; errors: string[] }[];
const runOn = (rule: { id: number }, of: MadeConversation) => eventually('a run', async () => (await runs(rule)).find((run) => run.conversation_id === of.id && run.matched));
const drop = (rule: { id: number }) => call(t, account.admin, 'DELETE', url(`automation_rules/${rule.id}`));

describe('files', () => {
  const upload = async (who: Person, name: string, bytes: string) => {
    const form = new FormData();
    form.append('attachment', new Blob([bytes], { type: 'text/plain' }), name);
    return call(t, who, 'POST', url('upload'), form);
  };
  type WithFiles = { attachments?: { file_name: string; data_url: string }[]; sender?: { id: number } };
  const filesIn = async (of: MadeConversation) => (await said(of) as WithFiles[]).filter((message) => message.attachments);
  const stored = async (): Promise<number> => (await t.app.get(SystemWork).sql<{ n: number }>('SELECT count(*)::int AS n FROM action_files WHERE account_id = $1', [account.id]))[0]!.n;

  test('are sent by macros and rules, as copies, once', async () => {
    const { body: file } = await upload(agent, 'leaflet.txt', 'Open from ten to six.');
    expect(file).toEqual({ file_url: expect.stringContaining(`${t.url}/files/`), blob_id: expect.any(String), filename: 'leaflet.txt', file_type: 'file', file_size: 21 });
    const macro = (await call(t, agent, 'POST', url('macros'), { name: 'Leaflet', actions: [act('send_attachment', file.blob_id)] })).body.payload;
    expect(macro.files).toEqual([expect.objectContaining({ blob_id: file.blob_id, filename: 'leaflet.txt' })]);
    const own = await makeConversation(t, account, inbox);
    expect((await call(t, agent, 'POST', url(`macros/${macro.id}/execute`), { conversation_ids: [own.id] })).body.payload).toMatchObject({ done: 1, failed: 0 });
    const [sent] = await eventually('the file is sent', async () => (await filesIn(own)).length > 0 && filesIn(own));
    expect([sent!.sender!.id, sent!.attachments!.map((one) => one.file_name)]).toEqual([agent.id, ['leaflet.txt']]);

    const rule = await makeRule('conversation_opened', [], [act('send_attachment', file.blob_id), act('send_attachment', file.blob_id)]);
    await call(t, agent, 'POST', `${own.url}/toggle_status`, { status: 'resolved' });
    await call(t, agent, 'POST', `${own.url}/toggle_status`, { status: 'open' });
    await eventually('the rule has sent it twice', async () => (await filesIn(own)).length === 3);
    await drop(rule);
    // A job that is run again, after a crash say, sends nothing again.
    const events = await t.app.get(SystemWork).sql<Parameters<AutomationOutside['handle']>[0]>(`SELECT * FROM events WHERE account_id = $1 AND type = 'automation.outside_requested' AND payload->>'want' = 'files'`, [account.id]);
    for (const event of events) await t.app.get(AutomationOutside).handle(event);
    expect([events.length, (await filesIn(own)).length]).toEqual([3, 3]);

    // Nobody names it any more: it goes, and what was sent stays.
    await call(t, agent, 'DELETE', url(`macros/${macro.id}`));
    await t.app.get(SystemWork).sql(`UPDATE action_files SET used_at = now() - interval '2 days' WHERE account_id = $1`, [account.id]);
    await t.app.get(SweepActionFiles).run();
    await t.app.get(SweepUploadsJob).run();
    expect(await stored()).toBe(0);
    expect((await fetch(file.file_url as string)).status).toBe(404);
    for (const message of await filesIn(own)) expect(await (await fetch(message.attachments![0]!.data_url)).text()).toBe('Open from ten to six.');
  });

  test('stay while something names them, and are sent only where they are known and taken', async () => {
    const { body: file } = await upload(account.admin, 'form.txt', 'Name:');
    const rule = await call(t, account.admin, 'POST', url('automation_rules'), { name: 'Form', event_name: 'message_created', conditions: [], actions: [act('mute_conversation'), act('send_attachment', 'x', file.blob_id)], active: false });
    expect([rule.status, rule.body.attributes]).toEqual([422, ['actions.1.action_params']]);
    const kept = (await call(t, account.admin, 'POST', url('automation_rules'), { name: 'Form', event_name: 'message_created', conditions: [], actions: [act('send_attachment', file.blob_id)], active: false })).body;
    await t.app.get(SystemWork).sql(`UPDATE action_files SET used_at = now() - interval '2 days' WHERE account_id = $1`, [account.id]);
    await t.app.get(SweepActionFiles).run();
    expect([await stored(), (await call(t, account.admin, 'GET', url(`automation_rules/${kept.id}`))).body.payload.files.length]).toEqual([1, 1]);
    const stranger = await makeAccount(t);
    const theirs = await call(t, stranger.admin, 'POST', `/api/v1/accounts/${stranger.id}/macros`, { name: 'Theirs', actions: [act('send_attachment', file.blob_id)] });
    expect(theirs.status).toBe(422);
    for (const params of [[], [null], [7], [{ id: file.blob_id }], Array.from({ length: 11 }, (_, n) => `${file.blob_id}${n}`)]) {
      expect((await call(t, account.admin, 'POST', url('macros'), { name: 'Bad', actions: [act('send_attachment', ...params)] })).status).toBe(422);
    }
    expect([(await call(t, account.admin, 'POST', url('upload'), {})).status, (await call(t, null, 'POST', url('upload'), {})).status]).toEqual([422, 401]);
    await drop(kept);
  });
});

describe('bulk actions', () => {
  test('change many in the background, and say how far they are', async () => {
    const many: MadeConversation[] = [];
    for (let i = 0; i < 14; i++) many.push(await makeConversation(t, account, inbox));
    const started = await call(t, agent, 'POST', url('bulk_actions'), { type: 'Conversation', ids: many.map((c) => c.id), fields: { status: 'resolved', assignee_id: agent.id, team_id: team.id }, labels: { add: ['Batch'] } });
    expect(started.body.payload).toMatchObject({ total: 14, failed: 0 });
    const done = await eventually('done', async () => {
      const { body } = await call(t, agent, 'GET', url(`bulk_actions/${started.body.payload.id}`));
      return body.payload.finished && body.payload;
    });
    expect(done).toEqual({ id: started.body.payload.id, total: 14, done: 14, failed: 0, finished: true, left_out: [] });
    expect(await show(many[13]!)).toMatchObject({ status: 'resolved', labels: ['batch'], meta: { assignee: { id: agent.id }, team: { id: team.id } } });
    expect((await call(t, account.admin, 'GET', url(`bulk_actions/${started.body.payload.id}`))).status).toBe(404);
  });

  test('label many people, and administrators remove them', async () => {
    const people = await Promise.all(Array.from({ length: 12 }, () => makeContact(t, account)));
    const ids = people.map((person) => person.id);
    const bulk = (who: Person, body: object) => call(t, who, 'POST', url('bulk_actions'), { type: 'Contact', ids, ...body });
    const finished = (who: Person, id: number) => eventually('it is done', async () => {
      const { body } = await call(t, who, 'GET', url(`bulk_actions/${id}`));
      return body.payload.finished && body.payload;
    });
    const labelsOf = async (id: number): Promise<string[]> => (await call(t, agent, 'GET', url(`contacts/${id}/labels`))).body.payload;
    const added = await bulk(agent, { type: 'contact', ids: [...ids, 999_999], labels: { add: ['Winter', 'gift'] } });
    expect(await finished(agent, added.body.payload.id)).toMatchObject({ total: 13, done: 13, failed: 1 });
    expect(await labelsOf(ids[11]!)).toEqual(['gift', 'winter']);
    await finished(agent, (await bulk(agent, { ids: ids.slice(0, 2), labels: { add: ['spring'], remove: ['gift', 'nothing'] } })).body.payload.id);
    expect([await labelsOf(ids[0]!), await labelsOf(ids[2]!)]).toEqual([['spring', 'winter'], ['gift', 'winter']]);
    expect([(await bulk(agent, { action_name: 'delete' })).status, (await bulk(account.admin, { action_name: 'explode' })).status, (await bulk(account.admin, {})).status]).toEqual([401, 422, 422]);
    const gone = await bulk(account.admin, { ids: ids.slice(0, 11), action_name: 'delete' });
    expect(await finished(account.admin, gone.body.payload.id)).toMatchObject({ total: 11, failed: 0 });
    expect((await Promise.all(ids.map((id) => call(t, agent, 'GET', url(`contacts/${id}`))))).map((answer) => answer.status)).toEqual([...Array(11).fill(404), 200]);
  });

  test('let things sleep until a time, in seconds or as text, beside the fields or among them', async () => {
    const own = await makeConversation(t, account, inbox);
    const until = new Date(Math.ceil(t.clock.now() / 1000) * 1000 + 3_600_000);
    for (const [inside, beside] of [[{ snoozed_until: until.getTime() / 1000 }, {}], [{}, { snoozed_until: until.toISOString() }]] as const) {
      await call(t, agent, 'POST', `${own.url}/toggle_status`, { status: 'open' });
      await call(t, agent, 'POST', url('bulk_actions'), { type: 'Conversation', ids: [own.id], fields: { status: 'snoozed', ...inside }, ...beside });
      expect(await show(own)).toMatchObject({ status: 'snoozed', snoozed_until: until.toISOString() });
    }
    const made = await call(t, agent, 'POST', url('conversations'), { source_id: own.sourceId, inbox_id: inbox.id, contact_id: own.contactId, status: 'snoozed', snoozed_until: until.toISOString(), custom_attributes: null, message: null });
    expect([made.status, made.body.snoozed_until]).toEqual([200, until.toISOString()]);
  });

  test('let things sleep until the contact writes when the time is one that cannot be stored', async () => {
    const own = await makeConversation(t, account, inbox);
    const macro = await call(t, agent, 'POST', url('macros'), { name: 'Long ago', visibility: 'personal', actions: [act('change_status', 'snoozed', '-271821-04-20T00:00:00Z')] });
    expect((await call(t, agent, 'POST', url(`macros/${macro.body.payload.id}/execute`), { conversation_ids: [own.id] })).body.payload).toMatchObject({ done: 1, failed: 0 });
    expect(await show(own)).toMatchObject({ status: 'snoozed', snoozed_until: null });
  });

  test('refuse what is not of this account, before anything is done', async () => {
    const own = await makeConversation(t, account, inbox);
    const stranger = await makeAccount(t);
    const bulk = (body: object) => call(t, agent, 'POST', url('bulk_actions'), { type: 'Conversation', ids: [own.id], ...body });
    const foreign = [await bulk({ fields: { status: 'resolved', assignee_id: stranger.admin.id } }), await bulk({ fields: { team_id: 999_999 } })];
    expect(foreign.map(({ status, body }) => [status, body.attributes])).toEqual([[422, ['fields.assignee_id']], [422, ['fields.team_id']]]);
    // What is not there is left out, whatever its number is, and the rest is done.
    for (const type of ['Conversation', 'Contact']) {
      const { status, body } = await bulk({ type, ids: [999_999, 2 ** 31, Number.MAX_SAFE_INTEGER], labels: { add: ['nothing'] } });
      expect([status, body.payload.finished, body.payload.failed]).toEqual([200, true, body.payload.total]);
    }
    for (const body of [{}, { fields: {} }, { type: 'Contact', fields: { status: 'open' } }, { fields: { status: 'closed' } }, { ids: [], fields: { status: 'open' } }, { ids: [0.5], fields: { status: 'open' } }, { ids: [-1], fields: { status: 'open' } }, { ids: Array.from({ length: 5000 }, (_, i) => i + 1), fields: { status: 'open' } }]) {
      expect((await bulk(body)).status).toBe(422);
    }
    expect(await show(own)).toMatchObject({ status: 'open', labels: [] });
  });
});

describe('rules', () => {
  test('are kept in order, shown, copied and removed', async () => {
    const first = await makeRule('message_created', [], [act('mute_conversation')], { active: true });
    expect(first).toMatchObject({ conditions: [], created_on: expect.any(Number), position: expect.any(Number) });
    const copy = (await call(t, account.admin, 'POST', url(`automation_rules/${first.id}/clone`))).body.payload;
    expect(copy).toMatchObject({ name: 'Rule message_created', active: false });
    const line = when('status', 'equal_to', ['open']);
    const sent = await call(t, account.admin, 'PATCH', url(`automation_rules/${copy.id}`), { conditions: [{ ...line, query_operator: 'and' }, { ...line, query_operator: '' }] });
    expect(sent.body.payload.conditions.map((one: { query_operator: string | null }) => one.query_operator)).toEqual(['and', null]);
    const ids = async () => (await call(t, account.admin, 'GET', url('automation_rules'))).body.payload.map((rule: { id: number }) => rule.id);
    expect(await ids()).toEqual([first.id, copy.id]);
    await call(t, account.admin, 'POST', url('automation_rules/reorder'), { ids: [copy.id, first.id] });
    expect(await ids()).toEqual([copy.id, first.id]);
    for (const bad of [[copy.id], [copy.id, copy.id], [copy.id, 2_000_000_000]]) expect((await call(t, account.admin, 'POST', url('automation_rules/reorder'), { ids: bad })).body.attributes).toEqual(['ids']);
    expect((await call(t, account.admin, 'PATCH', url(`automation_rules/${first.id}`), { automation_rule: { active: false, name: 'Renamed' } })).body.payload).toMatchObject({ active: false, name: 'Renamed', actions: [act('mute_conversation')] });
    expect((await call(t, agent, 'GET', url('automation_rules'))).status).toBe(401);
    for (const rule of [first, copy]) expect((await drop(rule)).status).toBe(200);
    expect((await call(t, account.admin, 'GET', url(`automation_rules/${first.id}`))).status).toBe(404);
  });

  test('act on a message that says a word, once, and not on what a rule did', async () => {
    const rule = await makeRule('message_created', [when('content', 'contains', ['HOUSING'], 'and'), when('message_type', 'equal_to', ['incoming'], 'and'), when('private_note', 'equal_to', ['false'])],
      [act('add_label', 'housing'), act('send_message', 'We read you. #housing'), act('assign_agent', 'last_responding_agent')]);
    const echo = await makeRule('message_created', [when('content', 'contains', ['housing'])], [act('add_label', 'echo')]);
    const own = await makeConversation(t, account, inbox, { content: 'I ask about housing' });
    const other = await makeConversation(t, account, inbox, { content: 'Hello' });
    expect(await runOn(rule, own)).toMatchObject({ actions: ['add_label', 'send_message', 'assign_agent'], errors: [] });
    await runOn(echo, own);
    await eventually('the other was looked at', async () => (await runs(rule)).some((run) => run.conversation_id === other.id));
    const shown = await show(own);
    expect(shown).toMatchObject({ labels: ['echo', 'housing'], unread_count: 1, first_reply_created_at: 0 });
    expect(shown.waiting_since).toBeGreaterThan(0);
    expect(await said(own)).toEqual([expect.objectContaining({ content: 'We read you. #housing', message_type: 1 })]);
    expect((await show(other)).labels).toEqual([]);
    // The same event again, as after a crash: nothing happens twice.
    const [event] = await t.app.get(SystemWork).sql<Heard>(`SELECT * FROM events WHERE account_id = $1 AND conversation_id = $2 AND type = 'message.created' ORDER BY id LIMIT 1`, [account.id, own.conversationId]);
    await t.app.get(RunRules, { strict: false }).handle(event!);
    expect(await said(own)).toHaveLength(1);
    expect((await runs(rule)).filter((run) => run.conversation_id === own.id)).toHaveLength(1);
    await Promise.all([drop(rule), drop(echo)]);
  });

  test('hear of changes: status, assignee, team', async () => {
    const changed = await makeRule('conversation_updated', [when('team_id', 'attribute_changed', { from: [], to: [team.id] })], [act('change_priority', 'urgent')]);
    const resolved = await makeRule('conversation_resolved', [when('priority', 'equal_to', ['urgent'])], [act('add_private_note', 'Resolved'), act('send_webhook_event', 'http://127.0.0.1:9/')]);
    const opened = await makeRule('conversation_opened', [when('status', 'equal_to', ['open'])], [act('add_label', 'again')]);
    const own = await makeConversation(t, account, inbox);
    await call(t, agent, 'POST', `${own.url}/assignments`, { team_id: team.id });
    await runOn(changed, own);
    expect((await show(own)).priority).toBe('urgent');
    await call(t, agent, 'POST', `${own.url}/toggle_status`, { status: 'resolved' });
    await runOn(resolved, own);
    expect((await said(own)).at(-1)).toMatchObject({ content: 'Resolved', content_attributes: { automation_rule_id: resolved.id } });
    await ingest(t, account, inbox, inbound({ sourceId: own.sourceId, content: 'One more thing' }));
    await runOn(opened, own);
    expect(await show(own)).toMatchObject({ status: 'open', labels: ['again'] });
    expect((await runs(changed)).filter((run) => run.matched)).toHaveLength(1);
    await Promise.all([changed, resolved, opened].map(drop));
  });

  test('ask about the contact and attributes; what cannot be done is said and the rest goes on', async () => {
    await call(t, account.admin, 'POST', url('custom_attribute_definitions'), { attribute_key: 'household', attribute_display_name: 'Household', attribute_display_type: 'number', attribute_model: 'contact_attribute' });
    const outsider = await makeMember(t, account.id);
    const rule = await makeRule('conversation_created', [when('household', 'is_greater_than', ['3'], 'or'), when('email', 'contains', ['@big.example'])], [act('assign_agent', outsider.id), act('add_label', 'big')]);
    const own = await makeConversation(t, account, inbox, { sender: { sourceId: `b-${Date.now()}`, name: 'Big', email: 'family@big.example' } });
    expect(await runOn(rule, own)).toMatchObject({ actions: ['add_label'], errors: ['assign_agent: is nobody who can see this conversation'] });
    const dry = await call(t, account.admin, 'POST', url('automation_rules/dry_run'), { event_name: 'conversation_created', conditions: [when('email', 'contains', ['@big.example'])] });
    expect(dry.body.payload).toEqual({ checked: expect.any(Number), matches: [expect.objectContaining({ id: own.id, contact_name: 'Big' })] });
    await t.app.get(SystemWork).sql(`UPDATE conversations SET additional_attributes = coalesce(additional_attributes, '{}') || '{"spam": "virus"}' WHERE account_id = $1 AND id = $2`, [account.id, own.conversationId]);
    const without = await call(t, account.admin, 'POST', url('automation_rules/dry_run'), { event_name: 'conversation_created', conditions: [when('email', 'contains', ['@big.example'])] });
    expect(without.body.payload).toEqual({ checked: dry.body.payload.checked - 1, matches: [] });
    await drop(rule);
  });

  test('that ask for an attribute which is gone did not match, and say why', async () => {
    const defined = (await call(t, account.admin, 'POST', url('custom_attribute_definitions'), { attribute_key: 'shelf', attribute_display_name: 'Shelf', attribute_display_type: 'number', attribute_model: 'contact_attribute' })).body;
    const rule = await makeRule('conversation_created', [when('shelf', 'is_greater_than', ['3'], 'or'), when('email', 'contains', ['@shelf.example'])], [act('add_label', 'shelved')]);
    expect((await call(t, account.admin, 'DELETE', url(`custom_attribute_definitions/${defined.id}`))).status).toBe(204);
    const own = await makeConversation(t, account, inbox, { sender: { sourceId: `sh-${Date.now()}`, name: 'Shelly', email: 'shelly@shelf.example' } });
    const run = await eventually('it was asked', async () => (await runs(rule)).find((one) => one.conversation_id === own.id && one.errors.length > 0));
    expect(run).toMatchObject({ matched: false, actions: [], errors: [expect.stringMatching(/^Invalid attribute key - \[shelf\]/)] });
    expect((await show(own)).labels).toEqual([]);
    await drop(rule);
  });

  test('call a server and are held back when they answer their own echo', async () => {
    const bodies: string[] = [];
    const server = createServer((request, answer) => {
      let body = '';
      request.on('data', (chunk: Buffer) => { body += chunk.toString('utf8'); });
      request.on('end', () => { bodies.push(body); answer.end('ok'); });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const rule = await makeRule('message_created', [when('content', 'contains', ['ping'])], [act('send_webhook_event', `http://127.0.0.1:${(server.address() as { port: number }).port}/`)]);
    const own = await makeConversation(t, account, inbox, { content: 'ping' });
    const got = await eventually('a call', () => bodies[0]);
    expect(JSON.parse(got)).toMatchObject({
      event: 'automation_event.message_created', id: own.id, account: { id: account.id }, channel: inbox.channel_type, contact_inbox: { source_id: own.sourceId }, meta: { sender: { id: own.contactId, type: 'contact' } },
    });
    for (let i = 0; i < 20; i++) await makeMessage(t, own, agent, { content: `ping ${i}` });
    const held = await eventually('held back', async () => (await runs(rule)).find((run) => run.errors.length > 0));
    expect(held.errors[0]).toMatch(/^Held back/);
    await drop(rule);
    await new Promise((resolve) => server.close(resolve));
  });

  test.each([
    ['an attribute nobody knows', { conditions: [when('shoe_size', 'equal_to', ['4'])] }, /^Invalid attribute key/], ['a message where none is', { event_name: 'conversation_created', conditions: [when('content', 'contains', ['x'])] }, /^Invalid attribute key/],
    ['an operator that does not fit', { conditions: [when('status', 'starts_with', ['o'])] }, /^Invalid operator/], ['a change outside changes', { conditions: [when('status', 'attribute_changed', {})] }, /^Invalid operator/],
  ])('refuse %s', async (_what, body, message) => {
    const { status, body: refused } = await call(t, account.admin, 'POST', url('automation_rules'), { name: 'Bad', event_name: 'message_created', actions: [act('mute_conversation')], ...body });
    expect([status, refused.error]).toEqual([422, expect.stringMatching(message)]);
  });
});
