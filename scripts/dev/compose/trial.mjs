import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Failure } from '../../lib/failure.mjs';
import { freePort } from '../../lib/ports.mjs';
import { endRunning, waitUntil } from '../../lib/processes.mjs';
import { duration, say, step } from '../../lib/progress.mjs';
import { repository } from '../../lib/repository.mjs';
import { StopRequest } from '../../lib/stop-request.mjs';
import { composeVersions } from './compose.mjs';
import { Engine, output } from './engine.mjs';
import { table, writeFigures } from './figures.mjs';
import { inspectAddress, inspectAnswers, inspectContainers, memoryInUse } from './inspect.mjs';
import { buildStandIns } from './stand-ins.mjs';
import { Visit } from './visit.mjs';

const usage = `npm run test:compose [-- --write]

Builds stand-ins for the base images from Debian's packages, the project's own images on them, and lives through docs/deploy.md with them.
Needs a Docker engine, or root on Debian; ten minutes; 5 GB of disk while it runs.
  --write   puts the figures into docs/deploy.md
`;
const person = { name: 'Ada', email: 'ada@example.org', password: 'Long-enough-91-lamp' };
const services = 5;

/** Runs the trial. Answers the exit code. */
export async function composeTrial(args) {
  if (args.includes('--help')) {
    process.stdout.write(usage);
    return 0;
  }
  const unknown = args.find((arg) => arg !== '--write');
  if (unknown) throw new Failure(`npm run test:compose does not know "${unknown}".`);
  const stop = new StopRequest();
  const undo = [];
  try {
    const figures = await stop.orElse(trial(undo));
    if (stop.requested) return 1;
    say(`\n${figures}\n\nEverything was found as docs/deploy.md says.`);
    if (args.includes('--write')) writeFigures(figures);
    return 0;
  } finally {
    // What is given up must not begin anything more while its surroundings are taken away.
    if (stop.requested) await endRunning();
    for (const takeAway of undo.reverse()) await Promise.resolve().then(takeAway).catch((error) => { if (!stop.requested) say(`Left behind: ${error.message}`); });
    if (stop.requested) say('Stopped. On an engine that was here before, containers and images named porchlight are left.');
  }
}

async function trial(undo) {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'porchlight-compose-'));
  undo.push(() => fs.rmSync(scratch, { recursive: true, force: true, maxRetries: 5 }));
  const engine = await Engine.open(scratch);
  undo.push(() => engine.stop());
  if (engine.isShared) undo.push(() => removeImages(engine));
  await buildStandIns(engine, scratch);
  const folder = await step('Copying the project', () => copyProject(scratch));
  const { first, second } = await composeVersions(engine, scratch, folder);
  undo.push(() => second.try('down', '--volumes', '--timeout', '10'));
  const figures = await live(engine, { first: first ?? second, second, folder });
  return table({ ...figures, date: new Date().toISOString().slice(0, 10), versions: await versions(engine, first, second) });
}

/** The story of an installation, as docs/deploy.md tells it. */
export async function live(engine, { first, second, folder }) {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  await step('Refusing to start without .env', async () => {
    for (const compose of [first, second]) {
      const { code, lines } = await compose.try('up', '-d');
      assert.notEqual(code, 0);
      assert.match(lines.last().join('\n'), /is not in \.env; sh scripts\/write-env\.sh writes it/);
    }
  });
  await output('sh', ['scripts/write-env.sh', '--local', String(port)], { cwd: folder });
  const build = await timed('Building the images', () => second.do('build'));
  await step('Refusing a key that can be guessed', async () => {
    const { code, lines } = await second.try('run', '--rm', '-T', '-e', `SECRET_KEY=${'x'.repeat(64)}`, 'worker');
    assert.notEqual(code, 0);
    assert.ok(lines.find(/^SECRET_KEY can be guessed/), lines.last().join('\n'));
  });
  await second.do('down', '--volumes');

  const start = await timed(`Starting with Compose ${second.version}`, () => up(second, url));
  const containers = await containersOf(second);
  assert.equal(containers.length, services);
  const account = await step('Making the first account inside', async () => JSON.parse(await second.do(
    'exec', '-T', 'web', 'npm', 'run', '--silent', 'setup', '--', 'create-account', '--name', 'Food bank',
    '--admin-name', person.name, '--admin-email', person.email, '--admin-password', person.password, '--json',
  )));
  const visit = new Visit(url, account);
  await step('Chatting through the proxy', () => visit.talk());
  await step('Looking at answers, addresses and containers', async () => {
    await inspectAnswers(url);
    await inspectAddress(url, { ...person, totpSecret: account.totp_secret });
    await inspectContainers(engine, containers);
  });
  await step('Killing a server: it comes back, and who asks meanwhile waits', async () => {
    await second.try('exec', '-T', 'web', 'sh', '-c', 'kill -9 $(cat /proc/1/task/1/children)');
    assert.ok(await answers(url));
  });
  await step('Two of each', async () => {
    await second.do('up', '-d', '--scale', 'web=2', '--scale', 'worker=2');
    await untilHealthy(second, services + 2);
    await visit.findEverything();
    await second.do('up', '-d', '--scale', 'web=1', '--scale', 'worker=1');
    await visit.findEverything();
  });
  await step('Stopping', () => second.do('down'));

  const again = await timed(`Starting again with Compose ${first.version}`, () => up(first, url));
  await step('Finding everything', () => visit.findEverything());
  // Idle: what the start and the talk needed has been given back, and the relay has nothing to do.
  await step('Settling', () => new Promise((resolve) => setTimeout(resolve, 30_000)));
  const memory = await memoryInUse(engine, await containersOf(first));
  const image = Number(await engine.docker(['image', 'inspect', '--format', '{{.Size}}', 'porchlight'])) / 1e6;
  assert.ok(image <= 350, `The image has ${image} MB.`);
  await step('A disaster, and back from the backup', () => drill(second, folder, url, { visit, account }));
  await step('TLS', () => inspectTls(first, folder));
  await first.do('down', '--volumes');
  return { build, start, again, memory, image, containers: services };
}

