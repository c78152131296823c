import fs from 'node:fs';
import { Failure } from './failure.mjs';
import { withClient } from './postgres-client.mjs';
import { run } from './processes.mjs';
import { built, repository } from './repository.mjs';

/** Brings the database to this version. Throws a Failure with the migration's own line. */
export async function migrate(env) {
  if (await isCurrent(env.DATABASE_URL)) return;
  const { code, lines } = await run(process.execPath, [built.migrate], { cwd: repository, env });
  if (code === 0) return;
  const line = lines.reason() ?? `exit code ${code}`;
  throw new Failure(/^Settings are wrong|^SECRET_KEY/.test(line) ? line : `Preparing the database failed: ${line}`);
}

/** Whether exactly the built migrations have run: asking takes a moment, loading the server's migrator most of a second. */
async function isCurrent(url) {
  const known = fs.readdirSync(built.migrations).filter((name) => name.endsWith('.js')).map((name) => parseInt(name, 10)).sort();
  try {
    const { rows } = await withClient(url, (client) => client.query('SELECT timestamp FROM migrations'));
    return String(rows.map((row) => Number(row.timestamp)).sort()) === String(known);
  } catch {
    // No such table yet, or anything else: the migrator finds out and says it.
    return false;
  }
}
