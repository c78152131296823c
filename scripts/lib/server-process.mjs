import { spawn } from 'node:child_process';
import { Failure } from './failure.mjs';
import { explainPort } from './ports.mjs';
import { endProcess, LastLines, waitUntil } from './processes.mjs';
import { built, inRepository, repository } from './repository.mjs';

// V8 keeps three times 16 MB ready for what is young; 4 MB do as well for requests as short as ours (the same processor time for each,
// 25 MB less for an idle process). docker/entrypoint.sh says the same.
const node = ['--enable-source-maps', '--max-semi-space-size=4', '--import', inRepository('scripts/lib/exit-with-parent.mjs')];

/** What the server is told on top of the environment, where its own settings (address, mail, storage …) already are. */
export function serverEnvironment(settings, database) {
  return {
    NODE_ENV: process.env.NODE_ENV || 'production',
    LOG_LEVEL: process.env.LOG_LEVEL || 'warn',
    HOST: settings.host,
    PORT: String(settings.port),
    DATA_DIR: settings.dataDir,
    DATABASE_URL: database.url,
    SECRET_KEY: database.secretKey,
  };
}

/** The server with all its roles, as a child that ends when we do. */
export class ServerProcess {
  #child;
  #lines = new LastLines();
  /** What it writes before it may be shown. */
  #held = [];
  #isShown = false;
  /** Resolves when the process has ended, whoever ended it. */
  ended;
  #hasEnded = false;

  constructor(env) {
    // Its own process group: Ctrl-C in the terminal reaches it through us, once and in order.
    this.#child = spawn(process.execPath, [...node, built.main], {
      cwd: repository, env: { ...process.env, ...env }, detached: true, stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const [stream, target] of [[this.#child.stdout, process.stdout], [this.#child.stderr, process.stderr]]) {
      stream.on('data', (chunk) => {
        this.#lines.add(chunk);
        if (this.#isShown) target.write(chunk);
        else this.#held.push([target, chunk]);
      });
    }
    this.ended = new Promise((resolve) => {
      this.#child.once('error', (error) => { this.#lines.add(error.message); this.#hasEnded = true; resolve(); });
      this.#child.once('close', () => { this.#hasEnded = true; resolve(); });
    });
  }

  get pid() {
    return this.#child.pid;
  }

  /** Shows what the server writes from now on, and first what it has written already. */
  show() {
    this.#isShown = true;
    for (const [target, chunk] of this.#held.splice(0)) target.write(chunk);
  }

  /** Resolves when /ready answers 200. Throws a Failure when the server ends before, or takes longer than a minute. */
  async untilReady({ port, host }) {
    const at = ['0.0.0.0', '::', ''].includes(host) ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
    let last = 'no answer';
    const ready = await waitUntil(async () => {
      if (this.#hasEnded) return true;
      try {
        const answer = await fetch(`http://${at}:${port}/ready`, { signal: AbortSignal.timeout(5_000) });
        last = `${answer.status} ${(await answer.text()).slice(0, 200)}`;
        return answer.ok;
      } catch (error) {
        last = error.cause?.code ?? error.message;
        return false;
      }
    }, { timeout: 60_000, every: 40 });
    if (this.#hasEnded) throw new Failure(this.#whyItEnded(port, host));
    if (!ready) throw new Failure(`The server started but is not ready after a minute (${last}). Its log above says more.`);
  }

  /** Ends it: asks first, insists after 30 s. */
  async stop() {
    if (!this.#hasEnded) await endProcess(this.pid, [['SIGTERM', 30_000], ['SIGKILL', 5_000]]);
    await this.ended;
  }

  kill() {
    this.#child.kill('SIGKILL');
  }

  #whyItEnded(port, host) {
    const line = this.#lines.find(/EADDRINUSE/) ? explainPort('EADDRINUSE', port, host) : this.#lines.reason();
    return line ?? 'The server ended without a word. Run it with LOG_LEVEL=debug to see more.';
  }
}
