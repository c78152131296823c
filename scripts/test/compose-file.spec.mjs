import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import yaml from 'js-yaml';
import { run } from '../lib/processes.mjs';
import { inRepository } from '../lib/repository.mjs';
import { temporaryFolder } from './porchlight.mjs';

const text = fs.readFileSync(inRepository('docker-compose.yml'), 'utf8');
const compose = yaml.load(text);
const services = Object.entries(compose.services);
const deployDocs = fs.readFileSync(inRepository('docs/deploy.md'), 'utf8');

const megabytes = (limit) => Number(/^(\d+)m$/.exec(limit)[1]);
/** ${NAME}, ${NAME:-default} and ${NAME:?message}; $$ is a dollar sign of the shell inside. */
const variables = [...text.replaceAll('$$', '').matchAll(/\$\{(\w+)(?::?([-?])([^}]*))?\}/g)].map(([, name, kind, rest]) => ({ name, kind, rest }));

describe('every service', () => {
  for (const [name, service] of services) {
    test(name, () => {
      assert.equal(service.init, true);
      assert.equal(service.restart, 'unless-stopped');
      assert.equal(service.read_only, true);
      assert.deepEqual(service.cap_drop, ['ALL']);
      assert.deepEqual(service.security_opt, ['no-new-privileges:true']);
      assert.deepEqual(service.logging, { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '5' } });
      assert.equal(service.privileged, undefined);
      // The images of Postgres and Redis begin as root unless told otherwise; ours say USER themselves.
      if (!service.build) assert.match(service.user, /^(?!root|0)\w+$/);
    });
  }
});

test('only Caddy can be reached, and the databases reach nothing', () => {
  assert.deepEqual(services.filter(([, service]) => service.ports).map(([name]) => name), ['caddy']);
  for (const name of ['postgres', 'redis']) assert.deepEqual(compose.services[name].networks, ['inside']);
  assert.equal(compose.networks.inside.internal, true);
  assert.deepEqual(compose.services.caddy.networks, ['edge']);
});

test('the limits leave room for the system on a server of 2 GB', () => {
  assert.ok(services.reduce((sum, [, service]) => sum + megabytes(service.mem_limit), 0) <= 1_920);
});

test('both Compose versions read it: no name, no version, nothing of a newer specification', () => {
  assert.deepEqual(Object.keys(compose).filter((key) => !key.startsWith('x-')), ['services', 'networks', 'volumes']);
  for (const [, { depends_on: needs = {} }] of services) for (const need of Object.values(needs)) assert.deepEqual(need, { condition: 'service_healthy' });
});

test('what must be set is written by scripts/write-env.sh, and its absence stops the start with a message', async (t) => {
  const file = path.join(temporaryFolder(t), '.env');
  await run('sh', [inRepository('scripts/write-env.sh'), '--file', file, '--domain', 'help.example.org', '--email', 'ada@example.org']);
  const written = fs.readFileSync(file, 'utf8').split('\n').map((line) => line.split('=')[0]);
  const needed = variables.filter(({ kind }) => kind !== '-');
  assert.ok(needed.length > 5);
  for (const { name, kind, rest } of needed) {
    assert.ok(written.includes(name), `${name} is not written by scripts/write-env.sh`);
    assert.equal(kind, '?', `${name} may be missing unnoticed`);
    assert.match(rest, new RegExp(`^${name} is not in \\.env.*write-env\\.sh`));
  }
});

test('every setting of the server reaches it from .env, and none of them moves what the image fixes', () => {
  for (const name of ['web', 'worker']) {
    const { env_file: file, environment } = compose.services[name];
    assert.equal(file, '.env');
    for (const fixed of ['NODE_ENV', 'HOST', 'PORT', 'DATA_DIR', 'DATABASE_URL', 'REDIS_URL', 'PROCESS_ROLES', 'TRUST_PROXY']) assert.ok(environment[fixed], fixed);
  }
});

test('what may be set is described in docs/deploy.md', () => {
  for (const { name } of variables.filter(({ kind }) => kind === '-')) assert.match(deployDocs, new RegExp(`\`${name}\``), `docs/deploy.md does not describe ${name}`);
});
