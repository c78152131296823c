#!/usr/bin/env node
// Administration commands of the server: npm run setup -- help, docs/running.md.
import { requireNode } from './lib/node-version.mjs';

if (requireNode()) {
  const [{ runCommand }, { setup }] = await Promise.all([import('./lib/failure.mjs'), import('./lib/setup.mjs')]);
  const args = process.argv.slice(2);
  await runCommand(() => setup(args), { json: args.includes('--json') });
}
