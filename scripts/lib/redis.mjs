import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Failure } from './failure.mjs';
import { freePort } from './ports.mjs';
import { endProcess, LastLines, run, waitUntil } from './processes.mjs';
import { inRepository } from './repository.mjs';
import { findProgram, hasApt, installDebianPackage } from './system-packages.mjs';

const unpacked = inRepository('node_modules/.porchlight/redis');

/** A Redis server's program and environment: the system's, else installed by root, else unpacked beside node_modules. */
export async function provideRedis({ mayInstall }) {
  const found = redisProgram();
  if (found || !mayInstall) return found;
  if (!hasApt()) throw new Failure('The tests need a Redis server, and this system has no apt-get to install one. Install redis-server and run npm test again.');
  if (process.getuid() === 0) await installDebianPackage('redis-server');
  else await unpackDebianRedis();
  const installed = redisProgram();
  if (!installed) throw new Failure('Installing a Redis server failed. Install redis-server and run npm test again.');
  return installed;
}

function redisProgram() {
  const program = findProgram('redis-server');
  if (program) return { program, env: {} };
  const own = path.join(unpacked, 'usr/bin/redis-server');
  if (!fs.existsSync(own)) return undefined;
  const folders = fs.readdirSync(path.join(unpacked, 'usr/lib')).map((name) => path.join(unpacked, 'usr/lib', name));
  return { program: own, env: { LD_LIBRARY_PATH: folders.join(':') } };
}

/** Without root a Debian package can still be downloaded and unpacked anywhere. */
async function unpackDebianRedis() {
  const debs = fs.mkdtempSync(path.join(os.tmpdir(), 'porchlight-redis-'));
  await run('apt-get', ['download', 'redis-server', 'redis-tools', 'liblzf1', 'libjemalloc2', 'libatomic1'], { cwd: debs });
  fs.mkdirSync(unpacked, { recursive: true });
  for (const deb of fs.readdirSync(debs)) await run('dpkg', ['-x', path.join(debs, deb), unpacked]);
  fs.rmSync(debs, { recursive: true, force: true });
}

/** Starts it on the loopback address, without persistence. Answers {url, stop()}. */
export async function startRedis({ program, env }) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'porchlight-redis-'));
  const port = await freePort();
  const log = new LastLines();
  const child = spawn(program, ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder, '--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction'], {
    detached: true, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env },
  });
  let ready = false;
  let ended = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => { log.add(chunk); ready ||= /Ready to accept connections/.test(chunk); });
    stream.unref();
  }
  child.once('error', () => { ended = true; });
  child.once('exit', () => { ended = true; });
  child.unref();
  const stop = async () => {
    if (!ended) await endProcess(child.pid, [['SIGTERM', 5_000], ['SIGKILL', 5_000]]);
    fs.rmSync(folder, { recursive: true, force: true });
  };
  await waitUntil(() => ready || ended, { timeout: 15_000, every: 10 });
  if (ready) return { url: `redis://127.0.0.1:${port}`, stop };
  await stop();
  throw new Failure(`The Redis for the tests does not start: ${log.last(1)[0] ?? 'it said nothing'}`);
}
