import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { EmbeddedPostgres } from '../lib/embedded-postgres.mjs';
import { npm } from '../lib/packages.mjs';
import { freePort } from '../lib/ports.mjs';
import { endProcess, run, waitUntil } from '../lib/processes.mjs';
import { inRepository, repository } from '../lib/repository.mjs';
import { temporaryFolder } from './porchlight.mjs';

const dockerfile = fs.readFileSync(inRepository('docker/Dockerfile'), 'utf8');
const lastStage = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));

/** Lays the files of the image's last stage into a folder: what its COPY lines name, and the packages its npm ci would install. */
async function layOut(folder) {
  const copies = [...lastStage.matchAll(/^COPY --from=build (.+)$/gm)].map(([, line]) => line.split(' '));
  assert.ok(copies.length >= 5);
  for (const words of copies) {
    const to = words.at(-1);
    for (const from of words.slice(0, -1)) {
      const source = inRepository(path.relative('/app', from));
      const target = to.endsWith('/') ? path.join(folder, to, path.basename(source)) : path.join(folder, to);
      fs.cpSync(source, target, { recursive: true, filter: (file) => !/\/scripts\/(test|dev|bench)$/.test(file) });
    }
  }
  assert.match(dockerfile, /npm ci --omit=dev --workspace server\b/);
  const [command, ...args] = npm();
  const { stdout } = await run(command, [...args, 'ls', '--workspace', 'server', '--omit=dev', '--all', '--parseable'], { cwd: repository });
  const packages = stdout.split('\n').filter((line) => line.includes(`${path.sep}node_modules${path.sep}`)).map((line) => path.relative(repository, line)).filter((line) => !line.startsWith('..'));
  assert.ok(packages.length > 100);
  for (const name of packages.sort()) {
    if (!fs.lstatSync(inRepository(name)).isSymbolicLink()) linkFiles(inRepository(name), path.join(folder, name));
  }
}

/** Hard links instead of copies: twenty thousand files. Packages inside a package are listed on their own, so that those only a compiler wants stay behind. */
function linkFiles(from, to) {
  fs.mkdirSync(to, { recursive: true });
  for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
    if (entry.isFile()) linkFile(source, target);
    else if (entry.isDirectory() && entry.name !== 'node_modules') linkFiles(source, target);
  }
}

function linkFile(from, to) {
  try {
    fs.linkSync(from, to);
  } catch (error) {
    if (error.code !== 'EXDEV') throw error;
    fs.copyFileSync(from, to);
  }
}

test('the image holds what the server needs: it starts from that alone, with the packages pruned', { timeout: 300_000 }, async (t) => {
  const folder = path.join(temporaryFolder(t), 'app');
  await layOut(folder);
  assert.equal((await run('sh', [inRepository('docker/prune-packages.sh'), path.join(folder, 'node_modules')])).code, 0);
  assert.equal(fs.existsSync(path.join(folder, 'node_modules/typescript')), false);

  // Others may walk through: PostgreSQL, started by root, runs as another user.
  const data = temporaryFolder(t);
  fs.chmodSync(data, 0o755);
  const postgres = new EmbeddedPostgres({ folder: path.join(data, 'postgres'), password: 'test', settings: { fsync: 'off' } });
  t.after(() => postgres.stop());
  await postgres.start();

  const port = await freePort();
  const env = {
    PATH: process.env.PATH, NODE_ENV: 'production', HOST: '127.0.0.1', PORT: String(port), DATABASE_URL: postgres.url, ALLOW_UNSAFE_POSTGRES: '1', DATA_DIR: path.join(data, 'files'),
    SECRET_KEY: 'c0ffee1234567890c0ffee1234567890beef', LOG_LEVEL: 'warn',
  };
  const refused = await run('sh', ['docker/entrypoint.sh', 'serve'], { cwd: folder, env: { ...env, SECRET_KEY: 'x'.repeat(64) } });
  assert.equal(refused.code, 1);
  assert.match(refused.lines.last().join('\n'), /^SECRET_KEY can be guessed\..*$/);

  const server = spawn('sh', ['docker/entrypoint.sh', 'serve'], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  t.after(() => endProcess(server.pid, [['SIGKILL', 5_000]]));
  let said = '';
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (chunk) => { said += chunk; });
  const answer = (page) => fetch(`http://127.0.0.1:${port}${page}`).then((response) => response.arrayBuffer().then(() => response.status)).catch(() => undefined);
  assert.ok(await waitUntil(async () => server.exitCode !== null || await answer('/health') === 200, { timeout: 120_000 }), said);
  assert.equal(server.exitCode, null, said);
  for (const page of ['/ready', '/app', '/widget.js', '/api/openapi.json']) assert.equal(await answer(page), 200, page);

  const setup = await run('sh', ['docker/entrypoint.sh', 'setup', 'create-account', '--name', 'Food bank', '--admin-name', 'Ada', '--admin-email', 'ada@example.org', '--admin-password', 'Long-enough-91-lamp', '--json'], { cwd: folder, env });
  assert.equal(setup.code, 0, setup.lines.last().join('\n'));
  assert.equal(JSON.parse(setup.stdout).email, 'ada@example.org');

  // The entry point became the server: the signal reaches it, and it ends in order.
  server.kill('SIGTERM');
  assert.ok(await waitUntil(() => server.exitCode !== null || server.signalCode !== null, { timeout: 60_000 }));
  assert.ok(server.exitCode === 0 || server.signalCode === 'SIGTERM', `${server.exitCode} ${server.signalCode} ${said}`);
});
