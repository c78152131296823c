import fs from 'node:fs';
import os from 'node:os';
import { buildChanged } from './build.mjs';
import { Failure } from './failure.mjs';
import { installPackages, npm } from './packages.mjs';
import { endRunning, run } from './processes.mjs';
import { say, step } from './progress.mjs';
import { inRepository, repository } from './repository.mjs';
import { StopRequest } from './stop-request.mjs';
import { runJest, runScriptTests } from './test-runners.mjs';
import { TestServices } from './test-services.mjs';

const usage = `npm test [-- --quick] [pattern]

Without a pattern: packages, lint, types, architecture, builds, unit, integration and end-to-end tests.
  --quick    leaves out the end-to-end tests and those of the start script
  pattern    only the tests whose path matches (a regular expression), nothing else
With TEST_BACKEND=redis a pattern's tests run on a Redis, otherwise without one.
`;

// Commands, files and reading: nothing there ever asks whether there is a Redis, and the matrix asks for statuses alone.
const knowNoRedis = [
  'server/src/(setup|demo|csat|operations|contacts|inboxes|reports|knowledge-base|spam)/', 'server/src/identity/(?!mails/)', 'server/src/platform/(?!http/rate-limit)', 'server/src/roles/pages/',
  'server/src/integrations/(apps|dashboard-apps|platform-api)', 'server/src/conversations/(queries|filters|search|attachments|plans|messages|desk|ingest|visitor-thread)', 'server/src/automation/own-tools',
  'server/src/channels/email/(reading|threading|setup|showing|smtp|imap|providers|email-inbox)', 'server/src/channels/api/', 'server/test/(matrix|contract)/',
];

// Processes that die beside others, which take over: without a Redis there is one process, and scripts/test/start-after-accidents.spec.mjs kills that.
const wantSeveralProcesses = ['server/src/delivery/faults', 'server/src/conversations/delivery/outbound-faults'];

/** Runs the tests; the last line says how many passed and failed. Answers the exit code. */
export async function test(args) {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(usage);
    return 0;
  }
  const quick = args.includes('--quick');
  const patterns = args.filter((arg) => arg !== '--quick');
  const unknown = patterns.find((arg) => arg.startsWith('-'));
  if (unknown) throw new Failure(`npm test does not know "${unknown}". See npm test -- --help`);

  const stop = new StopRequest();
  const services = new TestServices();
  const counts = { passed: 0, failed: 0, skipped: 0 };
  try {
    await stop.orElse(patterns.length > 0 ? runMatching(patterns.join('|'), services, counts) : runAll(services, counts, { quick }));
  } finally {
    await endRunning();
    await services.stop();
  }
  if (stop.requested) say('Stopped before the end.');
  if (counts.skipped > 0) say(`${counts.skipped} skipped`);
  say(`${counts.passed} passed, ${counts.failed} failed`);
  return stop.requested || counts.failed > 0 || counts.passed === 0 ? 1 : 0;
}

async function runMatching(pattern, services, counts) {
  await installPackages();
  const env = await services.start({ mayInstall: false });
  add(counts, await runScriptTests(pattern, env));
  if (counts.passed + counts.failed === 0) add(counts, await runJest(pattern, env));
  if (counts.passed + counts.failed === 0) say(`No test file matches ${pattern}`);
}

async function runAll(services, counts, { quick }) {
  await installPackages();
  const check = (name, work) => step(name, work).then(() => add(counts, { passed: 1 }), (error) => {
    say(`FAIL  ${name}: ${error instanceof Failure ? error.message : error.stack}`);
    add(counts, { failed: 1 });
  });
  // Servers first: installing them waits for the network while the checks keep the processors busy.
  const environment = services.start({ mayInstall: true, browser: !quick });
  const started = check('Starting PostgreSQL, Redis and the browser', () => environment);
  await check('Building', () => buildChanged());
  // Side by side: each of the two keeps one processor busy, for about the same time.
  await Promise.all([checkSources(check), checkTypes(check)]);
  await started;
  const env = await environment.catch(() => undefined);
  if (!env) return;
  // Integration tests wait more than they work: for leases to end, processes to come up, somebody to be told. Three workers keep two processors busy; with the two that kill servers most of the time among fewer others, four.
  const workers = os.totalmem() > 6 * 2 ** 30 ? 3 : 2;
  await suite('Unit and integration tests, without Redis', counts, () => runJest('\\.(spec|int-spec)\\.ts$', env, { workers, without: env.TEST_REDIS_URL ? wantSeveralProcesses : [] }));
  if (env.TEST_REDIS_URL) await suite('Integration tests, on a Redis', counts, () => runJest('\\.int-spec\\.ts$', { ...env, TEST_BACKEND: 'redis' }, { workers: workers + 1, without: knowNoRedis }));
  else say('SKIPPED  Integration tests on a Redis: none is installed');
  if (quick) return;
  await suite('End-to-end tests', counts, () => runJest('\\.e2e-spec\\.ts$', env));
  await suite('Tests of the start script', counts, () => runScriptTests('.', env));
}

async function checkSources(check) {
  await check('Lint', () => tool('eslint/bin/eslint.js', ['.']));
  await check('Architecture', () => npmScript('architecture'));
}

async function checkTypes(check) {
  for (const workspace of ['server', 'client', 'widget'].filter((name) => fs.existsSync(inRepository(name, 'src')))) {
    const compiler = workspace === 'server' ? 'typescript/bin/tsc' : 'vue-tsc/bin/vue-tsc.js';
    await check(`Types of the ${workspace}`, () => tool(compiler, ['-p', workspace, '--noEmit']));
  }
  if (fs.existsSync(inRepository('server/src/openapi.ts'))) await check('API description and generated types', () => tool('../scripts/dev/api-sync.mjs', ['--check']));
}

async function suite(name, counts, work) {
  await step(name, async () => {
    const found = await work();
    add(counts, found);
    if (found.passed + found.failed === 0) say('  (no such test yet)');
  });
}

function add(counts, found) {
  for (const [kind, number] of Object.entries(found)) counts[kind] += number;
}

async function tool(program, args) {
  await judge(run(process.execPath, [inRepository('node_modules', program), ...args], { cwd: repository, show: true }));
}

async function npmScript(name) {
  const [command, ...args] = npm();
  await judge(run(command, [...args, 'run', '--silent', name], { cwd: repository, show: true }));
}

async function judge(outcome) {
  const { code } = await outcome;
  if (code !== 0) throw new Failure('see above');
}
