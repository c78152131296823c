import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeAccount } from '../../test/factories.js';
import { makeConversation } from '../../test/factories-conversations.js';
import { makeInbox } from '../../test/factories-inboxes.js';
import { startTestApp, type TestApp } from '../../test/test-app.js';
import { ForgetReceipts } from '../conversations/delivery/forget-receipts.job.js';
import { SystemWork } from '../platform/database/unit-of-work.js';
import { KeepDeliveryTables } from './keep-delivery-tables.job.js';

let t: TestApp;
beforeAll(async () => { t = await startTestApp({ PROCESS_ROLES: 'api' }); });
afterAll(() => t.close());

const partitions = async (): Promise<string[]> => (await t.app.get(SystemWork).sql<{ relname: string }>(
  `SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'events'::regclass ORDER BY 1`)).map((row) => row.relname);

test('months of events come in time and go after thirty days, unless something in them still waits', async () => {
  const { id } = await makeAccount(t);
  await t.database.asOwner(async (client) => {
    for (const [name, month] of [['events_2020_01', '2020-01-01'], ['events_2020_02', '2020-02-01']]) {
      await client.query(`CREATE TABLE ${name} PARTITION OF events FOR VALUES FROM ('${month}') TO ('${month}'::date + interval '1 month'); SELECT protect_tenant_table('${name}')`);
    }
    await client.query(`SET ROLE porchlight_system;
      INSERT INTO events (account_id, type, payload, created_at, dispatched_at, seq) VALUES (${id}, 'account.updated', '{}', '2020-01-10', now(), 1);
      INSERT INTO events (account_id, type, payload, created_at) VALUES (${id}, 'nobody.hears', '{}', '2020-02-10')`);
  });
  await t.app.get(KeepDeliveryTables).run();
  const left = await partitions();
  expect(left).not.toContain('events_2020_01');
  expect(left).toContain('events_2020_02');
  const ahead = new Date();
  ahead.setUTCMonth(ahead.getUTCMonth() + 3, 1);
  expect(left).toContain(`events_${ahead.getUTCFullYear()}_${String(ahead.getUTCMonth() + 1).padStart(2, '0')}`);
});

test('receipts of chats are forgotten after ninety days', async () => {
  const account = await makeAccount(t);
  const inbox = await makeInbox(t, account);
  const [old, recent] = [await makeConversation(t, account, inbox), await makeConversation(t, account, inbox)];
  const system = t.app.get(SystemWork);
  await system.sql(`UPDATE receipts SET received_at = now() - interval '91 days' WHERE account_id = $1 AND message_id = $2`, [account.id, old.messageId]);
  await t.app.get(ForgetReceipts, { strict: false }).run();
  expect(await system.sql('SELECT message_id FROM receipts WHERE account_id = $1', [account.id])).toEqual([{ message_id: recent.messageId }]);
});
