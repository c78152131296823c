import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { withRecorder } from './recording.mjs';
import { call, throughput, tokenOf } from './rig.mjs';

const LANES = 8;
const MILLISECONDS = 8000;
// Recorded once and replaced by a variable: numbers that occur nowhere else in the statements.
const RECORDED = 9137;
const SPREAD = 5000;

/** Replies accepted per second over HTTP, against pgbench running the very statements the server ran for one. */
export async function benchAccept({ server, database, owner, report, small }) {
  report.title('Replies accepted (8 at a time, spread over 5,000 conversations, files flushed at every commit)');
  const token = await tokenOf(owner, small.administratorId);
  const post = (id) => call(server, token, 'POST', `/api/v1/accounts/${small.accountId}/conversations/${id}/messages`, { content: 'On Tuesday between 10 and 14.' });
  let sent;
  const statements = await withRecorder({ server, database }, async (record) => {
    await post(RECORDED); // what is cached after the first time does not count
    return record(async () => { sent = await post(RECORDED); });
  });
  const floor = pgbench(database, scriptOf(statements, { conversationId: small.base + RECORDED, messageId: sent.id, base: small.base }));
  await throughput(LANES, 1500, () => post(1 + Math.floor(Math.random() * SPREAD)));
  const ours = await throughput(LANES, MILLISECONDS, () => post(1 + Math.floor(Math.random() * SPREAD)));
  report.figure('over HTTP, answered after the commit', ours, 'per s');
  if (floor === undefined) return process.stdout.write('  pgbench is not installed (Debian: postgresql-contrib), so there is no floor to compare with\n');
  report.figure('pgbench with the same statements', floor, 'per s');
  report.figure('share of that', ours / floor, 'ratio', { atLeast: 0.1 });
}

/** A pgbench script of the recorded statements, for a random conversation each time. */
function scriptOf(statements, { conversationId, messageId, base }) {
  const lines = [`\\set d random(1, ${SPREAD})`, `\\set c :d + ${base}`];
  for (const { text, values = [] } of statements) {
    let sql = text.replace(/\s+/g, ' ').trim().replace(/\$(\d+)/g, (_, n) => literal(values[n - 1]));
    sql = sql.replaceAll(String(conversationId), ' :c').replace(new RegExp(`(?<![\\d.])${RECORDED}(?!\\d)`, 'g'), ':d').replaceAll(String(messageId), ' :id')
      .replace(/'\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[.\d]*\+\d\d'/g, 'clock_timestamp()');
    lines.push(/^INSERT INTO messages/.test(sql) ? `${sql} \\gset` : `${sql};`);
  }
  return `${lines.join('\n')}\n`;
}

function literal(value) {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value?.type === 'Buffer') return `'\\x${Buffer.from(value.data).toString('hex')}'`;
  if (Array.isArray(value)) return `'{${value.map((v) => JSON.stringify(v)).join(',')}}'`;
  return `'${String(value).replaceAll("'", "''")}'`;
}

function pgbench(database, script) {
  const file = path.join(database.folder, 'reply.pgbench.sql');
  fs.writeFileSync(file, script);
  const url = new URL(database.url);
  const env = { ...process.env, PGPASSWORD: decodeURIComponent(url.password) };
  try {
    const out = execFileSync('pgbench', ['-n', ...(process.env.BENCH_SHOW ? ['-r'] : []), '-M', 'simple', '-c', String(LANES), '-j', '2', '-T', String(MILLISECONDS / 1000), '-f', file, '-h', url.hostname, '-p', url.port, '-U', url.username, url.pathname.slice(1)], { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    if (process.env.BENCH_SHOW) process.stdout.write(out);
    return Number(/tps = ([\d.]+)/.exec(out)[1]);
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw new Error(`pgbench failed: ${String(error.stderr).split('\n').slice(0, 5).join(' ')}`, { cause: error });
  }
}
