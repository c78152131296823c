import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { Failure } from './failure.mjs';
import { npm } from './packages.mjs';
import { run } from './processes.mjs';
import { step } from './progress.mjs';
import { inRepository, repository } from './repository.mjs';

const marks = inRepository('node_modules/.porchlight');
const tsc = inRepository('node_modules/typescript/bin/tsc');

const notAnInput = /[\\/](node_modules|dist)[\\/]|\.(spec|int-spec|e2e-spec|test-support)\.ts$/;

/** What can be built: which files decide whether it must be, what must be there afterwards, and how. */
const targets = {
  server: {
    inputs: ['server/src', 'server/package.json', 'server/tsconfig.json', 'server/tsconfig.build.json', 'migrations', 'package-lock.json'],
    proof: 'server/dist/server/src/main.js',
    build: buildServer,
  },
  client: { inputs: ['client', 'package-lock.json'], proof: 'client/dist/index.html', build: () => buildWithVite('client') },
  widget: { inputs: ['widget', 'package-lock.json'], proof: 'widget/dist', build: () => buildWithVite('widget') },
};

/** Builds what changed since its last build, side by side. Throws a Failure after showing the compiler's words. */
export async function buildChanged(names = Object.keys(targets)) {
  const stale = names.map((name) => ({ name, ...targets[name] })).filter(isBuildable)
    .map((target) => ({ ...target, digest: digestOf(target.inputs) })).filter((target) => !isFresh(target));
  if (stale.length === 0) return;
  const outcomes = await Promise.allSettled(stale.map((target) => step(`Building the ${target.name}`, async () => {
    fs.rmSync(markOf(target), { force: true });
    await target.build();
    fs.mkdirSync(marks, { recursive: true });
    fs.writeFileSync(markOf(target), target.digest);
  })));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
}

const markOf = ({ name }) => path.join(marks, `${name}.inputs`);

/** A workspace without sources has nothing to build. */
const isBuildable = ({ name }) => fs.existsSync(inRepository(name, 'src'));

function isFresh(target) {
  if (!fs.existsSync(inRepository(target.proof))) return false;
  try {
    return fs.readFileSync(markOf(target), 'utf8') === target.digest;
  } catch {
    return false;
  }
}

/** A hash over names and contents of the inputs; tests and what earlier builds left are not inputs. */
function digestOf(inputs) {
  const hash = createHash('sha256');
  for (const file of inputs.flatMap((input) => filesIn(inRepository(input))).sort()) {
    hash.update(path.relative(repository, file)).update('\0').update(fs.readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

function filesIn(entry) {
  if (!fs.existsSync(entry)) return [];
  if (!fs.statSync(entry).isDirectory()) return [entry];
  return fs.readdirSync(entry, { withFileTypes: true, recursive: true })
    .filter((file) => file.isFile()).map((file) => path.join(file.parentPath ?? file.path, file.name))
    .filter((file) => !notAnInput.test(`/${path.relative(entry, file)}`));
}

async function buildServer() {
  // An old build keeps migrations and files that are gone from the sources: start from nothing.
  fs.rmSync(inRepository('server/dist'), { recursive: true, force: true });
  await compile('server', process.execPath, [tsc, '-p', 'server/tsconfig.build.json']);
  for (const source of ['server/src', 'migrations'].flatMap((folder) => filesIn(inRepository(folder))).filter((file) => file.endsWith('.sql'))) {
    const copy = inRepository('server/dist', path.relative(repository, source));
    fs.mkdirSync(path.dirname(copy), { recursive: true });
    fs.copyFileSync(source, copy);
  }
}

async function buildWithVite(name) {
  const [command, ...args] = npm();
  await compile(name, command, [...args, 'run', '--silent', 'build', '--workspace', name]);
}

async function compile(name, command, args) {
  const { code, lines } = await run(command, args, { cwd: repository });
  if (code === 0) return;
  for (const line of lines.last()) process.stderr.write(`  ${line}\n`);
  throw new Failure(`Building the ${name} failed (the compiler's words are above).`);
}
