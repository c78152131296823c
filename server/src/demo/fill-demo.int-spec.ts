import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeMember } from '../../test/factories.js';
import { call } from '../../test/http.js';
import { startTestApp, type TestApp } from '../../test/test-app.js';
import { SystemWork } from '../platform/database/unit-of-work.js';
import { FILTERS } from './demo-tools.js';
import { FillDemo } from './fill-demo.service.js';

let t: TestApp;
beforeAll(async () => { t = await startTestApp(); });
afterAll(() => t.close());

test('the demo fills an empty installation once, with counts that add up', async () => {
  const signIn = await t.app.get(FillDemo, { strict: false }).run();
  expect(signIn).toMatchObject({ email: 'maya@demo.porchlight.example', volunteer_email: 'samuel@demo.porchlight.example' });
  const [facts] = await t.app.get(SystemWork).sql<Record<string, number>>(
    `SELECT (SELECT count(*) FROM conversations) AS conversations, (SELECT count(*) FROM inboxes) AS inboxes, (SELECT count(*) FROM users) AS people,
       (SELECT count(*) FROM attachments) AS attachments, (SELECT count(*) FROM messages WHERE private) AS notes, (SELECT count(*) FROM uploads) AS unclaimed,
       (SELECT count(*) FROM messages m WHERE m.message_type <> 2 AND NOT EXISTS (SELECT FROM message_search s WHERE s.message_id = m.id)) AS unsearchable,
       coalesce((SELECT sum(d) FROM conversation_count_deltas), 0) + coalesce((SELECT sum(n) FROM conversation_counts), 0) AS counted`);
  expect(facts).toMatchObject({ conversations: 300, inboxes: 3, people: 5, unclaimed: 0, unsearchable: 0, counted: 300 });
  expect(facts!['attachments']).toBeGreaterThan(5);
  expect(facts!['notes']).toBeGreaterThan(20);
  expect(await t.app.get(FillDemo, { strict: false }).run()).toBeUndefined();
});

test('what the demo has set up is what its own pages take, and finds something', async () => {
  const admin = await makeMember(t, 1, 'administrator');
  const ask = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const answer = await call<T>(t, admin, method, `/api/v1/accounts/1/${path}`, body);
    expect([path, answer.status, answer.status === 200 || answer.body]).toEqual([path, 200, true]);
    return answer.body;
  };
  for (const kind of ['macros', 'automation_rules']) {
    const { payload } = await ask<{ payload: { id: number }[] }>('GET', kind);
    expect(payload).toHaveLength(2);
    for (const one of payload) await ask('PATCH', `${kind}/${one.id}`, one);
  }
  expect(await ask<unknown[]>('GET', 'canned_responses')).toHaveLength(5);
  expect((await ask<{ name: string }[]>('GET', 'teams')).map((team) => team.name).sort()).toEqual(['drivers', 'front desk']);
  for (const { type, payload } of FILTERS) {
    const found = await ask<{ meta: { all_count?: number; count?: number } }>('POST', type === 0 ? 'conversations/filter' : 'contacts/filter', { payload });
    expect(found.meta.all_count ?? found.meta.count).toBeGreaterThan(0);
  }
  const { total_count: answered, ratings_count: ratings } = await ask<{ total_count: number; ratings_count: Record<string, number> }>('GET', 'csat_survey_responses/metrics');
  expect(answered).toBeGreaterThan(50);
  expect(Object.keys(ratings)).toHaveLength(5);
  expect((await ask<{ payload: unknown[] }>('GET', 'portals/harbour-food-bank/articles')).payload).toHaveLength(5);
});
