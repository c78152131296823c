import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { declaredRoutes } from '../matrix/declared-routes.js';
import { startTestApp, type TestApp } from '../test-app.js';
import { aDayWithTheSdk } from './a-day-with-the-sdk.js';
import { Description } from './description.js';
import { operations } from './operations/index.js';
import { aMessengerThroughAGateway } from './messenger-gateway.js';
import { aShiftOnThePhone } from './phone-app.js';
import { walk, walkBodies } from './walk.js';
import { World } from './world.js';

/* Chatwoot's documented operations: which exist here, and that each does what it says for those who may, and nothing for others. */

const HERE = dirname(fileURLToPath(import.meta.url));
const description = Description.find();
/** How many existed when this was last raised. It only goes up. */
const AT_LEAST = 144;

/** Parameters are called differently by the two descriptions, and one path has its slash twice. */
const sameName = (operation: string): string => operation.replace(/\{\w+\}/g, '{}').replace(/\/$/, '').replace(/ \/accounts\//, ' /api/v1/accounts/');
const documented = readFileSync(join(HERE, 'chatwoot-operations.txt'), 'utf8').trim().split('\n');

let t: TestApp;
let w: World;
/** Operations that exist here, by names that both descriptions share. */
let ours: Set<string>;
let routes: string[];
beforeAll(async () => {
  t = await startTestApp();
  w = await World.make(t);
  routes = (await declaredRoutes(t)).map(({ name }) => name);
  ours = new Set(routes.map(sameName));
});
afterAll(() => t.close());

test('Chatwoot\'s documented operations that exist here, and those that do not', () => {
  const missing = documented.filter((operation) => !ours.has(sameName(operation)));
  const found = documented.length - missing.length;
  process.stdout.write(`\n${found} of Chatwoot's ${documented.length} documented operations exist.${missing.length > 0 ? ` Missing:\n  ${missing.join('\n  ')}\n` : '\n'}`);
  expect(found).toBeGreaterThanOrEqual(AT_LEAST);
});

test('every documented operation that exists answers as documented, does what it says, and refuses whom it must', async () => {
  const here = operations.filter(({ name }) => ours.has(sameName(name)));
  const { processed, problems } = await walk(w, here, description);
  process.stdout.write(`\nWalked ${here.length} operations, processed ${processed} calls${description ? '' : ' (without Chatwoot\'s own description: it is not here)'}.\n`);
  expect(problems).toEqual([]);
  expect(here.length).toBeGreaterThanOrEqual(AT_LEAST - 1);
});

test('bodies flat and wrapped, as JSON, form and multipart, to paths with a slash at the end, come to the same', async () => {
  const { processed, problems } = await walkBodies(w, operations.filter(({ name }) => ours.has(sameName(name))));
  process.stdout.write(`\nProcessed ${processed} bodies.\n`);
  expect(problems).toEqual([]);
});

test('the phone app gets through a shift', async () => {
  const missing = await aShiftOnThePhone(w, routes);
  process.stdout.write(`\nThe phone app asks for ${missing.length === 0 ? 'nothing that is not here' : `what is not here: ${missing.join(', ')}`}.\n`);
  expect(missing).toEqual([]);
});

test('the npm client made for Chatwoot gets through a day', async () => {
  const calls = await aDayWithTheSdk(w, (operation) => ours.has(sameName(operation)));
  expect(calls).toBeGreaterThan(55);
});

test('a messenger talks to agents through a gateway made for Chatwoot', () => aMessengerThroughAGateway(w));

test('the walk knows every documented operation', () => {
  const walked = new Set(operations.map(({ name }) => sameName(name)));
  expect(documented.filter((name) => !walked.has(sameName(name)) && !name.startsWith('GET /accounts/'))).toEqual([]);
});

(description ? test : test.skip)('the list of operations is that of the description', () => {
  // The description leaves the audit log out.
  expect([...description!.operations, 'GET /api/v1/accounts/{account_id}/audit_logs'].sort()).toEqual([...documented].sort());
});
