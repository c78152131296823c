import { Failure } from './failure.mjs';
import { withClient } from './postgres-client.mjs';

const oldest = 15;

/** Connects to the given database and throws a Failure, one line with the cure, when Porchlight must not run on it. */
export async function requireUsableDatabase(url, { allowUnsafe }) {
  try {
    const { rows: [facts] } = await withClient(url, (client) => client.query(`
      SELECT current_setting('server_version_num')::int / 10000 AS version, current_setting('fsync') AS fsync`));
    judge(facts, allowUnsafe);
  } catch (error) {
    throw error instanceof Failure ? error : new Failure(explain(error, url));
  }
}

function judge({ version, fsync }, allowUnsafe) {
  if (version < oldest) throw new Failure(`The database runs PostgreSQL ${version}; Porchlight needs ${oldest} or newer. Upgrade it, or leave DATABASE_URL out to use the embedded one.`);
  if (fsync !== 'on' && !allowUnsafe) {
    throw new Failure('The database runs with fsync off, so a power cut can destroy it. Set fsync = on in postgresql.conf and reload, or accept the risk with ALLOW_UNSAFE_POSTGRES=1.');
  }
}

/** What went wrong, in words; the password in the address is never shown. */
function explain(error, url) {
  const where = placeOf(url);
  if (!where) return 'DATABASE_URL is not a PostgreSQL address. It looks like postgres://user:password@host:5432/porchlight';
  const cause = error.errors?.[0] ?? error;
  switch (cause.code) {
    case '28P01':
    case '28000':
      return `The database at ${where.host} refuses user "${where.user}" with this password (${cause.message}). Correct DATABASE_URL.`;
    case '3D000':
      return `The database "${where.database}" does not exist at ${where.host}. Create it, or correct DATABASE_URL.`;
    case '53300':
      return `The database at ${where.host} has no free connection (${cause.message}). Raise its max_connections or stop other programs.`;
    case '57P03':
      return `The database at ${where.host} is still starting or stopping (${cause.message}). Try again in a moment.`;
    default:
      if (/password must be a string|client password/i.test(cause.message)) return `The database at ${where.host} wants a password, and DATABASE_URL has none. Add it: postgres://user:password@host:5432/porchlight`;
      return `Cannot reach the database at ${where.host} (${cause.code ?? cause.message}). Is it running, and is DATABASE_URL right?`;
  }
}

function placeOf(url) {
  try {
    const { protocol, host, username, pathname } = new URL(url);
    if (!/^postgres(ql)?:$/.test(protocol)) return undefined;
    return { host: host || 'localhost', user: decodeURIComponent(username), database: decodeURIComponent(pathname.slice(1)) };
  } catch {
    return undefined;
  }
}
