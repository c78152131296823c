import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { run } from '../lib/processes.mjs';
import { inRepository, repository } from '../lib/repository.mjs';
import { installation, launch, processesOf } from './porchlight.mjs';

const account = (name) => [
  'create-account', '--name', name, '--admin-name', 'Ada', '--admin-email', 'ada@example.org', '--admin-password', 'Long-enough-91-lamp', '--json',
];

/** Runs a setup command on the installation; stdout apart from everything else. */
function setup({ dataDir }, args, settings) {
  return run(process.execPath, [inRepository('scripts/setup.mjs'), ...args], { cwd: repository, env: { DATA_DIR: dataDir, ...settings } });
}

test('makes the first account before the first start; nothing is left running', async (t) => {
  const place = await installation(t);
  const { code, stdout, lines } = await setup(place, account('Food bank'));
  assert.equal(code, 0, lines.last().join('\n'));
  const answer = JSON.parse(stdout);
  assert.equal(answer.email, 'ada@example.org');
  assert.deepEqual(processesOf(place.dataDir), []);

  const started = launch(place);
  await started.ready();
  const profile = await fetch(`http://127.0.0.1:${place.port}/api/v1/profile`, { headers: { api_access_token: answer.api_access_token } });
  assert.equal(profile.status, 200);
  assert.equal((await profile.json()).email, 'ada@example.org');
  await started.stop();
});

test('works on the database of a running Porchlight and leaves it running', async (t) => {
  const place = await installation(t);
  const started = launch(place);
  await started.ready();
  const { code, stdout, lines } = await setup(place, account('Food bank'));
  assert.equal(code, 0, lines.last().join('\n'));
  assert.ok(JSON.parse(stdout).account_id > 0);
  assert.equal(await started.status('/ready'), 200);
  await t.test('a refused command answers JSON too, with exit code 1', async () => {
    const refused = await setup(place, ['list-accounts', '--as', 'nobody@example.org', '--otp', '000000', '--json']);
    assert.equal(refused.code, 1);
    assert.equal(typeof JSON.parse(refused.stdout).error, 'string');
  });
  assert.equal(await started.stop(), 0);
});

test('a command that cannot even begin answers JSON too', async (t) => {
  const { code, stdout } = await setup(await installation(t), ['list-accounts', '--json'], { PORT: 'web' });
  assert.equal(code, 1);
  assert.match(JSON.parse(stdout).error, /PORT is "web"/);
});

test('help needs no database', async (t) => {
  const place = await installation(t);
  const { code, stdout } = await setup(place, ['help']);
  assert.equal(code, 0);
  assert.match(stdout, /create-account/);
  assert.deepEqual(fs.readdirSync(place.dataDir), []);
});
