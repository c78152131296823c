import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeInbox, type MadeInbox } from '../../../test/factories-inboxes.js';
import { makeAccount, makeMember, type AccountWithAdmin, type Person } from '../../../test/factories.js';
import { call } from '../../../test/http.js';
import { INTEGRATION_APPS } from './catalogue.js';
import { startTestApp, type TestApp } from '../../../test/test-app.js';

let t: TestApp;
let account: AccountWithAdmin;
let agent: Person;
let inbox: MadeInbox;
beforeAll(async () => {
  t = await startTestApp();
  account = await makeAccount(t);
  agent = await makeMember(t, account.id);
  inbox = await makeInbox(t, account);
});
afterAll(() => t.close());

const url = (path: string): string => `/api/v1/accounts/${account.id}/${path}`;
const admin = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: object) => call(t, account.admin, method, url(path), body);
const KEY = { type: 'service_account', private_key: 'very-private-key' };
const hooksOf = async (app: string, who = account.admin) => (await call(t, who, 'GET', url('integrations/apps'))).body.payload.find((one: { id: string }) => one.id === app);

test('an app is connected to an inbox; its secrets are sealed and never shown', async () => {
  const made = await admin('POST', 'integrations/hooks', { app_id: 'dialogflow', inbox_id: inbox.id, settings: { project_id: 'harbour', credentials: KEY } });
  expect(made.body).toMatchObject({ app_id: 'dialogflow', status: true, inbox: { id: inbox.id, name: inbox.name }, account_id: account.id, hook_type: 'inbox', settings: { project_id: 'harbour' } });
  expect(JSON.stringify(made.body)).not.toContain('very-private-key');
  const { rows } = await t.database.asOwner((client) => client.query('SELECT to_jsonb(h)::text || (SELECT jsonb_agg(a) FROM audit_logs a)::text AS all FROM integration_hooks h'));
  expect(rows[0].all).not.toContain('very-private-key');
  expect(await hooksOf('dialogflow', agent)).toMatchObject({ enabled: true, hooks: [{ id: made.body.id }] });
  // What was never shown need not be sent again.
  expect((await admin('PATCH', `integrations/hooks/${made.body.id}`, { status: 0, settings: { project_id: 'quay' } })).body).toMatchObject({ status: false, settings: { project_id: 'quay' } });
  expect((await admin('DELETE', `integrations/hooks/${made.body.id}`)).status).toBe(200);
  expect((await hooksOf('dialogflow')).hooks).toEqual([]);
});

test('several are connected to one inbox at once', async () => {
  const made = await Promise.all(Array.from({ length: 6 }, () => admin('POST', 'integrations/hooks', { app_id: 'dialogflow', inbox_id: inbox.id, settings: { project_id: 'harbour', credentials: KEY } })));
  expect(made.map(({ status }) => status)).toEqual(Array(6).fill(200));
  expect((await Promise.all(made.map(({ body }) => admin('DELETE', `integrations/hooks/${body.id}`)))).map(({ status }) => status)).toEqual(Array(6).fill(200));
});

test.each([
  [{ app_id: 'slack' }, 'app_id'], [{ app_id: 'webhook' }, 'app_id'], [{ app_id: 'dialogflow', settings: { project_id: 'x' } }, 'settings'], [{ app_id: 'dialogflow', settings: { project_id: 'x', credentials: KEY } }, 'inbox_id'],
  [{ app_id: 'dialogflow', inbox_id: 999_999_999, settings: { project_id: 'x', credentials: KEY } }, 'inbox_id'],
])('%j is refused by field', async (body, field) => {
  const answer = await admin('POST', 'integrations/hooks', body);
  expect([answer.status, answer.body.attributes]).toEqual([422, [field]]);
});

test('people are asked for just what an app must be given', async () => {
  for (const app of (await admin('GET', 'integrations/apps')).body.payload as { id: string; settings_form_schema: { name: string; required: boolean; secret: boolean }[] }[]) {
    const known = INTEGRATION_APPS.find(({ id }) => id === app.id)!;
    expect(app.settings_form_schema.map(({ name }) => name)).toEqual(Object.keys(known.settings?.shape ?? {}));
    expect(app.settings_form_schema.filter(({ secret }) => secret).map(({ name }) => name)).toEqual(known.secrets ?? []);
    expect(app.settings_form_schema.filter(({ required }) => required).map(({ name }) => name)).toEqual(Object.entries(known.settings?.shape ?? {}).filter(([, one]) => !one.safeParse(undefined).success).map(([name]) => name));
  }
});

test('pages of other programs are kept by administrators and seen by all', async () => {
  const made = await admin('POST', 'dashboard_apps', { dashboard_app: { title: 'Orders', content: [{ type: 'frame', url: 'https://orders.example/panel' }] } });
  expect(made.body).toMatchObject({ title: 'Orders', content: [{ type: 'frame', url: 'https://orders.example/panel' }] });
  expect((await call(t, agent, 'GET', url('dashboard_apps'))).body).toMatchObject([{ id: made.body.id }]);
  const frame = await call(t, agent, 'GET', url(`dashboard_apps/${made.body.id}/frame`));
  expect(frame.headers.get('content-security-policy')).toContain("default-src 'none'; style-src 'unsafe-inline'; frame-src https://orders.example;");
  expect(frame.body).toContain('<iframe src="https://orders.example/panel" title="Orders" sandbox="allow-scripts');
  expect((await admin('PATCH', `dashboard_apps/${made.body.id}`, { title: 'Parcels' })).body.title).toBe('Parcels');
  expect((await admin('POST', 'dashboard_apps', { title: 'Bad', content: [{ type: 'frame', url: 'javascript:alert(1)' }] })).status).toBe(422);
  expect((await call(t, agent, 'DELETE', url(`dashboard_apps/${made.body.id}`))).status).toBe(401);
  expect((await admin('DELETE', `dashboard_apps/${made.body.id}`)).status).toBe(200);
  expect((await admin('GET', `dashboard_apps/${made.body.id}`)).status).toBe(404);
});
