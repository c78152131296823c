import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Failure } from './failure.mjs';
import { canReach, postgresBinaries, postgresOwner } from './postgres-binaries.mjs';
import { withClient } from './postgres-client.mjs';
import { freePort } from './ports.mjs';
import { endProcess, isAlive, LastLines, run, waitUntil } from './processes.mjs';

const user = 'porchlight';
const tuning = { shared_buffers: '128MB', max_connections: '100', jit: 'off', log_min_messages: 'warning', wal_compression: 'on' };

/**
 * A PostgreSQL of our own in `folder`, on the loopback address and a free port.
 * `settings` are further server settings; `password` is that of its superuser.
 */
export class EmbeddedPostgres {
  #folder;
  #password;
  #settings;
  #pid;
  #port;
  #watch;
  #log = new LastLines();

  constructor({ folder, password, settings = {} }) {
    this.#folder = folder;
    this.#password = password;
    this.#settings = { ...tuning, ...settings };
  }

  /** Connection string of the database `porchlight`. */
  get url() {
    return this.urlOf(user);
  }

  /** Connection string of another database of this server. */
  urlOf(database) {
    return `postgres://${user}:${encodeURIComponent(this.#password)}@127.0.0.1:${this.#port}/${database}`;
  }

  get pid() {
    return this.#pid;
  }

  /** Whether the data folder already holds a database. */
  static exists(folder) {
    return fs.existsSync(path.join(folder, 'PG_VERSION'));
  }

