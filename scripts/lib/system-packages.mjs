import fs from 'node:fs';
import path from 'node:path';
import { Failure } from './failure.mjs';
import { run } from './processes.mjs';

let updated;
let last = Promise.resolve();

/** Absolute path of a program in PATH, or undefined. */
export function findProgram(...names) {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/bin', '/usr/local/bin'].filter(Boolean);
  return names.flatMap((name) => folders.map((folder) => path.join(folder, name))).find((file) => fs.existsSync(file));
}

export const hasApt = () => process.platform === 'linux' && findProgram('apt-get') !== undefined;

/** Installs a Debian package as root; one at a time, since apt locks itself. */
export function installDebianPackage(name) {
  last = last.catch(() => undefined).then(async () => {
    updated ??= apt(['update']);
    await updated;
    await apt(['install', '-y', '--no-install-recommends', name]);
  });
  return last;
}

async function apt(args) {
  const { code, lines } = await run('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=300', ...args], { env: { DEBIAN_FRONTEND: 'noninteractive' } });
  if (code !== 0) throw new Failure(`apt-get ${args.join(' ')} failed: ${lines.find(/^E:/) || lines.last(1)[0]}`);
}
