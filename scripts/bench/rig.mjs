import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { EmbeddedPostgres } from '../lib/embedded-postgres.mjs';
import { freePort } from '../lib/ports.mjs';
import { inRepository } from '../lib/repository.mjs';
import { migrate } from '../lib/migrations.mjs';
import { ServerProcess } from '../lib/server-process.mjs';

const require = createRequire(inRepository('server/package.json'));
export const pg = require('pg');

/** A PostgreSQL that keeps its promises (fsync on), migrated, thrown away afterwards. */
export async function startDatabase() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'porchlight-bench-'));
  fs.chmodSync(folder, 0o755);
  const postgres = new EmbeddedPostgres({ folder: path.join(folder, 'postgres'), password: 'bench', settings: { shared_buffers: '1GB', max_wal_size: '8GB', checkpoint_timeout: '30min' } });
  await postgres.start();
  const database = { folder, url: postgres.url, secretKey: randomBytes(32).toString('hex') };
  await migrate(environment(database, 0));
  const owner = new pg.Client({ connectionString: postgres.url });
  await owner.connect();
  return { ...database, owner, async stop() { await owner.end(); await postgres.stop(); fs.rmSync(folder, { recursive: true, force: true }); } };
}

const environment = (database, port) => ({
  NODE_ENV: 'production', LOG_LEVEL: 'error', HOST: '127.0.0.1', PORT: String(port), PUBLIC_URL: `http://127.0.0.1:${port}`,
  DATA_DIR: database.folder, DATABASE_URL: database.url, SECRET_KEY: database.secretKey,
  // Servers that a measurement starts itself.
  OUTBOUND_ALLOW: '127.0.0.1',
});

/** One server process with all its roles, as `npm start` runs it; `more` adds to its environment. */
export async function startServer(database, more = {}) {
  const port = await freePort();
  const start = async (env) => {
    const process = new ServerProcess({ ...environment(database, port), ...env });
    await process.untilReady({ port, host: '127.0.0.1' });
    return process;
  };
  let running = await start(more);
  return {
    url: `http://127.0.0.1:${port}`,
    get pid() { return running.pid; },
    stop: () => running.stop(),
    /** The same server anew, with something else added to its environment. */
    async restart(other = {}) {
      await running.stop();
      running = await start(other);
    },
  };
}

/** A personal token of the user, made straight in the database. */
export async function tokenOf(owner, userId) {
  const token = randomBytes(24).toString('base64url');
  await owner.query(`INSERT INTO api_tokens (owner_type, owner_id, token_hash, name) VALUES ('User', $1, $2, 'bench')`, [userId, createHash('sha256').update(token).digest()]);
  return token;
}

/** Calls the API; throws with the answer's text unless it is 2xx. */
export async function call(server, token, method, route, body, headers = {}) {
  const response = await fetch(server.url + route, {
    method, headers: { ...(token && { api_access_token: token }), ...(body && { 'content-type': 'application/json' }), ...headers }, body: body && JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${route} answered ${response.status}: ${text.slice(0, 300)}`);
  return text === '' ? undefined : JSON.parse(text);
}

/** Milliseconds since some moment. */
export const now = () => performance.now();

/** The value below which the given share of the numbers lies. */
export function quantile(numbers, share) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}
export const median = (numbers) => quantile(numbers, 0.5);

/** Runs the work many times on so many lanes side by side for so long. Answers runs per second. */
export async function throughput(lanes, milliseconds, work) {
  const until = now() + milliseconds;
  const started = now();
  let runs = 0;
  await Promise.all(Array.from({ length: lanes }, async (_, lane) => {
    while (now() < until) { await work(lane, runs); runs++; }
  }));
  return runs / ((now() - started) / 1000);
}
