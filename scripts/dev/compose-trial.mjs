#!/usr/bin/env node
// npm run test:compose: the compose file of docs/deploy.md, really started. On demand only: it needs a Docker engine, minutes and gigabytes.
import { requireNode } from '../lib/node-version.mjs';

if (requireNode()) {
  const [{ runCommand }, { composeTrial }] = await Promise.all([import('../lib/failure.mjs'), import('./compose/trial.mjs')]);
  await runCommand(() => composeTrial(process.argv.slice(2)));
}
