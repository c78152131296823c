import fs from 'node:fs';
import { Failure } from './failure.mjs';
import { run } from './processes.mjs';
import { say, step } from './progress.mjs';
import { inRepository, repository } from './repository.mjs';

/**
 * Installs the packages of package-lock.json when node_modules does not already hold exactly them.
 * npm writes node_modules/.package-lock.json as its last act, so a half-finished install counts as none.
 */
export async function installPackages() {
  if (isImage() || installedMatchesLock()) return;
  await step('Installing packages', async () => {
    const [command, ...before] = npm();
    const args = [...before, 'ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
    const { code, lines } = await run(command, args, { cwd: repository });
    if (code === 0) return;
    for (const line of lines.last(12)) process.stderr.write(`  ${line}\n`);
    throw new Failure('Installing packages failed (npm\'s words are above). Check the network and the free disk space, then run the command again.');
  });
  if (!installedMatchesLock()) say('npm installed other packages than package-lock.json lists; going on.');
}

/** A container's image holds its packages and builds, and neither a lock nor sources to make them again. */
const isImage = () => !fs.existsSync(inRepository('package-lock.json'));

/** The command of the npm that called us, else of the one in PATH. */
export function npm() {
  return process.env.npm_execpath?.endsWith('.js') ? [process.execPath, process.env.npm_execpath] : ['npm'];
}

/** Whether every package of the lock (optional ones of other systems aside) is installed in its version. */
function installedMatchesLock() {
  const wanted = readPackages(inRepository('package-lock.json'));
  const present = readPackages(inRepository('node_modules/.package-lock.json'));
  if (!wanted || !present) return false;
  return Object.entries(wanted).every(([where, entry]) => {
    if (!where.includes('node_modules/') || entry.link) return true;
    const found = present[where];
    return found ? found.version === entry.version : Boolean(entry.optional || entry.peer || entry.devOptional);
  });
}

function readPackages(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}
