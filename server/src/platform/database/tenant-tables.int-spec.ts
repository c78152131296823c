import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeAccount } from '../../../test/factories.js';
import { startTestApp, type TestApp } from '../../../test/test-app.js';
import { accountId } from './account-id.js';
import { UnitOfWork } from './unit-of-work.js';

let t: TestApp;
beforeAll(async () => { t = await startTestApp(); });
afterAll(() => t.close());

test('every table with an account is protected by row-level security', async () => {
  const { rows } = await t.database.asOwner((client) => client.query(`
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'account_id' AND NOT a.attisdropped
    WHERE c.relkind IN ('r', 'p') AND c.relname <> 'one_time_tokens'
      AND NOT (c.relrowsecurity AND c.relforcerowsecurity AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'tenant'))`));
  expect(rows).toEqual([]);
});

test('an account sees its own rows only, and nothing while no account is set', async () => {
  const [a, b] = [await makeAccount(t), await makeAccount(t)];
  const work = t.app.get(UnitOfWork);
  for (const account of [a, b]) {
    await work.run(accountId(account.id), (tx) => tx.sql(`INSERT INTO labels (account_id, title) VALUES ($1, 'food')`, [account.id]));
  }
  const seen = await work.run(accountId(a.id), (tx) => tx.sql<{ account_id: number }>('SELECT account_id FROM labels'));
  expect(seen).toEqual([{ account_id: a.id }]);
  await expect(work.run(accountId(a.id), (tx) => tx.sql(`INSERT INTO labels (account_id, title) VALUES ($1, 'x')`, [b.id]))).rejects.toThrow(/row-level security/);
});

test('a swallowed failure does not pass for a commit', async () => {
  const a = await makeAccount(t);
  await expect(t.app.get(UnitOfWork).run(accountId(a.id), async (tx) => {
    await tx.sql('SELECT 1/0').catch(() => undefined);
  })).rejects.toThrow(/swallowed/);
});

test('request code cannot read proofs', async () => {
  const a = await makeAccount(t);
  await expect(t.app.get(UnitOfWork).run(accountId(a.id), (tx) => tx.sql('SELECT * FROM user_credentials'))).rejects.toThrow(/permission denied/);
});
