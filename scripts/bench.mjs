#!/usr/bin/env node
// The promises of speed and size, as ratios to what this machine can do: docs/running.md.
import { requireNode } from './lib/node-version.mjs';

if (requireNode()) {
  const [{ runCommand }, { bench }] = await Promise.all([import('./lib/failure.mjs'), import('./bench/bench.mjs')]);
  await runCommand(() => bench(process.argv.slice(2)));
}
