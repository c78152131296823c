import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../../test/test-app.js';
import { SystemWork } from '../platform/database/unit-of-work.js';
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