/** Starts all and waits until a page comes through the proxy. */
async function up(compose, url) {
  await compose.do('up', '-d', '--build');
  const ready = await waitUntil(() => answers(url), { timeout: 120_000, every: 250 });
  if (!ready) throw new Error(`${url} does not answer:\n${(await compose.try('logs', '--tail', '20')).lines.last().join('\n')}`);
  await untilHealthy(compose, services);
}

/** Whether a page comes. Docker's own proxy takes connections before the container listens, and then may never answer. */
const answers = (url) => fetch(`${url}/ready`, { signal: AbortSignal.timeout(30_000) }).then(async (answer) => { await answer.text(); return answer.ok; }, () => false);

/** Waits until so many containers run, all of them well. */
async function untilHealthy(compose, count) {
  const states = async () => (await output('docker', ['ps', '--filter', `label=com.docker.compose.project=${path.basename(compose.folder)}`, '--format', '{{.Status}}'], { env: compose.env })).split('\n');
  const well = await waitUntil(async () => {
    const found = await states();
    return found.length === count && found.every((status) => status.includes('(healthy)'));
  }, { timeout: 120_000, every: 500 });
  if (!well) throw new Error(`Not every container is well:\n${(await states()).join('\n')}`);
}

/** Runs the two blocks of "Backup and restore" in docs/deploy.md, everything being destroyed between them. What a person would be asked for is given along. */
async function drill(compose, folder, url, { visit, account }) {
  const page = fs.readFileSync(path.join(folder, 'docs/deploy.md'), 'utf8').split('\n## Backup and restore\n')[1].split('\n## ')[0];
  const [backup, restore] = [...page.matchAll(/```sh\n(.+?)```/gs)].map(([, block]) => block);
  const proof = `--as ${account.email} --recovery-code ${account.recovery_codes[0]}`;
  const follow = (block) => output('sh', ['-ec', block.replaceAll('exec web', 'exec -T web').replace('setup -- backup', `setup -- backup ${proof}`)], { cwd: folder, env: compose.env });
  await follow(backup);
  await compose.do('down', '--volumes');
  await up(compose, url);
  await follow(restore);
  await up(compose, url);
  await visit.findEverything();
}

/** A domain makes Caddy speak TLS by itself; for "localhost" it signs the certificate itself, since no authority would. */
async function inspectTls(compose, folder) {
  const port = await freePort();
  await output('sh', ['scripts/write-env.sh', '--domain', 'localhost', '--email', 'ada@example.org'], { cwd: folder });
  const file = path.join(folder, '.env');
  fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace(/^HTTP_LISTEN=.*/m, `HTTP_LISTEN=127.0.0.1:${await freePort()}`).replace(/^HTTPS_LISTEN=.*/m, `HTTPS_LISTEN=127.0.0.1:${port}`));
  await compose.do('up', '-d');
  const ask = () => output('curl', ['--silent', '--fail', '--insecure', '--include', `https://localhost:${port}/app`]);
  let answer;
  await waitUntil(async () => { answer = await ask().catch(() => undefined); return answer; }, { timeout: 120_000, every: 500 });
  assert.match(answer ?? 'no answer', /^strict-transport-security: max-age=31536000/mi);
}

async function containersOf(compose) {
  return (await compose.do('ps', '-q')).split('\n');
}

async function timed(name, work) {
  const began = performance.now();
  await step(name, work);
  return duration(performance.now() - began);
}

/** What a clone would hold: files of the checkout that are not ignored. The folder's name becomes the project's. */
async function copyProject(scratch) {
  const folder = path.join(scratch, `porchlight-trial-${process.pid}`);
  for (const name of (await output('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: repository })).split('\n')) {
    const source = path.join(repository, name);
    if (fs.existsSync(source)) fs.cpSync(source, path.join(folder, name));
  }
  return folder;
}

async function versions(engine, first, second) {
  const engineVersion = await engine.docker(['version', '--format', '{{.Server.Version}}']);
  const node = await engine.docker(['run', '--rm', 'porchlight-standin/node', 'node', '--version']);
  return `Docker ${engineVersion}, Compose ${second.version}${first ? ` and ${first.version}` : ''}, Node.js ${node.replace('v', '')}`;
}

/** On an engine that others use too, our images go by name. */
async function removeImages(engine) {
  const images = (await engine.docker(['images', '--format', '{{.Repository}}'])).split('\n').filter((name) => /^porchlight(-proxy|-standin\/\w+)?$/.test(name));
  if (images.length > 0) await engine.docker(['rmi', '--force', ...images]).catch(() => undefined);
}
