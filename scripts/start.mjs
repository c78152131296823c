#!/usr/bin/env node
// Starts everything on a machine that has only Node: docs/running.md. Loaded in two steps, so that a Node too old
// for the rest still prints its one line.
import { requireNode } from './lib/node-version.mjs';

if (requireNode()) {
  const [{ runCommand }, { start }] = await Promise.all([import('./lib/failure.mjs'), import('./lib/start.mjs')]);
  await runCommand(() => start(process.argv.slice(2)));
}
