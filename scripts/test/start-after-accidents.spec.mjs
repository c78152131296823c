import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { waitUntil } from '../lib/processes.mjs';
import { installation, killAllOf, launch, processesOf } from './porchlight.mjs';

const settled = { timeout: 120_000 };

test('one accident after the other:', async (t) => {
  const place = await installation(t);
  const start = async (how) => {
    const started = launch(place, how);
    await started.ready();
    return started;
  };
  let started = await start();

  await t.test('after kill -9 the server is gone, and the next start goes on with the orphaned database', async () => {
    started.kill('SIGKILL');
    await started.ended;
    assert.ok(await waitUntil(async () => await started.status('/health') === undefined, settled), 'the server outlived its parent');
    assert.equal(processesOf(place.dataDir).some(isPostmasterOf(place)), true, 'Postgres was expected to live on');
    started = await start();
  });

  await t.test('a database that dies is started again, and the server finds it', async () => {
    process.kill(processesOf(place.dataDir).find(isPostmasterOf(place)), 'SIGKILL');
    assert.ok(await waitUntil(() => started.output.includes('starting it again'), settled), `not started again:\n${started.output}${started.errors}`);
    assert.ok(await waitUntil(async () => await started.status('/ready') === 200, settled), `not ready again:\n${started.output}${started.errors}`);
    assert.equal(await started.stop(), 0);
    assert.deepEqual(processesOf(place.dataDir), []);
  });

  await t.test('kill -9 of everything at once, database included, breaks nothing', async () => {
    started = await start();
    killAllOf(place.dataDir);
    await started.ended;
    started = await start({ through: 'npm' });
  });

  await t.test('kill -9 of npm ends what it had started', async () => {
    started.kill('SIGKILL');
    assert.ok(await waitUntil(() => processesOf(place.dataDir).length === 0, settled), 'something lives on');
  });
});

test('Ctrl-C while it is still starting leaves nothing behind', async (t) => {
  const place = await installation(t);
  const started = launch(place);
  assert.ok(await waitUntil(() => fs.existsSync(path.join(place.dataDir, 'postgres.new')), { ...settled, every: 5 }));
  assert.equal(await started.stop(), 0);
  assert.deepEqual(processesOf(place.dataDir), []);
});

function isPostmasterOf({ dataDir }) {
  const pid = Number(fs.readFileSync(path.join(dataDir, 'postgres/postmaster.pid'), 'utf8').split('\n')[0]);
  return (candidate) => candidate === pid;
}
