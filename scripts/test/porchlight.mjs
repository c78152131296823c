import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { freePort } from '../lib/ports.mjs';
import { run, waitUntil } from '../lib/processes.mjs';
import { inRepository, repository } from '../lib/repository.mjs';

/** A folder that goes away with the test. */
export function temporaryFolder(t) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'porchlight-start-'));
  t.after(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** An installation of its own: data folder and port; whatever of it still runs after the test is killed. */
export async function installation(t) {
  const dataDir = temporaryFolder(t);
  t.after(() => killAllOf(dataDir));
  return { dataDir, port: await freePort() };
}

/** Starts it as a person would; `through` 'npm' runs `npm start`. Settings are further environment variables. */
export function launch({ dataDir, port }, { args = [], settings = {}, through = 'node' } = {}) {
  const [command, ...before] = through === 'npm' ? ['npm', 'start', '--'] : [process.execPath, inRepository('scripts/start.mjs')];
  const { DATABASE_URL: _, REDIS_URL: __, npm_lifecycle_event: ___, ...environment } = process.env;
  const child = spawn(command, [...before, ...args], {
    cwd: repository, stdio: ['ignore', 'pipe', 'pipe'], env: { ...environment, DATA_DIR: dataDir, PORT: String(port), ...settings },
  });
  return new Launched(child, port);
}

class Launched {
  output = '';
  errors = '';
  #child;
  #port;
  #began = performance.now();

  constructor(child, port) {
    this.#child = child;
    this.#port = port;
    child.stdout.on('data', (chunk) => { this.output += chunk; });
    child.stderr.on('data', (chunk) => { this.errors += chunk; });
    this.ended = once(child, 'close').then(([code]) => code);
  }

  get pid() {
    return this.#child.pid;
  }

  /** Resolves to the milliseconds it took until the ready line; fails with what was printed when it ends before. */
  async ready() {
    let ended = false;
    void this.ended.then(() => { ended = true; });
    const ready = await waitUntil(() => ended || this.output.includes('Porchlight is ready:'), { timeout: 180_000, every: 10 });
    if (!ready || ended) throw new Error(`not ready:\n${this.output}${this.errors}`);
    return performance.now() - this.#began;
  }

  /** Status of a page of it, or undefined when nothing answers. */
  async status(page) {
    return fetch(`http://127.0.0.1:${this.#port}${page}`).then((answer) => answer.arrayBuffer().then(() => answer.status)).catch(() => undefined);
  }

  kill(signal) {
    this.#child.kill(signal);
  }

  /** Ctrl-C; resolves to the exit code. */
  async stop(signal = 'SIGINT') {
    this.kill(signal);
    return this.ended;
  }
}

/** Ids of all processes that have the data folder in their command line or environment, our own and Postgres. */
export function processesOf(dataDir) {
  return fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid).filter((pid) => {
    try {
      return ['cmdline', 'environ'].some((file) => fs.readFileSync(`/proc/${pid}/${file}`, 'utf8').includes(dataDir));
    } catch {
      return false;
    }
  }).map(Number);
}

/** Kills all of them; one may end while others are killed. */
export function killAllOf(dataDir) {
  for (const pid of processesOf(dataDir)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if (error.code !== 'ESRCH') throw error;
    }
  }
}

/** Milliseconds of processor time that these processes, and those they have waited for, took so far. */
export function processorTimeOf(dataDir) {
  const ticks = processesOf(dataDir).map((pid) => {
    // Behind the name, which may hold anything: fields 14 to 17 are its own time and that of its children, in hundredths of a second.
    const fields = statOf(pid).split(') ').at(-1).split(' ');
    return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  });
  return ticks.reduce((sum, field) => sum + field, 0) * 10;
}

/**
 * How many times slower than usual this machine's processors work now: beside busy neighbours the same work takes them longer. The
 * measure is the loading of TypeScript's compiler, 0.35 s of processor time on an idle machine of ours. At least 1.
 */
export async function slownessNow() {
  const load = `require(${JSON.stringify(inRepository('node_modules/typescript'))}); const { user, system } = process.cpuUsage(); console.log((user + system) / 1000)`;
  const { stdout } = await run(process.execPath, ['-e', load]);
  return Math.max(1, Number(stdout) / 350);
}

/** Of one that has ended meanwhile, nothing: whoever waited for it has its time. */
function statOf(pid) {
  try {
    return fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return ') '.concat('0 '.repeat(20));
  }
}
