#!/usr/bin/env node
// Everything that must hold, on a fresh checkout: docs/running.md.
import { requireNode } from './lib/node-version.mjs';

if (requireNode()) {
  const [{ runCommand }, { test }] = await Promise.all([import('./lib/failure.mjs'), import('./lib/test.mjs')]);
  await runCommand(() => test(process.argv.slice(2)));
}
