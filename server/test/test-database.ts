import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { migrate } from '../src/platform/database/migrate.js';

const MIGRATIONS = join(dirname(fileURLToPath(import.meta.url)), '../../migrations');
// Any constant: test files of one run wait for whoever makes the template.
const TEMPLATE_LOCK = 42_064_207;

const serverUrl = (): string => {
  const url = process.env['TEST_DATABASE_URL'];
  if (!url) throw new Error('TEST_DATABASE_URL is not set; run tests through npm test.');
  return url;
};

function urlOf(database: string): string {
  const url = new URL(serverUrl());
  url.pathname = `/${database}`;
  return url.toString();
}

async function asOwner<T>(work: (client: pg.Client) => Promise<T>, url = serverUrl()): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Named by the migrations' content, so a changed migration gets a new template. */
function templateName(): string {
  const hash = createHash('sha256');
  for (const file of readdirSync(MIGRATIONS).sort()) hash.update(readFileSync(join(MIGRATIONS, file)));
  return `porchlight_template_${hash.digest('hex').slice(0, 12)}`;
}

async function ensureTemplate(): Promise<string> {
  const name = templateName();
  await asOwner(async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1 AND datistemplate', [name]);
    if (rowCount) return;
    await client.query(`DROP DATABASE IF EXISTS ${name}`);
    await client.query(`CREATE DATABASE ${name}`);
    await migrate(urlOf(name));
    await client.query(`ALTER DATABASE ${name} WITH is_template true`);
  });
  return name;
}

// Unlike TRUNCATE it costs nothing where there is nothing.
const CLEAR = `DO $$ DECLARE name text; BEGIN
  SET LOCAL session_replication_role = replica;
  FOR name IN SELECT quote_ident(relname) FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition AND relname NOT IN ('migrations', 'installation', 'installation_keys', 'schedules')
  LOOP EXECUTE 'DELETE FROM ' || name; END LOOP; END $$`;

export interface TestDatabase { url: string; drop(): Promise<void>; asOwner<T>(work: (client: pg.Client) => Promise<T>): Promise<T> }

/** A migrated, empty database of its own; drop it when done. */
export async function testDatabase(): Promise<TestDatabase> {
  const template = await ensureTemplate();
  const name = `t_${randomBytes(6).toString('hex')}`;
  // Copies of one template must not overlap.
  await asOwner(async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    // As files: page by page through the log, the default, takes PostgreSQL three times as much work.
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY FILE_COPY`);
  });
  const url = urlOf(name);
  return {
    url, asOwner: (work) => asOwner(work, url),
    drop: () => asOwner(async (client) => { await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`); }),
  };
}

/** Takes everything away that was stored since it was made. */
export const clearDatabase = (database: TestDatabase): Promise<void> => database.asOwner(async (client) => { await client.query(CLEAR); });
