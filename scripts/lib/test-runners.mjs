import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { run } from './processes.mjs';
import { inRepository, repository } from './repository.mjs';

const nothing = { passed: 0, failed: 0, skipped: 0 };

/** Runs the Jest files whose path matches the pattern and none of `without`. Answers {passed, failed, skipped}. */
export async function runJest(pattern, env, { workers = 2, without = [] } = {}) {
  return counted(async (counts) => run(process.execPath, [
    inRepository('node_modules/jest/bin/jest.js'), '--passWithNoTests', `--maxWorkers=${workers}`, `--reporters=${inRepository('scripts/lib/jest-reporter.mjs')}`, '--testPathPatterns', pattern,
    ...(without.length > 0 ? ['--testPathIgnorePatterns', '/node_modules/', '/dist/', ...without] : []),
  ], { cwd: repository, show: true, env: { ...env, NODE_ENV: 'test', PORCHLIGHT_TEST_COUNTS: counts } }));
}

/** How long a start takes is measured on a machine that does nothing else. */
const ALONE = 'start.spec.mjs';

/** Runs the tests of the scripts themselves (Node's own runner: they need no transform). */
export async function runScriptTests(pattern, env) {
  const folder = inRepository('scripts/test');
  const files = fs.readdirSync(folder).filter((name) => name.endsWith('.spec.mjs')).map((name) => path.join(folder, name))
    .filter((file) => new RegExp(pattern).test(path.relative(repository, file)));
  const found = { ...nothing };
  for (const some of [files.filter((file) => path.basename(file) === ALONE), files.filter((file) => path.basename(file) !== ALONE)]) {
    if (some.length === 0) continue;
    const counts = await counted(async (file) => run(process.execPath, [
      '--test', '--test-concurrency=2', `--test-reporter=${inRepository('scripts/lib/node-test-reporter.mjs')}`, ...some,
    ], { cwd: repository, show: true, env: { ...env, PORCHLIGHT_TEST_COUNTS: file } }));
    for (const kind of Object.keys(found)) found[kind] += counts[kind];
  }
  return found;
}

/** The counts a run wrote down; a run that ended badly without a failed test counts as one failure. */
async function counted(work) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'porchlight-counts-'));
  const file = path.join(folder, 'counts.json');
  try {
    const { code } = await work(file);
    const counts = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : nothing;
    return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