  /** Uses the one that already runs in the folder; answers false when none does. */
  async adopt() {
    const mark = readPidFile(this.#folder);
    if (!mark || !isPostgresOf(mark.pid, this.#folder)) return false;
    this.#pid = mark.pid;
    const answered = await waitUntil(async () => {
      if (!isAlive(mark.pid)) return true;
      this.#port = readPidFile(this.#folder)?.port;
      return this.#port !== undefined && await this.#answers();
    }, { timeout: 20_000 });
    if (answered && isAlive(mark.pid)) return true;
    await this.stop();
    return false;
  }

  /** Starts it, making the database first when the folder is empty. One left over from a killed start is used again. */
  async start() {
    const owner = postgresOwner(this.#folder);
    const binaries = postgresBinaries(owner);
    if (!EmbeddedPostgres.exists(this.#folder)) await this.#create(binaries.initdb, owner);
    try {
      if (!(await this.adopt())) {
        removeStaleLock(this.#folder);
        await this.#launch(binaries.postgres, owner);
      }
      await this.#ensureDatabase();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /**
   * Starts it again, on the same port, should it die (out of memory, a stray kill): it recovers from its log and the
   * server connects again. `tell` gets one line each time. Rejects, and gives up, when it dies again within ten seconds.
   */
  keepRunning(tell) {
    return new Promise((_, reject) => {
      let startedAt = -Infinity;
      let busy = false;
      this.#watch = setInterval(async () => {
        if (busy || this.#pid === undefined || isAlive(this.#pid)) return;
        busy = true;
        try {
          if (performance.now() - startedAt < 10_000) throw new Failure(`The embedded PostgreSQL keeps ending: ${shorten(this.#log)}`);
          tell('The embedded PostgreSQL ended unexpectedly; starting it again.');
          await this.#revive();
          startedAt = performance.now();
          busy = false;
        } catch (error) {
          clearInterval(this.#watch);
          reject(error);
        }
      }, 250);
    });
  }

  async #revive() {
    const owner = postgresOwner(this.#folder);
    removeStaleLock(this.#folder);
    // Processes of the dead one still hold its shared memory for a moment.
    let failure;
    const up = await waitUntil(() => this.#launch(postgresBinaries(owner).postgres, owner, this.#port).then(() => true, (error) => { failure = error; return false; }), { timeout: 10_000, every: 300 });
    if (!up) throw failure;
  }

  /** Stops it in order; resolves once it is gone. */
  async stop() {
    clearInterval(this.#watch);
    if (this.#pid === undefined) return;
    // Fast shutdown, then immediate: the next start recovers from the log. Never SIGKILL, which may leave memory segments.
    const gone = await endProcess(this.#pid, [['SIGINT', 30_000], ['SIGQUIT', 10_000]]);
    if (!gone) throw new Failure(`The embedded PostgreSQL (process ${this.#pid}) does not stop. End it by hand: kill -QUIT ${this.#pid}`);
    this.#pid = undefined;
  }

  async #create(initdb, owner) {
    // Under another name until finished, so that a start killed half-way begins anew.
    const draft = `${this.#folder}.new`;
    fs.rmSync(draft, { recursive: true, force: true });
    fs.mkdirSync(draft, { recursive: true, mode: 0o700 });
    if (owner) fs.chownSync(draft, owner.uid, owner.gid);
    const locale = process.platform === 'linux' ? 'C.UTF-8' : process.platform === 'darwin' ? 'en_US.UTF-8' : 'C';
    const place = openAs(draft, owner);
    const passwordFile = writePassword(this.#password, owner);
    const outcome = await run(initdb, [
      '-D', place.name, '-U', user, `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--encoding=UTF8', '--no-instructions',
      '--locale-provider=builtin', '--builtin-locale=C.UTF-8', `--locale=${locale}`, '--lc-messages=C',
    ], {
      cwd: '/', uid: owner?.uid, gid: owner?.gid, stdio: ['ignore', 'pipe', 'pipe', ...place.stdio], env: { LC_ALL: 'C' },
    }).finally(() => {
      place.close();
      fs.rmSync(passwordFile);
    });
    if (outcome.code !== 0) throw new Failure(`Making the embedded database in ${this.#folder} failed: ${shorten(outcome.lines)}`);
    fs.renameSync(draft, this.#folder);
  }

  async #launch(postgres, owner, port) {
    this.#port = port ?? await freePort();
    const settings = { ...this.#settings, listen_addresses: '127.0.0.1', port: this.#port, unix_socket_directories: '' };
    const place = openAs(this.#folder, owner);
    const child = spawn(postgres, ['-D', place.name, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])], {
      // Its own process group: Ctrl-C in the terminal must reach it after the server, and through us.
      cwd: '/', uid: owner?.uid, gid: owner?.gid, detached: true, stdio: ['ignore', 'ignore', 'pipe', ...place.stdio], env: { ...process.env, LC_ALL: 'C' },
    });
    place.close();
    let ended = false;
    child.once('error', (error) => { ended = true; this.#log.add(`cannot run ${postgres}: ${error.message}`); });
    child.once('exit', () => { ended = true; });
    child.stderr.on('data', (chunk) => this.#log.add(chunk));
    child.stderr.unref();
    child.unref();
    this.#pid = child.pid;
    const answered = await waitUntil(async () => ended || await this.#answers(), { timeout: 60_000, every: 20 });
    if (ended) this.#pid = undefined;
    if (ended || !answered) {
      throw new Failure(`The embedded PostgreSQL in ${this.#folder} does not start: ${shorten(this.#log)}`);
    }
  }

  async #answers() {
    try {
      await this.#query('postgres', 'SELECT 1');
      return true;
    } catch (error) {
      // Somebody else's secrets.json: waiting does not help.
      if (error.code === '28P01') throw new Failure(`The password in secrets.json is not that of the database in ${this.#folder}. Put back the secrets.json that belongs to it.`);
      return false;
    }
  }

  async #ensureDatabase() {
    const found = await this.#query('postgres', `SELECT 1 FROM pg_database WHERE datname = '${user}'`);
    if (found.rowCount === 0) await this.#query('postgres', `CREATE DATABASE ${user}`);
  }

  #query(database, sql) {
    return withClient(this.urlOf(database), (client) => client.query(sql));
  }
}

/**
 * How user postgres is told the folder. When he may not walk down to it (a data folder under /root), he is handed
 * the opened folder itself, whose /proc name needs no right on the folders above.
 */
function openAs(folder, owner) {
  if (canReach(folder, owner)) return { name: folder, stdio: [], close: () => undefined };
  const handle = fs.openSync(folder, 'r');
  return { name: '/proc/self/fd/3', stdio: [handle], close: () => fs.closeSync(handle) };
}

/** initdb takes the password from a file only: one that nobody else can open. */
function writePassword(password, owner) {
  const file = path.join(os.tmpdir(), `porchlight-${randomBytes(9).toString('base64url')}`);
  fs.writeFileSync(file, `${password}\n`, { mode: 0o600, flag: 'wx' });
  if (owner) fs.chownSync(file, owner.uid, owner.gid);
  return file;
}

/** Process id and port from postmaster.pid; port is undefined while the server is still starting. */
function readPidFile(folder) {
  try {
    const lines = fs.readFileSync(path.join(folder, 'postmaster.pid'), 'utf8').split('\n');
    return { pid: Number(lines[0]), port: Number(lines[3]) || undefined };
  } catch {
    return undefined;
  }
}

/** Whether the process is a PostgreSQL working in this folder: after a reboot its number may be anybody's. */
function isPostgresOf(pid, folder) {
  if (!isAlive(pid)) return false;
  if (process.platform !== 'linux') return true;
  try {
    return fs.readlinkSync(`/proc/${pid}/cwd`) === fs.realpathSync(folder);
  } catch {
    return false;
  }
}

/** PostgreSQL refuses to start while the number in its lock lives, even as a zombie or as another program of its user. */
function removeStaleLock(folder) {
  const mark = readPidFile(folder);
  if (mark && !isPostgresOf(mark.pid, folder)) fs.rmSync(path.join(folder, 'postmaster.pid'));
}

function shorten(lines) {
  return (lines.find(/FATAL|PANIC|error:|cannot/) || lines.last(1)[0] || 'it said nothing').replace(/^.*?(FATAL|PANIC|error):\s*/, '').slice(0, 300);
}
