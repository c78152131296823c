import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { Failure } from '../../lib/failure.mjs';
import { endProcess, LastLines, run, waitUntil } from '../../lib/processes.mjs';
import { say, step } from '../../lib/progress.mjs';
import { findProgram, hasApt, installDebianPackage } from '../../lib/system-packages.mjs';

/** A Docker engine: the one that runs here, else one of our own that lives in `scratch` and ends with us. */
export class Engine {
  #daemon;
  #env = {};

  /** Throws a Failure saying why this machine has no engine. */
  static async open(scratch) {
    const engine = new Engine();
    if (findProgram('docker') && (await run('docker', ['version', '--format', '{{.Server.Version}}'])).code === 0) {
      say('Using the Docker engine that runs here.');
    } else {
      await engine.#startOwn(scratch);
    }
    return engine;
  }

  /** Whether the engine was here before us, so that what we made in it must be removed one by one. */
  get isShared() {
    return this.#daemon === undefined;
  }

  /** Environment of programs that talk to this engine. */
  get env() {
    return this.#env;
  }

  /** Answers what a docker command printed; throws with its last lines when it fails. */
  async docker(args, options = {}) {
    return output('docker', args, { ...options, env: { ...this.#env, ...options.env } });
  }

  async stop() {
    if (this.#daemon) await endProcess(this.#daemon.pid, [['SIGTERM', 30_000], ['SIGKILL', 5_000]]);
  }

  async #startOwn(scratch) {
    const why = process.platform !== 'linux' ? 'this is not Linux' : process.getuid() !== 0 ? 'we are not root' : !findProgram('dockerd') && !hasApt() ? 'there is neither dockerd nor apt-get' : undefined;
    if (why) throw new Failure(`No Docker engine runs here, and none can be started: ${why}. Start Docker, or run this as root on Debian.`);
    if (!findProgram('dockerd', '/usr/sbin/dockerd')) await step('Installing docker.io', async () => { for (const name of ['docker.io', 'iptables']) await installDebianPackage(name); });
    const socket = path.join(scratch, 'docker.sock');
    const log = new LastLines();
    const child = spawn(findProgram('dockerd') ?? '/usr/sbin/dockerd', [
      '--data-root', path.join(scratch, 'engine'), '--exec-root', path.join(scratch, 'run'), '--pidfile', path.join(scratch, 'pid'), '--host', `unix://${socket}`, '--log-level', 'warn',
    ], { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#daemon = child;
    this.#env = { DOCKER_HOST: `unix://${socket}` };
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => log.add(chunk));
    const up = await waitUntil(async () => child.exitCode !== null || (fs.existsSync(socket) && (await run('docker', ['info'], { env: this.#env })).code === 0), { timeout: 60_000, every: 200 });
    if (!up || child.exitCode !== null) {
      await this.stop();
      throw new Failure(`A Docker engine cannot be started on this machine: ${log.find(/failed|error|denied/i) || log.last(1)[0] || 'it says nothing'}`);
    }
    say('Started a Docker engine of our own.');
  }
}

/** What a program printed; throws with its last lines when it fails. */
export async function output(command, args, options) {
  const { code, stdout, lines } = await run(command, args, options);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${lines.last(25).join('\n')}`);
  return stdout.trim();
}
