import { afterAll, beforeAll, beforeEach, afterEach, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import pg from 'pg';
import { migrationsFolder } from './migration-files.js';
import { migrate } from './migrate.js';

const all = readdirSync(migrationsFolder()).filter((name) => /^\d+-.*\.ts$/.test(name)).length;
let server: pg.Client;
let name: string;
let url: string;
beforeAll(async () => {
  server = new pg.Client({ connectionString: process.env['TEST_DATABASE_URL'] });
  await server.connect();
});
afterAll(() => server.end());
beforeEach(async () => {
  name = `migrate_${randomBytes(6).toString('hex')}`;
  await server.query(`CREATE DATABASE ${name}`);
  const address = new URL(process.env['TEST_DATABASE_URL']!);
  address.pathname = `/${name}`;
  url = address.toString();
});
afterEach(() => server.query(`DROP DATABASE ${name} WITH (FORCE)`));

test('two processes that start at once bring an empty database up to date once; a newer one is refused and stays as it is', async () => {
  const ran = await Promise.all([migrate(url), migrate(url)]);
  expect(ran.map((names) => names.length).sort((a, b) => a - b)).toEqual([0, all]);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`INSERT INTO migrations (timestamp, name) VALUES (9999999999999, 'FromTheFuture9999999999999')`);
  await expect(migrate(url)).rejects.toThrow(/made by a newer Porchlight \(it has FromTheFuture9999999999999\)/);
  expect((await client.query('SELECT count(*)::int AS n FROM migrations')).rows[0].n).toBe(all + 1);
  await client.end();
});

test('cut off in the middle of a migration, it goes on from there', async () => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`
    CREATE FUNCTION cut() RETURNS event_trigger LANGUAGE plpgsql AS $$
    DECLARE done int := 0;
    BEGIN
      IF to_regclass('public.migrations') IS NOT NULL THEN EXECUTE 'SELECT count(*) FROM public.migrations' INTO done; END IF;
      IF done = 2 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;
    END $$;
    CREATE EVENT TRIGGER cut ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION cut()`);
  await expect(migrate(url)).rejects.toThrow(/terminat/);
  expect((await client.query('SELECT count(*)::int AS n FROM migrations')).rows[0].n).toBe(2);
  await client.query('DROP EVENT TRIGGER cut');
  expect(await migrate(url)).toHaveLength(all - 2);
  await client.end();
});
