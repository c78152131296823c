import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { declaredRoutes } from '../matrix/declared-routes.js';
import { startTestApp, type TestApp } from '../test-app.js';

/* Which of Chatwoot's documented operations exist here. */

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = join(HERE, '../../..');
/** Chatwoot's own description, where the developer has it. */
const DESCRIPTION = ['../shared', '../../shared'].map((folder) => join(ROOT, folder, 'reference/chatwoot-openapi.json')).find((file) => existsSync(file));
/** How many existed when this was last raised. It only goes up. */
const AT_LEAST = 89;

/** Parameters are called differently by the two descriptions, and one path has its slash twice. */
const sameName = (operation: string): string => operation.replace(/\{\w+\}/g, '{}').replace(/\/$/, '').replace(/ \/accounts\//, ' /api/v1/accounts/');
const documented = readFileSync(join(HERE, 'chatwoot-operations.txt'), 'utf8').trim().split('\n');

let t: TestApp;
beforeAll(async () => { t = await startTestApp(); });
afterAll(() => t.close());

test('Chatwoot\'s documented operations that exist here, and those that do not', async () => {
  const ours = new Set((await declaredRoutes(t)).map(({ name }) => sameName(name)));
  const missing = documented.filter((operation) => !ours.has(sameName(operation)));
  const found = documented.length - missing.length;
  process.stdout.write(`\n${found} of Chatwoot's ${documented.length} documented operations exist.${missing.length > 0 ? ` Missing:\n  ${missing.join('\n  ')}\n` : '\n'}`);
  expect(found).toBeGreaterThanOrEqual(AT_LEAST);
});

(DESCRIPTION ? test : test.skip)('the list of operations is that of the description', () => {
  const { paths } = JSON.parse(readFileSync(DESCRIPTION!, 'utf8')) as { paths: Record<string, Record<string, unknown>> };
  const described = Object.entries(paths).flatMap(([path, item]) => Object.keys(item).filter((method) => /^(get|post|put|patch|delete)$/.test(method)).map((method) => `${method.toUpperCase()} ${path}`));
  // The description leaves the audit log out.
  expect([...described, 'GET /api/v1/accounts/{account_id}/audit_logs'].sort()).toEqual([...documented].sort());
});
