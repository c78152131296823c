import { run } from '../../lib/processes.mjs';
import { say } from '../../lib/progress.mjs';
import { findProgram, hasApt, installDebianPackage } from '../../lib/system-packages.mjs';
import { output } from './engine.mjs';
import { composePlugins, standInImages } from './stand-ins.mjs';

/** One version of Compose at work in one folder. */
export class Compose {
  constructor(command, version, folder, env) {
    Object.assign(this, { command, version, folder, env });
  }

  /** Runs a Compose command as a person would in the folder; answers what it printed. Throws with its last lines when it fails. */
  do(...args) {
    const [program, ...before] = this.command;
    return output(program, [...before, ...args], { cwd: this.folder, env: this.env });
  }

  /** Runs one that may fail: {code, lines}. */
  try(...args) {
    const [program, ...before] = this.command;
    return run(program, [...before, ...args], { cwd: this.folder, env: this.env });
  }
}

/** Compose 2 (the machine's, else Debian's) and docker-compose 1.29 where the machine has or can install it; undefined otherwise. */
export async function composeVersions(engine, scratch, folder) {
  const env = { ...engine.env, ...standInImages };
  if ((await run('docker', ['compose', 'version'], { env })).code !== 0 || (await run('docker', ['buildx', 'version'], { env })).code !== 0) {
    env.DOCKER_CONFIG = await composePlugins(engine, scratch);
  }
  const second = new Compose(['docker', 'compose'], await output('docker', ['compose', 'version', '--short'], { env }), folder, env);
  if (!findProgram('docker-compose') && hasApt() && process.getuid() === 0) await installDebianPackage('docker-compose');
  const program = findProgram('docker-compose');
  const version = program ? await output(program, ['version', '--short'], { env }) : undefined;
  const first = /^1\./.test(version ?? '') ? new Compose([program], version, folder, env) : undefined;
  say(`Compose ${second.version}${first ? ` and ${first.version}` : '; docker-compose 1.29 is not to be had on this machine and was not tried'}`);
  return { first, second };
}
